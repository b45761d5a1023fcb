"""The journal: what happened to each change request, in order, for ever.

Its one rule: rows are only ever added. The first row of a decision carries what the decision
changed (`state`, by top-level key) and, in `before`, what stood there: replaying all payloads from
nothing gives the change request, and going back one gives UNDO. Beside the change request `before`
holds the deadlines of the kinds that the decision touched, which no replay reads. Each row's hash covers the row
and the hash before it, so that nobody can change the past unseen.

Where a person's contact data was erased, the row keeps the hash that it had, so that the chain holds; a later row
names it in `erased` with the hash of what stands there now, and is itself part of the chain.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.edge.codec import decode
from bot.edge.tables import iso
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Row

VERSION = 1  # of the payload; whoever changes its form reads the old ones too

CLOCKS = "clocks"
"""Where `before` keeps deadlines, by kind; no part of a change request has this name."""

NAMES_ERASED = '"erased":{'
"""How the payload of a row that names erased ones is told from all others."""

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal, as it is kept."""

    cr: str
    seq: int
    kind: str
    version: int
    at: datetime
    recorded_at: datetime
    by: str
    cause: str
    payload: str
    before: str
    hash: str

    @property
    def columns(self) -> dict[str, object]:
        """What to insert."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def row(self) -> Row:
        """The line of the CR's history that this entry is."""
        payload = json.loads(self.payload)
        said = payload["action"], payload["description"]
        return Row(*said, self.at, self.by, payload["public"], self.recorded_at)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a CR's journal so far."""

    seq: int = 0
    hash: str = ""


def entries(
    cr: str,
    head: Head,
    rows: Sequence[Row],
    cause: str,
    patch: Mapping[str, Any],
    before: Mapping[str, Any],
    now: datetime,
    erased: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """The entries that history rows make, chained to the head; the first one carries the patch, and the rows
    that were `erased`, by their seq, with the hashes that they would have now."""
    made: list[Entry] = []
    for place, row in enumerate(rows):
        said: dict[str, Any] = {"action": row.action, "description": row.description, "public": row.public}
        if place == 0 and patch:
            said["state"] = patch
        if place == 0 and erased:
            said["erased"] = erased
        payload = canonical(said)
        undo = canonical(before if place == 0 else {})
        seq = head.seq + 1
        when = iso(row.at), iso(now)
        digest = _hash(head.hash, cr, seq, row.action, VERSION, *when, row.by, cause, payload, undo)
        made.append(Entry(cr, seq, row.action, VERSION, row.at, now, row.by, cause, payload, undo, digest))
        head = Head(seq, digest)
    return tuple(made)


def first_broken(journal: Iterable[Entry]) -> int | None:
    """The seq of the first entry that is not what was recorded, or is missing; None when all stand.

    Entries come in order. Only a cut at the end cannot be seen here.
    """
    journal = tuple(journal)
    previous, erased = "", erasures(journal)
    for seq, entry in enumerate(journal, 1):
        stands = rehashed(entry, previous)
        if entry.seq != seq or (stands != entry.hash and stands != erased.get(str(seq))):
            return seq
        previous = entry.hash
    return None


def erasures(journal: Iterable[Entry]) -> dict[str, str]:
    """The entries from which somebody's contact data was erased, by their seq, with the hash of what stands there
    now; of one that was erased twice the last one."""
    found: dict[str, str] = {}
    for entry in journal:
        if NAMES_ERASED in entry.payload:
            named = json.loads(entry.payload).get("erased", {})
            found |= named if isinstance(named, dict) else {}
    return found


def rehashed(entry: Entry, previous: str) -> str:
    """The hash of an entry as it stands, behind the hash of the one before it."""
    kept = (entry.cr, entry.seq, entry.kind, entry.version, iso(entry.at), iso(entry.recorded_at))
    return _hash(previous, *kept, entry.by, entry.cause, entry.payload, entry.before)


def replayed(journal: Iterable[Entry]) -> ChangeRequest:
    """The change request that a journal amounts to. Raises ValueError when it amounts to none."""
    state: dict[str, Any] = {}
    for entry in journal:
        state |= json.loads(entry.payload).get("state", {})
    return decode(ChangeRequest, state)


def _hash(previous: str, *said: str | int) -> str:
    """Over the row as text; payload and undo come last and hold no line break of their own."""
    return sha256("\n".join([canonical([previous, *said[:-2]]), *map(str, said[-2:])]).encode()).hexdigest()
