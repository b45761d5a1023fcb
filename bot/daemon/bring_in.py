"""Bring in: the rows of an existing register -> the store, all in one transaction.

Its one rule: a number that is there already is left as it is, and named where its row says something else
than it did, or speaks of another change request. Given twice, a file changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.edge.store import Store
from bot.edge.store.numbers import raise_counters
from bot.intake.form import FieldTable
from bot.mail.letter import Letter
from bot.office.office import Office
from bot.workflow.takeover import IMPORTED
from bot.workflow.takeover.columns import Sheet
from bot.workflow.takeover.decision import taken_over
from bot.workflow.takeover.row import Remark, Taken, take


class Fresh(StrEnum):
    """What a row is to the store."""

    NEW = "new"
    SAME = "taken over before"
    OTHER = "says something else than when it was taken over"
    OURS = "a change request of this office"
    REFUSED = "refused"


@dataclass(slots=True)
class Planned:
    """Rows with what they are to the store, in the order of the file."""

    rows: list[tuple[Taken, Fresh]] = field(default_factory=list)

    def of(self, fresh: Fresh) -> list[Taken]:
        """The rows that are this to the store."""
        return [row for row, what in self.rows if what is fresh]


def plan(
    sheet: Sheet, store: Store | None, office: Office, table: FieldTable, now: datetime, tell: Callable[[int], None]
) -> Planned:
    """Understand every row of a register; without a store all that can be read are new. Writes nothing."""
    today = office.calendar.local_date(now)
    taken = []
    for n, cells in sheet.rows:
        taken.append(take(n, cells, office, table, today))
        tell(1)
    causes = store.causes([row.number for row in taken if row.change]) if store else {}
    _refuse_twice(taken)
    if store and (ours := [row for row in taken if _fresh(row, causes) is Fresh.OURS]):
        _refuse_others(ours, store, office)
    return Planned([(row, _fresh(row, causes)) for row in taken])


def bring_in(
    planned: Planned, store: Store, office: Office, now: datetime, tell: Callable[[int], None], *, posted: bool = False
) -> int:
    """Take over what is new, in one transaction; gives how many. Earlier histories are `posted`, or stay inside."""
    rows = planned.of(Fresh.NEW)
    with store.begin(now) as unit:
        for row in rows:
            if row.change is not None:
                decision = taken_over(row, row.change, office, now, posted=posted)
                unit.record(decision, row.cause, _unwritten, str)
                tell(1)
        raise_counters(unit.connection, [row.number for row in rows if "-" in row.number])
    return len(rows)


def _unwritten(letter: Letter) -> bytes:
    raise AssertionError("an import owes letters to nobody")


def _refuse_twice(taken: Sequence[Taken]) -> None:
    """Refuse every row whose number an earlier one has."""
    first: dict[str, int] = {}
    for row in taken:
        if row.change and first.setdefault(row.number, row.n) != row.n:
            said = f"{row.number} stands in row {first[row.number]} already"
            row.remarks.append(Remark(f"row {row.n}", said, refuses=True))
            row.change = None


def _refuse_others(taken: Sequence[Taken], store: Store, office: Office) -> None:
    """Compare rows with the change requests of this office that have their numbers. Where the title differs, and
    company and day of receipt do not both say that it is the same one, the row is refused."""
    day = office.calendar.local_date
    live = {record.change.number: record.change for record in store.views([row.number for row in taken])}
    for row in taken:
        change, here = row.change, live.get(row.number)
        if change is None or here is None or _alike(change.title, here.title):
            continue
        same = _alike(change.company, here.company) and day(change.received_at) == day(here.received_at)
        is_here = f"{row.number} is {here.title!r} of {here.company} here"
        said = f"{is_here}, and {change.title!r} of {change.company} in the register"
        end = "what is here stays" if same else "give one of them another number, or leave the row out"
        row.remarks.append(Remark(f"row {row.n}", f"{said}; {end}", refuses=not same))
        if not same:
            row.change = None


def _alike(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _fresh(row: Taken, causes: Mapping[str, str]) -> Fresh:
    cause = causes.get(row.number)
    if row.change is None:
        return Fresh.REFUSED
    if cause is None:
        return Fresh.NEW
    if not cause.startswith(IMPORTED):
        return Fresh.OURS
    return Fresh.SAME if cause == row.cause else Fresh.OTHER
