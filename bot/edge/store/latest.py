"""Latest: what happened to a change request last, as it would be taken back.

Its one rule: the journal knows. Each decision's first row holds what stood before, of the change
request and of its deadlines; laid over what stands now, that is what UNDO gives back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from bot.edge.codec import decode, encode
from bot.edge.store.codes import Codes
from bot.edge.store.journal import CLOCKS, Entry
from bot.edge.store.queries.changes import CHANGE
from bot.edge.store.values import LetterState
from bot.edge.tables import journal, letter
from bot.mail.letter import Kind
from bot.office.people import Address
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.event import Undoing

BESIDE_THE_POINT = frozenset({"followers", "replies"})
"""What anybody may change meanwhile without being in the way of an UNDO."""
MOST_BACK = 200
"""Rows of the journal to look through; an event that lies further back was not of the last day."""

NEWEST = (
    select(*(journal.c[name] for name in Entry.__slots__))
    .where(journal.c.cr == bindparam("of"))
    .order_by(journal.c.seq.desc())
    .limit(MOST_BACK)
)
# Locked, so that none of them is sent while it is decided whether its recipient was told.
LETTERS = (
    select(letter.c.recipient, letter.c.kind, letter.c.state)
    .where(letter.c.cr == bindparam("of"), letter.c.cause.in_(bindparam("causes", expanding=True)))
    .order_by(letter.c.id)
    .with_for_update()
)
TOLD = frozenset({LetterState.SENDING, LetterState.SENT})


@dataclass(slots=True)
class Latest(Codes):
    """The part of a transaction that knows what happened last."""

    def latest(self, key: str) -> Undoing | None:
        """The latest event that changed a change request or its deadlines; None where there is none.
        Its letters stay as they are until the end of the block."""
        found = self._load(CHANGE, key=key)
        event = _last_event([Entry(*row) for row in self._run(NEWEST, of=key)])
        if found is None or not event:
            return None
        causes = tuple(dict.fromkeys(entry.cause for entry in event))
        letters = [
            (Address(row.recipient), Kind(row.kind), LetterState(row.state))
            for row in self._run(LETTERS, of=key, causes=causes)
        ]
        clocks = _clocks(event)
        return Undoing(
            causes,
            event[0].recorded_at,
            next((entry.by for entry in event if entry.by != "bot"), "bot"),
            tuple(entry.row for entry in event),
            _before(found, event),
            tuple(map(DeadlineKind, clocks)),
            tuple(decode(Deadline, each) for kind in clocks for each in clocks[kind]),
            tuple((to, kind) for to, kind, state in letters if state in TOLD),
            sum(state is LetterState.OWED for _, _, state in letters),
        )


def _before(found: ChangeRequest, event: Sequence[Entry]) -> ChangeRequest | None:
    """The change request as an event found it: what changed is put back, all else is as it is now.
    None where the event gave it its number."""
    if any("number" in _patch(entry) for entry in event):
        return None
    state = encode(found)
    for entry in reversed(event):
        before = json.loads(entry.before)
        for name in _patch(entry):
            if name in before:
                state[name] = before[name]
            else:
                state.pop(name, None)  # what an older version did not know has its default
    return decode(ChangeRequest, state)


def _last_event(newest: Sequence[Entry]) -> list[Entry]:
    """The rows, in order, of the last mail that changed anything; `newest` come first."""
    telling = next((entry for entry in newest if _tells(entry)), None)
    if telling is None:
        return []
    mail = _mail(telling)
    return [entry for entry in reversed(newest) if _mail(entry) == mail]


def _tells(entry: Entry) -> bool:
    """True for a row whose decision changed something that an UNDO is about."""
    return bool(_patch(entry).keys() - BESIDE_THE_POINT) or CLOCKS in json.loads(entry.before)


def _mail(entry: Entry) -> tuple[str, object]:
    """What the rows of one mail have in common: a line's cause is its mail's id with its place there."""
    return entry.cause.partition("/")[0], entry.recorded_at


def _patch(entry: Entry) -> Mapping[str, Any]:
    patch: Mapping[str, Any] = json.loads(entry.payload).get("state", {})
    return patch


def _clocks(event: Sequence[Entry]) -> dict[str, list[Any]]:
    """The deadlines as an event found them, by kind: for each what stood before its first decision."""
    found: dict[str, list[Any]] = {}
    for entry in event:
        for kind, stood in json.loads(entry.before).get(CLOCKS, {}).items():
            found.setdefault(kind, stood)
    return found
