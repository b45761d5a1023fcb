"""Writes that fail: strace makes the kernel refuse the nth call of a kind that a turn makes to the disk.

Its one rule: the program runs as it is, and the refusal is the kernel's own answer; which calls there are is counted
in a turn without harm.
"""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults.life import Life
from tests.faults.points import Scene
from tests.servers import IN_CI

REFUSALS = {
    "pwrite64": "ENOSPC",  # the database
    "fdatasync": "EIO",
    "ftruncate": "EIO",
    "write": "ENOSPC",  # the posting, the marks, the log
    "fsync": "EIO",
    "rename": "EIO",
    "mkdir": "ENOSPC",
}
"""The calls that write, each with the error that it is refused with."""
TRACED = ",".join(REFUSALS)
CALLED = re.compile(r"^(\w+)\(")
WITHIN = 12.0
"""Seconds that a turn takes at most, where nothing holds it up."""
LASTING = 10
"""Of so many refusals one lasts, as on a disk that stays full."""
ALLOWED = {0, 1}
"""What a turn may end with: all done, or some of it was trouble."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The nth call of a kind is refused; all from there on, where it `lasts`."""

    call: str
    nth: int
    lasts: bool

    @property
    def words(self) -> str:
        """For strace."""
        return f"inject={self.call}:error={REFUSALS[self.call]}:when={self.nth}{'+' if self.lasts else ''}"


def missing() -> bool:
    """True where no strace is installed; tests are skipped then, but not in CI."""
    return shutil.which("strace") is None


def needs_strace() -> None:
    """Skip a test where there is no strace."""
    if missing() and not IN_CI:
        pytest.skip("strace is not installed (make servers)")


def counted(life: Life) -> Counter[str]:
    """How many calls of each kind a turn with one mail makes."""
    life.arrange(Scene.PLAIN)
    code, calls = _traced(life, "trace=" + TRACED)
    assert code == 0, life.house.log()[-2000:]
    return Counter(found[1] for line in calls.splitlines() if (found := CALLED.match(line)))


def refusals(counts: Counter[str]) -> Iterator[Refusal]:
    """Every call of a turn, refused once, or from there on."""
    for call, count in counts.items():
        for nth in range(1, count + 1):
            yield Refusal(call, nth, lasts=nth % LASTING == 0)


def outcome(life: Life, refusal: Refusal) -> list[str]:
    """What is not as promised after a turn in which a call was refused, and one in which none was."""
    errors = life.house.log().count('"level": "error"')
    life.arrange(Scene.PLAIN)
    code, calls = _traced(life, "trace=" + TRACED, refusal.words)
    found = []
    if "(INJECTED)" not in calls:
        found.append("nothing was refused")
    if code not in ALLOWED and not refusal.lasts:
        found.append(f"it ended with {code}")
    if life.house.log().count('"level": "error"') > errors:
        found.append(f"it took the refusal for a bug: {life.house.log()[-1500:]}")
    if (again := life.turn()) != 0:
        found.append(f"the next turn ended with {again}: {life.house.log()[-1500:]}")
    return found + life.faults()


def _traced(life: Life, *words: str) -> tuple[int, str]:
    """A turn under strace: how it ended, and the calls."""
    fifo, out = life.house.folder / "go", life.house.folder / "calls"
    fifo.unlink(missing_ok=True)
    os.mkfifo(fifo)
    pid = life.start("once", wait=fifo)
    command = ["strace", "-o", str(out), "-s", "0", "-p", str(pid), *(part for word in words for part in ("-e", word))]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert "attached" in said, said
    fifo.open("wb").close()
    code = life.warm.ended(WITHIN)
    if code is None:  # a letter went out, and that it did cannot be marked: it insists until it is asked to end
        life.warm.kill(signal.SIGTERM)
        code = life.warm.ended(WITHIN)
    assert code is not None, "it does not end"
    tracer.stderr.close()
    tracer.wait(20)
    return code, out.read_text(encoding="utf-8", errors="replace")
