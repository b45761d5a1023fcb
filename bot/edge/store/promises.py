"""Promises: deadlines as the reports count them, and the counts that the figures show.

Its one rule: it reads, locks nothing, and asks for a span of time; what is outside costs a scan and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, bindparam, func, select, true

from bot.edge.store.queries import COUNTS
from bot.edge.tables import change, deadline
from bot.workflow.change import Phase
from bot.workflow.deadline import DeadlineKind
from bot.workflow.promise import Promise

FELL_DUE = (
    select(
        deadline.c.kind,
        deadline.c.due,
        deadline.c.met_on,
        deadline.c.extended_to,
        deadline.c.stopped_on,
        deadline.c.opened_at,
        change.c.number,
        change.c.title,
    )
    .join(change, change.c.key == deadline.c.cr)
    .where(COUNTS.between(bindparam("first"), bindparam("last")))
)
STANDING = (
    select(change.c.phase, change.c.status_date, func.count())
    .where(change.c.logged == true())
    .group_by(change.c.phase, change.c.status_date)
    .order_by(change.c.status_date, change.c.phase)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many logged change requests have stood in a phase since a local date."""

    phase: Phase
    since: date
    count: int


def promises(connection: Connection, first: date, last: date, zone: tzinfo) -> tuple[Promise, ...]:
    """All deadlines that fell due from one local date to another, as extended, in no order."""
    kinds = {kind.value: kind for kind in DeadlineKind}
    opened: dict[datetime, date] = {}

    def local(at: datetime) -> date:
        found = opened.get(at)
        if found is None:
            found = opened[at] = at.astimezone(zone).date()
        return found

    rows = connection.execute(FELL_DUE, {"first": first, "last": last})
    return tuple(
        Promise(kinds[kind], due, met, later, stopped, local(at), number, title)
        for kind, due, met, later, stopped, at, number, title in rows
    )


def standings(connection: Connection) -> Sequence[Standing]:
    """Where the logged change requests stand, and since when."""
    return [Standing(Phase(phase), since, count) for phase, since, count in connection.execute(STANDING)]
