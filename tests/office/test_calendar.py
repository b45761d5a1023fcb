"""The calendar, against the worked example of the process and its boundary dates."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays as library
import pytest

from bot.office.calendar import Calendar, MeetingRule
from bot.office.office import Office, Organisation
from bot.office.people import Address
from bot.workflow.deadline import DeadlineKind, due_on, on_receipt

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


@pytest.mark.parametrize(("day", "first"), [((2026, 11, 18), (2026, 11, 18)), ((2026, 11, 19), (2026, 12, 16))])
def test_the_next_meeting_may_be_todays(day: tuple[int, int, int], first: tuple[int, int, int]) -> None:
    """From a day on, its own meeting counts; after it, the next one."""
    assert Calendar().meeting_from(date(*day)) == date(*first)
    assert Calendar().meeting_after(date(*day)) == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        (local(2001, 11, 13, 3), local(2001, 11, 13, 8, 0)),
        (local(2001, 11, 13, 12), local(2001, 11, 13, 12)),
        (local(2001, 11, 13, 17, 0), local(2001, 11, 14, 8, 0)),
        (local(2001, 11, 9, 20), local(2001, 11, 13, 8, 0)),
        (local(2001, 11, 12, 3), local(2001, 11, 13, 8, 0)),
    ],
)
def test_business_is_done_from_the_next_opening_on(instant: datetime, opening: datetime) -> None:
    """Within hours at once; else in the morning of the first business day to come."""
    assert CALENDAR.opening_from(instant) == opening


def test_a_moved_meeting_wins() -> None:
    """A date given for a month replaces the rule's for that month only."""
    rule = MeetingRule(moved=(date(2001, 12, 12),))
    assert rule.date_in(2001, 12) == date(2001, 12, 12)
    assert rule.date_in(2001, 11) == date(2001, 11, 21)


OFFICE = Office(Organisation("Meridell", Address("cmpcr@meridell.example"), "https://cmp.example/"), calendar=CALENDAR)


@pytest.mark.parametrize(
    ("received", "acknowledge", "post", "assign", "clarify", "meeting", "response"),
    [
        # Thursday morning, and every bound of the worked example
        (local(2001, 10, 25), (10, 29), (10, 29), (10, 26), (11, 6), (11, 21), (12, 12)),
        # the first business day of November is the last for its meeting; 12 November is a holiday
        (local(2001, 11, 1), (11, 5), (11, 5), (11, 2), (11, 14), (11, 21), (12, 12)),
        (local(2001, 11, 1, 23, 59), (11, 6), (11, 6), (11, 5), (11, 15), (11, 21), (12, 12)),
        (local(2001, 11, 2), (11, 6), (11, 6), (11, 5), (11, 15), (12, 19), (1, 9)),
        # acknowledged on a Friday: posted by Tuesday
        (local(2001, 10, 26), (10, 30), (10, 30), (10, 29), (11, 7), (11, 21), (12, 12)),
        # a weekend counts as the next business day, for the acknowledgement too
        (local(2001, 10, 27), (10, 31), (10, 31), (10, 30), (11, 8), (11, 21), (12, 12)),
        # the eve of Thanksgiving after the cut-off: Monday
        (local(2001, 11, 21, 17, 0), (11, 28), (11, 28), (11, 27), (12, 6), (12, 19), (1, 9)),
    ],
)
def test_the_worked_example_of_the_process(
    received: datetime,
    acknowledge: tuple[int, int],
    post: tuple[int, int],
    assign: tuple[int, int],
    clarify: tuple[int, int],
    meeting: tuple[int, int],
    response: tuple[int, int],
) -> None:
    """Every bound that a receipt sets, acknowledged at once, and the line of the response after alignment."""
    due = {each.kind: each.due for each in on_receipt(OFFICE, received, received)}
    kinds = (
        DeadlineKind.ACKNOWLEDGE,
        DeadlineKind.POST,
        DeadlineKind.ASSIGN,
        DeadlineKind.CLARIFY,
        DeadlineKind.PRESENT,
    )
    assert [(due[kind].month, due[kind].day) for kind in kinds] == [acknowledge, post, assign, clarify, meeting]
    line = due_on(DeadlineKind.RESPOND, OFFICE, due[DeadlineKind.PRESENT])
    assert (line.month, line.day) == response


def test_the_acknowledgement_on_the_last_day_moves_the_posting() -> None:
    """Received on Thursday, acknowledged on Monday: posted by Wednesday (the worked example)."""
    due = {each.kind: each.due for each in on_receipt(OFFICE, local(2001, 10, 25), local(2001, 10, 29))}
    assert due[DeadlineKind.POST] == date(2001, 10, 31)


def test_three_thousand_dates_against_another_implementation() -> None:
    """Business days forwards and backwards as the library counts them, with its own list of holidays."""
    oracle = library.country_holidays("US", years=range(2000, 2042))
    calendar, lots = Calendar(holidays=frozenset(oracle)), random.Random(5)
    for _ in range(3000):
        day = date(2001, 1, 1) + timedelta(days=lots.randrange(365 * 39))
        count = lots.choice([-1, 1]) * lots.randrange(1, 60)
        assert calendar.add_business_days(day, count) == oracle.get_nth_working_day(day, count), (day, count)
        assert calendar.is_business_day(day) == oracle.is_working_day(day), day
        later = day + timedelta(days=lots.randrange(1, 90))
        assert calendar.business_days(day, later) == oracle.get_working_days_count(day + timedelta(days=1), later)


def test_day_zero_over_three_thousand_instants_in_ten_zones() -> None:
    """Never before the local date, always a business day, and the date itself only before the cut-off."""
    lots = random.Random(6)
    zones = [ZoneInfo(name) for name in ZONES]
    for _ in range(3000):
        calendar = Calendar(zone=lots.choice(zones), holidays=HOLIDAYS)
        instant = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=lots.randrange(60 * 24 * 1000))
        zero, here = calendar.day_zero(instant), instant.astimezone(calendar.zone)
        assert calendar.is_business_day(zero) and zero >= here.date()
        in_time = calendar.is_business_day(here.date()) and here.time() < calendar.cutoff
        assert (zero == here.date()) == in_time


ZONES = (
    "America/Denver",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
)
