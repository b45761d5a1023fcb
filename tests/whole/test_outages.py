"""What goes away and comes back: the relay, the mail server, the database, room on the disk.

The law for each: the daemon lives, says so once, loses nothing, and resumes alone.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.mails import mail
from tests.house import House, dense
from tests.mixed import FATES, LOGGED, MAILS
from tests.postgres import Postgres
from tests.servers import IN_CI, Dovecot, Sink, until
from tests.whole.conftest import Run

pytestmark = pytest.mark.slow


def test_the_relay_goes_away(house: House, sink: Sink, run: Run) -> None:
    """While no letter can be sent, mail is registered; then all letters go out."""
    run(house)
    sink.stop()
    house.fill(*(mail(number) for number in range(3)))
    until(lambda: len(house.numbers()) == 3, 30)
    until(lambda: house.said("trouble"))
    time.sleep(3)  # a second try or two
    sink.start()
    until(lambda: len(sink.taken) == 6, 60)
    until(lambda: house.said("well again"))
    assert (house.said("trouble"), house.said("well again")) == (1, 1), house.log()


def test_the_mail_server_goes_away(tmp_path: Path, sink: Sink, run: Run) -> None:
    """It is waited for, and what comes later is handled; so is what it took while we were cut off."""
    with Dovecot() as own:
        house = House.build(tmp_path / "office", own.new_user(), own.imap, sink.port)
        run(house)
        house.fill(mail(1))
        until(lambda: len(sink.taken) == 2, 30)
        own.stop()
        until(lambda: house.said("trouble"))
        time.sleep(3)  # a second try or two
        own.start()
        house.fill(mail(2))
        until(lambda: len(sink.taken) == 4, 60)
        until(lambda: house.said("well again"))
        assert (house.said("trouble"), house.said("well again")) == (1, 1), house.log()


KILOBYTE = 1024


class SmallDisk:
    """A file system of a few megabytes, which can be filled up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Use all its room, but for so many bytes."""
        with self._ballast.open("wb", buffering=0) as ballast:
            while (free := self._free() - leave) > 0:
                ballast.write(bytes(min(free, 64 * KILOBYTE)))

    def free(self) -> None:
        """Give all room back."""
        self._ballast.unlink()

    def _free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_bsize


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A small file system mounted on a folder, which only root may do."""
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs"]
    mounted = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        if IN_CI and os.getuid() == 0 and "permission denied" not in mounted.stderr.lower():
            pytest.fail(mounted.stderr)
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("leave", [0, 2000 * KILOBYTE, 3000 * KILOBYTE])
def test_the_disk_of_the_store_is_full(tmp_path: Path, dovecot: Dovecot, sink: Sink, run: Run, leave: int) -> None:
    """With no room at all, and where it ends in the middle of a batch: every mail has its one fate
    once there is room again, numbers dense, every letter sent once."""
    with small_disk(tmp_path / "disk", 16) as disk:
        store = f"sqlite:///{disk.folder}/cmpbot.sqlite"
        house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, store)
        daemon = run(house)
        house.fill(*MAILS[:5])
        until(lambda: len(sink.taken) == 10, 30)
        disk.fill(leave)
        house.fill(*MAILS[5:])
        until(lambda: house.said("trouble"), 30)
        time.sleep(3)  # a second try or two
        disk.free()
        check_all_came(house, sink, daemon)


def test_the_disk_of_the_posting_is_full(tmp_path: Path, dovecot: Dovecot, sink: Sink, run: Run) -> None:
    """Mail is registered and acknowledged meanwhile; the pages follow when there is room."""
    with small_disk(tmp_path / "office" / "site", 2) as disk:
        house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port)
        daemon = run(house)
        house.fill(*MAILS[:5])
        until(lambda: house.said("turn"), 30)
        disk.fill()
        house.fill(*MAILS[5:])
        until(lambda: house.said("trouble"), 30)
        until(lambda: len(house.numbers()) == LOGGED, 30)
        disk.free()
        check_all_came(house, sink, daemon)
        until(lambda: house.said("well again"), 30)
        assert (house.said("trouble"), house.said("well again")) == (1, 1), house.log()
        posted = {row["number"] for row in house.ask("list", "--all") if row["number"].startswith("PC")}
        until(lambda: posted <= {path.stem for path in (house.folder / "site").rglob("*.html")}, 30)


def check_all_came(house: House, sink: Sink, daemon: Any, times: int = 1) -> None:
    """The sixty mails have their fates, and their letters have gone out, once each; trouble was said
    as often as it came."""
    until(lambda: house.fates() == FATES, 40)
    until(lambda: {row["state"] for row in house.ask("letters")} == {"sent"}, 40)
    assert daemon.poll() is None, house.log()
    assert dense(house.numbers())
    assert len(house.numbers()) == LOGGED
    acknowledged = house.acknowledgements(sink.taken)
    assert len(acknowledged) == LOGGED
    # The mark that a letter was sent may be lost with the store's place, which nothing can help.
    assert acknowledged.total() <= LOGGED + times
    assert house.said("trouble") <= times, house.log()


def test_the_database_cuts_its_connections(
    tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Postgres, run: Run
) -> None:
    """A restart of the server in the middle of a batch costs a try, and no mail."""
    url = postgres.database()
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, url)
    daemon, lots = run(house), random.Random(5)
    for start in range(0, 60, 10):
        house.fill(*MAILS[start : start + 10])
        time.sleep(lots.uniform(0.1, 0.5))
        postgres.cut(url)
    check_all_came(house, sink, daemon, times=6)


def test_the_database_goes_away(tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Postgres, run: Run) -> None:
    """Refused for a while in the middle of a batch, the daemon takes up again what it had begun."""
    url = postgres.database()
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, url)
    daemon = run(house)
    house.fill(*MAILS)
    until(lambda: len(sink.taken) > 5, 30)
    admit(url, allow=False)
    postgres.cut(url)
    until(lambda: house.said("trouble"), 30)
    time.sleep(3)  # a second try or two
    admit(url, allow=True)
    check_all_came(house, sink, daemon)


def admit(url: str, *, allow: bool) -> None:
    """Let clients into a database, or none any more."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")
