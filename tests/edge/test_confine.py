"""Confinement: what a process has given up stays given up, and whoever started it never notices."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.edge.confine import FILES, MACHINES, NETWORK
from tests.intake.forms import ROOT

LINUX = sys.platform == "linux" and os.uname().machine in MACHINES
pytestmark = pytest.mark.skipif(not LINUX, reason="there is nothing to confine with on this machine")

CODE = """
import ctypes, os, socket, subprocess, sys, threading
sys.path.insert(0, {root!r})
from bot.edge import confine
held = confine.{how}([({folder!r}, confine.{right}), ("/usr", confine.RUN), ("/lib", confine.RUN)])
print(*held, sep="; ")
try:
    {attempt}
except OSError as refused:
    print("refused:", refused.strerror)
else:
    print("done")
"""

READER: dict[str, str] = {
    "a socket": "socket.socket()",
    "a socket of the machine": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "another process": "os.fork()",
    "another program": "os.execv('/bin/true', ['true'])",
    "a program in a process": "subprocess.run(['/bin/true'])",
    "a file of the system": "open('/etc/passwd')",
    "a file that is written": "open({folder!r} + '/new', 'w')",
    "a file that is removed": "os.unlink({folder!r} + '/old')",
    "a signal": "os.kill(os.getppid(), 0)",
}
OFFICE: dict[str, str] = {
    "a socket": "socket.socket()",
    "a socket of version 6": "socket.socket(socket.AF_INET6)",
    "a socket of the kernel": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a connection": "socket.socket(socket.AF_UNIX).connect('/run/x')",
    "another process": "os.fork()",
    "a file of the system": "open('/etc/passwd')",
    "a file that is written": "open({folder!r} + '/../new', 'w')",
}
ALLOWED: dict[str, str] = {
    "a thread": "threading.Thread(target=int).start()",
    "a socket that listens": "socket.socket(socket.AF_UNIX).bind({folder!r} + '/s')",
    "a file in its folder": "open({folder!r} + '/new', 'w').close()",
}


def attempted(how: str, right: str, attempt: str, folder: Path) -> list[str]:
    """What a confined process says of an attempt."""
    folder.joinpath("old").write_text("old", encoding="ascii")
    code = CODE.format(
        how=how, right=right, attempt=attempt.format(folder=str(folder)), folder=str(folder), root=str(ROOT)
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize("attempt", READER)
def test_a_reader_reaches_nothing(attempt: str, tmp_path: Path) -> None:
    """No socket, no process, no program, no file but those it was left: each attempt is refused."""
    held, result = attempted("confine_reader", "READ", READER[attempt], tmp_path)
    if "file" in attempt and FILES not in held:
        pytest.skip("this kernel has no Landlock")
    assert NETWORK in held
    assert result.startswith("refused: ")
    assert (tmp_path / "old").exists()


@pytest.mark.parametrize("attempt", OFFICE)
def test_an_office_reaches_nobody(attempt: str, tmp_path: Path) -> None:
    """LibreOffice may listen for itself, but call nobody, and start nothing."""
    held, result = attempted("confine_office", "ALL", OFFICE[attempt], tmp_path)
    if "file" in attempt and FILES not in held:
        pytest.skip("this kernel has no Landlock")
    assert result.startswith("refused: ")


@pytest.mark.parametrize("attempt", ALLOWED)
def test_an_office_has_what_it_needs(attempt: str, tmp_path: Path) -> None:
    """Threads, its own kind of socket and its own folder are left to it."""
    assert attempted("confine_office", "ALL", ALLOWED[attempt], tmp_path)[-1] == "done"


def test_a_machine_that_is_not_known_is_left_alone(tmp_path: Path) -> None:
    """Where the numbers of calls are not known there is no filter, and nothing breaks."""
    code = "from bot.edge import confine; confine.MACHINES.clear(); print(confine.confine_reader([('/', confine.ALL)]))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert NETWORK not in run.stdout
