"""The calendar, against the worked example of the process and its boundary dates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.office.calendar import Calendar, MeetingRule

DENVER = ZoneInfo("America/Denver")
HOLIDAYS = frozenset({date(2001, 11, 12), date(2001, 11, 22), date(2001, 11, 23)})
CALENDAR = Calendar(zone=DENVER, holidays=HOLIDAYS)


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 12) -> datetime:
    """An instant given in Mountain Time."""
    return datetime(year, month, day, hour, minute, tzinfo=DENVER).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2001, 10, 25), 2, date(2001, 10, 29)),
        (date(2001, 10, 29), 2, date(2001, 10, 31)),
        (date(2001, 10, 25), 8, date(2001, 11, 6)),
        (date(2001, 11, 1), 8, date(2001, 11, 14)),
        (date(2001, 11, 21), 1, date(2001, 11, 26)),
        (date(2001, 11, 26), -1, date(2001, 11, 21)),
        (date(2001, 10, 26), 0, date(2001, 10, 26)),
    ],
)
def test_business_days(start: date, count: int, expected: date) -> None:
    """Business days skip weekends and the holiday list, forwards and backwards."""
    assert CALENDAR.add_business_days(start, count) == expected


def test_without_the_holiday_the_bound_is_a_day_earlier() -> None:
    """Where 12 November is worked, eight business days after 1 November end on the 13th."""
    assert Calendar(zone=DENVER).add_business_days(date(2001, 11, 1), 8) == date(2001, 11, 13)


@pytest.mark.parametrize(
    ("received", "meeting"),
    [
        (date(2001, 10, 25), date(2001, 11, 21)),
        (date(2001, 11, 1), date(2001, 11, 21)),
        (date(2001, 11, 2), date(2001, 12, 19)),
        (date(2001, 12, 31), date(2002, 1, 16)),
        (date(2001, 9, 3), date(2001, 9, 19)),
    ],
)
def test_first_of_month_rule(received: date, meeting: date) -> None:
    """Received by the end of the month's first business day is heard this month, else next."""
    calendar = Calendar(zone=DENVER, holidays=HOLIDAYS | {date(2001, 9, 3), date(2002, 1, 1)})
    assert calendar.presentation_meeting(received) == meeting


@pytest.mark.parametrize(
    ("receipt", "zero"),
    [
        (local(2001, 10, 25), date(2001, 10, 25)),
        (local(2001, 10, 25, 16, 59), date(2001, 10, 25)),
        (local(2001, 10, 25, 17, 0), date(2001, 10, 26)),
        (local(2001, 10, 26, 18, 0), date(2001, 10, 29)),
        (local(2001, 10, 27, 9, 0), date(2001, 10, 29)),
        (local(2001, 11, 22, 9, 0), date(2001, 11, 26)),
    ],
)
def test_day_zero(receipt: datetime, zero: date) -> None:
    """After the cut-off hour, on a weekend or a holiday receipt counts from the next business day."""
    assert CALENDAR.day_zero(receipt) == zero


def test_the_number_keeps_the_calendar_date() -> None:
    """Late in the evening it is still that day in the office, though not in UTC."""
    assert CALENDAR.local_date(local(2001, 10, 25, 23, 30)) == date(2001, 10, 25)


def test_a_moved_meeting_wins() -> None:
    """A date given for a month replaces the rule's for that month only."""
    rule = MeetingRule(moved=(date(2001, 12, 12),))
    assert rule.date_in(2001, 12) == date(2001, 12, 12)
    assert rule.date_in(2001, 11) == date(2001, 11, 21)
