"""What systemd hears: one datagram a word, and nothing where there is no systemd."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.edge.notify import ALIVE, READY, notify, reloading


@pytest.mark.parametrize("abstract", [False, True])
def test_each_word_is_a_datagram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    """To a socket in the file system or in the abstract."""
    name = f"@cmpbot-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name[1:]}" if abstract else name)
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify(READY)
        notify(*reloading(12.5))
        assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"RELOADING=1\nMONOTONIC_USEC=12500000"


@pytest.mark.parametrize("name", ["", "/nowhere/notify"])
def test_where_nobody_listens_nothing_happens(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Outside systemd, or with a socket that is gone."""
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    before = len(list(Path("/proc/self/fd").iterdir()))
    notify(ALIVE)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_socket_that_is_full_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service manager that reads nothing is not waited for."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        for _ in range(2000):
            notify(ALIVE)


def test_a_terminal_that_closes_ends_the_program_as_ever() -> None:
    """SIGHUP means reload only where no terminal is the input."""
    code = (
        "import os, pty, signal, sys; from bot.edge.clock import Clock\n"
        "clock = Clock(); clock.listen_for_calls(); os.kill(os.getpid(), signal.SIGHUP)\n"
        "print(clock.called(), clock.called())\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "os.dup2(pty.openpty()[1], 0); clock.listen_for_calls(); os.kill(os.getpid(), signal.SIGHUP)\n"
    )
    done = subprocess.run(
        [sys.executable, "-uc", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "False"]
    assert done.returncode < 0
