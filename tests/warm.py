"""Warm: cmpbot's commands in children of a process that has read the modules already.

Its one rule: a command costs what it does, not what Python's start costs, so that hundreds of them can be asked, and
killed.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:  # an office asks by a warm process, too
    from tests.faults.points import Point
    from tests.house import House

# An operator's environment: whoever runs the tests may have told Python not to keep compiled
# files, and then each start would take a second more.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Warm:
    """One driver; it runs one command at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.driver"]
        self._driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
        self.pid = 0
        self._said = b""

    def begin(
        self,
        house: "House",
        *words: str,
        point: "Point | None" = None,
        wait: Path | None = None,
        out: Path | None = None,
    ) -> int:
        """Begin a command of an office; gives the process that runs it. Where a fifo is given to `wait` for, it
        begins once somebody opens that for writing. What it prints goes to the end of a file."""
        told: dict[str, Any] = {
            "words": house.command(*words)[3:],  # without `python -m bot`
            "log": str(house.folder / "log"),
            "out": str(out or house.folder / "out"),
            "point": asdict(point) if point else None,
            "wait": str(wait) if wait else None,
        }
        assert self._driver.stdin is not None
        self._driver.stdin.write(json.dumps(told).encode() + b"\n")
        self._driver.stdin.flush()
        pid = self._hear(60)
        assert pid is not None, "the driver does not answer"
        self.pid = pid
        return pid

    def ended(self, seconds: float = 120) -> int | None:
        """How the command ended: its exit code, or minus the signal; None where it still runs after so long."""
        code = self._hear(seconds)
        if code is not None:
            self.pid = 0
        return code

    def run(self, house: "House", *words: str, point: "Point | None" = None, out: Path | None = None) -> int:
        """Run a command to its end."""
        self.begin(house, *words, point=point, out=out)
        code = self.ended()
        assert code is not None, "the command does not end"
        return code

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send the command a signal."""
        os.kill(self.pid, how)

    def close(self) -> None:
        """End the command, if one runs, and the driver."""
        if self.pid:
            self.kill()
        assert self._driver.stdin is not None
        self._driver.stdin.close()
        self._driver.wait(60)

    def _hear(self, seconds: float) -> int | None:
        """The driver's next word, if it comes in time."""
        assert self._driver.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._driver.stdout, selectors.EVENT_READ)
            while b"\n" not in self._said:
                if not waiting.select(seconds):
                    return None
                heard = os.read(self._driver.stdout.fileno(), 4096)
                assert heard, "the driver has ended"
                self._said += heard
        word, _, self._said = self._said.partition(b"\n")
        return int(word)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """Commands that start warm."""
    with Warm() as running:
        yield running
