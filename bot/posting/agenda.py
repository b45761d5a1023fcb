"""Agenda: the items of a Monthly Meeting as the public reads them, in the letter of its package and on its page.

Its one rule: every text of theirs goes through the filter of its change request; an attachment is named by its
letter, and by what it was when it went out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.posting.withhold import cleaner
from bot.workflow.agenda import ISSUED, ORDER, REQUEST, Agenda, Item, Paper
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest

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
    `results` are what is recorded of the meeting, each with its local date."""

    number: str
    flags: tuple[str, ...]
    title: str
    company: str
    presents: str
    crpm: str
    why: str
    papers: tuple[Lettered, ...] = ()
    since: Since | None = None
    results: tuple[tuple[date, str], ...] = ()


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
