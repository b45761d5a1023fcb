"""Findings: what an audit says of a store, and of how much. Its one rule: values only."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from bot.edge.store.journal import canonical

RESTORE = "stop the daemon, `cmpbot restore` the newest backup that `cmpbot verify FILE` finds well"
ANSWERED = "keep this database as it is, find out who wrote to it, and restore the newest backup that is well"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded: in which part, about what, what, and what to do."""

    part: str
    about: str
    found: str
    remedy: str = RESTORE


@dataclass(slots=True)
class Examined:
    """How much was looked at, by its name, and a hash over what must never change: the same for a store
    and for its copy, whatever was sent or published since."""

    counts: Counter[str] = field(default_factory=Counter)
    _hash: Any = field(default_factory=sha256)

    @property
    def fingerprint(self) -> str:
        """Of the mails, the letters and the journals."""
        return str(self._hash.hexdigest())

    def saw(self, what: str, *marks: object) -> None:
        """Count one more, and remember what marks it."""
        self.counts[what] += 1
        self._hash.update(canonical([what, *map(str, marks)]).encode())
