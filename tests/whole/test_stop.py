"""SIGTERM while somebody else is silent: the daemon ends by itself, in time, and leaves nothing behind. At random
moments: tests/faults/test_moments.py."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.faults.processes import lives, offspring, reads_attachments
from tests.house import House, stop
from tests.mixed import MAILS
from tests.servers import HANG, Command, Sink, until

pytestmark = pytest.mark.slow


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
