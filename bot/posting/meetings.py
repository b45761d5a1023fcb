"""Meetings: the pages of the Monthly Meetings, and the list of them.

Its one rule: what was mailed stays in sight; what was added, withdrawn or decided since is told apart
from it. The same state gives the same page: no clock decides anything here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.posting.agenda import Became, Line, Since, line_of
from bot.posting.ahead import Upcoming
from bot.posting.minutes import Minutes
from bot.posting.news import UNDONE, Sort, Told, taken_back
from bot.posting.pages import MEETINGS, Page, path_of
from bot.posting.withhold import cleaner
from bot.workflow.agenda import (
    LEFT_OVER,
    ORDER,
    REQUEST,
    Candidate,
    Group,
    Item,
    Paper,
    judge,
    letters,
    stands,
    stands_on,
    starts_at,
)
from bot.workflow.carry.words import names, us
from bot.workflow.change import ChangeRequest
from bot.workflow.package import Frozen, Missing, Place

DISCUSSED = "Discussed at Monthly CMP Meeting"
RESULTS = frozenset({DISCUSSED, "Status Changed"})
"""History rows that say what came of an item."""
SORTS: tuple[Sort, ...] = ((DISCUSSED, ""), UNDONE)
NEWEST = 60
"""Rows to look at for meetings without a package."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """A Monthly Meeting whose package was mailed, in the list of them: its date, its page and how many items it has."""

    meeting: date
    path: str
    count: int


def meeting_page(meeting: date, kept: Frozen, candidates: Mapping[str, Candidate], office: Office) -> Page:
    """The page of a Monthly Meeting: its package as it was mailed, and what became of it."""
    context: dict[str, object] = {
        "meeting": meeting,
        "starts": starts_at(meeting, office),
        "mailed": office.calendar.local_date(kept.at),
        "parts": tuple(_parts(meeting, kept, candidates, office)),
        "missing": _missing(kept, candidates),
    }
    return Page(path_of(f"meeting/{meeting}"), "meeting.html", context)


@dataclass(frozen=True, slots=True)
class Unmailed:
    """A Monthly Meeting of which no package was mailed, and the numbers of what was discussed there all the same."""

    meeting: date
    numbers: tuple[str, ...]


def unmailed(told: Sequence[Told], kept: Collection[date], calendar: Calendar) -> tuple[Unmailed, ...]:
    """The Monthly Meetings of which results are recorded and no package is kept, newest first; `told` are rows of
    SORTS, newest first."""
    gone, found = taken_back(told), dict[date, dict[str, None]]()
    for each in reversed(told):
        on = calendar.local_date(each.row.at)
        discussed = each.row.action == DISCUSSED and id(each) not in gone
        if discussed and on not in kept and calendar.meeting_from(on) == on:
            found.setdefault(on, {})[each.change.number] = None
    return tuple(Unmailed(on, tuple(found[on])) for on in sorted(found, reverse=True))


def meetings_page(
    kept: Mapping[date, Frozen],
    minutes: Sequence[Minutes] = (),
    ahead: Sequence[Upcoming] = (),
    without: Sequence[Unmailed] = (),
) -> Page:
    """The Monthly Meetings ahead, those whose package was mailed, newest first, those `without` one, and the newest
    minutes of the meetings about single change requests."""
    listed = tuple(Mailed(day, path_of(f"meeting/{day}"), len(kept[day].places)) for day in sorted(kept, reverse=True))
    context = {"meetings": listed, "minutes": minutes, "ahead": ahead, "without": without}
    return Page(path_of(MEETINGS), "meetings.html", context)


def _parts(
    meeting: date, kept: Frozen, candidates: Mapping[str, Candidate], office: Office
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    shown = list(_shown(meeting, kept, candidates, office))
    for group in ORDER:
        if lines := tuple(line for of, line in shown if of is group):
            yield group.value, lines


def _missing(kept: Frozen, candidates: Mapping[str, Candidate]) -> tuple[Missing, ...]:
    """What the package names as not on the agenda, but for what was added after all."""
    added = {candidates[place.key].change.number for place in kept.places if place.key in candidates}
    return tuple(one for one in kept.missing if one.number not in added)


def _shown(
    meeting: date, kept: Frozen, candidates: Mapping[str, Candidate], office: Office
) -> Iterator[tuple[Group, Line]]:
    names_ = letters()
    for place in kept.places:
        papers = tuple(Paper(next(names_), is_) for is_ in place.papers)
        if place.key in candidates:
            yield place.group, _line(place, papers, candidates[place.key], kept, meeting, office)


def _line(
    place: Place, papers: tuple[Paper, ...], each: Candidate, kept: Frozen, meeting: date, office: Office
) -> Line:
    """One line: as the rules place it on the day of the package while it stands there, else what became
    of it."""
    change, day = each.change, office.calendar.local_date(kept.at)
    found = judge(each, meeting, office, day)
    item = found if isinstance(found, Item) else Item(change, place.group, "", crpm=_crpm(change, office))
    if item.group is not place.group or item is not found:
        item = replace(item, presents=_presenter(place, change, office))
    results = tuple(_results(each, meeting, office))
    added = Since(Became.ADDED, place.added) if place.added else None
    there = stands(change, each.clocks, meeting) and change.open
    since = added if there or results else _gone(each, meeting)
    return replace(line_of(replace(item, papers=papers), place.added or day), since=since, results=results)


def _presenter(place: Place, change: ChangeRequest, office: Office) -> str:
    """Who presents what stood in a part of the package, wherever its change request has come since."""
    if place.group is Group.CLEC or (place.group is Group.WALK_ON and REQUEST in place.papers):
        return change.text("originator_name") or change.company
    experts = () if place.group is Group.CLOSURE else change.people.get("smes", ())
    return names(experts, office) if experts else _crpm(change, office)


def _crpm(change: ChangeRequest, office: Office) -> str:
    return names(change.people["crpm"], office) if change.people.get("crpm") else ""


def _results(each: Candidate, meeting: date, office: Office) -> Iterator[tuple[date, str]]:
    """What is recorded of the meeting: public rows about it from its day on, until the next one."""
    calendar, clean = office.calendar, cleaner(each.change)
    until = calendar.meeting_after(meeting)
    for row in sorted(each.rows, key=lambda row: row.at):
        on = calendar.local_date(row.at)
        if row.public and row.action in RESULTS and meeting <= on < until:
            yield on, clean(row.description)


def _gone(each: Candidate, meeting: date) -> Since:
    """Why an item does not stand there any more, and nothing came of the meeting."""
    change, there = each.change, stands_on(each.change, each.clocks) if each.change.open else None
    if any(row.description.startswith(LEFT_OVER.format(us(meeting))) for row in each.rows):
        return Since(Became.UNRECORDED, there)
    if there:
        return Since(Became.MOVED, there)
    return Since(Became.ELSEWHERE, change.status_date, change.phase.value)
