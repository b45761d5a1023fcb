"""Letters that come back: which letter it was, who is told, and when an address gets nothing more."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.mails import mail
from bot.daemon.bounce import reported
from bot.daemon.desk import Desk
from bot.daemon.give_out import give_out
from bot.daemon.matters import paused
from bot.daemon.remind import reminders
from bot.daemon.weather import Weather
from bot.edge.store import LetterState, StoredLetter
from bot.intake.bounce import bounce_in
from bot.mail.letter import Dead, Delivery, Fault, Kind, Sent
from bot.mail.parse import parse
from bot.mail.returning import letters_in
from bot.workflow.effect import Fate
from bot.workflow.returned import key_of, tally_of
from tests.arriving import arrive
from tests.automatic.bounces import WORDS, Report
from tests.daemon.test_take_in import NOW, written

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "bounces"
MANAGER = "marta.ellison@meridell.example"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no shared/corpus beside the project")


class Server:
    """An SMTP server that takes every letter, but for some addresses."""

    def __init__(self, **refused: str) -> None:
        self.refused = refused
        self.took: list[tuple[str, str]] = []

    def send(self, return_path: str, to: str, wire: bytes) -> Delivery:
        """Take a letter, or refuse it."""
        if to.partition("@")[0] in self.refused:
            return Dead(self.refused[to.partition("@")[0]])
        self.took.append((return_path, to))
        return Sent()

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def served(desk: Desk) -> Iterator[tuple[Desk, Server]]:
    """The office with a server that takes its letters."""
    server = Server()
    yield replace(desk, outbox=server), server  # type: ignore[arg-type]


def out(desk: Desk) -> None:
    """Send what is owed."""
    give_out(desk, Weather())


def letters(desk: Desk, kind: Kind) -> list[StoredLetter]:
    """The letters of a kind."""
    return [each for each in desk.store.letters() if each.kind is kind]


def form(number: int) -> bytes:
    """A form of one and the same person."""
    return re.sub(rb"person\d+", b"person000", mail(40 * number))


def acknowledged(desk: Desk, number: int = 0, kind: Kind = Kind.ACKNOWLEDGEMENT) -> StoredLetter:
    """A letter about a registration, sent."""
    known = {each.id for each in desk.store.letters()}
    arrive(desk, form(number))
    out(desk)
    return next(each for each in letters(desk, kind) if each.id not in known)


def state(desk: Desk, letter: StoredLetter) -> LetterState:
    """Where a letter stands now."""
    return next(each.state for each in desk.store.letters() if each.id == letter.id)


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"returned": "message/rfc822"},
        {"form": WORDS, "diagnostic": "550 5.1.1 no such user"},
        {"form": WORDS, "diagnostic": "Sorry, no mailbox here by that name. (#5.1.1)"},
        {"about": "SOMEBODY.ELSE@bench00.example"},
        {"status": "4.4.7", "diagnostic": "delivery time expired"},
        {"status": "5.3.4", "diagnostic": "552 5.3.4 message too large"},
    ],
)
def test_a_report_is_tied_to_its_letter(served: tuple[Desk, Server], report: dict[str, str]) -> None:
    """However the letter is returned: it is undelivered from then on, and the CMP Manager is told once."""
    desk, _ = served
    letter = acknowledged(desk)
    dsn = Report(letter.recipient, letter.message_id, **report)
    assert arrive(desk, dsn.raw, replace(dsn, name="again").raw) == {Fate.AUTOMATIC: 2}
    assert state(desk, letter) is LetterState.DEAD
    assert [each.recipient for each in letters(desk, Kind.UNDELIVERED)] == [MANAGER]
    assert "came back" in next(each.last_error for each in desk.store.letters() if each.id == letter.id)


@pytest.mark.parametrize(
    "report",
    [
        {"action": "delayed", "status": "4.4.1", "diagnostic": "451 4.4.1 timed out"},
        {"action": "delayed", "status": "5.0.0"},
        {"action": "", "status": "4.2.2", "diagnostic": "452 mailbox full"},
        {"form": WORDS, "diagnostic": "451 4.4.1 timed out; will be retried for 5 days"},
    ],
)
def test_a_delay_is_counted_and_nothing_else(served: tuple[Desk, Server], report: dict[str, str]) -> None:
    """What may still arrive changes neither the letter nor anything for its reader."""
    desk, _ = served
    letter = acknowledged(desk)
    arrive(desk, *(Report(letter.recipient, letter.message_id, name=f"d{n}", **report).raw for n in range(5)))
    tally = tally_of(desk.store.matters()[key_of(letter.recipient)])
    assert (tally.hard, tally.soft, tally.paused) == (0, 5, None)
    assert state(desk, letter) is LetterState.SENT
    assert not letters(desk, Kind.UNDELIVERED)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_bounce(served: tuple[Desk, Server], action: str) -> None:
    """A report that a letter arrived, or was passed on, changes nothing."""
    desk, _ = served
    letter = acknowledged(desk)
    arrive(desk, Report(letter.recipient, letter.message_id, action=action, status="2.0.0").raw)
    assert state(desk, letter) is LetterState.SENT
    assert key_of(letter.recipient) not in desk.store.matters()


@pytest.mark.parametrize(
    "message_id",
    ["<0123456789abcdef01234567@meridell.example>", "<x@elsewhere.example>", "", "<{owed}>"],
)
def test_a_forged_report_ties_to_nothing(served: tuple[Desk, Server], message_id: str) -> None:
    """Without the Message-ID of a letter that went out a report is filed, and that is all."""
    desk, server = served
    letter = acknowledged(desk)
    arrive(desk, form(1))
    waiting = next(each for each in letters(desk, Kind.ACKNOWLEDGEMENT) if each.state is LetterState.OWED)
    before = desk.store.letters()
    forged = message_id.replace("<{owed}>", waiting.message_id)
    assert arrive(desk, Report(letter.recipient, forged).raw) == {Fate.AUTOMATIC: 1}
    assert desk.store.letters() == before
    assert not any(key.startswith("bounces/") for key in desk.store.matters())
    assert server.took


def test_a_person_who_quotes_a_report_bounces_nothing(served: tuple[Desk, Server]) -> None:
    """Only a machine's mail is asked what it returns."""
    desk, _ = served
    letter = acknowledged(desk)
    said = f"What is this?\n\nMessage-ID: {letter.message_id}\n550 5.1.1 user unknown\n"
    arrive(desk, written(said, "q", subject="Fwd: Undelivered Mail Returned to Sender"))
    assert state(desk, letter) is LetterState.SENT


def failing(desk: Desk, count: int) -> StoredLetter:
    """So many letters to the Group Manager, each of which comes back."""
    failed = [_failing(desk, number) for number in range(count)]
    out(desk)
    return failed[-1]


def _failing(desk: Desk, number: int) -> StoredLetter:
    letter = acknowledged(desk, number, Kind.FORWARD)
    arrive(desk, Report(letter.recipient, letter.message_id, name=f"f{number}").raw)
    return letter


def test_an_address_is_paused_after_three(served: tuple[Desk, Server]) -> None:
    """Letters to it are kept and not sent; the CMP Manager is told so; everybody else gets theirs."""
    desk, server = served
    letter = failing(desk, 3)
    assert paused(desk) == {letter.recipient}
    told = letters(desk, Kind.UNDELIVERED)
    assert len(told) == 3
    assert b"Nothing is sent to" in (desk.store.wire(told[-1].id) or b"")
    server.took.clear()
    kept = acknowledged(desk, 3, Kind.FORWARD)
    assert letter.recipient not in {to for _, to in server.took}
    assert state(desk, kept) is LetterState.OWED
    assert server.took


def test_whoever_writes_gets_their_letters_again(served: tuple[Desk, Server]) -> None:
    """A proven mail of the person ends the pause; what was kept goes out; a stranger's does not end it."""
    desk, server = served
    letter = failing(desk, 3)
    kept = acknowledged(desk, 3, Kind.FORWARD)
    back = written("I am back. Did you write?", "back", domain="meridell.example")
    back = back.replace(b"kim@meridell.example", letter.recipient.encode())
    arrive(desk, back.replace(b"dmarc=pass", b"dmarc=none").replace(b"<back@", b"<unproven@"))
    out(desk)
    assert state(desk, kept) is LetterState.OWED
    arrive(desk, back)
    assert not paused(desk)
    out(desk)
    assert state(desk, kept) is LetterState.SENT
    assert letter.recipient in {to for _, to in server.took}


def test_a_refusal_in_the_session_counts_as_one(desk: Desk) -> None:
    """Whether the first server refuses the address or a later one reports it, is the same to its owner."""
    arrive(desk, *(form(number) for number in range(3)))
    address = letters(desk, Kind.ACKNOWLEDGEMENT)[0].recipient
    server = Server(**{address.partition("@")[0]: "550 5.1.1 no such user"})
    out(replace(desk, outbox=server))  # type: ignore[arg-type]
    assert tally_of(desk.store.matters()[key_of(address)]).hard == 3
    assert paused(desk) == {address}


@pytest.mark.parametrize("reason", ["552 5.3.4 too large", "550 5.6.0 content", "550 5.1.8 sender address rejected"])
def test_what_is_the_letters_own_fault_pauses_nobody(desk: Desk, reason: str) -> None:
    """Too large, its content, our own address: the letter is undelivered, the address as good as before."""
    arrive(desk, *(form(number) for number in range(4)))
    address = letters(desk, Kind.ACKNOWLEDGEMENT)[0].recipient
    out(replace(desk, outbox=Server(**{address.partition("@")[0]: reason})))  # type: ignore[arg-type]
    assert not paused(desk)
    assert len(letters(desk, Kind.UNDELIVERED)) == 4


def test_the_staff_behind_a_paused_address_is_reached_otherwise(served: tuple[Desk, Server]) -> None:
    """Reminders of a Group Manager whose letters come back go to the role above, which is told why."""
    desk, _ = served
    arrive(desk, form(0))
    out(desk)
    forward = letters(desk, Kind.FORWARD)[0]
    tomorrow = NOW + timedelta(days=1)
    before = {each.person.address.email for each in reminders(desk.store, desk.settings.office, tomorrow)}
    assert forward.recipient in before
    arrive(desk, Report(forward.recipient, forward.message_id).raw)
    told = reminders(desk.store, desk.settings.office, tomorrow)
    assert {each.person.address.email for each in told} == {MANAGER}
    assert any("Daniel Okafor" in each.why for each in told)


def signing(desk: Desk) -> Desk:
    """The office with a server that takes tags."""
    office = desk.settings.office
    organisation = replace(office.organisation, signed_bounces=True)
    return replace(desk, settings=replace(desk.settings, office=replace(office, organisation=organisation)))


def test_a_signed_return_address_says_which_letter_it_was(served: tuple[Desk, Server]) -> None:
    """Though the report returns nothing of the letter; a digit that is another one says nothing."""
    desk, server = signing(served[0]), served[1]
    letter = acknowledged(desk)
    path = next(path for path, to in server.took if to == letter.recipient)
    assert path.startswith("cmpcr+b")
    assert letters_in(path, desk.keys.live(desk.clock.now())) == (letter.id,)
    for place in range(len("cmpcr+b"), path.index("@")):
        other = path[:place] + ("a" if path[place] != "a" else "b") + path[place + 1 :]
        assert letters_in(other, desk.keys.live(desk.clock.now())) == ()
        if place % 8 == 0:
            arrive(desk, Report(letter.recipient, "", receiver=other, name=f"t{place}").raw)
    assert state(desk, letter) is LetterState.SENT
    arrive(desk, Report(letter.recipient, "", receiver=path).raw)
    assert state(desk, letter) is LetterState.DEAD
    assert tally_of(desk.store.matters()[key_of(letter.recipient)]).hard == 1


def test_where_addresses_are_signed_a_message_id_pauses_nobody(served: tuple[Desk, Server]) -> None:
    """Whoever was shown our Message-IDs can say that letters came back; the letters only, not the address."""
    desk = signing(served[0])
    letter = failing(desk, 4)
    assert state(desk, letter) is LetterState.DEAD
    assert not paused(desk)


@needs_corpus
def test_public_bounces_of_a_letter_of_ours_are_tied_to_it(desk: Desk) -> None:
    """Of the public set's bounces that return a Message-ID nearly all name it, whatever system wrote them."""
    returning = tied = 0
    for path in sorted(CORPUS.glob("*.eml")):
        raw = path.read_bytes()
        body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].lower()
        if path.name.startswith("arf") or not body.count(b"message-id:"):
            continue
        returning += 1
        tied += bounce_in(parse(raw)) is not None
    assert returning > 250
    assert tied / returning > 0.97


@needs_corpus
def test_no_public_bounce_is_tied_to_anything(served: tuple[Desk, Server]) -> None:
    """None of them returns a letter of ours."""
    desk, _ = served
    acknowledged(desk)
    before = desk.store.letters()
    for path in sorted(CORPUS.glob("*.eml")):
        with desk.store.begin(desk.clock.now()) as unit:
            reported(desk, unit, parse(path.read_bytes()), "x")
    assert desk.store.letters() == before


def test_words_of_strangers_stay_one_short_line() -> None:
    """Whatever a report says is shown in one printable line."""
    raw = Report("a@b.example", "<1@b.example>", diagnostic="550 5.1.1 " + "x\x07\u202e" * 500).raw
    bounce = bounce_in(parse(raw))
    assert bounce is not None
    assert bounce.fault is Fault.ADDRESS
    assert len(bounce.said) <= 300
    assert bounce.said.isprintable()
