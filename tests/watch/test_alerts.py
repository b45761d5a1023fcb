"""Alerts: once when a trouble comes, once when it is over, so many a day, and never in the loop's way."""

import logging
import os
import sys
import time as real
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from bot.daemon.alert import NOTE, STEADY, Alarm
from bot.daemon.signs import Level, Sign
from bot.edge.channel import ByCommand, ByMail, Channel, alert_mail
from bot.intake.screen import Automatic, screen
from bot.mail.parse import parse
from tests.daemon.test_weather import Time
from tests.servers import HANG, Sink, until

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GONE = Sign("mailbox", Level.RED, "mailbox: the server refuses the login (for 20 minutes)", tells=True)
FULL = Sign("disk /srv", Level.RED, "3 MB are free where /srv lies", tells=True)
ASIDE = Sign("quarantine", Level.YELLOW, "mails quarantined in the last day: 1", tells=True, endless=True)


@dataclass
class Tray:
    """A channel that keeps what it is to tell; `fails` is what becomes of it, None while that is open."""

    told_so_far: list[tuple[str, str]] = field(default_factory=list)
    fails: str | None = ""

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Keep it."""
        self.told_so_far.append((subject, text))

    def told(self) -> str | None:
        """What became of it."""
        return self.fails

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Day:
    """An alarm and its clock; a look is half a minute long."""

    alarm: Alarm
    tray: Tray
    time: Time
    now: datetime = START

    def look(self, *signs: Sign, minutes: float = 0.5) -> None:
        """Time goes by, then the loop looks, and once more when the channel has answered."""
        self.now += timedelta(minutes=minutes)
        self.time.now += 60 * minutes
        self.alarm.look(signs, self.now)
        self.alarm.look(signs, self.now)

    @property
    def subjects(self) -> list[str]:
        """What was told."""
        return [subject for subject, _ in self.tray.told_so_far]


def alarm(folder: Path, channel: Channel | None, most: int = 20, time: Time | None = None) -> Alarm:
    """An alarm that remembers in a folder."""
    return Alarm(channel, folder, "Meridell CMP", most, time or Time())


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """A day at an office whose alarm goes into a tray."""
    tray, time = Tray(), Time()
    with closing(alarm(tmp_path, tray, 4, time)) as one:
        yield Day(one, tray, time)


def test_once_when_it_comes_and_once_when_it_is_over(day: Day) -> None:
    """However often the loop looks; what comes again soon was never over."""
    for _ in range(10):
        day.look(GONE)
    day.look(minutes=3)
    day.look(GONE)
    for _ in range(30):
        day.look(minutes=STEADY.total_seconds() / 60 / 5)
    assert day.subjects == [f"Meridell CMP: not well: {GONE.key}", f"Meridell CMP: over: {GONE.key}"]
    told, over = [text for _, text in day.tray.told_so_far]
    assert (told.count(GONE.words), over.count(GONE.words)) == (1, 1)
    assert os.uname().nodename in told
    day.look(GONE)
    assert len(day.subjects) == 3


def test_what_is_not_worth_an_alert_is_not_told(day: Day) -> None:
    """Health shows it; nobody is called for it. Nor is trouble over that only got better."""
    better = Sign("mailbox", Level.YELLOW, "mailbox: slow")
    day.look(better)
    assert day.subjects == []
    day.look(GONE)
    for _ in range(30):
        day.look(better, minutes=1)
    assert len(day.subjects) == 1


def test_several_at_once_are_one_alert(day: Day) -> None:
    """What they are about is its subject; all of it is in the text, and when and where it was seen."""
    day.look(GONE, FULL)
    ((subject, text),) = day.tray.told_so_far
    assert subject == f"Meridell CMP: not well: {GONE.key}, {FULL.key}"
    assert text.startswith(f"Not well: {GONE.words}\nNot well: {FULL.words}\n\nAs of 2026-11-23 09:00 UTC, on ")


def test_what_has_no_end_is_told_once_and_again_when_it_comes_anew(day: Day) -> None:
    """That no mail was quarantined for a day is no news."""
    day.look(ASIDE)
    for _ in range(30):
        day.look(minutes=1)
    assert len(day.subjects) == 1
    day.look(ASIDE)
    assert len(day.subjects) == 2


def test_a_restart_forgets_nothing(day: Day, tmp_path: Path) -> None:
    """Trouble that goes on is not told anew; that it is over is told by whoever comes next."""
    day.look(GONE, FULL)
    day.alarm.close()
    tray, time = Tray(), Time()
    with closing(alarm(tmp_path, tray, time=time)) as next_one:
        after = Day(next_one, tray, time, day.now)
        for _ in range(30):
            after.look(GONE, minutes=1)
        assert after.subjects == [f"Meridell CMP: over: {FULL.key}"]


def test_the_minutes_of_rest_go_on_over_a_restart(day: Day, tmp_path: Path) -> None:
    """What went before the end of one daemon is over ten minutes after it went; what comes again was never over."""
    day.look(GONE, FULL)
    day.look(minutes=1)
    day.alarm.close()
    tray, time = Tray(), Time()
    with closing(alarm(tmp_path, tray, time=time)) as next_one:
        after = Day(next_one, tray, time, day.now)
        after.look(FULL, minutes=STEADY.total_seconds() / 60 - 0.5)
        assert after.subjects == []
        after.look(minutes=0.5)
        assert after.subjects == [f"Meridell CMP: over: {GONE.key}"]


def test_a_clock_that_was_put_back_holds_no_word_up(day: Day, tmp_path: Path) -> None:
    """The rest of ten minutes is counted from now at the latest."""
    day.look(GONE)
    day.look(minutes=60)
    day.alarm.close()
    tray, time = Tray(), Time()
    with closing(alarm(tmp_path, tray, time=time)) as next_one:
        after = Day(next_one, tray, time, START)
        after.look()
        after.look(minutes=10)
        assert after.subjects == [f"Meridell CMP: over: {GONE.key}"]


def test_so_many_a_day(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """What flaps all day costs its budget; the last one says so, the log once, and the next day begins anew."""
    for _ in range(20):
        day.look(GONE)
        for _ in range(4):
            day.look(minutes=5)
    assert len(day.subjects) == 4
    assert "This was the last alert for today" in day.tray.told_so_far[-1][1]
    assert [record.message for record in caplog.records].count("no more alerts today") == 1
    day.look(GONE, FULL, minutes=24 * 60)
    assert len(day.subjects) == 5
    assert FULL.words in day.tray.told_so_far[-1][1]


def test_a_way_that_does_not_work_is_logged_once_and_tried_again(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """Ever more rarely; what it did not carry is told when it works again."""
    caplog.set_level(logging.INFO)
    day.tray.fails = "smtp: refused"
    for _ in range(240):  # two hours
        day.look(GONE)
    tried = len(day.subjects)
    assert 4 <= tried <= 8
    assert [record.message for record in caplog.records] == ["alert not sent"]
    day.tray.fails = ""
    day.look(GONE, minutes=60)
    assert len(day.subjects) == tried + 1
    assert [record.message for record in caplog.records][1:] == ["alerts go out again", "alert"]
    assert day.alarm.memory.sent == 1


def test_while_one_is_on_its_way_none_is_begun(day: Day) -> None:
    """What came meanwhile is told by the next."""
    day.tray.fails = None
    day.look(GONE)
    day.look(GONE, FULL)
    assert len(day.subjects) == 1
    day.tray.fails = ""
    day.look(GONE, FULL)
    assert [FULL.words in text for _, text in day.tray.told_so_far] == [False, True]


def test_one_of_several_workers_tells(day: Day, tmp_path: Path) -> None:
    """Those on one machine see the same; when the one that tells has ended, another does."""
    tray = Tray()
    with closing(alarm(tmp_path, tray)) as other:
        day.look(GONE)
        other.look((GONE,), day.now)
        assert tray.told_so_far == []
        day.alarm.close()
        other.look((GONE, FULL), day.now)
        assert len(tray.told_so_far) == 1


@pytest.mark.parametrize("noted", ["", "{", "[]", '{"told": 3}'])
def test_a_damaged_memory_is_none(tmp_path: Path, noted: str) -> None:
    """Then people hear of it once more."""
    (tmp_path / NOTE).write_text(noted, "ascii")
    tray = Tray()
    with closing(alarm(tmp_path, tray)) as one:
        one.look((GONE,), START)
    assert len(tray.told_so_far) == 1


def test_no_address_is_told(day: Day) -> None:
    """Not even where a server put one into its words; nor does a line end start a header."""
    day.look(Sign("x", Level.RED, "outbox: no una.reyes@osprey.example\r\nBcc: x", tells=True))
    ((subject, text),) = day.tray.told_so_far
    assert "una.reyes" not in subject + text
    assert "\n" not in subject
    assert "\r" not in subject


def ended(channel: Channel) -> str:
    """What became of what it told."""
    found: list[str] = []

    def looked() -> bool:
        if (said := channel.told()) is not None:
            found.append(said)
        return bool(found)

    until(looked)
    return found[0]


def test_a_command_gets_the_text_and_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On its standard input, without a shell, and with an empty environment but for path, home and language."""
    monkeypatch.setenv("CMPBOT_SECRET", "canary-env")
    code = "import os, sys; open('got', 'w').write(sys.stdin.read() + str(sorted(os.environ)) + sys.argv[1])"
    with closing(ByCommand((sys.executable, "-c", code, "$(id)"), tmp_path)) as way:
        way.tell("Meridell CMP: trouble", "It is gone.\n", START)
        assert ended(way) == ""
    got = (tmp_path / "got").read_text("utf-8")
    assert got.startswith("Meridell CMP: trouble\n\nIt is gone.\n[")
    assert got.endswith("$(id)")
    assert "CMPBOT_SECRET" not in got


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("/nowhere/page",), "/nowhere/page: No such file or directory"),
        (("sh", "-c", "echo 'no line out' >&2; exit 3"), "sh: no line out"),
        (("false",), "false: it ended with 1"),
    ],
)
def test_a_command_that_fails_says_why(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Its last word, or that it could not be started."""
    with closing(ByCommand(words, tmp_path)) as way:
        way.tell("subject", "text", START)
        assert ended(way) == said


def test_nobody_waits_for_a_command(tmp_path: Path) -> None:
    """One that never ends is open, and is ended with us; what it does not read holds nobody up."""
    way = ByCommand(("sleep", "60"), tmp_path)
    began = real.monotonic()
    way.tell("subject", "x" * 1_000_000, START)
    assert way.told() is None
    way.close()
    assert real.monotonic() - began < 5


def test_by_another_mail_server(sink: Sink) -> None:
    """The alert reaches each address, and says that a machine wrote it."""
    way = ByMail(sink.account(), "watch@other.example", ["one@other.example", "two@other.example"])
    before = len(sink.taken)
    way.tell("Meridell CMP: trouble", "It is gone.\n", START)
    assert ended(way) == ""
    taken = sink.taken[before:]
    assert [mail.to for mail in taken] == [("one@other.example",), ("two@other.example",)]
    mail = message_from_bytes(taken[0].raw)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Meridell CMP: trouble"
    assert mail["From"] == "watch@other.example"


def test_a_mail_server_that_is_silent_holds_nobody_up(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for beside the loop, and not for ever."""
    monkeypatch.setattr("bot.edge.channel.PATIENCE", 2.0)
    sink.say("EHLO", HANG, times=1)
    way = ByMail(sink.account(), "watch@other.example", ["one@other.example"])
    began = real.monotonic()
    way.tell("subject", "text", START)
    assert real.monotonic() - began < 1.5
    assert way.told() is None
    assert "outbox: " in ended(way)
    sink.behave()


def test_a_refused_alert_is_no_success(sink: Sink) -> None:
    """Where one of two addresses takes it, somebody was told; where none does, nobody was."""
    way = ByMail(sink.account(), "watch@other.example", ["one@other.example", "two@other.example"])
    sink.say("RCPT", "550 5.1.1 nobody", times=1)
    way.tell("subject", "text", START)
    assert ended(way) == ""
    sink.say("RCPT", "550 5.1.1 nobody", times=2)
    way.tell("subject", "text", START)
    assert ended(way) == "550 5.1.1 nobody"
    sink.behave()


def test_an_alert_that_comes_to_the_mailbox_is_never_answered() -> None:
    """Whoever forwards alerts to the mailbox gets no answer, and no loop."""
    raw = alert_mail("watch@other.example", ["cmpcr@meridell.example"], "Meridell CMP: trouble", "Gone.\n", START)
    verdict = screen(parse(raw), frozenset({"cmpcr@meridell.example"}), "meridell.example")
    assert isinstance(verdict, Automatic)
