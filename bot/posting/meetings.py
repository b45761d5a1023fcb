"""Meetings: the agendas of the Monthly Meetings as the public reads them, in the package and on pages.

Its one rule: what was mailed stays in sight; what was added, withdrawn or decided since is told apart
from it. The same state gives the same page: no clock decides anything here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.office.office import Office
from bot.posting.ahead import Upcoming
from bot.posting.minutes import Minutes
from bot.posting.pages import MEETINGS, Page, path_of
from bot.posting.withhold import cleaner
from bot.workflow.agenda import (
    ISSUED,
    LEFT_OVER,
    ORDER,
    REQUEST,
    Agenda,
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

RESULTS = frozenset({"Discussed at Monthly CMP Meeting", "Status Changed"})
"""History rows that say what came of an item."""
LONGEST = 6000
"""Letters of one text in a package; the page of the change request has all of it."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """An attachment: its letter, what it is, and the section of the page of its change request that has it."""

    letter: str
    what: str
    section: str


class Became(StrEnum):
    """What became otherwise with an item since the package was mailed."""

    ADDED = "added"
    UNRECORDED = "unrecorded"
    MOVED = "moved"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Since:
    """What became otherwise, and the date that goes with it: of adding; of the meeting it is on now; of the
    status of a change request that is on none (`phase`). None for no date."""

    what: Became
    on: date | None = None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An item of an agenda as the public reads it. `since` says what became otherwise since the package;
    `results` are what is recorded of the meeting."""

    number: str
    flags: tuple[str, ...]
    title: str
    company: str
    presents: str
    crpm: str
    why: str
    papers: tuple[Lettered, ...] = ()
    since: Since | None = None
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attachment that stands in the package itself: the texts of a request or of a response."""

    letter: str
    number: str
    what: str
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is not on an agenda, why, and to which meeting it goes."""

    number: str
    title: str
    why: str
    goes_to: date


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution package in words: the parts with their items, what is not on it and why, and the
    attachments that are texts."""

    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    absent: tuple[Elsewhere, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    """A Monthly Meeting in the list of them: its date, its page and how many items it has."""

    meeting: date
    path: str
    count: int


def packaged(agenda: Agenda) -> Package:
    """A distribution package in words, for its letter."""
    absent = tuple(
        Elsewhere(one.change.number, cleaner(one.change)(one.change.title), one.why, one.goes_to)
        for one in agenda.absent
    )
    return Package(_in_parts(agenda.items), absent, tuple(sheets_of(agenda.items)))


def _in_parts(items: Iterable[Item]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The items of an agenda by its parts."""
    made = [(item.group, line_of(item)) for item in items]
    found = ((group.value, tuple(line for of, line in made if of is group)) for group in ORDER)
    return tuple((name, lines) for name, lines in found if lines)


def line_of(item: Item, day: date | None = None) -> Line:
    """An item as the public reads it; where its attachments went out on a local date, as they were then."""
    change = item.change
    clean = cleaner(change)
    return Line(
        change.number,
        change.flags,
        clean(change.title),
        clean(change.company),
        clean(item.presents),
        item.crpm,
        clean(item.why),
        tuple(Lettered(paper.letter, *_what(paper, change, clean, day)) for paper in item.papers),
    )


def sheets_of(items: Iterable[Item]) -> Iterator[Sheet]:
    """The attachments that are texts, in the order of their letters."""
    for item in items:
        clean = cleaner(item.change)
        for paper in item.papers:
            if texts := _texts(paper, item.change, clean):
                yield Sheet(paper.letter, item.change.number, _what(paper, item.change, clean)[0], texts)


def _what(paper: Paper, change: ChangeRequest, clean: Callable[[str], str], day: date | None = None) -> tuple[str, str]:
    """What an attachment is, and which section of the page holds it; of a response the one that was in force
    on a local date, or is now."""
    if paper.is_ == REQUEST:
        return "The request", "description"
    if paper.is_ == ISSUED and change.response:
        then = [one for one in change.responses if day and one.issued_on and one.issued_on <= day]
        found = then[-1] if then else change.response
        on = found.issued_on
        return f"Response: {found.disposition}{f', issued on {us(on)}' if on else ''}", "response"
    file = next((file for file in change.documents if file.sha256 == paper.is_), None)
    return (f"{clean(file.title)}, a file" if file else "A file that is not part of it any more"), "documents"


def _texts(paper: Paper, change: ChangeRequest, clean: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """The texts of an attachment, with their labels; none of a file."""
    if paper.is_ == REQUEST:
        keys = {
            "Description of Change": "description",
            "Business Reason": "business_reason",
            "Expected Deliverable": "expected_deliverable",
        }
        told = tuple((label, change.text(key)) for label, key in keys.items())
    elif paper.is_ == ISSUED and change.response:
        found = change.response
        told = (("Position", found.position), ("Basis", found.basis), ("Reference", found.reference))
        told = (*told, ("Text", found.text if found.text not in (found.position, found.basis) else ""))
    else:
        return ()
    return tuple((label, _cut(clean(text))) for label, text in told if text.strip())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}\u2026 (the rest is on its page)"


# --- pages


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


def meetings_page(kept: Mapping[date, Frozen], minutes: Sequence[Minutes] = (), ahead: Sequence[Upcoming] = ()) -> Page:
    """The Monthly Meetings ahead, those whose package was mailed, newest first, and the newest minutes of the
    meetings about single change requests."""
    listed = tuple(
        Gathering(day, path_of(f"meeting/{day}"), len(kept[day].places)) for day in sorted(kept, reverse=True)
    )
    return Page(path_of(MEETINGS), "meetings.html", {"meetings": listed, "minutes": minutes, "ahead": ahead})


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
    results = tuple(_results(each, meeting, office))
    added = Since(Became.ADDED, place.added) if place.added else None
    there = stands(change, each.clocks, meeting) and change.open
    since = added if there or results else _gone(each, meeting)
    return replace(line_of(replace(item, papers=papers), place.added or day), since=since, results=results)


def _crpm(change: ChangeRequest, office: Office) -> str:
    return names(change.people["crpm"], office) if change.people.get("crpm") else ""


def _results(each: Candidate, meeting: date, office: Office) -> Iterator[str]:
    """What is recorded of the meeting: public rows about it from its day on, until the next one."""
    calendar, clean = office.calendar, cleaner(each.change)
    until = calendar.meeting_after(meeting)
    for row in sorted(each.rows, key=lambda row: row.at):
        if row.public and row.action in RESULTS and meeting <= calendar.local_date(row.at) < until:
            yield clean(row.description)


def _gone(each: Candidate, meeting: date) -> Since:
    """Why an item does not stand there any more, and nothing came of the meeting."""
    change, there = each.change, stands_on(each.change, each.clocks) if each.change.open else None
    if any(row.description.startswith(LEFT_OVER.format(us(meeting))) for row in each.rows):
        return Since(Became.UNRECORDED, there)
    if there:
        return Since(Became.MOVED, there)
    return Since(Became.ELSEWHERE, change.status_date, change.phase.value)
