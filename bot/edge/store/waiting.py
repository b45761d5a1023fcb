"""Waiting: the deadlines that run, and what has been said of them already.

Its one rule: the index over what runs is asked, whatever the years have left behind.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from bot.edge.codec import decode
from bot.edge.store.matters import Matters
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.deadlines import DUE
from bot.edge.store.values import LetterState
from bot.edge.tables import journal, letter
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.returned import paused_in

Clocks = tuple[tuple[Deadline, datetime], ...]
FINAL = (LetterState.DEAD.value, LetterState.SENT.value)


class Waiting(Matters):
    """The part of the store that reminders are made from."""

    def due(self, day: date, kinds: Sequence[DeadlineKind]) -> tuple[tuple[ChangeRequest, Clocks], ...]:
        """The open change requests and intakes for which deadlines of these kinds run that are due by a
        local date, with those deadlines and since when each runs (aware, UTC)."""
        asked = {"day": day, "kinds": [kind.value for kind in kinds]}
        found: dict[str, list[tuple[Deadline, datetime]]] = {}
        states: dict[str, str] = {}
        with self._reading() as connection:
            for row in connection.execute(DUE, asked):
                due = Deadline(DeadlineKind(row.kind), row.due, None, row.extended_to, row.missed)
                found.setdefault(row.cr, []).append((due, row.opened_at))
                states[row.cr] = row.state
        return tuple((decode(ChangeRequest, json.loads(states[key])), tuple(clocks)) for key, clocks in found.items())

    def unheard(self, causes: Sequence[str]) -> frozenset[str]:
        """Those of some causes that the journal does not know yet."""
        with self._reading() as connection:
            return unheard(connection, causes)

    def refused(self, addresses: Sequence[str]) -> frozenset[str]:
        """Those of some addresses whose last letter that came to an end was refused for good or came back, and
        those to which nothing is sent."""
        query = (
            select(letter.c.recipient, letter.c.state, func.max(letter.c.created_at))
            .where(letter.c.recipient.in_(list(addresses)), letter.c.state.in_(FINAL))
            .group_by(letter.c.recipient, letter.c.state)
        )
        with self._reading() as connection:
            last = {(recipient, state): at for recipient, state, at in connection.execute(query)}
        dead, sent = FINAL
        paused = paused_in(self.matters())
        return frozenset(
            address
            for address in addresses
            if address in paused
            or ((address, dead) in last and ((address, sent) not in last or last[address, sent] < last[address, dead]))
        )


def unheard(connection: Connection, causes: Sequence[str]) -> frozenset[str]:
    """The same, over a connection."""
    known = {
        cause
        for some in in_parts(causes)
        for cause in connection.execute(select(journal.c.cause).where(journal.c.cause.in_(some))).scalars()
    }
    return frozenset(causes) - known
