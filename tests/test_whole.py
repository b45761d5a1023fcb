"""The whole program on real servers: what comes in, what goes out, and what a fault may not do."""

import imaplib
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from bench.mails import mail
from bot.edge.store import Store
from bot.workflow.effect import Fate
from tests.house import House, dense, stop
from tests.mixed import sixty
from tests.servers import PASSWORD, Dovecot, Sink, until

pytestmark = pytest.mark.slow
MAILS = tuple(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw, _ in sixty())
FATES = Counter(fate.value for _, fate in sixty())
LOGGED = 33 + 2 * 2


@pytest.fixture
def house(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> House:
    """An office whose mailbox and relay are real servers."""
    return House.build(tmp_path, dovecot.new_user(), dovecot.imap, sink.port)


def fill(dovecot: Dovecot, house: House, *mails: bytes) -> None:
    """Put mails into the office's inbox, byte for byte."""
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as line:
        line.login(house.mailbox, PASSWORD)
        for raw in mails:
            assert line.append("INBOX", "", "", raw)[0] == "OK"


def fates(house: House) -> Counter[str]:
    """How many mails have which fate."""
    return Counter(row["fate"] for row in house.ask("mail"))


def numbers(house: House) -> list[str]:
    """Every CR number."""
    return [row["number"] for row in house.ask("list", "--all") if row["number"].startswith("PC")]


def acknowledgements(house: House, sink: Sink) -> Counter[str]:
    """How often each acknowledgement was taken by the server, by its Message-ID."""
    known = {row["message_id"] for row in house.ask("letters") if row["kind"] == "acknowledgement"}
    taken = (message_from_bytes(letter.raw)["Message-ID"] for letter in sink.taken)
    return Counter(each for each in taken if each in known)


def test_sixty_mails_have_sixty_fates(house: House, dovecot: Dovecot, sink: Sink) -> None:
    """Each mail has the one fate due to it, and its folder mirrors it."""
    fill(dovecot, house, *MAILS)
    done = house.ask("once")
    assert done["failed"] == 0
    assert fates(house) == FATES
    assert len(numbers(house)) == LOGGED
    assert dense(numbers(house))
    assert len(acknowledgements(house, sink)) == LOGGED
    parked = FATES[Fate.PARKED.value]
    assert [len(dovecot.files(house.mailbox, folder)) for folder in ("", ".Processed", ".Parked")] == [
        0,
        60 - parked,
        parked,
    ]


def test_nothing_is_done_twice(house: House, dovecot: Dovecot, sink: Sink) -> None:
    """The same mails fed again, and a folder that was renumbered, change nothing."""
    fill(dovecot, house, *MAILS)
    house.ask("once")
    before, letters = (house.ask("mail"), house.ask("list", "--all")), len(sink.taken)
    fill(dovecot, house, *MAILS[:30])
    dovecot.deliver(house.mailbox, *MAILS[30:])
    house.ask("once")
    fill(dovecot, house, *MAILS)
    dovecot.renumber(house.mailbox)
    house.ask("once")
    assert (house.ask("mail"), house.ask("list", "--all")) == before
    assert len(sink.taken) == letters
    assert not dovecot.files(house.mailbox)


def test_a_second_client_may_delete_what_it_likes(house: House, dovecot: Dovecot) -> None:
    """Mails that vanish while the turn runs stop nothing; the others have their fates."""
    fill(dovecot, house, *MAILS)
    process = house.start("once")
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as line:
        line.login(house.mailbox, PASSWORD)
        while process.poll() is None:
            line.select("INBOX")
            found = line.search(None, "ALL")[1][0].split()
            if found:
                line.store(random.choice(found).decode(), "+FLAGS", r"(\Deleted)")
                line.expunge()
            time.sleep(0.03)
    assert process.returncode == 0, house.log()
    house.ask("once")
    assert not dovecot.files(house.mailbox)
    assert dense(numbers(house))
    assert None not in fates(house)


def test_sixty_kills_lose_nothing(house: House, dovecot: Dovecot, sink: Sink) -> None:
    """kill -9 at sixty random moments: sixty fates, dense numbers, no CR lost, and a letter again
    only where its final reply was under way, with the same Message-ID."""
    lots = random.Random(7)
    house.ask("once")  # makes the database; its making is tested elsewhere
    for start in range(0, 60, 5):
        fill(dovecot, house, *MAILS[start : start + 5])
        for _ in range(5):
            process = house.start("once")
            try:
                process.wait(lots.uniform(0.4, 1.3))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
    house.ask("once")
    assert fates(house) == FATES
    assert len(numbers(house)) == LOGGED
    assert dense(numbers(house))
    acknowledged = acknowledgements(house, sink)
    assert len(acknowledged) == LOGGED
    with Store(f"sqlite:///{house.folder / 'cmpbot.sqlite'}", "test") as store:
        allowed = {letter.message_id: 1 + letter.resent for letter in store.letters()}
    assert all(count <= allowed[each] for each, count in acknowledged.items())
    assert acknowledged.total() <= LOGGED + 60


def peak_memory(pid: int) -> int:
    """A process's peak memory in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def running(house: House) -> Iterator[Any]:
    """The daemon, ended by SIGTERM with exit code 0."""
    process = house.start("run")
    until(lambda: '"ready"' in house.log(), 30)
    yield process
    assert stop(process) == 0, house.log()


@pytest.fixture
def daemon(house: House) -> Iterator[Any]:
    """The daemon running in the office."""
    yield from running(house)


def test_the_daemon_resumes_when_the_relay_is_back(house: House, dovecot: Dovecot, sink: Sink, daemon: Any) -> None:
    """While no letter can be sent, mail is registered; the trouble is said once; then all go out."""
    sink.stop()
    fill(dovecot, house, *(mail(number) for number in range(3)))
    until(lambda: len(numbers(house)) == 3, 30)
    time.sleep(3)
    sink.start()
    until(lambda: len(sink.taken) == 6, 90)
    assert house.log().count('"trouble"') == 1, house.log()
    assert house.log().count('"well again"') == 1, house.log()


def test_the_daemon_resumes_when_the_mail_server_is_back(tmp_path: Path, sink: Sink) -> None:
    """A mail server that goes away and comes back is waited for, and said so once."""
    with Dovecot() as own:
        house = House.build(tmp_path, own.new_user(), own.imap, sink.port)
        process = house.start("run")
        fill(own, house, mail(1))
        until(lambda: len(sink.taken) == 2, 30)
        own.stop()
        time.sleep(4)
        own.start()
        fill(own, house, mail(2))
        until(lambda: len(sink.taken) == 4, 60)
        assert stop(process) == 0, house.log()
        assert house.log().count('"trouble"') == 1, house.log()
