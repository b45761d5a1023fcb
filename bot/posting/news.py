"""News: what happened to change requests of late, over all of them, as the public reads it.

Its one rule: only public rows, in the words of the history; what was taken back again is no news.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.office.calendar import Calendar
from bot.posting.course import HISTORY, leads_to
from bot.posting.rows import recorded, takes_back
from bot.posting.withhold import cleaner
from bot.workflow.carry.record import TAKEN_BACK
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Row

Sort = tuple[str, str]
"""Rows to look for: their action, and how their description begins (empty: anyhow)."""

RESPONSE = "{} Response Issued"
RECORDED = ("Response inserted", "Revised response inserted")
"""Two of the three ticks of a response are the carrier's own affair; the third one is the news."""
SORTS: tuple[Sort, ...] = tuple(
    (action, "")
    for action in (
        "CR Received",
        "Info Requested from CLEC",
        "Info Received From CLEC",
        "Info Sent to CLEC",
        "CLEC Provided Information",
        "Clarification Meeting Scheduled",
        "Clarification Meeting Held",
        "General Meeting Held",
        "Status Changed",
        "Discussed at Monthly CMP Meeting",
        RESPONSE,
        "Communicator Issued",
        "Action Item Created",
        "Additional Information",
        "Record Update",
    )
)
UNDONE: Sort = ("Record Update", TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Told:
    """A public row of the journal, as it was recorded, with the change request that it is about."""

    change: ChangeRequest
    row: Row


@dataclass(frozen=True, slots=True)
class Saying:
    """One row in a line: its action, its first line, and where it happened on an earlier day than it was
    recorded that local date. `part` of the page of its change request has what it tells of; empty where the row
    is all there is."""

    action: str
    text: str
    on: date | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What was recorded of one change request on one local date, in that order. Its phase stands with what is
    newest of it, and is empty elsewhere."""

    number: str
    title: str
    phase: str
    said: tuple[Saying, ...]


def sorts(wanted: Iterable[Sort], carrier: str) -> tuple[Sort, ...]:
    """The same with the carrier's name where it belongs."""
    return tuple((action.format(carrier), begins) for action, begins in wanted)


def by_day(told: Sequence[Told], calendar: Calendar) -> tuple[tuple[date, tuple[News, ...]], ...]:
    """What was told (newest first) by the local date of recording, the newest day first; on a day the
    change request that was heard of last stands first, with its rows in the order of recording."""
    days: dict[date, dict[str, list[Told]]] = {}
    gone = taken_back(told)
    for each in told:
        if id(each) not in gone and not each.row.description.startswith(RECORDED):
            found = days.setdefault(calendar.local_date(recorded(each.row)), {})
            found.setdefault(each.change.number, []).append(each)
    newest = {number: day for day, found in reversed(days.items()) for number in found}
    return tuple(
        (day, tuple(_news(some, day, newest[number] == day, calendar) for number, some in found.items()))
        for day, found in days.items()
    )


def _news(told: Sequence[Told], day: date, newest: bool, calendar: Calendar) -> News:
    change = told[0].change
    clean = cleaner(change)
    said = []
    for each in reversed(told):
        on = calendar.local_date(each.row.at)
        part, text = leads_to(change, each.row), clean(each.row.description).partition("\n")[0]
        said.append(Saying(each.row.action, text, on if on != day else None, part if part != HISTORY else ""))
    return News(change.number, clean(change.title), change.phase.value if newest else "", tuple(dict.fromkeys(said)))


def taken_back(told: Sequence[Told]) -> frozenset[int]:
    """The identities of what a later row of the same change request took back, and of those rows whose
    whole story is told with it; `told` is newest first."""
    undone: dict[str, list[Told]] = {}
    gone: set[int] = set()
    for each in told:
        row, key = each.row, each.change.key
        if row.description.startswith(TAKEN_BACK):
            undone.setdefault(key, []).append(each)
        elif over := next((one for one in undone.get(key, ()) if takes_back(one.row, row)), None):
            gone |= {id(each), id(over)}
    return frozenset(gone)
