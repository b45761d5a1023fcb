"""SIGTERM at any moment: the daemon ends by itself, in time, and leaves nothing behind."""

import os
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.house import House, dense, started, stop
from tests.mixed import FATES, LOGGED, MAILS
from tests.servers import HANG, Command, Sink, until

pytestmark = pytest.mark.slow


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


def lives(pid: int) -> bool:
    """True while a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_thirty_stops_of_a_loaded_daemon(house: House, sink: Sink) -> None:
    """Exit code 0 within ten seconds, no child is left, and the next start goes on: each mail has
    its one fate, each letter goes out once."""
    lots, slowest, under_way = random.Random(3), 0.0, 0
    house.ask("once")  # makes the database; its making is tested elsewhere
    for start in range(0, 60, 2):
        house.fill(*MAILS[start : start + 2])
        before, turns = house.traces(), house.said("turn")
        daemon = started(house.start("run"))
        children: set[int] = set()
        end = time.monotonic() + lots.uniform(0, 0.5)
        while time.monotonic() < end:
            children |= offspring(daemon.pid)
            time.sleep(0.01)
        children |= offspring(daemon.pid)
        under_way += house.traces() != before and house.said("turn") == turns
        asked = time.monotonic()
        assert stop(daemon) == 0, house.log()
        slowest = max(slowest, time.monotonic() - asked)
        assert not any(map(lives, children))
    print(f"30 stops, {under_way} in mid-turn; the slowest took {slowest:.2f} s")  # noqa: T201 - shown with -rP
    house.ask("once")
    assert house.fates() == FATES
    assert dense(house.numbers())
    acknowledged = house.acknowledgements(sink.taken)
    assert (len(acknowledged), acknowledged.total()) == (LOGGED, LOGGED)
    assert house.said("trouble") == 0, house.log()


@pytest.mark.parametrize("command", ["CONNECT", "DATA", "DOT"])
def test_a_stop_while_the_relay_is_silent(house: House, sink: Sink, command: Command) -> None:
    """A relay that never answers does not hold up the end for longer than ten seconds."""
    sink.say(command, HANG)
    house.fill(MAILS[0])
    daemon = house.start("run")
    try:
        until(lambda: command in sink.commands, 30)
        assert stop(daemon) == 0, house.log()
    finally:
        daemon.kill()
        daemon.wait()
    sink.behave()
    house.ask("once")
    assert house.acknowledgements(sink.taken).total() == 1


def test_a_stop_while_the_mail_server_is_silent(tmp_path: Path, sink: Sink) -> None:
    """Nor does a mail server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        house = House.build(tmp_path / "office", "box@meridell.example", silent.getsockname()[1], sink.port)
        daemon = house.start("run")
        try:
            line, _ = silent.accept()
            with line:
                time.sleep(0.2)
                assert stop(daemon) == 0, house.log()
        finally:
            daemon.kill()
            daemon.wait()


def test_a_stop_while_an_attachment_is_read(house: House, sink: Sink) -> None:
    """Nor does a file whose reader hangs; its mail is not to blame and is handled at the next start."""
    house.fill(MAILS[0])
    daemon = house.start("run")
    try:
        until(lambda: any(map(reads_attachments, offspring(daemon.pid))), 30)
        (child,) = offspring(daemon.pid)
        os.kill(child, signal.SIGSTOP)
        assert stop(daemon) == 0, house.log()
        assert not lives(child)
    finally:
        daemon.kill()
        daemon.wait()
    house.ask("once")
    assert house.fates() == {"registered": 1}
