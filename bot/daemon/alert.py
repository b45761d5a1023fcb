"""Alert: signs that something is not well -> people, by a way that is not the mailbox's own.

Its one rule: once when a trouble comes and once when it is over, whatever restarts happen; so many a day at most;
and a way that does not work either is said once in the log, and tried again.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.daemon.signs import Sign
from bot.edge.channel import ByCommand, ByMail, Channel
from bot.edge.clock import Clock
from bot.edge.logs import clean

NOTE = "alerts"
"""The file that remembers what was told, beside what else can be made anew."""
PAUSES = (60.0, 300.0, 900.0, 3600.0)  # seconds after so many failures of the way in a row
LAST = 10.0  # seconds that the end of the program waits for an alert about it
STEADY = timedelta(minutes=10)
"""So long nothing is said of a trouble that went: it may come again, and two letters would say nothing."""

log = logging.getLogger(__name__)


def channel_of(settings: Settings) -> Channel | None:
    """The second way to tell people, where there is one."""
    alerts = settings.alerts
    if alerts.command:
        return ByCommand(alerts.command, settings.path.resolve().parent)
    return ByMail(alerts.smtp, alerts.sender, alerts.to) if alerts.smtp else None


@dataclass(slots=True)
class Memory:
    """What people were told of, by the signs' keys: in which words; which of them have no end to be told of; since
    when which of them are not seen any more (aware); and how many alerts went out on a day."""

    told: dict[str, str] = field(default_factory=dict)
    endless: list[str] = field(default_factory=list)
    missed: dict[str, datetime] = field(default_factory=dict)
    day: str = ""
    sent: int = 0

    @classmethod
    def read(cls, note: Path) -> "Memory":
        """What a note remembers; nothing where there is none, or it is damaged."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            told: dict[str, Any] = json.loads(note.read_text("ascii"))
            missed = {str(key): datetime.fromisoformat(at) for key, at in told.get("missed", {}).items()}
            return cls(dict(told["told"]), list(told["endless"]), missed, str(told["day"]), int(told["sent"]))
        return cls()

    def write(self, note: Path) -> None:
        """Remember it; where the disk takes nothing, only until the next start."""
        missed = {key: at.isoformat() for key, at in self.missed.items()}
        told = {"told": self.told, "endless": self.endless, "missed": missed, "day": self.day, "sent": self.sent}
        with suppress(OSError):
            aside = note.with_suffix(".new")
            aside.write_text(json.dumps(told), "ascii")
            aside.replace(note)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is on its way: the signs that came, and the keys of those that went."""

    fresh: tuple[Sign, ...]
    gone: tuple[str, ...]


@dataclass(slots=True)
class Alarm:
    """Who tells people; without a `channel` nobody does. `house` is how letters call the office."""

    channel: Channel | None
    folder: Path
    house: str
    most: int
    monotonic: Callable[[], float] = Clock.monotonic
    machine: str = field(default_factory=lambda: os.uname().nodename)
    _memory: Memory | None = None
    _lock: int | None = None
    _telling: Telling | None = None
    _failures: int = 0
    _not_before: float = 0.0
    _spent: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Alarm":
        """The alarm of an office."""
        house = settings.office.organisation.address.name
        return cls(channel_of(settings), settings.kept, house, settings.alerts.most_a_day)

    def look(self, signs: Sequence[Sign], now: datetime) -> None:
        """Tell of what is new and what is over; never waits. `now` is aware."""
        if self.channel is None or not self._ours():
            return
        self.settle(now)
        if self._telling is not None or self.monotonic() < self._not_before:
            return
        fresh, gone = self._news(signs, now)
        if not (fresh or gone):
            return
        if self._left(now) == 0:
            if not self._spent:
                log.warning("no more alerts today", extra={"sent": self.most})
            self._spent = True
            return
        self._spent = False
        self._telling = Telling(fresh, gone)
        subject, text = self._words(fresh, gone, now)
        self.channel.tell(subject, text, now)

    def settle(self, now: datetime) -> None:
        """See what became of what is on its way, if anything is; `now` is aware."""
        if self._telling is None or self.channel is None or (failed := self.channel.told()) is None:
            return
        telling, self._telling = self._telling, None
        if failed:
            if not self._failures:
                log.error("alert not sent", extra={"what": failed, "signs": [sign.key for sign in telling.fresh]})
            self._not_before = self.monotonic() + PAUSES[min(self._failures, len(PAUSES) - 1)]
            self._failures += 1
            return
        if self._failures:
            log.info("alerts go out again")
        self._failures = 0
        log.info("alert", extra={"signs": [sign.key for sign in telling.fresh], "over": list(telling.gone)})
        self._left(now)
        self.memory.sent += 1
        for sign in telling.fresh:
            self.memory.told[sign.key] = str(clean(sign.words))
            if sign.endless:
                self.memory.endless.append(sign.key)
        for key in telling.gone:
            self._forget(key)
        self.memory.write(self.folder / NOTE)

    def last_words(self, sign: Sign, clock: Clock) -> None:
        """Tell of what ends the program, and wait a moment for that; it is told once, however often it starts anew."""
        self.look((sign,), clock.now())
        end = self.monotonic() + LAST
        while self._telling is not None and self.monotonic() < end:
            time.sleep(0.05)
            self.settle(clock.now())

    def close(self) -> None:
        """Give up what is under way; it is told again by whoever comes next."""
        if self.channel is not None:
            self.channel.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def memory(self) -> Memory:
        """What people were told."""
        if self._memory is None:
            self._memory = Memory.read(self.folder / NOTE)
        return self._memory

    def _ours(self) -> bool:
        """True for the one of several workers on this machine that tells."""
        if self._lock is None:
            try:
                lock = os.open(self.folder / f"{NOTE}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                return True  # a full disk is no reason to be silent
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                return False
            self._lock = lock
        return True

    def _news(self, signs: Sequence[Sign], now: datetime) -> tuple[tuple[Sign, ...], tuple[str, ...]]:
        """The signs that nobody was told of, and the keys of those that have been gone for a while."""
        telling = {sign.key: sign for sign in signs if sign.tells}
        present = {sign.key for sign in signs}  # what got better is not over
        seen_last = self.memory.missed
        missed = {key: min(seen_last.get(key, now), now) for key in self.memory.told if key not in present}
        if missed != seen_last:
            self.memory.missed = missed
            self.memory.write(self.folder / NOTE)
        over = [key for key, since in missed.items() if now - since >= STEADY]
        for key in [key for key in over if key in self.memory.endless]:
            self._forget(key)
        fresh = tuple(sign for key, sign in telling.items() if key not in self.memory.told)
        return fresh, tuple(key for key in over if key in self.memory.told)

    def _left(self, now: datetime) -> int:
        """How many alerts may still go out today."""
        memory, today = self.memory, now.date().isoformat()
        if memory.day != today:
            memory.day, memory.sent = today, 0
        return max(self.most - memory.sent, 0)

    def _words(self, fresh: Sequence[Sign], gone: Sequence[str], now: datetime) -> tuple[str, str]:
        """Subject and text of an alert, without anybody's address: what it is about, then each matter in words."""
        about = [sign.key for sign in fresh] or list(gone)
        subject = f"{self.house}: {'not well' if fresh else 'over'}: {clean(', '.join(about))}"
        lines = [f"Not well: {clean(sign.words)}" for sign in fresh]
        lines += [f"Over: {clean(self.memory.told[key])}" for key in gone]
        when = f"As of {now:%Y-%m-%d %H:%M} UTC, on {self.machine}."
        lines.append(f"\n{when} `cmpbot health` says there how it stands now.")
        if self._left(now) == 1:
            lines.append("This was the last alert for today; there may be more trouble.")
        return " ".join(subject.split()), "\n".join(lines) + "\n"

    def _forget(self, key: str) -> None:
        del self.memory.told[key]
        self.memory.endless = [each for each in self.memory.endless if each != key]
        self.memory.missed.pop(key, None)
