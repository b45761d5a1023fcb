"""Look-ups: what answers to questions are made of.

Its one rule: they read, and lock nothing. What stands in a state's text only is found by its words
first and looked at then; that is a scan of some milliseconds for twenty thousand change requests, which
nobody pays but whoever asks.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from bot.edge.codec import decode
from bot.edge.store.journal import Entry
from bot.edge.store.latest import Latest
from bot.edge.store.parts import in_parts
from bot.edge.store.promises import promises
from bot.edge.store.queries.changes import HISTORIES
from bot.edge.store.queries.deadlines import DEADLINES, RUNS
from bot.edge.tables import change, deadline
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Row
from bot.workflow.promise import Promise

MOST = 500
"""Change requests that one question looks at; no answer lists more."""
Work = tuple[tuple[ChangeRequest, tuple[Deadline, ...]], ...]


@dataclass(slots=True)
class Lookups(Latest):
    """The part of a transaction that answers questions."""

    def history(self, key: str) -> tuple[Row, ...]:
        """The history of a change request, in the order in which it was recorded."""
        return tuple(Entry(*row).row for row in self._run(HISTORIES, keys=[key]))

    def work_of(self, people: Sequence[str], email: str, kinds: Sequence[DeadlineKind]) -> Work:
        """The open change requests and intakes that these members of the staff are assigned to, that
        came from an address, or for which a deadline of these kinds runs; with their open deadlines."""
        named = [f'"{json.dumps(each)[1:-1]}"' for each in (*people, email) if each]
        wanted = [change.c.state.contains(each, autoescape=True) for each in named]
        runs = _running(deadline.c.kind.in_([kind.value for kind in kinds])) if kinds else None
        found = self._open(or_(*wanted, *([runs] if runs is not None else [])))
        owned = {each.key for each, clocks in found if any(due.kind in kinds for due in clocks)}
        return tuple((each, clocks) for each, clocks in found if each.key in owned or _concerns(each, people, email))

    def fell_due(self, first: date, last: date) -> tuple[Promise, ...]:
        """All deadlines that fell due from one local date to another, as extended."""
        return promises(self.connection, first, last, self.terms.zone)

    def _open(self, condition: ColumnElement[bool]) -> Work:
        query = select(change.c.key, change.c.state).where(change.c.open == true(), condition)
        states = self.connection.execute(query.order_by(change.c.received_at).limit(MOST)).all()
        clocks: dict[str, list[Deadline]] = {row.key: [] for row in states}
        for some in in_parts(list(clocks)):
            for row in self._run(DEADLINES, keys=some):
                if row.met_on is None:
                    clocks[row.cr].append(Deadline(DeadlineKind(row.kind), row.due, None, row.extended_to, row.missed))
        return tuple((decode(ChangeRequest, json.loads(row.state)), tuple(clocks[row.key])) for row in states)


def _running(*conditions: ColumnElement[bool]) -> Any:
    """A condition for change requests that have an open deadline which meets these."""
    return change.c.key.in_(select(deadline.c.cr).where(RUNS, *conditions))


def _concerns(each: ChangeRequest, people: Sequence[str], email: str) -> bool:
    assigned = {person for some in each.people.values() for person in some}
    return bool(assigned & set(people)) or bool(email and each.originator.email == email)
