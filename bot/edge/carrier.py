"""Carrier: the command that carries the posting elsewhere after a change (rsync and the like).

Its one rule: what has changed and was not carried yet is owed, whatever is killed in between, and the
command runs beside everything else: a target that does not answer holds nobody up.
"""

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from bot.edge.command import Command

NOTE = "after_publish"
"""The file that remembers what the command still owes, beside what else can be made anew."""
WITHIN = 120.0  # seconds for the command
POLL = 0.05  # seconds between two looks
PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds to wait after so many failures in a row."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed to the target of a command: whether anything, since when it fails and how often, what
    it said last, and whether that was reported to a person."""

    command: tuple[str, ...] = ()
    owed: bool = True
    since: str = ""
    tries: int = 0
    said: str = ""
    reported: bool = False

    def failing(self, now: datetime) -> timedelta:
        """For how long the command has failed."""
        return now - datetime.fromisoformat(self.since) if self.since else timedelta()


class Outcome(Enum):
    """What became of a look at the command."""

    NOTHING = "nothing"
    CARRIED = "carried"
    FAILED = "failed"


@dataclass(slots=True)
class Carrier:
    """A command (words, no shell) run in a folder; `note` is the file that remembers what is owed."""

    command: tuple[str, ...]
    folder: Path
    note: Path
    monotonic: Callable[[], float] = time.monotonic
    _running: Command | None = None
    _stale: bool = False  # something changed while it ran
    _not_before: float = 0.0
    _owed: Owed | None = field(default=None, repr=False)

    @property
    def state(self) -> Owed:
        """What is owed now. A command that was never run, or is another one than before, is owed to."""
        if self._owed is None:
            found = remembered(self.note)
            self._owed = found if found.command == self.command else Owed(self.command)
        return self._owed

    def owe(self) -> None:
        """Remember that something is about to change. Trouble with the note is none of the posting's."""
        self._stale = True
        if self.command and not self.state.owed:
            self._remember(replace(self.state, owed=True))

    def look(self, now: datetime) -> Outcome:
        """See to the command: start it where something is owed, look whether it has ended; never waits."""
        if self._running is not None:
            return self._ended(now, self._running)
        if self.command and self.state.owed and self.monotonic() >= self._not_before and self.folder.is_dir():
            return self._start(now)
        return Outcome.NOTHING

    def finish(self, now: datetime, wait: Callable[[float], bool]) -> Outcome:
        """Run the command to its end, where something is owed; `wait` spends some seconds, and says True
        when there are no more to spend."""
        self._not_before = 0.0
        outcome = self.look(now)
        while self._running is not None and not wait(POLL):
            outcome = self.look(now)
        return outcome

    def reported(self) -> None:
        """Remember that a person was told."""
        self._remember(replace(self.state, reported=True))

    def resume(self) -> None:
        """Begin again with what the note says: another process may have run the command meanwhile."""
        self.close()
        self._owed = None

    def close(self) -> None:
        """End the command if it runs; what it carries stays owed."""
        if self._running is not None:
            self._running.end()
            self._running = None

    def _start(self, now: datetime) -> Outcome:
        try:
            self._running = Command(self.command, self.folder, WITHIN, monotonic=self.monotonic)
        except OSError as error:
            return self._failed(now, error.strerror or str(error))
        self._stale = False
        return Outcome.NOTHING

    def _ended(self, now: datetime, running: Command) -> Outcome:
        ended = running.ended()
        if ended is None:
            return Outcome.NOTHING
        self._running = None
        if not ended.well:
            return self._failed(now, ended.said)
        self._not_before = 0.0
        self._remember(Owed(self.command, owed=self._stale))
        return Outcome.CARRIED

    def _failed(self, now: datetime, said: str) -> Outcome:
        state = self.state
        self._not_before = self.monotonic() + PAUSES[min(state.tries, len(PAUSES) - 1)]
        since = state.since or now.isoformat()
        self._remember(replace(state, owed=True, since=since, tries=state.tries + 1, said=said))
        return Outcome.FAILED

    def _remember(self, state: Owed) -> None:
        self._owed = state
        with contextlib.suppress(OSError):  # then the next start runs the command once more
            self.note.parent.mkdir(parents=True, exist_ok=True)
            aside = self.note.with_suffix(".new")
            aside.write_text(json.dumps(asdict(state)), encoding="ascii")
            aside.replace(self.note)


def remembered(note: Path) -> Owed:
    """What a note says is owed; where there is none, or it is damaged, everything."""
    try:
        told = json.loads(note.read_text(encoding="ascii"))
        return Owed(**{**told, "command": tuple(told["command"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Owed()
