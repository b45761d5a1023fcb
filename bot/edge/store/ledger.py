"""Ledger: what a decision leaves behind. Its one rule: a change request is written only over the
version that was read, and never without a journal row that says why.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from sqlalchemy import Executable

from bot.edge.codec import decode, encode
from bot.edge.store.blobs import pack
from bot.edge.store.clocks import Clock
from bot.edge.store.engine import wait_for_turn
from bot.edge.store.journal import Entry, Head, canonical, entries
from bot.edge.store.pages import Pages
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import ADD_CHANGE, ADD_ENTRIES, ALTER_CHANGE, HEADS, HOLD
from bot.edge.store.queries.deadlines import MEET
from bot.edge.store.queries.letters import RECALL
from bot.edge.store.queries.matters import UNSETTLE
from bot.edge.store.waiting import unheard
from bot.errors import Trouble
from bot.mail.letter import Letter
from bot.posting.pages import month_of, place_of
from bot.workflow.change import ChangeRequest
from bot.workflow.duplicate import marks
from bot.workflow.effect import (
    Decision,
    Keep,
    Meet,
    Open,
    Publish,
    Recall,
    Remind,
    Restore,
    Row,
    Send,
    Settle,
    Stop,
    keeping,
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A change request as this transaction found it, or left it."""

    version: int
    state: dict[str, Any]
    head: Head | None = None


@dataclass(slots=True)
class Ledger(Pages):
    """The recording half of an open transaction."""

    loaded: dict[str, _Loaded] = field(default_factory=dict)
    settled: bool = False

    def record(
        self,
        decision: Decision,
        cause: str,
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
    ) -> None:
        """Make a decision so: state, journal, letters, deadlines, documents and dirty pages.

        Raises ValueError for a decision that changes something and says nothing about it, or that
        has rows or effects for no change request.
        """
        known = decision.change is not None and decision.change.key in self.loaded
        change = self._record_change(decision, cause, self._stood(decision) if known else {})
        letters: list[Letter] = []
        blobs: dict[bytes, dict[str, object]] = {}
        clocks: list[Clock] = []
        for effect in decision.effects:
            match effect:
                case Send(letter):
                    letters.append(letter)
                case Keep():
                    blobs[effect.content] = _kept(effect)
                case Open() | Meet() | Stop() | Restore():
                    clocks.append(effect)
                case Recall(recalled):
                    self._run(RECALL, recalled=recalled)
                case Settle(key, value):
                    self._settle_matter(key, value)
                case Publish():
                    self._soil(change)
                case Remind():
                    raise ValueError("a reminder is told in a digest, not by itself")
                case other:
                    assert_never(other)
        self._owe(letters, cause, compose, message_id, change, blobs)
        if change is not None:
            self._wind(clocks, change.key, known=known)

    def note(self, decisions: Mapping[str, Decision], cause: str) -> None:
        """Record decisions, by change request, that leave it as it is: history rows, and deadlines
        met. Much cheaper than `record`: nothing is loaded and compared, and all go together."""
        if self.connection.dialect.name == "postgresql":
            for some in in_parts(sorted(decisions)):  # other workers write to the same journals
                self._run(HOLD, keys=some)
        heads = self._heads(list(decisions))
        made = [
            entry
            for key, decision in decisions.items()
            for entry in entries(key, heads.get(key, Head()), decision.rows, cause, {}, {}, self.now)
        ]
        self._run_all(ADD_ENTRIES, [entry.columns for entry in made])
        met = [
            (key, each) for key, decision in decisions.items() for each in decision.effects if isinstance(each, Meet)
        ]
        self._run_all(MEET, [self._met(each, key) for key, each in met])

    def wait_for_turn(self, what: str) -> None:
        """Let no other worker do the same before the end of the block."""
        wait_for_turn(self.connection, what)

    def unheard(self, causes: Sequence[str]) -> frozenset[str]:
        """Those of some causes that the journal does not know yet."""
        return unheard(self.connection, causes)

    def tell(
        self,
        letter: Letter,
        marks: Sequence[tuple[str, str, Row]],
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
    ) -> None:
        """Owe a letter about several change requests, and mark each by a row of its history: its key, the
        row's cause, the row. Nothing else of them changes."""
        keys = sorted({key for key, _, _ in marks})
        for some in in_parts(keys):
            self._run(HOLD, keys=some)
        heads, made = self._heads(keys), list[Entry]()
        for key, cause, row in marks:
            made += entries(key, heads.get(key, Head()), (row,), cause, {}, {}, self.now)
            heads[key] = Head(made[-1].seq, made[-1].hash)
        self._run_all(ADD_ENTRIES, [entry.columns for entry in made])
        self._owe([letter], letter.cause, compose, message_id, None, {})

    def _load(self, statement: Executable, **values: str) -> ChangeRequest | None:
        row = self._run(statement, **values).one_or_none()
        if row is None:
            return None
        state = self.loaded[row.key].state if row.key in self.loaded else json.loads(row.state)
        found = decode(ChangeRequest, state)
        if row.key not in self.loaded:
            self.loaded[row.key] = _Loaded(row.version, state)
            if found.logged:
                month = month_of(found.number, found.received_at)
                self.stood[row.key] = place_of(month, found.phase, found.company)
        return found

    def _record_change(self, decision: Decision, cause: str, stood: dict[str, Any]) -> ChangeRequest | None:
        if decision.change is None:
            if decision.rows or any(not isinstance(effect, Send | Settle) for effect in decision.effects):
                raise ValueError("a decision about no change request has rows or effects that need one")
            return None
        change = keeping(decision.change, decision.effects)
        state = encode(change)
        found = self.loaded.get(change.key)
        earlier = found.state if found else {}
        patch = {name: value for name, value in state.items() if name not in earlier or earlier[name] != value}
        if patch and not decision.rows:
            raise ValueError(f"{change.number} was changed without a row that says why")
        if patch:
            self._write_change(change, state, found)
        head = found.head if found else Head()
        if decision.rows:
            before = {name: earlier[name] for name in patch if name in earlier}
            head = head or self._heads([change.key]).get(change.key, Head())
            made = entries(change.key, head, decision.rows, cause, patch, before | stood, self.now)
            self._run_all(ADD_ENTRIES, [entry.columns for entry in made])
            head = Head(made[-1].seq, made[-1].hash)
        self.loaded[change.key] = _Loaded((found.version if found else 0) + bool(patch), state, head)
        return change

    def _write_change(self, change: ChangeRequest, state: dict[str, Any], found: _Loaded | None) -> None:
        row = {"number": change.number, "state": canonical(state), **_columns(change)}
        if found is None:
            self._run(ADD_CHANGE, key=change.key, version=1, **row)
            return
        fresh = {"cr": change.key, "expected": found.version, "version": found.version + 1}
        altered = self._run(ALTER_CHANGE, **fresh, **row)
        if altered.rowcount != 1:
            raise Trouble(f"{change.number} was changed by another worker meanwhile")

    def _heads(self, keys: Sequence[str]) -> dict[str, Head]:
        """Where the journals of these change requests end; one that has none is absent."""
        rows = (row for some in in_parts(keys) for row in self._run(HEADS, keys=some))
        return {row.cr: Head(row.seq, row.hash) for row in rows}

    def _settle_matter(self, key: str, value: str) -> None:
        """Settle a matter of the whole office; an empty value ends it."""
        self.settled = True
        if value:
            self._run(self._upserts.setting, key=key, value=value)
        else:
            self._run(UNSETTLE, matter=key)


def _kept(effect: Keep) -> dict[str, object]:
    row = pack(effect.content)
    if row["sha256"] != effect.document.sha256:
        raise ValueError(f"{effect.document.title}: the content is not what the document's hash says")
    return row


def _columns(change: ChangeRequest) -> dict[str, Any]:
    """What of a change request is found and sorted by."""
    alike = marks(change.company, change.fields)
    return {
        "step": change.step.value,
        "phase": change.phase.value,
        "status_date": change.status_date,
        "company": change.company,
        "title": change.title,
        "received_at": change.received_at,
        "open": change.open,
        "logged": change.logged,
        "month": month_of(change.number, change.received_at),
        "title_mark": alike.title or None,
        "ref_mark": alike.internal_ref or None,
    }
