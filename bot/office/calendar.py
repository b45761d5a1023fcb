"""The office's calendar: business days, the cut-off hour, the Monthly Meeting.

Its one rule: every function is pure; instants come in as aware UTC and dates are the office's
own (DESIGN section 4, deadlines; domain.md section 8, readings 2, 5, 7 to 9 and 11).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """The Monthly Meeting: the n-th weekday of a month at a local time, with moved dates; how many minutes it
    takes (0: nobody has said), and where it is, for those who attend."""

    nth: int = 3
    weekday: int = 2
    at: time = time(9, 0)
    moved: tuple[date, ...] = ()
    minutes: int = 0
    place: str = ""

    def date_in(self, year: int, month: int) -> date:
        """The date of the meeting of one month; a moved date of that month wins."""
        for moved in self.moved:
            if (moved.year, moved.month) == (year, month):
                return moved
        first = date(year, month, 1)
        offset = (self.weekday - first.weekday()) % 7
        return first + timedelta(days=offset + 7 * (self.nth - 1))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Time as the office counts it."""

    zone: tzinfo = UTC
    holidays: frozenset[date] = frozenset()
    cutoff: time = time(17, 0)
    opens: time = time(8, 0)
    meeting: MeetingRule = MeetingRule()

    def local_date(self, instant: datetime) -> date:
        """The office's date at an instant; this is the date in a CR number."""
        return instant.astimezone(self.zone).date()

    def is_business_day(self, day: date) -> bool:
        """True for Monday to Friday outside the holiday list."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_business_day(self, day: date) -> date:
        """`day` itself when business is done on it, else the first business day after it."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """The business day `count` business days after `day` (before it, when negative)."""
        step = timedelta(days=1 if count >= 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def day_zero(self, receipt: datetime) -> date:
        """The day of receipt that the clocks count from: after the cut-off hour, on a weekend
        or on a holiday it is the next business day (domain.md section 8, reading 5)."""
        local = receipt.astimezone(self.zone)
        day = local.date()
        if self.is_business_day(day) and local.time() >= self.cutoff:
            day += timedelta(days=1)
        return self.next_business_day(day)

    def business_days(self, first: date, last: date) -> int:
        """How many business days lie after `first` up to and with `last`; 0 when it is not later."""
        days = (last - first).days
        return sum(self.is_business_day(first + timedelta(days=n)) for n in range(1, days + 1))

    def in_hours(self, instant: datetime) -> bool:
        """True while business is done: on a business day, from opening to the cut-off hour."""
        local = instant.astimezone(self.zone)
        return self.is_business_day(local.date()) and self.opens <= local.time() < self.cutoff

    def opening_from(self, instant: datetime) -> datetime:
        """The first instant from one on (aware) at which business is done, aware UTC."""
        if self.in_hours(instant):
            return instant
        local = instant.astimezone(self.zone)
        later = local.date() + timedelta(days=1 if local.time() >= self.opens else 0)
        return datetime.combine(self.next_business_day(later), self.opens, self.zone).astimezone(UTC)

    def first_business_day(self, year: int, month: int) -> date:
        """The first day of a month on which business is done."""
        return self.next_business_day(date(year, month, 1))

    def meeting_after(self, day: date) -> date:
        """The first Monthly Meeting later than a local date."""
        year, month = day.year, day.month
        while (found := self.meeting.date_in(year, month)) <= day:
            years, month = divmod(month, 12)
            year, month = year + years, month + 1
        return found

    def meeting_from(self, day: date) -> date:
        """The first Monthly Meeting on a local date or later."""
        return self.meeting_after(day - timedelta(days=1))

    def presentation_meeting(self, received: date) -> date:
        """The Monthly Meeting at which a CLEC presents a CR received on a local date.

        This month's when received by the end of the month's first business day, else the next
        month's (seed step 3; domain.md section 8, reading 9).
        """
        if received <= self.first_business_day(received.year, received.month):
            return self.meeting.date_in(received.year, received.month)
        years, month = divmod(received.month, 12)
        return self.meeting.date_in(received.year + years, month + 1)
