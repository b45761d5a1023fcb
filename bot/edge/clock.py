"""The clock: what time it is, waiting, and the signal to stop. The only door to time.

Its one rule: waiting is measured on the monotonic clock, so that a corrected or rehearsed wall
clock neither hangs nor hurries it; and whoever waits is woken by the signal to stop.
"""

import os
import select
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

LONGEST_NAP = 30.0  # seconds; a jump of the wall clock is noticed within this time
FULL = 65536


class Clock:
    """Wall-clock time, aware and in UTC; from `start` on it is a rehearsal's, which advances."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start.astimezone(UTC) if start else None
        self._begun = time.monotonic()
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)
        self._stopped = False

    def now(self) -> datetime:
        """The present moment, or the rehearsed one."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.monotonic() - self._begun)

    @staticmethod
    def monotonic() -> float:
        """Seconds that never jump; only differences mean anything."""
        return time.monotonic()

    @property
    def rehearsing(self) -> bool:
        """True when the wall clock was set for a rehearsal."""
        return self._start is not None

    @property
    def stopped(self) -> bool:
        """True once somebody asked to stop."""
        return self._stopped

    def fileno(self) -> int:
        """A descriptor that can be read once the clock has been woken; for select and the like."""
        return self._ear

    def wake(self) -> None:
        """End the present or the next wait. May be called from a signal or another thread."""
        with suppress(BlockingIOError, OSError):
            os.write(self._bell, b"!")

    def stop(self) -> None:
        """Ask everybody who looks at `stopped` to finish; every wait ends at once from now on."""
        self._stopped = True
        self.wake()

    def stop_on_signals(self) -> None:
        """Let SIGTERM and SIGINT stop the clock; a second SIGINT ends the program the hard way."""
        signal.signal(signal.SIGTERM, lambda number, frame: self.stop())
        signal.signal(signal.SIGINT, self._interrupted)

    def _interrupted(self, number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.stop()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until woken: True when woken."""
        if self._stopped:
            return True
        woken = bool(select.select([self._ear], [], [], max(seconds, 0))[0])
        if woken:
            self.hush()
        return woken

    def wait_until(self, instant: datetime) -> bool:
        """Wait until the wall clock shows an instant, or until woken: True when woken."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            if self.wait(min(left, LONGEST_NAP)):
                return True
        return self._stopped

    def hush(self) -> None:
        """Forget that we were woken; for those who waited on `fileno` themselves."""
        with suppress(BlockingIOError):
            os.read(self._ear, FULL)

    def close(self) -> None:
        """Give the two descriptors back."""
        os.close(self._ear)
        os.close(self._bell)
