"""The line to the relay: every code at every command, cut at every byte, its last words swallowed (reliability.md
F9, F10).

The law: what the server took counts as sent and what it did not take does not; a letter is never lost, and goes out
twice only where nobody can know, with the same bytes, and counted.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.mails import mail
from bot.daemon.give_out import give_out
from bot.daemon.loop import turn_once
from bot.daemon.weather import Weather
from bot.edge.outbox import UNCERTAIN, Outbox
from bot.errors import Trouble
from bot.mail.letter import Dead, Delivery, Kind, Later, Sent
from tests.faults.audit import twice
from tests.faults.lines import office
from tests.faults.proxy import Deed, Harm, Proxy
from tests.servers import DROP, Command, Dovecot, Sink, letter, messages

OURS, THEIRS = "cmpcr@meridell.example", "ana@coyotetel.example"
COMMANDS: tuple[Command, ...] = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT")
LETTERS = 100


@pytest.fixture
def bad_line(sink: Sink) -> Iterator[tuple[Proxy, Outbox]]:
    """An outbox, and the line between it and the sink."""
    with Proxy(sink.port) as line:
        account = sink.account(timeout=5, last_timeout=5)
        box = Outbox(type(account)(account.host, line.port, "none", timeout=5, last_timeout=5))
        yield line, box
        box.close()


def tried(box: Outbox, wire: bytes) -> Delivery | None:
    """What became of a letter; None where the server could not be used at all."""
    try:
        return box.send(OURS, THEIRS, wire)
    except Trouble as trouble:
        assert trouble.temporary, trouble
        return None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_code_at_every_command_has_its_meaning(sink: Sink, command: Command) -> None:
    """4yz is for now and 5yz for good once the letter was announced, and before that the server's trouble, whatever
    the letter; where it asks for a login, too. Nothing but 2yz after the dot counts as sent, and the next letter
    goes through."""
    box = Outbox(sink.account(timeout=5, last_timeout=5))
    for code in [*range(400, 600, 9), 421, 454, 530, 535, 538, 550, 552, 554]:
        if command in {"CONNECT", "EHLO"}:
            box.close()  # else no such command comes
        sink.say(command, f"{code} 5.0.0 so it is", times=2)
        before = len(sink.taken)
        outcome = tried(box, letter("refused", number=code))
        assert len(sink.taken) == before
        if command in {"CONNECT", "EHLO"} or code in {530, 534, 535, 538}:
            assert outcome is None, code
        else:
            assert isinstance(outcome, Later if code < 500 else Dead), (code, outcome)
        sink.behave()
        assert tried(box, letter("next", number=code)) == Sent()
    box.close()


def test_a_line_cut_at_every_byte_loses_no_letter(sink: Sink, bad_line: tuple[Proxy, Outbox]) -> None:
    """After each byte of the server's words: the letter comes at the next try at the latest, and twice only where
    the first try said that nobody can know."""
    line, box = bad_line
    line.begin()
    assert tried(box, letter("measure")) == Sent()
    unsure = 0
    for at in range(line.answered):
        box.close()
        line.begin(Harm(Deed.CUT, answered=at))
        wire, before = letter("cut", number=at), len(sink.taken)
        outcome = tried(box, wire)
        doubtful = isinstance(outcome, Later) and outcome.reason.startswith(UNCERTAIN)
        unsure += doubtful
        if outcome != Sent():
            assert tried(box, wire) == Sent()
        came = messages(sink.taken)[before:]
        assert set(came) == {wire}
        assert len(came) <= 1 + doubtful
    assert unsure


def test_a_hundred_swallowed_answers_make_a_hundred_copies_at_most(
    tmp_path: Path, dovecot: Dovecot, record_property: Callable[[str, object], None]
) -> None:
    """S17: each letter's last answer is lost once. None is lost, each comes at most once more, with the same bytes
    and Message-ID, and the store tells which."""
    with office(tmp_path / "office", dovecot) as swallowed:
        swallowed.fill(*(mail(number) for number in range(2, 3 * LETTERS // 2, 3)))
        swallowed.relay.swallow(DROP, times=LETTERS)
        assert swallowed.fetch()
        weather, desk = Weather(), swallowed.desk
        for _ in range(4):
            give_out(desk, weather)
            swallowed.later()
        swallowed.settle()
        letters = desk.store.letters()
        assert len(letters) == LETTERS
        assert twice(swallowed.relay.taken) == LETTERS
        assert sum(each.last_error.startswith(UNCERTAIN) for each in letters) == LETTERS
        assert swallowed.faults() == []
        record_property("copies, of them with the same bytes, lost", f"{LETTERS}, {LETTERS}, 0")


def test_a_day_without_sending_loses_no_letter(tmp_path: Path, dovecot: Dovecot) -> None:
    """The account may send no more that day: every letter waits, nobody is told of addresses that fail, none of the
    staff is written to no more, and on the next day all of it goes out."""
    with office(tmp_path / "office", dovecot) as opened:
        opened.fill(*(mail(number) for number in (2, 5, 8)))
        opened.relay.say("RCPT", "550 5.4.5 Daily user sending limit exceeded")
        weather = Weather()
        turn_once(opened.desk, weather)
        assert weather.troubled("outbox")
        assert opened.relay.taken == []
        assert {each.kind for each in opened.desk.store.letters()} == {Kind.ACKNOWLEDGEMENT, Kind.FORWARD}
        assert not opened.desk.store.matters()
        opened.relay.behave()
        opened.later()
        opened.settle()
        assert len(opened.relay.taken) == 6
        assert opened.faults() == []


def test_one_recipient_whose_server_bars_us_holds_up_nobody_else(tmp_path: Path, dovecot: Dovecot) -> None:
    """Such words may be those of one recipient's server: that letter waits, all others go out, if not at once."""
    with office(tmp_path / "office", dovecot) as opened:
        opened.fill(*(mail(number) for number in (2, 5, 8)))
        opened.relay.say("RCPT", "554 5.7.1 Sender address rejected: Access denied", about="bench02")
        for _ in range(4):
            opened.settle()
            opened.later()
        assert len(opened.relay.taken) == 5
        assert [each.state for each in opened.desk.store.letters() if each.state != "sent"] == ["owed"]
