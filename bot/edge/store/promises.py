"""Promises: deadlines as the reports count them, and the counts that the figures show.

Its one rule: it reads, locks nothing, and asks for a span of time; what is outside costs a scan and no more.
"""

import json
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, bindparam, func, select, true

from bot.edge.codec import decode
from bot.edge.store.connections import Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import STATES
from bot.edge.store.queries.deadlines import PROMISED, RUNS
from bot.edge.tables import change, deadline
from bot.posting.feeds import Entry, Running
from bot.posting.figures import Standing
from bot.workflow.change import ChangeRequest, Phase
from bot.workflow.deadline import Deadline, DeadlineKind, agreed
from bot.workflow.promise import Promise

FELL_DUE = (
    select(
        deadline.c.kind,
        deadline.c.due,
        deadline.c.met_on,
        deadline.c.extended_to,
        deadline.c.stopped_on,
        deadline.c.missed,
        deadline.c.opened_at,
        change.c.number,
        change.c.title,
    )
    .join(change, change.c.key == deadline.c.cr)
    .where(PROMISED.between(bindparam("first"), bindparam("last")))
)
STANDING = (
    select(change.c.phase, change.c.status_date, func.count())
    .where(change.c.logged == true())
    .group_by(change.c.phase, change.c.status_date)
    .order_by(change.c.status_date, change.c.phase)
)
RUNNING = (
    select(
        deadline.c.cr,
        deadline.c.kind,
        deadline.c.due,
        deadline.c.extended_to,
        deadline.c.missed,
        deadline.c.opened_at,
    )
    .where(RUNS, deadline.c.cr.in_(bindparam("keys", expanding=True)))
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.kind)
)


class Promises(Connections):
    """The part of the store that reports, figures and feeds are made from."""

    def promises(self, first: date, last: date, zone: tzinfo) -> tuple[Promise, ...]:
        """All deadlines that fell due from one local date to another, as extended, in no order; `zone` is the
        office's, by which each was opened on a date."""
        with self._reading() as connection:
            return promises(connection, first, last, zone)

    def standings(self) -> tuple[Standing, ...]:
        """Where the logged change requests stand, and since when."""
        with self._reading() as connection:
            return tuple(Standing(Phase(phase), since, count) for phase, since, count in connection.execute(STANDING))

    def entries(self, month: str = "") -> tuple[Entry, ...]:
        """The open logged change requests of a month like `2026-11`, or the open intakes, by their keys, with the
        deadlines that run."""
        query = STATES.where(change.c.logged == bool(month), change.c.open == true()).order_by(change.c.key)
        with self._reading() as connection:
            states = connection.execute(query.where(change.c.month == month) if month else query).all()
            found: dict[str, list[Running]] = {row.key: [] for row in states}
            for keys in in_parts(list(found)):
                for row in connection.execute(RUNNING, {"keys": keys}):
                    due = Deadline(DeadlineKind(row.kind), row.due, None, row.extended_to, row.missed)
                    found[row.cr].append(Running(due, row.opened_at))
        return tuple(Entry(decode(ChangeRequest, json.loads(row.state)), tuple(found[row.key])) for row in states)


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
        Promise(kinds[kind], due, met, agreed(due, later, missed), stopped, local(at), number, title)
        for kind, due, met, later, stopped, missed, at, number, title in rows
    )
