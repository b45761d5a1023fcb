"""Times and durations: what is read, and what is asked back."""

from datetime import UTC, date, time
from zoneinfo import ZoneInfo

import pytest

from bot.intake.arguments.times import take_minutes, take_time
from bot.intake.arguments.unclear import Unclear

DENVER = ZoneInfo("America/Denver")
DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("10:00", "10:00"), ("10.30", "10:30"), ("10 am", "10:00"), ("10am", "10:00"), ("10 A.M.", "10:00"),
        ("2:30 PM", "14:30"), ("2:30 p.m.", "14:30"), ("12 pm", "12:00"), ("12 am", "00:00"), ("12:15 PM", "12:15"),
        ("14h", "14:00"), ("14h30", "14:30"), ("14:30", "14:30"), ("02:30", "02:30"), ("1400 hours", "14:00"),
        ("0900h", "09:00"), ("noon", "12:00"), ("12 noon", "12:00"), ("at 10:00", "10:00"), ("@ 10:00", "10:00"),
        (", 10:00", "10:00"), ("from 10:00", "10:00"), ("2 o'clock pm", "14:00"),
    ],
)  # fmt: skip
def test_a_time_as_people_write_it(written: str, at: str) -> None:
    """All of these are times of the office's zone, with its name behind them or not."""
    for zone in ("", " MT", " (MST)", " Mountain", " Mountain Time", " mountain standard time"):
        for behind in ("", " bridge 5", ", Room 4"):
            assert take_time(written + zone + behind, DAY, DENVER) == (time.fromisoformat(at), None, behind)


@pytest.mark.parametrize(
    ("written", "at", "minutes"),
    [
        ("10:00-11:00", "10:00", 60),
        ("10:00 - 11:30", "10:00", 90),
        ("10-11 am", "10:00", 60),
        ("11-1 pm", "11:00", 120),
        ("2-3 pm", "14:00", 60),
        ("10 am to noon"[:5] + " to 12 pm", "10:00", 120),
        ("9:30 am until 10:15 am MT", "09:30", 45),
    ],
)
def test_a_time_with_its_end(written: str, at: str, minutes: int) -> None:
    """It says how long the meeting takes, too."""
    assert take_time(written + " bridge", DAY, DENVER) == (time.fromisoformat(at), minutes, " bridge")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2:30", "2:30 AM or 2:30 PM"),
        ("6:45 bridge", "6:45 AM or 6:45 PM"),
        ("10 am ET", "Mountain Time here, not ET"),
        ("10:00 Eastern Time", "not Eastern"),
        ("10:00 CST", "not CST"),
        ("10:00 (London time)", "not London"),
        ("10:00 UTC", "not UTC"),
        ("25:00", "no such time"),
        ("10:75", "no such time"),
        ("13 pm", "no such time"),
        ("0 am", "no such time"),
        ("11:00-10:00", "no time for a meeting"),
        ("8:00-18:00", "no time for a meeting"),
    ],
)
def test_a_time_that_is_asked_back(written: str, said: str) -> None:
    """Another zone, an hour of the night that nobody means, and what is no time."""
    with pytest.raises(Unclear) as unclear:
        take_time(written, DAY, DENVER)
    assert said in unclear.value.message


@pytest.mark.parametrize(
    "text", ["", "10", "bridge", "303-555-0100", "1801 California St", "1400", "10-11", "10th floor", "10:000"]
)
def test_what_is_no_time(text: str) -> None:
    """Nothing is taken."""
    assert take_time(text, DAY, DENVER) is None


def test_a_zone_without_words() -> None:
    """It is named as the clock names it."""
    assert take_time("10:00 UTC", DAY, UTC) == (time(10), None, "")
    with pytest.raises(Unclear, match="UTC here, not MT"):
        take_time("10:00 MT", DAY, UTC)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("60", 60), ("45", 45), ("120", 120), ("1 hour", 60), ("2 hours", 120), ("1.5 hours", 90), ("1,5 h", 90),
        ("1h", 60), ("1h30", 90), ("90 min", 90), ("90 minutes", 90), ("90min.", 90), ("1 hr", 60),
        ("1 hour 30 min", 90), ("1 hour and 15 minutes", 75), ("half an hour", 30), ("an hour", 60),
        ("for 1 hour", 60), ("(60 min)", 60), (", 30 mins", 30),
    ],
)  # fmt: skip
def test_a_duration_as_people_write_it(written: str, minutes: int) -> None:
    """All of these are minutes."""
    assert take_minutes(written + " bridge") == (minutes, " bridge")


@pytest.mark.parametrize(
    "text", ["", "bridge", "303-555-0100", "1801 California St", "120 Main Street", "60-A", "7", "5th floor"]
)
def test_what_is_no_duration(text: str) -> None:
    """A place may begin with a number."""
    assert take_minutes(text) is None


@pytest.mark.parametrize("text", ["1 min", "9 hours", "2000 minutes", "0 h"])
def test_a_duration_that_nobody_means(text: str) -> None:
    """It is asked back."""
    with pytest.raises(Unclear):
        take_minutes(text)
