"""python -m bench.workers: what more workers on one mailbox and one PostgreSQL bring, and that none spoils it.

Fills a mailbox of a real Dovecot with N mails and lets 1, 2 and 4 `cmpbot run` work it off, against a PostgreSQL
that syncs its log and an SMTP server that takes everything; then four of them while one is killed (-9), the leader
as often as any other, and started anew every few seconds. What then lies in the database, was sent and was posted is
held against what was put in: every mail one fate, numbers dense, no letter twice but in the window after its final
dot. A short form of this is a test (tests/workers).
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.ingest import load, prepare
from bench.sink import sink
from tests.faults.audit import copies
from tests.house import House, dense, started, stop
from tests.postgres import Postgres, running
from tests.servers import Dovecot, Sink, Taken

# A mail that several times was in work when a worker was killed would be set aside; here none is to blame.
PATIENT = ", attempts: 100"
POLL = 0.1  # seconds between two looks at how far they are
LEFT = """
SELECT (SELECT count(*) FROM mail WHERE fate IS NOT NULL OR copy_of IS NOT NULL),
       (SELECT count(*) FROM letter WHERE next_try IS NOT NULL), (SELECT count(*) FROM dirty)
"""
POSTED_TWICE = """
SELECT cr FROM journal WHERE kind = 'CR Posted to Web' GROUP BY cr HAVING count(*) > 1
"""


class Durable(Postgres):
    """A PostgreSQL that keeps what it has committed, as in earnest."""

    settings: tuple[str, ...] = ("max_connections=300", "shared_buffers=128MB", "unix_socket_directories=")


@dataclass(slots=True)
class Team:
    """Some `cmpbot run` on one office."""

    house: House
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0
    leaders: int = 0  # of those that were killed

    def start(self, count: int) -> None:
        """Add workers."""
        self.workers += [self.house.start("run") for _ in range(count)]

    def kill(self, lots: random.Random) -> None:
        """kill -9 for one of those that have begun to work, and another in its place."""
        victim = lots.choice(self.workers)
        started(victim)
        self.leaders += leader(self.house) == victim.pid
        victim.kill()
        victim.wait()
        self.workers.remove(victim)
        self.killed += 1
        self.start(1)

    def stop(self) -> None:
        """SIGTERM for all; each has to end within ten seconds, with 0."""
        codes = [stop(started(worker)) for worker in self.workers]
        assert not any(codes), f"exit codes {codes}"
        self.workers.clear()

    def end(self) -> None:
        """Leave none behind, whatever has happened."""
        for worker in self.workers:
            worker.kill()
            worker.wait()


@contextmanager
def team(house: House, count: int) -> Iterator[Team]:
    """So many workers, all gone in the end."""
    workers = Team(house)
    try:
        workers.start(count)
        yield workers
    finally:
        workers.end()


def asked(house: House, query: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with psycopg.connect(house.store, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def leader(house: House) -> int:
    """The process that leads, 0 for none."""
    held = asked(house, "SELECT holder FROM lease WHERE name = 'leader'")
    return int(held[0][0].split(":")[1]) if held and held[0][0] else 0


def await_work(house: House, mails: int, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> list[float]:
    """Wait until every mail has its fate, every letter has gone and every page is there; gives when each of the
    three was so, in seconds from now."""
    began, done = time.monotonic(), [0.0, 0.0, 0.0]
    while not all(done):
        time.sleep(POLL)
        meanwhile()
        now = time.monotonic() - began
        if now > seconds:
            raise SystemExit(f"not done within {seconds} s: {asked(house, LEFT)}\n{house.log()[-3000:]}")
        fates, letters, pages = asked(house, LEFT)[0]
        done[0] = done[0] or (now if fates >= mails else 0)
        done[1] = done[1] or (now if done[0] and not letters else 0)
        done[2] = done[2] or (now if done[1] and not pages else 0)
    return done


def kill_now_and_then(workers: Team, every: float, seed: int, kills: int) -> Callable[[], None]:
    """What kills a worker about every so many seconds, so many in all, when it is called often."""
    lots, last = random.Random(seed), time.monotonic()

    def perhaps() -> None:
        nonlocal last
        if workers.killed < kills and time.monotonic() - last >= every:
            workers.kill(lots)
            last = time.monotonic()

    return perhaps


def spoiled(house: House, taken: Iterable[Taken], mails: int) -> list[str]:
    """What is not as it has to be after so many mails, each of which registers one change request."""
    found = []
    if house.fates() != {"registered": mails}:
        found.append(f"fates {dict(house.fates())}")
    numbers = house.numbers()
    if len(numbers) != mails or not dense(numbers):
        found.append(f"{len(numbers)} numbers, dense: {dense(numbers)}")
    with house.open_store() as store:
        letters = store.letters()
    came = copies(taken)
    twice = {each.message_id for each in letters if came[each.message_id] > 1 + each.resent}
    missing = {each.message_id for each in letters if not came[each.message_id]}
    if twice or missing or len(letters) != 2 * mails:
        found.append(f"{len(letters)} letters, {len(twice)} sent too often, {len(missing)} never")
    if again := asked(house, POSTED_TWICE):
        found.append(f"{len(again)} posted twice")
    told = house.ask("verify")
    if not told["well"]:
        found.append(f"verify: {told}")
    return found


def repeated(taken: Iterable[Taken]) -> int:
    """How many letters came more than once."""
    return sum(count > 1 for count in copies(taken).values())


def measure(
    dovecot: Dovecot, postgres: Postgres, port: int, folder: Path, mails: int, workers: int
) -> tuple[float, ...]:
    """Work off so many mails; gives the three moments of `await_work` and the workers' milliseconds of CPU a mail.
    Their start counts, as it does where one is added.
    """
    house = House.build(folder, dovecot.new_user(), dovecot.imap, port, postgres.database(), PATIENT)
    prepare(house, dovecot)
    load(dovecot, house.mailbox, mails, seed=workers)
    before = os.times()
    with team(house, workers) as crew:
        times = await_work(house, mails + 3, 900)
        crew.stop()
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return *times, 1000 * used / mails


def kills(dovecot: Dovecot, postgres: Postgres, folder: Path, mails: int, workers: int, every: float) -> None:
    """The same while workers die; says what was spoiled."""
    with Sink() as taker:
        house = House.build(folder, dovecot.new_user(), dovecot.imap, taker.port, postgres.database(), PATIENT)
        house.ask("once")
        load(dovecot, house.mailbox, mails, seed=9)
        with team(house, workers) as crew:
            times = await_work(house, mails, 1800, kill_now_and_then(crew, every, 7, 1_000_000))
            crew.stop()
        found = spoiled(house, taker.taken, mails)
        print(
            f"{mails} mails, {workers} workers, one killed every {every:.0f} s: {crew.killed} killed, {crew.leaders} of"
            f" them led; {mails / times[0]:.1f} mails/s; all letters gone after {times[1]:.0f} s, all pages there after"
            f" {times[2]:.0f} s; {repeated(taker.taken)} letters came twice, each in the window"
        )
        print("spoiled: " + ("; ".join(found) or "nothing"))
        if found:
            raise SystemExit(1)


def report(workers: int, runs: Sequence[tuple[float, ...]], mails: int, alone: float) -> float:
    """One line for a number of workers; gives the rate."""
    fates, letters, pages, used = (statistics.median(each) for each in zip(*runs, strict=True))
    rate: float = mails / fates
    print(
        f"{workers} workers  {rate:6.1f} mails/s ({rate / (alone or rate):.2f} of one)   letters {mails / letters:6.1f}"
        f" mails/s   pages after {pages:5.1f} s   {used:5.2f} ms CPU a mail in the workers",
        flush=True,
    )
    return rate


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--every", type=float, default=3, help="seconds between two kills; 0 for none")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="workers"))
    try:
        with Dovecot() as dovecot, sink() as port, running(Durable) as postgres:
            alone = 0.0
            for workers in options.workers:
                places = (folder / f"w{workers}.{turn}" for turn in range(options.runs))
                runs = [measure(dovecot, postgres, port, place, options.mails, workers) for place in places]
                rate = report(workers, runs, options.mails, alone)
                alone = alone or rate
            if options.every:
                kills(dovecot, postgres, folder / "kills", options.mails, 4, options.every)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
