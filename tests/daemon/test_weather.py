"""The loop's weather: trouble is told once when it comes and once when it goes."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.daemon.weather import Weather
from bot.errors import Trouble

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Time:
    """Seconds that the test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def failing() -> None:
    """An arc that the world does not let turn."""
    raise Trouble("the server is away")


def buggy() -> None:
    """An arc with a bug of ours."""
    raise RuntimeError("a bug")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of trouble."""
    return [record.message for record in caplog.records]


@pytest.mark.parametrize(("arc", "word"), [(failing, "trouble"), (buggy, "arc failed")])
def test_trouble_is_told_once(caplog: pytest.LogCaptureFixture, arc: object, word: str) -> None:
    """However often an arc fails, it is said once; so is its recovery."""
    caplog.set_level(logging.INFO)
    time = Time()
    weather = Weather(time)
    for _ in range(5):
        weather.guard("mailbox", arc)  # type: ignore[arg-type]  # both are plain functions
        time.now += 100
    assert weather.troubled("mailbox")
    weather.guard("mailbox", lambda: None)
    assert told(caplog) == [word, "well again"]
    assert not weather.troubled("mailbox")


def test_an_arc_in_trouble_is_left_alone_for_a_while() -> None:
    """It is not tried again before its pause is over; another arc is."""
    time, tried = Time(), []
    weather = Weather(time)
    weather.guard("mailbox", failing)
    weather.guard("mailbox", lambda: tried.append("mailbox"))
    weather.guard("outbox", lambda: tried.append("outbox"))
    assert tried == ["outbox"]
    time.now += 60
    weather.guard("mailbox", lambda: tried.append("mailbox"))
    assert tried == ["outbox", "mailbox"]


def test_trouble_that_lasts_ends_the_loop() -> None:
    """What trying again cannot mend is the operator's."""

    def lasting() -> None:
        raise Trouble("the database is newer than this program", temporary=False)

    with pytest.raises(Trouble):
        Weather(Time()).guard("mailbox", lasting)


def test_since_when_an_arc_has_trouble() -> None:
    """From the first failure on, in the words of the last, until it works; whether a server has shut us out."""
    time = Time()
    weather = Weather(time)
    weather.guard("mailbox", failing)
    time.now += 100
    weather.tell("mailbox", Trouble("mailbox: the server refuses the login", wait=300))
    weather.guard("site", buggy)
    mailbox, site = weather.ills(NOW)
    assert (mailbox.arc, mailbox.since, mailbox.locked_out) == ("mailbox", NOW - timedelta(seconds=100), True)
    assert mailbox.cause == "mailbox"
    assert site.words == "our program fails in the arc site; the log says where"
    weather.try_again()
    weather.guard("mailbox", lambda: None)
    assert [ill.arc for ill in weather.ills(NOW)] == ["site"]
    assert weather.went == {"mailbox": 100}


def test_when_an_arc_is_tried_again() -> None:
    """As long as it is left alone; not of one whose turn has come, or which nobody makes wait."""
    time = Time()
    weather = Weather(time, spread=lambda: 0)
    for _ in range(5):
        weather.guard("mailbox", failing)
        time.now += 100
    weather.tell("marks", Trouble("the database is away"))
    assert {ill.again for ill in weather.ills(NOW)} == {None}
    weather.guard("mailbox", failing)
    time.now += 8
    assert {ill.arc: ill.again for ill in weather.ills(NOW)} == {"mailbox": NOW + timedelta(seconds=40), "marks": None}


def test_an_arc_is_tried_again_at_once_when_it_may_have_been_mended() -> None:
    """A new configuration may hold the right password."""
    weather, tried = Weather(Time()), []
    weather.guard("mailbox", failing)
    weather.try_again()
    weather.guard("mailbox", lambda: tried.append("mailbox"))
    assert tried == ["mailbox"]


def test_each_arc_is_a_beat() -> None:
    """At its begin and at its end, however it ends; not while it is left alone."""
    beats: list[int] = []
    weather = Weather(Time(), beat=lambda: beats.append(1))
    weather.guard("site", lambda: None)
    weather.guard("mailbox", failing)
    weather.guard("mailbox", failing)
    assert len(beats) == 4
