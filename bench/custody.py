"""How long do a backup, its restoration, a whole verification, an erasure and an import take? A full store, its
mailbox on a Dovecot; a register of 5,000 rows.

`python -m bench.custody [COUNT]`; says seconds by the clock, the size of the backup, and the peak of each process.
"""

import csv
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.mails import mail
from bench.stored import fill
from bot.config import load
from bot.daemon.desk import open_desk
from bot.daemon.take_in import take_in, tidy
from bot.edge.clock import Clock
from tests.house import House
from tests.servers import Dovecot, Sink
from tests.warm import ENVIRONMENT

ROWS = 5_000
ORIGINATOR = "person@bench00.example"
"""Of a fortieth of the filled store, under a name of their own."""
STATUSES = ("Completed", "Completed", "Completed", "Denied", "Withdrawn", "Presented", "Development", "Deferred")
SINCE = 50
"""Mails that came after the backup."""


def main(count: int) -> None:
    """Fill a store, back it up, take in some more, and restore it elsewhere."""
    with TemporaryDirectory(prefix="cmpbot-bench-", dir="/tmp") as folder, Dovecot() as dovecot, Sink() as sink:
        run(Path(folder), dovecot, sink, count)


def run(folder: Path, dovecot: Dovecot, sink: Sink, count: int) -> None:
    """The three commands, measured one by one."""
    house = House.build(folder / "here", dovecot.new_user(), dovecot.imap, sink.port)
    fill(house, count)
    backup = folder / "backup"
    timed(house, "verify")
    timed(house, "backup", str(backup))
    print(f"{backup.stat().st_size / 1e6:.0f} MB")
    house.fill(*(mail(number) for number in range(SINCE)))
    take(house)
    before = house.ask("list", "--all")
    elsewhere = House.build(folder / "there", house.mailbox, dovecot.imap, sink.port)
    timed(elsewhere, "restore", str(backup))
    assert elsewhere.ask("list", "--all") == before
    timed(elsewhere, "verify")
    timed(elsewhere, "erase", ORIGINATOR)
    other = House.build(folder / "other", dovecot.new_user(), dovecot.imap, sink.port)
    timed(other, "import", str(register(folder / "register.csv")))
    assert len(other.ask("list", "--all")) == ROWS


def register(file: Path) -> Path:
    """An existing register of many years."""
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(
            ("CR Number", "Title", "Status", "Status Date", "Company", "Area Impacted", "Products", "History")
        )
        for number in range(ROWS):
            day = date(2001, 1, 2) + timedelta(days=number)
            rows.writerow(
                (f"PC{day:%m%d%y}-1", f"Change {number} of the rules for orders", STATUSES[number % len(STATUSES)],
                 f"{day + timedelta(days=30):%m/%d/%Y}", f"Company {number % 40}", "Ordering; Billing", "LNP; UNE-P",
                 f"{day:%m/%d/%y} CR received. " * 40)
            )  # fmt: skip
    return file


def take(house: House) -> None:
    """Take in what waits, without the posting, which would take minutes."""
    settings = load(house.folder / "config.yaml")
    with open_desk(settings, Clock()) as desk:
        for _ in take_in(desk):
            pass
        tidy(desk)


def timed(house: House, *words: str) -> None:
    """Run a command and say how long it took."""
    start = time.perf_counter()
    subprocess.run(house.command(*words), check=True, capture_output=True, env=ENVIRONMENT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{words[0]}: {time.perf_counter() - start:.1f} s, {peak} MiB at most so far", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
