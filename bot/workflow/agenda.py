"""Agenda: what stands on a Monthly Meeting, in which order, and why (domain.md 1.5 and 8, 9, 11, 12, 24).

Its one rule: a change request stands on it once, under what is done with it there; one that people
might look for and that is not there is named with its reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count
from string import ascii_uppercase

from bot.intake.arguments.dates import MONTHS
from bot.office.office import Office
from bot.workflow.carry.words import names, us
from bot.workflow.change import ChangeRequest, Document, Response, Step, by_receipt
from bot.workflow.deadline import AT_MEETING, WEEK, Deadline, DeadlineKind
from bot.workflow.effect import Row

WALKED_ON = "Walk-on: on the agenda of {}"
"""How the history begins to tell of a walk-on (carry/walkon.py)."""
LEFT_OVER = "Nothing is recorded of the Monthly Meeting of {}"
"""How the row begins that carries a change request on to the next meeting (leftover.py)."""
UNISSUED = "No response was issued by {}, one week before the meeting."
PUT_OFF = "It was put off."
BEFORE_CONSENSUS = frozenset({Step.REQUEST, Step.SME_ASSIGNMENT, Step.CLARIFICATION})


class Group(StrEnum):
    """The parts of an agenda, in their order."""

    CLEC = "To be presented by the CLECs"
    RESPONSE = "Responses to be presented"
    REVISED = "Revised responses to be presented"
    WALK_ON = "Walk-ons"
    CLOSURE = "Closures to be discussed"
    OTHER = "Other change requests"


ORDER = tuple(Group)
REQUEST, ISSUED = "request", "response"
"""What an attachment is: the text of the request, the response in force, or (its SHA-256) a file."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change request that may stand on an agenda, with its open deadlines and its history."""

    change: ChangeRequest
    clocks: tuple[Deadline, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment of the distribution package: its letter, and what it `is`."""

    letter: str
    is_: str


@dataclass(frozen=True, slots=True)
class Item:
    """A change request on an agenda: why it is there, who presents, its CRPM and its attachments."""

    change: ChangeRequest
    group: Group
    why: str
    presents: str = ""
    crpm: str = ""
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """A change request that is not on an agenda, why, and to which meeting it goes."""

    change: ChangeRequest
    why: str
    goes_to: date


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a Monthly Meeting, which is on a local date and `starts` at an instant (UTC)."""

    meeting: date
    starts: datetime
    items: tuple[Item, ...] = ()
    absent: tuple[Absent, ...] = ()

    @property
    def groups(self) -> tuple[tuple[Group, tuple[Item, ...]], ...]:
        """The items by the parts that hold any, in their order."""
        found = ((group, tuple(item for item in self.items if item.group is group)) for group in ORDER)
        return tuple((group, items) for group, items in found if items)


def agenda_of(meeting: date, candidates: Iterable[Candidate], office: Office, today: date) -> Agenda:
    """The agenda of the Monthly Meeting on a local date, as it stands on another one (`today`)."""
    ordered = sorted(candidates, key=lambda each: by_receipt(each.change))
    judged = [found for each in ordered if (found := judge(each, meeting, office, today))]
    items = sorted((one for one in judged if isinstance(one, Item)), key=lambda one: ORDER.index(one.group))
    absent = tuple(one for one in judged if isinstance(one, Absent))
    return Agenda(meeting, starts_at(meeting, office), lettered(items), absent)


def starts_at(meeting: date, office: Office) -> datetime:
    """When the Monthly Meeting of a local date begins (aware, UTC)."""
    calendar = office.calendar
    return datetime.combine(meeting, calendar.meeting.at, calendar.zone).astimezone(UTC)


def last_meeting(office: Office, today: date) -> date:
    """The latest Monthly Meeting before a local date."""
    rule = office.calendar.meeting
    before = date(today.year, today.month, 1) - timedelta(days=1)
    here = rule.date_in(today.year, today.month)
    return here if here < today else rule.date_in(before.year, before.month)


def stands(change: ChangeRequest, clocks: Iterable[Deadline], meeting: date) -> bool:
    """True for one that is on the agenda of a meeting: its own agenda counts before what is due there."""
    if change.agenda:
        return change.agenda == meeting
    return meeting in _due_at(clocks)


def stands_on(change: ChangeRequest, clocks: Iterable[Deadline]) -> date | None:
    """The meeting of whose agenda it is; None for one that is on none."""
    return change.agenda or min(_due_at(clocks), default=None)


def judge(each: Candidate, meeting: date, office: Office, today: date) -> Item | Absent | None:
    """Whether a change request stands on the agenda of a meeting, and why; None for one that nobody
    would look for there."""
    change = each.change
    if not (change.open and change.logged):
        return None
    if not stands(change, each.clocks, meeting):
        return _elsewhere(each, meeting, office)
    found = _placed(each, meeting, office, today)
    if isinstance(found, Absent):
        return found
    return replace(found, crpm=names(change.people["crpm"], office) if change.people.get("crpm") else "")


def in_test(change: ChangeRequest) -> bool:
    """True while the CLECs test, and nobody has to answer whether it may be closed: what is talked over then is the
    test itself."""
    asked = change.closing is not None and not change.closing.objection
    return change.step is Step.TEST and not asked


def _placed(each: Candidate, meeting: date, office: Office, today: date) -> Item | Absent:
    change = each.change
    experts = names(change.people.get("smes") or change.people.get("crpm", ()), office)
    if change.closing and not in_test(change):
        return _closure(change, office)
    if change.step in BEFORE_CONSENSUS:
        return _request(each, meeting, office)
    match change.step:
        case Step.RESPONSE:
            return _awaited(each, meeting, office, today)
        case Step.PRESENTATION if change.response and change.response.issued_on:
            return _response(each, change.response, change.response.issued_on, meeting, office)
        case Step.REVISION:
            why = f"The revised response is not issued yet; the aim is {us(meeting - WEEK)}, which is no bar."
            return Item(change, Group.REVISED, why, experts)
    return Item(change, Group.OTHER, f"{change.phase.value} since {us(change.status_date)}.", experts)


def _closure(change: ChangeRequest, office: Office) -> Item:
    asked, crpm = change.closing, names(change.people.get("crpm", ()), office)
    if asked is None or asked.objection:
        return Item(change, Group.OTHER, "The originator objected to closing it.", crpm)
    why = f"The originator was asked on {us(asked.asked_on)} whether it may be closed: {asked.reason}"
    return Item(change, Group.CLOSURE, why, crpm)


def _request(each: Candidate, meeting: date, office: Office) -> Item:
    """The first-business-day rule (seed step 3; domain.md section 8, 9)."""
    change, calendar = each.change, office.calendar
    received = calendar.local_date(change.received_at)
    rule, why = calendar.presentation_meeting(received), received_rule(received, office)
    who = change.text("originator_name") or change.company
    if rule > meeting:
        said = f"{why} By that it would go to {us(rule)}. {_put_on(each, meeting, office)}"
        return Item(change, Group.WALK_ON, said, who)
    if change.presented_on:
        why = f"Presented on {us(change.presented_on)}; there is no consensus yet."
    elif rule < meeting:
        why = f"{_carried(each.rows, rule)} {why}"
    return Item(change, Group.CLEC, why, who)


def _carried(rows: Iterable[Row], rule: date) -> str:
    """From which meeting it comes: the latest that left it over, else the one that it was due for by the rule."""
    left = LEFT_OVER.format("")
    said = [row.description.removeprefix(left)[: len(us(rule))] for row in rows if row.description.startswith(left)]
    first = f" It was due for {us(rule)}." if said and said[-1] != us(rule) else ""
    return f"Carried over from the meeting of {said[-1] if said else us(rule)}.{first}"


def received_rule(received: date, office: Office) -> str:
    """What the first-business-day rule makes of a local date of receipt, in words."""
    first = office.calendar.first_business_day(received.year, received.month)
    month = MONTHS[received.month - 1]
    if received <= first:
        return f"Received on {us(received)}, by the first business day of {month} ({us(first)})."
    return f"Received on {us(received)}, after the first business day of {month} ({us(first)})."


def _awaited(each: Candidate, meeting: date, office: Office, today: date) -> Item | Absent:
    """A response that is not issued yet (domain.md section 8, 11 and 12)."""
    change, line, later = each.change, meeting - WEEK, office.calendar.meeting_after(meeting)
    experts = names(change.people.get("smes", ()), office)
    due = next((due.by for due in each.clocks if due.kind is DeadlineKind.RESPOND), line)
    if due > line:
        why = f"Its response, due by {us(due)}, is not issued yet. {_put_on(each, meeting, office)}"
        return Item(change, Group.WALK_ON, why, experts)
    if today <= line:
        why = f"Its response is not issued yet. Issued by {us(line)} it is presented here, else on {us(later)}."
        return Item(change, Group.RESPONSE, why, experts)
    return Absent(change, UNISSUED.format(us(line)), later)


def _moved_on(each: Candidate, meeting: date, later: date) -> Absent | None:
    """A response, the first or a revised one, that was due for a meeting and is due for a later one now."""
    due = next((due for due in each.clocks if due.kind in (DeadlineKind.RESPOND, DeadlineKind.REVISE)), None)
    if due is None or not due.due <= meeting < due.by:
        return None
    late = due.kind is DeadlineKind.RESPOND and due.missed
    return Absent(each.change, UNISSUED.format(us(meeting - WEEK)) if late else PUT_OFF, later)


def _response(each: Candidate, response: Response, issued: date, meeting: date, office: Office) -> Item:
    """The one-week rule (seed step 4; domain.md section 8, 11, 12 and 24)."""
    change, line = each.change, meeting - WEEK
    experts = names(change.people.get("smes", ()), office)
    if len(change.responses) > 1:
        return Item(
            change, Group.REVISED, f"Revised response, issued on {us(issued)}; no week is asked of it.", experts
        )
    if issued > line:
        why = f"Issued on {us(issued)}, later than {us(line)}, one week before. {_put_on(each, meeting, office)}"
        return Item(change, Group.WALK_ON, why, experts)
    return Item(change, Group.RESPONSE, f"Issued on {us(issued)}, by {us(line)}, one week before.", experts)


def _elsewhere(each: Candidate, meeting: date, office: Office) -> Absent | None:
    """Why a change request stands on the agenda of the meeting after, where it might have been expected
    on this one."""
    change, calendar, line = each.change, office.calendar, meeting - WEEK
    later = calendar.meeting_after(meeting)
    if not stands(change, each.clocks, later) or change.closing:
        return None
    received = calendar.local_date(change.received_at)
    first = calendar.first_business_day(meeting.year, meeting.month)
    if change.step in BEFORE_CONSENSUS and not change.presented_on:
        if first < received <= meeting:
            return Absent(change, received_rule(received, office), later)
        return Absent(change, PUT_OFF, later) if received <= first else None
    if change.step in (Step.RESPONSE, Step.REVISION):
        return _moved_on(each, meeting, later)
    issued = change.response.issued_on if change.response else None
    if change.step is Step.PRESENTATION and issued and line < issued <= meeting and len(change.responses) == 1:
        return Absent(
            change, f"Its response was issued on {us(issued)}, later than {us(line)}, one week before.", later
        )
    return None


def _put_on(each: Candidate, meeting: date, office: Office) -> str:
    """Who put a change request on the agenda of a meeting, late by the rules, and when."""
    said = WALKED_ON.format(us(meeting))
    row = next((row for row in reversed(each.rows) if row.description.startswith(said)), None)
    if row is None:
        return "A walk-on."
    return f"A walk-on: put on by {names((row.by,), office)} on {us(office.calendar.local_date(row.at))}."


def _due_at(clocks: Iterable[Deadline]) -> Iterator[date]:
    return (due.by for due in clocks if due.met_on is None and due.kind in AT_MEETING)


def lettered(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items with their attachments, lettered A, B, C... in the order of the agenda."""
    names_ = letters()
    return tuple(replace(item, papers=tuple(Paper(next(names_), is_) for is_ in _papers(item))) for item in items)


def letters() -> Iterator[str]:
    """A to Z, then AA, AB and so on.

    >>> from itertools import islice
    >>> list(islice(letters(), 25, 28))
    ['Z', 'AA', 'AB']
    """
    size = len(ascii_uppercase)
    for n in count():
        yield (ascii_uppercase[n // size - 1] if n >= size else "") + ascii_uppercase[n % size]


def _papers(item: Item) -> Iterator[str]:
    """What goes with an item: the request where it is presented, the response once it is issued, and the
    public files. Forms are none of them: they hold people's contact details (DESIGN section 7)."""
    change = item.change
    if change.step in BEFORE_CONSENSUS:
        yield REQUEST
    if change.response and change.step is Step.PRESENTATION:
        yield ISSUED
    if item.group not in (Group.CLOSURE, Group.OTHER):
        yield from dict.fromkeys(file.sha256 for file in change.documents if _goes_out(file, change))


def _goes_out(file: Document, change: ChangeRequest) -> bool:
    answered = change.response.files if change.response else ()
    return file.public and (file.sha256 in answered or "inutes" in file.title)
