"""The loop's weather: trouble is told once when it comes and once when it goes."""

import logging

import pytest

from bot.daemon.weather import Weather
from bot.errors import Trouble


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
