"""Clocks: how the deadlines of a change request start, stop, are met and are put back.

Its one rule: one of a kind runs at a time, those that were met or ended late stay, and what stood before
a decision can be told from its journal row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Executable

from bot.edge.codec import encode
from bot.edge.store.journal import CLOCKS
from bot.edge.store.queries.deadlines import FORGET, GIVE_UP, MEET, REPLACE, STANDING
from bot.edge.store.queries.upserts import Upserts, upserts
from bot.edge.store.values import Terms
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Meet, Open, Restore, Stop

Clock = Open | Meet | Stop | Restore
NEVER = date.min
"""A date on which nothing is due."""


@dataclass(slots=True)
class Clocks:
    """The part of an open transaction that winds deadlines."""

    connection: Connection
    now: datetime
    terms: Terms

    def _run(self, statement: Executable, **values: Any) -> Any:
        return self.connection.execute(statement, values)

    def _run_all(self, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statement, rows)

    @property
    def _upserts(self) -> Upserts:
        return upserts(self.connection.dialect.name)

    def _stood(self, decision: Decision) -> dict[str, Any]:
        """The deadlines of the kinds that a decision touches as they stand before it, for its UNDO."""
        kinds: set[str] = set()
        for effect in decision.effects:
            match effect:
                case Open(deadline):
                    kinds.add(deadline.kind.value)
                case Meet(kind) | Stop(kind):
                    kinds.add(kind.value)
                case Restore(restored):
                    kinds.update(kind.value for kind in restored)
        if decision.change is None or not kinds:
            return {}
        found: dict[str, list[Any]] = {kind: [] for kind in sorted(kinds)}
        for row in self._run(STANDING, of=decision.change.key):
            if row.kind in found:
                found[row.kind].append(encode(Deadline(DeadlineKind(row.kind), *row[1:])))
        return {CLOCKS: found}

    def _wind(self, clocks: Sequence[Clock], key: str, *, known: bool) -> None:
        """Start and stop deadlines, in order, in as few statements as can be; those of a change
        request that was not `known` replace none."""
        for kind, group in groupby(clocks, type):
            if kind is Open:
                opened = [each.deadline for each in group if isinstance(each, Open)]
                if known:
                    self._end([(each.kind, each.due) for each in opened], key)
                self._run_all(self._upserts.deadline, [self._opened(deadline, key) for deadline in opened])
            elif kind is Meet:
                self._run_all(MEET, [self._met(each, key) for each in group if isinstance(each, Meet)])
            elif kind is Stop:
                self._end([(each.kind, NEVER) for each in group if isinstance(each, Stop)], key)
            else:
                self._restore([each for each in group if isinstance(each, Restore)], key)

    def _end(self, kinds: Sequence[tuple[DeadlineKind, date]], key: str) -> None:
        """End what runs of these kinds, but for one that is due on the date beside it and goes on. What is
        late already stays, as a miss."""
        today = self.now.astimezone(self.terms.zone).date()
        ended = [{"of": key, "what": kind.value, "but": but} for kind, but in kinds]
        self._run_all(GIVE_UP, [{**each, "on": today} for each in ended])
        self._run_all(REPLACE, ended)

    def _restore(self, restored: Sequence[Restore], key: str) -> None:
        """Make deadlines again what they were: those of these kinds, whether they run or were met."""
        kinds = [{"of": key, "what": kind.value} for each in restored for kind in each.kinds]
        self._run_all(FORGET, kinds)
        again = [self._opened(deadline, key) for each in restored for deadline in each.deadlines]
        self._run_all(self._upserts.deadline, again)

    def _met(self, clock: Meet, key: str) -> dict[str, Any]:
        return {"of": key, "what": clock.kind.value, "on": clock.at.astimezone(self.terms.zone).date()}

    def _opened(self, deadline: Deadline, key: str) -> dict[str, Any]:
        return {
            "cr": key,
            "kind": deadline.kind.value,
            "due": deadline.due,
            "met_on": deadline.met_on,
            "extended_to": deadline.extended_to,
            "opened_at": self.now,
            "stopped_on": None,
            "missed": deadline.missed,
        }
