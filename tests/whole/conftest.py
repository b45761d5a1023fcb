"""The office that the tests of the whole program share: real servers, a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from tests.house import House, stop
from tests.servers import Dovecot, Sink, until

Run = Callable[[House], "Popen[bytes]"]


@pytest.fixture
def house(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> House:
    """An office whose mailbox and relay are real servers."""
    return House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port)


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts the daemon in an office, and waits until it is ready; in the end each is stopped by
    SIGTERM and must have ended well within ten seconds."""
    daemons: list[tuple[House, Popen[bytes]]] = []

    def start(house: House) -> "Popen[bytes]":
        before = house.said("ready")
        process = house.start("run")
        daemons.append((house, process))
        until(lambda: house.said("ready") > before, 60)
        return process

    try:
        yield start
        for house, process in daemons:
            assert stop(process) == 0, house.log()
    finally:
        for _, process in daemons:
            process.kill()
            process.wait()
