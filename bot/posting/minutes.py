"""Minutes: the minutes that were issued of the meetings about single change requests, over all of them.

Its one rule: they stand on the page of their change request; here is only the way to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.office.calendar import Calendar
from bot.posting.news import UNDONE, Sort, Told, taken_back
from bot.posting.pages import path_of
from bot.posting.rows import recorded
from bot.posting.withhold import cleaner
from bot.posting.words import short

SORTS: tuple[Sort, ...] = (
    ("Info Sent to CLEC", "Minutes of the meeting"),
    ("Info Sent to CLEC", "Revised minutes of the meeting"),
    UNDONE,
)
NEWEST = 100
"""Rows to look at: as many minutes are listed at most."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes issued on a local date: of what, and the change request with the section that has them."""

    on: date
    what: str
    number: str
    title: str
    path: str


def minutes_of(told: Sequence[Told], calendar: Calendar) -> tuple[Minutes, ...]:
    """The minutes, newest first; `told` are rows of SORTS, newest first."""
    gone = taken_back(told)
    return tuple(
        _minutes(each, calendar)
        for each in told
        if id(each) not in gone and each.row.description.startswith(("Minutes", "Revised minutes"))
    )


def _minutes(told: Told, calendar: Calendar) -> Minutes:
    change = told.change
    clean = cleaner(change)
    return Minutes(
        calendar.local_date(recorded(told.row)),
        short(clean(told.row.description).partition("\n")[0], 120),
        change.number,
        clean(change.title),
        f"{path_of(f'cr/{change.number}')}#meetings",
    )
