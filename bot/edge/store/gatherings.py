"""Gatherings: the change requests that Monthly Meetings are about.

Its one rule: which of them stand on an agenda is decided in the workflow; here they are only found, by
their own agenda, by what is due on a meeting, or by their keys.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from bot.edge.store.connections import Connections
from bot.edge.store.queries.deadlines import RUNS
from bot.edge.store.records import with_history
from bot.edge.tables import change, deadline
from bot.workflow.agenda import Candidate
from bot.workflow.deadline import AT_MEETING

KINDS = [kind.value for kind in AT_MEETING]


class Gatherings(Connections):
    """The part of the store that is read for a Monthly Meeting."""

    def gathered(self, meetings: Sequence[date], keys: Sequence[str] = ()) -> tuple[Candidate, ...]:
        """What may stand on the agendas of Monthly Meetings, and the change requests of these keys, open
        or not; with their history."""
        with self._reading() as connection:
            return gathered(connection, meetings, keys)

    def left_over(self, meetings: Sequence[date]) -> tuple[Candidate, ...]:
        """What was to be talked over at one of these Monthly Meetings, or by the latest, and still is."""
        there = [_says(day) for day in meetings]
        with self._reading() as connection:
            return _found(connection, (change.c.open == true()) & or_(*there, _due(_counts() <= max(meetings))))


def gathered(connection: Connection, meetings: Sequence[date], keys: Sequence[str] = ()) -> tuple[Candidate, ...]:
    """The same, over a connection."""
    there = [_says(day) for day in meetings]
    wanted = (change.c.open == true()) & or_(*there, _due(_counts().in_(list(meetings)))) if meetings else None
    named = change.c.key.in_(list(keys)) if keys else None
    conditions = [each for each in (wanted, named) if each is not None]
    return _found(connection, or_(*conditions)) if conditions else ()


def _says(meeting: date) -> ColumnElement[bool]:
    """True for a state whose agenda is a meeting: states are canonical JSON."""
    return change.c.state.contains(f'"agenda":"{meeting.isoformat()}"', autoescape=True)


def _due(condition: ColumnElement[bool]) -> Any:
    return change.c.key.in_(select(deadline.c.cr).where(RUNS, deadline.c.kind.in_(KINDS), condition))


def _counts() -> Any:
    """The date that counts of a deadline."""
    return func.coalesce(deadline.c.extended_to, deadline.c.due)


def _found(connection: Connection, condition: ColumnElement[bool]) -> tuple[Candidate, ...]:
    query = select(change.c.key, change.c.state).where(condition).order_by(change.c.received_at, change.c.key)
    records = with_history(connection, connection.execute(query).all())
    return tuple(
        Candidate(each.change, tuple(due for due in each.deadlines if due.state == "open"), each.rows)
        for each in records
    )
