"""Tidings: what happened lately and what is due soon, over all change requests.

Its one rule: it costs what it gives, never what is stored: so many rows of each sort, newest first, and the
deadlines of some days, both by an index.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, true

from bot.edge.codec import decode
from bot.edge.store.connections import Connections
from bot.edge.store.journal import canonical
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import STATES
from bot.edge.store.queries.deadlines import RUNS
from bot.edge.tables import change, deadline, journal
from bot.posting.home import Awaited
from bot.posting.news import Sort, Told
from bot.workflow.change import ChangeRequest, Phase
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Row

FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
PUBLIC = '%"public":true%'
"""What the payload of a public row is like: it is canonical JSON, whose strings hold no bare quotation mark."""
TOLD = (
    select(journal.c.cr, journal.c.seq, journal.c.at, journal.c.recorded_at, journal.c.by, journal.c.payload)
    .where(
        journal.c.kind == bindparam("action"),
        journal.c.recorded_at >= bindparam("since", type_=journal.c.recorded_at.type),
        journal.c.recorded_at < bindparam("until", type_=journal.c.recorded_at.type),
        func.substr(journal.c.payload, 1, bindparam("length")) == bindparam("opening"),
        journal.c.payload.like(PUBLIC),
    )
    .order_by(journal.c.recorded_at.desc())  # and of one instant as the index has them: thousands may be imported
    .limit(bindparam("most"))
)
STANDING = select(change.c.key, change.c.logged, change.c.open).where(
    change.c.key.in_(bindparam("keys", expanding=True))
)
NAMED = STATES.where(change.c.key.in_(bindparam("keys", expanding=True)))
_RUNS = select(deadline.c.cr, deadline.c.kind, deadline.c.due, deadline.c.extended_to).limit(bindparam("most"))
_FIRST = bindparam("first", type_=deadline.c.due.type)
_LAST = bindparam("last", type_=deadline.c.due.type)
_OF_KINDS = deadline.c.kind.in_(bindparam("kinds", expanding=True))
# Two, because each has an index of its own; looked at without their change requests, by which either database
# might choose to go.
FALLS_DUE = (
    _RUNS.where(RUNS, deadline.c.extended_to.is_(None), deadline.c.due.between(_FIRST, _LAST), _OF_KINDS).order_by(
        deadline.c.due, deadline.c.cr, deadline.c.kind
    ),
    _RUNS.where(RUNS, deadline.c.extended_to.is_not(None), deadline.c.extended_to.between(_FIRST, _LAST)).order_by(
        deadline.c.extended_to, deadline.c.cr, deadline.c.kind
    ),
)


class Tidings(Connections):
    """The part of the store that the home page and the notices are made from."""

    def told(
        self, wanted: Sequence[Sort], most: int, since: datetime = FIRST, until: datetime = LAST
    ) -> tuple[Told, ...]:
        """The public rows of these sorts that were recorded from one instant (aware) up to another, newest first;
        no more than `most` of all, about logged change requests."""
        asked = {"most": most, "since": since, "until": until}
        with self._reading() as connection:
            found = [
                (row, json.loads(row.payload))
                for action, begins in wanted
                for row in connection.execute(TOLD, {**asked, **_opening(action, begins)})
            ]
            found.sort(key=lambda each: (each[0].recorded_at, each[0].cr, each[0].seq), reverse=True)
            states = _named(connection, {row.cr for row, _ in found[:most]})
        return tuple(
            Told(states[row.cr], Row(said["action"], said["description"], row.at, row.by, True, row.recorded_at))
            for row, said in found[:most]
            if row.cr in states
        )

    def phases(self) -> dict[Phase, int]:
        """How many logged change requests there are in each phase that holds any."""
        query = select(change.c.phase, func.count()).where(change.c.logged == true()).group_by(change.c.phase)
        with self._reading() as connection:
            return {Phase(phase): count for phase, count in connection.execute(query)}

    def awaited(self, first: date, last: date, kinds: Sequence[DeadlineKind], most: int) -> tuple[Awaited, ...]:
        """The deadlines of these kinds that run for logged change requests and are due (as extended) from one
        local date to another, by date; no more than `most` planned and `most` extended ones."""
        asked: dict[str, Any] = {"first": first, "last": last, "kinds": [kind.value for kind in kinds], "most": most}
        with self._reading() as connection:
            found = [row for query in FALLS_DUE for row in connection.execute(query, asked)]
            states = _named(connection, {row.cr for row in found})
        awaited = [
            Awaited(states[row.cr], DeadlineKind(row.kind), row.extended_to or row.due)
            for row in found
            if row.cr in states and states[row.cr].open and row.kind in asked["kinds"]
        ]
        return tuple(sorted(awaited, key=lambda each: (each.on, kinds.index(each.kind), each.change.received_at)))

    def overdue(
        self, today: date, kinds: Sequence[DeadlineKind], most: int, counted: int
    ) -> tuple[tuple[Awaited, ...], int]:
        """The deadlines of these kinds that run for open logged change requests and were due (as extended) before a
        local date: the `most` oldest, by date, and how many there are. Only the `counted` oldest planned and as
        many extended ones are looked at, so there may be more when that many are told."""
        names = [kind.value for kind in kinds]
        asked: dict[str, Any] = {"first": FIRST.date(), "last": today - timedelta(days=1), "kinds": names}
        with self._reading() as connection:
            found = [row for query in FALLS_DUE for row in connection.execute(query, {**asked, "most": counted})]
            stands = {
                row.key
                for some in in_parts(sorted({row.cr for row in found}))
                for row in connection.execute(STANDING, {"keys": some})
                if row.logged and row.open
            }
            late = [row for row in found if row.cr in stands and row.kind in names]
            late.sort(key=lambda row: (row.extended_to or row.due, names.index(row.kind), row.cr))
            states = _named(connection, {row.cr for row in late[:most]})
        oldest = (
            Awaited(states[row.cr], DeadlineKind(row.kind), row.extended_to or row.due)
            for row in late[:most]
            if row.cr in states
        )
        return tuple(oldest), len(late)


def _named(connection: Connection, keys: Iterable[str]) -> dict[str, ChangeRequest]:
    """The logged ones of some change requests, by their keys. That they are logged is looked at afterwards:
    SQLite would go by the index of the register."""
    found = (
        decode(ChangeRequest, json.loads(row.state))
        for some in in_parts(sorted(keys))
        for row in connection.execute(NAMED, {"keys": some})
    )
    return {each.key: each for each in found if each.logged}


def _opening(action: str, begins: str) -> dict[str, object]:
    """A sort of rows, and how the payload of one begins."""
    opening = canonical({"action": action, "description": begins})[: -len('"}')]
    return {"action": action, "opening": opening, "length": len(opening)}
