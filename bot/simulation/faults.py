"""Faults: what goes wrong in the world, when, and for how long.

Its one rule: it is a table. A fault strikes where the daemon meets the world, at the same seams at which the
real one does: a call to a server, a write to the database, a file of the posting, or nowhere at all.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from bot.edge.site import Site
from bot.edge.store import Store
from bot.errors import Trouble
from bot.simulation.chance import Chance


class Fault(StrEnum):
    """Every kind of fault, by the words of the table that a run ends with."""

    KILLED = "process killed"
    IMAP = "IMAP refuses"
    FETCH_CUT = "IMAP cut while fetching"
    MOVE_CUT = "IMAP cut while moving"
    RENUMBERED = "folder renumbered"
    SMTP = "SMTP refuses"
    SMTP_LATER = "SMTP answers 4xx"
    SMTP_NEVER = "SMTP answers 5xx"
    SMTP_SILENT = "SMTP cut after the dot"
    LOCKED = "database locked"
    DISK = "posting not writable"
    DELAYED = "mail delayed for days"
    TWICE = "mail delivered twice"
    RESENT = "mail resent otherwise"
    LOST = "mail bounced to its sender"
    UNVOUCHED = "border vouches for nothing"
    DEAD_ADDRESS = "address bounces"


ALL = frozenset(Fault)


class Killed(BaseException):
    """The process ends here and now, as by `kill -9`: nothing of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """How long a server is away, and how many days lie between two such times (about)."""

    every: float
    least: timedelta
    most: timedelta


MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

OUTAGES: Mapping[Fault, Outage] = {
    Fault.IMAP: Outage(20, 5 * MINUTES, 30 * HOURS),
    Fault.SMTP: Outage(20, 5 * MINUTES, 20 * HOURS),
    Fault.LOCKED: Outage(30, 1 * MINUTES, 90 * MINUTES),
    Fault.DISK: Outage(30, 10 * MINUTES, 8 * HOURS),
}
SHARES: Mapping[Fault, float] = {
    Fault.KILLED: 1 / 1200,
    Fault.FETCH_CUT: 1 / 60,
    Fault.MOVE_CUT: 1 / 60,
    Fault.RENUMBERED: 1 / 400,
    Fault.SMTP_LATER: 1 / 60,
    Fault.SMTP_NEVER: 1 / 500,
    Fault.SMTP_SILENT: 1 / 150,
    Fault.LOCKED: 1 / 900,
    Fault.DELAYED: 1 / 60,
    Fault.TWICE: 1 / 30,
    Fault.RESENT: 1 / 60,
    Fault.LOST: 1 / 150,
    Fault.UNVOUCHED: 1 / 25,
}
"""In how many of all cases one strikes; of outages, beside them."""


class Faults:
    """The faults of one run: those of `kinds`, until they are `over`."""

    def __init__(self, chance: Chance, kinds: frozenset[Fault], now: Callable[[], datetime]) -> None:
        self._kinds, self._now = kinds, now
        self._chances = {kind: chance.of(kind) for kind in Fault}
        self._away: dict[Fault, tuple[datetime, datetime]] = {}
        self._told: dict[Fault, datetime] = {}
        self.counts: Counter[Fault] = Counter()
        self.over = False
        self.tell: Callable[[str], None] = lambda words: None

    def strikes(self, kind: Fault) -> bool:
        """Whether a fault strikes at this very moment."""
        hit = self._chances[kind].hits(SHARES[kind])  # drawn in any case: others' lots do not move
        if self.over or kind not in self._kinds or not hit:
            return False
        self.note(kind)
        return True

    def away(self, kind: Fault) -> bool:
        """Whether a server is away now."""
        if self.over or kind not in self._kinds:
            return False
        now, outage, chance = self._now(), OUTAGES[kind], self._chances[kind]
        begins, ends = self._away.get(kind, (now, now))
        if now >= ends:
            pause = timedelta(days=2 * outage.every * chance.spread())
            if ends > begins or kind not in self._away:
                begins = now + pause
                ends = begins + chance.wait(outage.least, outage.most)
                self._away[kind] = begins, ends
        if not begins <= now < ends:
            return False
        self.counts[kind] += 1
        if self._told.get(kind) != begins:
            self._told[kind] = begins
            self.tell(f"fault: {kind}, until {ends:%m/%d %H:%M} UTC")
        return True

    def may_kill(self, where: str) -> None:
        """End the process here, at times. Raises Killed."""
        if self.strikes(Fault.KILLED):
            self.tell(f"the process is killed {where}")
            raise Killed(where)

    def has(self, kind: Fault) -> bool:
        """Whether such faults happen at all now."""
        return kind in self._kinds and not self.over

    def note(self, kind: Fault) -> None:
        """Count and tell one that struck."""
        self.counts[kind] += 1
        self.tell(f"fault: {kind}")


class ShakenStore(Store):
    """The real store, whose database is locked at times, and whose process ends before or after a commit."""

    faults: Faults | None = None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        faults = self.faults
        if faults is None:
            with super()._writing() as connection:
                yield connection
            return
        if faults.away(Fault.LOCKED) or faults.strikes(Fault.LOCKED):
            raise Trouble("the database does not answer as it should: database is locked")
        with super()._writing() as connection:
            yield connection
            faults.may_kill("before a commit")
        faults.may_kill("after a commit")


class ShakenSite(Site):
    """The real folder of pages, on a disk that is full at times."""

    def __init__(self, faults: Faults, *given: Any) -> None:
        super().__init__(*given)
        self._faults = faults

    def write(self, pages: Mapping[str, str | bytes], same: Any = ()) -> int:
        """Publish files, unless the disk refuses, or the process ends before or after it."""
        if self._faults.away(Fault.DISK):
            raise Trouble("cannot write the posting: no space left on device")
        self._faults.may_kill("before the pages are written")
        changed = super().write(pages, same)
        self._faults.may_kill("after the pages were written")
        return changed
