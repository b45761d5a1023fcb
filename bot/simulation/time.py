"""Time: a clock that stands still until the next thing happens, and what is to happen when.

Its one rule: nothing here knows the real time. What falls on one instant happens in the order in which it
was planned.
"""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.edge.clock import Clock

Act = Callable[[], None]


class StandingClock(Clock):
    """A rehearsal's clock, which moves when it is told to, and while somebody waits."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._begun_at = self._moment = start

    def now(self) -> datetime:
        """The moment of the simulation (aware, UTC)."""
        return self._moment

    def turn_to(self, moment: datetime) -> None:
        """Put the clock forward; it is never put back."""
        self._moment = max(self._moment, moment)

    def seconds(self) -> float:
        """Seconds since the beginning; what `monotonic` is to the real clock."""
        return (self._moment - self._begun_at).total_seconds()

    def wait(self, seconds: float) -> bool:
        """Let time pass, at once; nobody asks a simulation to stop."""
        self._moment += timedelta(seconds=seconds)
        return False


class Planned:
    """What is to happen, in order of time."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Act]] = []
        self._turn = count()

    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen at an instant (aware, of any zone)."""
        heapq.heappush(self._heap, (moment.astimezone(UTC), next(self._turn), act))

    def next(self, until: datetime) -> tuple[datetime, Act] | None:
        """Take the next thing that happens before `until`; None when there is none."""
        if not self._heap or self._heap[0][0] >= until:
            return None
        moment, _, act = heapq.heappop(self._heap)
        return moment, act

    def __len__(self) -> int:
        return len(self._heap)
