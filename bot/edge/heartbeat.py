"""Heartbeats: a file for each process that works, written again and again while its loop gets on.

Its one rule: the file is written in its place, over what it held, so that a full disk does not look like a
program that hangs; and it is locked by its process, so that nobody takes a dead one's file for a frozen one's.
"""

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

ENDING = ".json"
TORN = 5  # tries to read a file that is being written
PAUSE = 0.02  # seconds between them


class Heartbeat:
    """The file of this process in a folder; `name` is one that no other process has."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}{ENDING}"
        self._file: int | None = None

    def write(self, told: Mapping[str, Any]) -> None:
        """Write what is to be known of us. A disk that takes nothing is no reason to stop."""
        line = json.dumps(told).encode() + b"\n"
        with suppress(OSError):
            if self._file is None:
                self._file = _opened(self._path)
            os.pwrite(self._file, line, 0)
            os.ftruncate(self._file, len(line))

    def close(self) -> None:
        """Let go of the file, which stays for whoever wants to know what was last."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: Path) -> int:
    """The file, locked; those of processes that ended are removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for other in path.parent.glob(f"*{ENDING}"):
        if not _held(other):
            other.unlink(missing_ok=True)
    return file


def _held(path: Path) -> bool:
    """True while the process lives whose file it is."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def heartbeats(folder: Path) -> tuple[tuple[Mapping[str, Any], bool], ...]:
    """What the files of a folder hold, each with whether its process lives; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        with suppress(OSError):
            lives = _held(path)
            if told := _read(path):
                found.append((told, lives))
    return tuple(found)


def _read(path: Path) -> Mapping[str, Any]:
    for _ in range(TORN):
        with suppress(ValueError):
            told = json.loads(path.read_bytes().partition(b"\n")[0])
            return told if isinstance(told, dict) else {}
        time.sleep(PAUSE)
    return {}
