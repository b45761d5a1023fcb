"""A command of the operator's, run beside everything else. Its one rule: nobody waits for it, nothing of ours
but its own words reaches it, and it ends in time.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LONGEST_WORD = 300  # of what a command said
KEPT = ("PATH", "HOME", "LANG")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command's end: whether it went well, and the last thing that it said."""

    well: bool
    said: str


class Command:
    """A command (words, no shell) that runs in a folder for at most so many seconds; `text` is its standard
    input. Raises OSError when it cannot be started."""

    def __init__(
        self,
        words: tuple[str, ...],
        folder: Path,
        within: float,
        text: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic, self._within, self._started = monotonic, within, monotonic()
        self._voice: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has ended
        try:
            with tempfile.TemporaryFile() as told:  # a pipe could hold us up
                told.write(text.encode())
                told.seek(0)
                self._running = subprocess.Popen(  # noqa: S603 - the operator's own words, from the configuration
                    words,
                    cwd=folder,
                    # No secret of ours reaches it: it is given the search path, the home and the language, no more.
                    env={name: os.environ[name] for name in KEPT if name in os.environ},
                    stdin=told,
                    stdout=subprocess.DEVNULL,
                    stderr=self._voice,
                    start_new_session=True,
                )
        except OSError:
            self._voice.close()
            raise

    def ended(self) -> Ended | None:
        """How it ended; None while it runs. Asked for no more after that."""
        code = self._running.poll()
        if code is None:
            if self._monotonic() - self._started < self._within:
                return None
            self._kill()
            said = f"it did not end within {self._within:.0f} seconds"
        else:
            said = _last_line(self._voice) or f"it ended with {code}"
        self._voice.close()
        return Ended(code == 0, said)

    def end(self) -> None:
        """End it, and whatever it has started."""
        self._kill()
        self._voice.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()


def _last_line(voice: IO[bytes]) -> str:
    """The last thing that the command said, for the operator to read."""
    size = voice.seek(0, os.SEEK_END)
    voice.seek(max(0, size - 4 * LONGEST_WORD))
    lines = voice.read().decode(errors="replace").split("\n")
    return next((line.strip()[:LONGEST_WORD] for line in reversed(lines) if line.strip()), "")
