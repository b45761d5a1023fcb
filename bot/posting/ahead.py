"""Ahead: the Monthly Meetings that are to come, with the dates that lead up to each.

Its one rule: every date is computed from the office's calendar and figures, none is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.posting.pages import path_of
from bot.workflow.agenda import starts_at
from bot.workflow.deadline import WEEK


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A Monthly Meeting that is to come: its date and start (aware). A request has to come in by the end of the
    local date `cutoff` to be presented there, a response has to be issued by `respond_by`. Its package is to be
    mailed by `package_by`; once it was (`mailed`), the meeting has a page."""

    on: date
    starts: datetime
    cutoff: date
    respond_by: date
    package_by: date
    mailed: date | None = None
    path: str = ""


def next_meeting(office: Office, today: date, mailed: Mapping[date, date]) -> Upcoming:
    """The Monthly Meeting of a local date, or the first one after it."""
    return upcoming(office.calendar.meeting_after(today - timedelta(days=1)), office, mailed)


def meetings_ahead(office: Office, today: date, mailed: Mapping[date, date], count: int) -> Iterator[Upcoming]:
    """So many Monthly Meetings, from the next one on."""
    on = today - timedelta(days=1)
    for _ in range(count):
        on = office.calendar.meeting_after(on)
        yield upcoming(on, office, mailed)


def upcoming(on: date, office: Office, mailed: Mapping[date, date]) -> Upcoming:
    """A Monthly Meeting, by its date."""
    return Upcoming(
        on,
        starts_at(on, office),
        cutoff(on, office.calendar),
        on - WEEK,
        office.calendar.add_business_days(on, -office.intervals.package),
        mailed.get(on),
        path_of(f"meeting/{on}") if on in mailed else "",
    )


def cutoff(meeting: date, calendar: Calendar) -> date:
    """The local date by the end of which a request has to be received for a Monthly Meeting: the first
    business day of its month (seed step 3; domain.md section 8, 9)."""
    return calendar.first_business_day(meeting.year, meeting.month)
