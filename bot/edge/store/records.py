"""Records: change requests as the posting and the operator read them, and the pages to rebuild.

Its one rule: reading takes no lock and changes nothing.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select, true

from bot.edge.codec import decode
from bot.edge.store.blobs import Gone
from bot.edge.store.connections import Connections
from bot.edge.store.journal import Entry
from bot.edge.store.mails import contents
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import HISTORIES, JOURNAL, STATE, STATES, STATES_NUMBERED
from bot.edge.store.queries.deadlines import DEADLINES
from bot.edge.store.queries.pages import CLEAN, DIRTY, DIRTY_NOW
from bot.edge.store.values import Dirty
from bot.edge.tables import change
from bot.posting.public import Record
from bot.workflow.change import ChangeRequest, Phase, by_receipt
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Row

AT_HAND = 512
"""Change requests that were read last; each takes some 10 kB."""


class Records(Connections):
    """The part of the store that is looked at."""

    def view(self, number: str) -> Record | None:
        """A change request by number or key, with its history and deadlines; None if there is none."""
        with self._reading() as connection:
            states = connection.execute(STATE, {"number": number}).all()
            return next(iter(with_history(connection, states)), None)

    def views(self, numbers: Sequence[str]) -> tuple[Record, ...]:
        """The change requests that have these numbers, with their history and deadlines, in order."""
        with self._reading() as connection:
            states = [
                row
                for some in in_parts(numbers)
                for row in connection.execute(STATES_NUMBERED, {"numbers": some}).all()
            ]
            place = {number: index for index, number in enumerate(numbers)}
            return tuple(sorted(with_history(connection, states), key=lambda record: place[record.change.number]))

    def months(self) -> tuple[tuple[str, int], ...]:
        """Every month of the register with the number of its change requests, oldest first."""
        query = select(change.c.month, func.count()).where(change.c.logged == true())
        with self._reading() as connection:
            rows = connection.execute(query.group_by(change.c.month).order_by(change.c.month))
            return tuple((month, count) for month, count in rows)

    def open_months(self) -> dict[str, int]:
        """How many open change requests of the register were received in each month that has any."""
        query = select(change.c.month, func.count()).where(change.c.logged == true(), change.c.open == true())
        with self._reading() as connection:
            return dict(connection.execute(query.group_by(change.c.month)).all())

    def changes(self, *, open_only: bool = False, phase: Phase | None = None) -> tuple[Record, ...]:
        """All change requests and intakes by receipt, or the open ones, or those of a phase; without
        their history."""
        query = STATES
        if open_only:
            query = query.where(change.c.open == true())
        if phase is not None:
            query = query.where(change.c.phase == phase.value)
        with self._reading() as connection:
            found = records(connection, connection.execute(query).all())
        return tuple(sorted(found, key=lambda record: by_receipt(record.change)))

    def journal(self, number: str) -> tuple[Entry, ...]:
        """The journal of a change request, by number or key, in order."""
        with self._reading() as connection:
            return tuple(Entry(*row) for row in connection.execute(JOURNAL, {"number": number}))

    def blob(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256; None where there are none, or no more. Raises Trouble when they are damaged."""
        with self._reading() as connection, suppress(Gone):
            return contents(connection, [digest]).get(digest)
        return None

    def dirty(self, limit: int, before: datetime | None = None) -> tuple[Dirty, ...]:
        """Pages that are out of date, those that have been so longest first. With `before` only those
        that are built at once, and those that have waited since then (bot.posting.rhythm)."""
        with self._reading() as connection:
            if before is None:
                return tuple(Dirty(*row) for row in connection.execute(DIRTY, {"most": limit}))
            found = connection.execute(DIRTY_NOW, {"most": limit, "before": before})
            return tuple(Dirty(*row) for row in found)

    def clean(self, pages: Sequence[Dirty]) -> None:
        """Note that pages were rebuilt; one that became dirty again meanwhile stays dirty."""
        if pages:
            with self._writing() as connection:
                connection.execute(CLEAN, [{"soiled": page.page, "seen": page.mark} for page in pages])


def records(connection: Connection, states: Sequence[Any]) -> tuple[Record, ...]:
    """The records of rows with key and state, without their history."""
    deadlines: dict[str, list[Deadline]] = {row.key: [] for row in states}
    for keys in in_parts(list(deadlines)):
        for row in connection.execute(DEADLINES, {"keys": keys}).all():
            due = Deadline(DeadlineKind(row.kind), row.due, row.met_on, row.extended_to, row.missed)
            deadlines[row.cr].append(due)
    return tuple(Record(_change(row.state), deadlines=tuple(deadlines[row.key])) for row in states)


@lru_cache(maxsize=AT_HAND)
def _change(state: str) -> ChangeRequest:
    """The change request that a kept state is. Its page, its month, the register and its lists are made
    one after the other, and all show it."""
    return decode(ChangeRequest, json.loads(state))


def with_history(connection: Connection, states: Sequence[Any]) -> tuple[Record, ...]:
    """The records of rows with key and state, with their history."""
    rows: dict[str, list[Row]] = {row.key: [] for row in states}
    for keys in in_parts(list(rows)):
        for each in connection.execute(HISTORIES, {"keys": keys}):
            entry = Entry(*each)
            rows[entry.cr].append(entry.row)
    return tuple(replace(record, rows=tuple(rows[record.change.key])) for record in records(connection, states))
