"""Notices: what was announced to the CLECs: responses, dates of implementation, tests, endings, and the
distribution packages of the Monthly Meetings.

Its one rule: what was announced once stays in the list; a notice that was taken back says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from bot.office.office import Office
from bot.posting.course import leads_to
from bot.posting.news import RESPONSE, UNDONE, Sort, Told, taken_back
from bot.posting.pages import Page, path_of
from bot.posting.withhold import cleaner
from bot.posting.words import short

NOTICES = "notices.html"
NEWEST = 100
"""Notices that the first page shows; a year with more of them has its months apart."""
CLOSED, ENDED = "Closed ", "Administrative: "
SORTS: tuple[Sort, ...] = (
    (RESPONSE, "CLECs notified by "),
    ("Communicator Issued", ""),
    ("Status Changed", CLOSED),
    ("Status Changed", "Administrative: withdrawn"),
    ("Status Changed", "Administrative: crossover"),
    UNDONE,
)
NUMBERED = re.compile(r"(?:CLECs notified by|Notice) (\S+?)(?: sent to all CLECs: |\. )(.*)")
LONGEST = 240


class Subject(StrEnum):
    """What a notice is about."""

    RESPONSE = "Response"
    COMMUNICATOR = "Communicator"
    ENDED = "Closing"
    PACKAGE = "Agenda"


@dataclass(frozen=True, slots=True)
class Notice:
    """What was announced on a local date: about what, under which notice number (empty: none), in words,
    and the place of the page that has it all, with the number and title of its change request, if it is about
    one."""

    on: date
    subject: Subject
    number: str
    said: str
    path: str
    of: str = ""
    title: str = ""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A page with the notices of a month of a year (or of the whole year), and how many there are."""

    name: str
    path: str
    count: int


def notices_of(told: Sequence[Told], mailed: Mapping[date, date], office: Office) -> tuple[Notice, ...]:
    """The notices, newest first. `told` are rows of SORTS, newest first; `mailed` are the dates on which
    packages were mailed, by the dates of their meetings."""
    gone = taken_back(told)
    found = [
        *(_package(on, meeting) for meeting, on in mailed.items()),
        *(_notice(each, id(each) in gone, office) for each in reversed(told) if not _undoes(each)),
    ]
    return tuple(sorted(found, key=lambda each: each.on)[::-1])


def notices_page(notices: Sequence[Notice], years: Iterable[int]) -> Page:
    """The newest notices, and the way to those of all years (newest first)."""
    led = tuple(Part(str(year), _path(year), 0) for year in sorted(years, reverse=True))
    return Page(NOTICES, "notices.html", {"months": by_month(notices[:NEWEST]), "years": led})


def year_pages(year: int, notices: Sequence[Notice]) -> Iterator[Page]:
    """The page of a year: its notices, or where they are many its months, each with a page of its own."""
    months = by_month(notices)
    parts: tuple[Part, ...] = ()
    if len(notices) > NEWEST:
        parts = tuple(Part(month, _path(month), len(some)) for month, some in months)
    context = {"year": year, "parts": parts, "count": len(notices)}
    yield Page(_path(year), "year.html", {**context, "months": () if parts else months, "month": ""})
    for part, month in zip(parts, months, strict=False):
        yield Page(part.path, "year.html", {**context, "months": (month,), "month": part.name})


def by_month(notices: Iterable[Notice]) -> tuple[tuple[str, tuple[Notice, ...]], ...]:
    """Notices by the month of their date, `2026-11`, in the order in which they come."""
    return tuple((month, tuple(some)) for month, some in groupby(notices, key=lambda each: f"{each.on:%Y-%m}"))


def _undoes(told: Told) -> bool:
    return told.row.description.startswith(UNDONE[1])


def _package(on: date, meeting: date) -> Notice:
    said = f"Distribution package of the Monthly CMP Meeting of {meeting:%m/%d/%Y}"
    return Notice(on, Subject.PACKAGE, "", said, path_of(f"meeting/{meeting}"))


def _notice(told: Told, gone: bool, office: Office) -> Notice:
    change, row = told.change, told.row
    clean = cleaner(change)
    first = clean(row.description).partition("\n")[0]
    found = NUMBERED.fullmatch(first)
    number, said = (found[1], found[2]) if found else ("", first)
    if first.startswith((CLOSED, ENDED)):
        subject = Subject.ENDED
    else:
        subject = Subject.COMMUNICATOR if row.action == "Communicator Issued" else Subject.RESPONSE
    said = said.removeprefix(ENDED)
    if subject is Subject.RESPONSE:
        said = said.rstrip(".")
    return Notice(
        office.calendar.local_date(row.at),
        subject,
        number,
        short(said[:1].upper() + said[1:], LONGEST),
        f"{path_of(f'cr/{change.number}')}#{leads_to(change, row)}",
        change.number,
        clean(change.title),
        gone,
    )


def _path(of: int | str) -> str:
    return f"notices/{of}.html"
