"""Records: change requests as the posting and the operator read them, and the pages to rebuild.

Its one rule: reading takes no lock and changes nothing.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from bot.edge.codec import decode
from bot.edge.store import queries
from bot.edge.store.connections import Connections
from bot.edge.store.journal import Entry
from bot.edge.store.mails import contents
from bot.edge.store.values import Dirty
from bot.edge.tables import change, deadline, journal
from bot.posting.public import Record
from bot.workflow.change import ChangeRequest, Phase
from bot.workflow.deadline import Deadline, DeadlineKind

AT_ONCE = 500  # keys in one IN list

_STATES = select(change.c.key, change.c.state)
_ENTRIES = select(*(journal.c[name] for name in Entry.__slots__))
_HISTORY = _ENTRIES.where(journal.c.cr.in_(bindparam("keys", expanding=True))).order_by(journal.c.cr, journal.c.seq)
_DEADLINES = (
    select(deadline.c.cr, deadline.c.kind, deadline.c.due, deadline.c.met_on, deadline.c.extended_to)
    .where(deadline.c.cr.in_(bindparam("keys", expanding=True)))
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.id)
)


class Records(Connections):
    """The part of the store that is looked at."""

    def view(self, number: str) -> Record | None:
        """A change request by number or key, with its history and deadlines; None if there is none."""
        query = _STATES.where(_called(number))
        with self._reading() as connection:
            found = _records(connection, query)
            return found[0] if found else None

    def month(self, month: str) -> tuple[Record, ...]:
        """The logged change requests of a month like `2026-11`, without their history."""
        query = _STATES.where(change.c.logged.is_(True), change.c.month == month)
        with self._reading() as connection:
            return _records(connection, query.order_by(change.c.received_at), history=False)

    def newest(self, limit: int) -> tuple[Record, ...]:
        """The logged change requests received last, newest first, without their history."""
        query = _STATES.where(change.c.logged.is_(True)).order_by(change.c.received_at.desc()).limit(limit)
        with self._reading() as connection:
            return _records(connection, query, history=False)

    def months(self) -> tuple[tuple[str, int], ...]:
        """Every month of the register with the number of its change requests, oldest first."""
        query = select(change.c.month, func.count()).where(change.c.logged.is_(True))
        with self._reading() as connection:
            rows = connection.execute(query.group_by(change.c.month).order_by(change.c.month))
            return tuple((month, count) for month, count in rows)

    def changes(self, *, open_only: bool = False, phase: Phase | None = None) -> tuple[Record, ...]:
        """All change requests and intakes by receipt, or the open ones, or those of a phase; without
        their history."""
        query = _STATES.order_by(change.c.received_at, change.c.key)
        if open_only:
            query = query.where(change.c.open.is_(True))
        if phase is not None:
            query = query.where(change.c.phase == phase.value)
        with self._reading() as connection:
            return _records(connection, query, history=False)

    def journal(self, number: str) -> tuple[Entry, ...]:
        """The journal of a change request, by number or key, in order."""
        query = _ENTRIES.join(change, change.c.key == journal.c.cr).where(_called(number)).order_by(journal.c.seq)
        with self._reading() as connection:
            return tuple(Entry(*row) for row in connection.execute(query))

    def blob(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, or None. Raises Trouble when they are damaged."""
        with self._reading() as connection:
            return contents(connection, [digest]).get(digest)

    def dirty(self, limit: int) -> tuple[Dirty, ...]:
        """Pages that are out of date, those that have been so longest first."""
        with self._reading() as connection:
            return tuple(Dirty(*row) for row in connection.execute(queries.DIRTY, {"most": limit}))

    def clean(self, pages: Sequence[Dirty]) -> None:
        """Note that pages were rebuilt; one that became dirty again meanwhile stays dirty."""
        if pages:
            with self._writing() as connection:
                connection.execute(queries.CLEAN, [{"soiled": page.page, "seen": page.mark} for page in pages])


def _called(number: str) -> Any:
    return or_(change.c.number == number, change.c.key == number)


def _records(connection: Connection, query: Select[Any], *, history: bool = True) -> tuple[Record, ...]:
    states = connection.execute(query).all()
    keys = [row.key for row in states]
    deadlines, rows = _deadlines(connection, keys), _rows(connection, keys) if history else {}
    return tuple(
        Record(
            decode(ChangeRequest, json.loads(row.state)),
            tuple(entry.row for entry in rows.get(row.key, ())),
            tuple(deadlines.get(row.key, ())),
        )
        for row in states
    )


def _deadlines(connection: Connection, keys: Sequence[str]) -> dict[str, list[Deadline]]:
    found: dict[str, list[Deadline]] = {}
    for start in range(0, len(keys), AT_ONCE):
        for row in connection.execute(_DEADLINES, {"keys": keys[start : start + AT_ONCE]}):
            due = Deadline(DeadlineKind(row.kind), row.due, row.met_on, row.extended_to)
            found.setdefault(row.cr, []).append(due)
    return found


def _rows(connection: Connection, keys: Sequence[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for start in range(0, len(keys), AT_ONCE):
        for row in connection.execute(_HISTORY, {"keys": keys[start : start + AT_ONCE]}):
            found.setdefault(row.cr, []).append(Entry(*row))
    return found
