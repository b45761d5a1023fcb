"""Tidings: what happened lately and what is due soon, over all change requests.

Its one rule: it costs what it gives, never what is stored: so many rows of each sort, newest first, and the
deadlines of some days, both by an index.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, func, select, true

from bot.edge.codec import decode
from bot.edge.store import queries
from bot.edge.store.connections import Connections
from bot.edge.store.queries import in_parts
from bot.edge.tables import change, deadline, journal
from bot.posting.home import Awaited
from bot.posting.news import Sort, Told
from bot.workflow.change import ChangeRequest, Phase
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Row

FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
ESCAPE = "!"
TOLD = (
    select(journal.c.cr, journal.c.seq, journal.c.at, journal.c.recorded_at, journal.c.by, journal.c.payload)
    .where(
        journal.c.kind == bindparam("action"),
        journal.c.recorded_at >= bindparam("since", type_=journal.c.recorded_at.type),
        journal.c.recorded_at < bindparam("until", type_=journal.c.recorded_at.type),
        journal.c.payload.like(bindparam("says"), escape=ESCAPE),
    )
    .order_by(journal.c.recorded_at.desc(), journal.c.cr, journal.c.seq.desc())
    .limit(bindparam("most"))
)
NAMED = queries.STATES.where(change.c.key.in_(bindparam("keys", expanding=True)), change.c.logged == true())
_RUNS = (
    select(deadline.c.cr, deadline.c.kind, deadline.c.due, deadline.c.extended_to)
    .join(change, change.c.key == deadline.c.cr)
    .where(
        queries.RUNS,
        change.c.open == true(),
        change.c.logged == true(),
        deadline.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .limit(bindparam("most"))
)
_SPAN = bindparam("first", type_=deadline.c.due.type), bindparam("last", type_=deadline.c.due.type)
# Two, because each has an index of its own.
FALLS_DUE = (
    _RUNS.where(deadline.c.extended_to.is_(None), deadline.c.due.between(*_SPAN)).order_by(
        deadline.c.due, deadline.c.cr, deadline.c.kind
    ),
    _RUNS.where(deadline.c.extended_to.between(*_SPAN)).order_by(
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
                for row in connection.execute(TOLD, {**asked, "action": action, "says": _says(action, begins)})
            ]
            found.sort(key=lambda each: (each[0].recorded_at, each[0].cr, each[0].seq), reverse=True)
            states = {
                row.key: decode(ChangeRequest, json.loads(row.state))
                for keys in in_parts(sorted({row.cr for row, _ in found[:most]}))
                for row in connection.execute(NAMED, {"keys": keys})
            }
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
        asked = {"first": first, "last": last, "kinds": [kind.value for kind in kinds], "most": most}
        with self._reading() as connection:
            found = [row for query in FALLS_DUE for row in connection.execute(query, asked)]
            states = {
                row.key: decode(ChangeRequest, json.loads(row.state))
                for keys in in_parts(sorted({row.cr for row in found}))
                for row in connection.execute(NAMED, {"keys": keys})
            }
        awaited = [Awaited(states[row.cr], DeadlineKind(row.kind), row.extended_to or row.due) for row in found]
        return tuple(sorted(awaited, key=lambda each: (each.on, list(kinds).index(each.kind), each.change.received_at)))


def _says(action: str, begins: str) -> str:
    """What the payload of a public row is like: canonical JSON, whose strings hold no bare quotation mark."""
    opening = json.dumps({"action": action, "description": begins}, separators=(",", ":"))[:-2]
    for sign in (ESCAPE, "%", "_"):
        opening = opening.replace(sign, ESCAPE + sign)
    return f'{opening}%"public":true%'
