"""Processes, looked at from outside. Its one rule: what the system says of them counts, not what they say."""

import signal
from pathlib import Path


def offspring(pid: int) -> set[int]:
    """The processes that one has started and that live, with theirs."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return set()
    return {int(each) for each in found}.union(*(offspring(int(each)) for each in found))


def reads_attachments(pid: int) -> bool:
    """True for a child that has become a reader; until then its parent waits for it in the system."""
    return b"sandbox_child" in Path(f"/proc/{pid}/cmdline").read_bytes()


def obeys(pid: int, asked: signal.Signals) -> bool:
    """True once a process answers a signal itself; a daemon does as soon as it has read its configuration."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (asked - 1) & 1)


def lives(pid: int) -> bool:
    """True while a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
