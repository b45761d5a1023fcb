"""The clock: what time it is, waiting, and the signal to stop. The only door to time.

Its one rule: waiting is measured on the monotonic clock, so that a corrected or rehearsed wall
clock neither hangs nor hurries it; and the signal to stop ends every wait.
"""

import os
import select
import signal
import sys
import threading
import time
import weakref
from contextlib import suppress
from datetime import UTC, datetime, timedelta

GRACE = 7.0  # seconds between the request to stop and giving up what is under way
LAST = 2.0  # seconds for closing what was given up


class Clock:
    """Wall-clock time, aware and in UTC; from `start` on it is a rehearsal's, which advances."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start.astimezone(UTC) if start else None
        self._begun = time.monotonic()
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._bell, False)  # a full pipe must not stop whoever rings
        self._stopped = self._called = False
        self._give_back = weakref.finalize(self, _close, self._ear, self._bell)

    def now(self) -> datetime:
        """The present moment, or the rehearsed one."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.monotonic() - self._begun)

    def turn_to(self, moment: datetime) -> None:
        """Put a rehearsal's clock forward to a moment (aware); it goes on from there. It is never put
        back. Raises ValueError for the wall clock."""
        if self._start is None:
            raise ValueError("only a rehearsal's clock can be put forward")
        self._start += max(moment.astimezone(UTC) - self.now(), timedelta(0))

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
        """A descriptor that can be read from the moment of being stopped; for select and the like."""
        return self._ear

    def stop(self) -> None:
        """Ask everybody who looks at `stopped` to finish; every wait ends at once from now on. May be
        called from a signal or another thread."""
        self._stopped = True
        with suppress(OSError):
            os.write(self._bell, b"!")

    def stop_on_signals(self) -> None:
        """Let SIGTERM and SIGINT stop the clock; a second SIGINT ends the program the hard way.

        Whatever still waits for a server after GRACE seconds is abandoned: every transaction is
        then undone, and the program ends all the same with exit code 0 (reliability.md F24). A
        database that says nothing can hold up even the closing of its connection, but not for long.
        """
        signal.signal(signal.SIGTERM, self._asked)
        signal.signal(signal.SIGINT, self._asked)
        signal.signal(signal.SIGALRM, _abandon)

    def listen_for_calls(self) -> None:
        """Let SIGHUP ask for the configuration to be read again; where a terminal is our input, a SIGHUP says
        that it was closed, and ends the program as ever."""
        if not (sys.stdin and sys.stdin.isatty()):
            signal.signal(signal.SIGHUP, self._call)

    def called(self) -> bool:
        """True when somebody has asked since the last look; ends no wait, so it is heard within seconds."""
        called, self._called = self._called, False
        return called

    def _call(self, number: int, frame: object) -> None:
        self._called = True

    def _asked(self, number: int, frame: object) -> None:
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, GRACE)
        self.stop()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until stopped: True when stopped."""
        bell = select.poll()  # not select(), which takes no descriptor above 1,023
        bell.register(self._ear, select.POLLIN)
        return bool(bell.poll(max(seconds, 0) * 1000))

    def close(self) -> None:
        """Give the two descriptors back; a clock that is forgotten does so by itself."""
        self._give_back()


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _abandon(number: int, frame: object) -> None:
    leave = threading.Timer(LAST, os._exit, (0,))
    leave.daemon = True
    leave.start()
    raise SystemExit(0)
