"""Letters in the store: owed once, sent once, and never more than an address can bear."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from hashlib import sha256

import pytest

from bot.edge.store import Budget, LetterState, Store, StoredLetter, Unit
from bot.edge.store import mails as mails_module
from bot.mail.compose import compose as composed
from bot.mail.letter import Dead, Enclosure, Kind, Later, Letter, Rendered, Sent
from bot.office.people import Address
from bot.workflow.effect import Decision, Fate, Send
from tests.edge.registrations import ADA, NOW, PLENTY, compose, message_id, record, registered

BOUNCES = "cmpcr@meridell.example"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind, with the default budget."""
    with Store.open_ready(store_url, "w1", return_path=BOUNCES) as opened:
        yield opened


def _owe(store: Store, cause: str, kind: Kind = Kind.REVIEW, to: Address = ADA, now: datetime = NOW) -> StoredLetter:
    """Owe one letter; gives it as it is listed."""
    letter = Letter(cause, kind, to)
    with store.begin(now) as unit:
        record(unit, Decision(Fate.ANSWERED, effects=(Send(letter),)), cause)
    return next(each for each in store.letters() if each.id == letter.id)


def test_a_letter_is_owed_with_its_bytes_and_its_id(store: Store) -> None:
    """What is sent was decided at the commit: recipient, envelope sender, Message-ID, bytes."""
    listed = _owe(store, "m1")
    (owed,) = store.owed(9, NOW)
    assert (owed.recipient, owed.return_path, owed.tries, owed.first_tried) == (ADA.email, BOUNCES, 0, NOW)
    assert owed.wire == compose(Letter("m1", Kind.REVIEW, ADA))
    assert listed.message_id == message_id(owed.id)
    assert store.owed(9, NOW) == ()


def _with_file(unit: Unit, cause: str, content: bytes) -> None:
    """Owe one letter that carries a file."""
    letter = Letter(cause, Kind.REVIEW, ADA, enclosures=(Enclosure("form.docx", "application/msword", content),))
    unit.record(Decision(Fate.ANSWERED, effects=(Send(letter),)), cause, _composed, message_id)


def _composed(letter: Letter) -> bytes:
    return composed(letter, Rendered("A form", "Good morning.", "<p>Good morning.</p>"), ADA, "meridell.example", NOW)


def test_letters_share_their_file_and_each_is_sent_with_it(store: Store) -> None:
    """A file is kept once however many letters carry it, and each goes out whole."""
    content = bytes(range(256)) * 40
    with store.begin(NOW) as unit:
        _with_file(unit, "m1", content)
        _with_file(unit, "m2", content)
    first, second = store.owed(9, NOW)
    assert first.files == second.files == {sha256(content).hexdigest(): content}
    for owed in (first, second):
        (file,) = message_from_bytes(owed.wire, policy=policy.default).iter_attachments()
        assert file.get_content() == content
        assert store.wire(owed.id) == owed.wire
        assert len(owed.outline) < 3000
    assert store.wire("none") is None


def test_letters_with_large_files_are_taken_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a letter carries counts: no more is taken than memory may hold, one letter at least."""
    monkeypatch.setattr(mails_module, "CARGO", 25_000)
    with store.begin(NOW) as unit:
        for cause, size in (("m1", 30_000), ("m2", 10_000), ("m3", 10_001), ("m4", 10_002)):
            _with_file(unit, cause, b"x" * size)
    taken = []
    while owed := store.owed(9, NOW):
        taken.append(len(owed))
    assert sum(taken) == 4
    assert max(taken) == 2


def test_help_goes_out_with_the_null_return_path(store: Store) -> None:
    """A letter whose bounces nobody needs can start no loop."""
    _owe(store, "m1", Kind.HELP)
    assert store.owed(9, NOW)[0].return_path == ""


def test_owing_twice_is_owing_once(store: Store) -> None:
    """The same cause, kind and recipient is the same letter, with the bytes it was first given."""
    first = _owe(store, "m1")
    again = _owe(store, "m1", now=NOW + timedelta(hours=1))
    assert again == first
    assert len(store.letters()) == 1


def test_a_delivered_letter_is_done(store: Store) -> None:
    """Sent is sent, with its time; nothing owes it any more."""
    _owe(store, "m1")
    (owed,) = store.owed(9, NOW)
    store.delivered(owed.id, Sent(), NOW)
    (letter,) = store.letters()
    assert (letter.state, letter.sent_at, letter.next_try) == (LetterState.SENT, NOW, None)
    store.release(NOW + timedelta(days=9))
    assert store.owed(9, NOW + timedelta(days=9)) == ()


def test_a_letter_that_was_not_taken_waits(store: Store) -> None:
    """Later is later: not before its time, with the try counted and the first one remembered."""
    _owe(store, "m1")
    (owed,) = store.owed(9, NOW)
    again = NOW + timedelta(minutes=5)
    store.delivered(owed.id, Later("451 come back"), NOW, again)
    assert store.owed(9, NOW) == ()
    (owed,) = store.owed(9, again)
    assert (owed.tries, owed.first_tried) == (1, NOW)
    assert store.letters()[0].last_error == "451 come back"


@pytest.mark.parametrize("outcome", [Dead("550 no such user"), Later("given up")])
def test_a_dead_letter_stays_visible(store: Store, outcome: Dead | Later) -> None:
    """A refusal for good, or no time to try again, ends it; the operator sees why."""
    _owe(store, "m1")
    (owed,) = store.owed(9, NOW)
    store.delivered(owed.id, outcome, NOW)
    (letter,) = store.letters()
    assert (letter.state, letter.last_error) == (LetterState.DEAD, outcome.reason)
    assert store.owed(9, NOW + timedelta(days=9)) == ()


def test_a_letter_left_half_sent_is_sent_again_and_counted(store: Store) -> None:
    """The same bytes with the same Message-ID: the only letter that may ever go out twice."""
    _owe(store, "m1")
    (first,) = store.owed(9, NOW)
    store.release(NOW)
    assert store.owed(9, NOW) == ()
    store.release(NOW + timedelta(days=1))
    (again,) = store.owed(9, NOW)
    assert (again.id, again.wire) == (first.id, first.wire)
    assert store.letters()[0].resent == 1


def test_a_letter_that_was_not_tried_goes_back(store: Store) -> None:
    """When no server answers, nothing was tried: neither counted, nor does its time begin to run."""
    _owe(store, "m1")
    store.owed(9, NOW)
    store.give_back()
    later = NOW + timedelta(days=6)
    (owed,) = store.owed(9, later)
    assert (owed.tries, owed.first_tried, store.letters()[0].resent) == (0, later, 0)


def test_two_workers_never_hold_the_same_letter(store: Store, store_url: str) -> None:
    """Each letter goes to one worker; a worker whose claim ran out no longer says what failed."""
    for each in range(3):
        _owe(store, f"m{each}")
    with Store(store_url, "w2") as other:
        mine, theirs = store.owed(2, NOW), other.owed(2, NOW)
        assert len({letter.id for letter in mine + theirs}) == 3
        other.delivered(mine[0].id, Dead("not ours"), NOW)
        assert LetterState.DEAD not in {letter.state for letter in store.letters()}


def test_letters_go_out_oldest_first(store: Store) -> None:
    """What has waited longest is sent first."""
    for each in (2, 0, 1):
        _owe(store, f"m{each}", now=NOW + timedelta(minutes=each))
    causes = [Letter(f"m{each}", Kind.REVIEW, ADA).id for each in range(3)]
    assert [letter.id for letter in store.owed(9, NOW + timedelta(hours=1))] == causes


def test_answers_to_one_address_end_at_the_budget(store: Store) -> None:
    """Three an hour and ten a day, whatever their kind; the rest is kept and never sent."""
    kinds = (Kind.HELP, Kind.INCOMPLETE, Kind.PARKED)
    for hour in range(5):
        now = NOW + timedelta(hours=hour, minutes=hour)
        states = [_owe(store, f"m{hour}.{each}", kinds[each % 3], now=now).state for each in range(4)]
        fit = max(0, min(3, 10 - 3 * hour))
        assert states == [LetterState.OWED] * fit + [LetterState.WITHHELD] * (4 - fit)
    assert _owe(store, "next day", Kind.HELP, now=NOW + timedelta(days=1, hours=1)).state is LetterState.OWED
    assert len(store.owed(99, NOW + timedelta(days=9))) == 11


def test_the_budget_is_each_addresss_own(store: Store) -> None:
    """One address's storm silences nobody else, and never the letters to staff."""
    for each in range(4):
        _owe(store, f"m{each}", Kind.HELP)
    assert _owe(store, "m5", Kind.HELP, Address("ben@tanagernet.example")).state is LetterState.OWED
    assert all(_owe(store, f"r{each}").state is LetterState.OWED for each in range(5))


def test_acknowledgements_have_a_budget_of_their_own(store_url: str) -> None:
    """A busy CLEC is acknowledged; a machine that sends forms in a loop is not, for ever."""
    with Store.open_ready(store_url, "w1", Budget(acknowledgements_an_hour=2)) as store:
        for number in range(3):
            registered(store, number)
        kinds = [letter.kind for letter in store.letters() if letter.state is LetterState.WITHHELD]
        assert kinds == [Kind.ACKNOWLEDGEMENT]
    with Store.open_ready(store_url, "w1", PLENTY) as store:
        registered(store, 3)
        assert len([letter for letter in store.letters() if letter.state is LetterState.WITHHELD]) == 1
