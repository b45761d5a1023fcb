"""python -m bench.ingest: mails a second of the whole process, over a real Dovecot and SMTP server.

Fills a mailbox with N mails (a third Word, a third Excel, a third plain), runs `cmpbot once` as a
process of its own and reports what it cost: start-up, fetch, read, register, acknowledge and post.
Once on a fresh store, once on top of many stored and posted change requests, in turn; medians of the runs.
What is done once is done before, by a turn over three mails: the database, the holidays, the
compiled templates, the blank forms on the posting.
"""

import argparse
import imaplib
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bench.mails import mails
from bench.sink import sink
from bench.stored import fill
from tests.house import House
from tests.servers import PASSWORD, Dovecot
from tests.warm import ENVIRONMENT

FORMATS = 3
"""Word, Excel and plain text, in turn."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run cost: seconds by the wall and of CPU (children included), and the main
    process's peak memory in MiB."""

    mails: int
    wall: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.wall

    @property
    def each(self) -> float:
        """Milliseconds of CPU a mail."""
        return 1000 * self.cpu / self.mails


def load(dovecot: Dovecot, user: str, count: int, seed: int) -> None:
    """Fill a user's inbox; not part of what is measured."""
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as line:
        line.login(user, PASSWORD)
        for raw in mails(count, seed):
            line.append("INBOX", "", "", raw)


def prepare(house: House, dovecot: Dovecot) -> None:
    """Do what is done once: the first start, and the first mail of each format."""
    load(dovecot, house.mailbox, FORMATS, seed=0)
    subprocess.run(house.command("once"), check=True, capture_output=True, env=ENVIRONMENT)


def peak_of(pid: int, peaks: list[float]) -> None:
    """Watch a process's peak memory (VmHWM) until it is gone."""
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        peaks += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        time.sleep(0.02)


def measure(house: House, count: int) -> Run:
    """One `cmpbot once` over a filled mailbox."""
    before, start = os.times(), time.perf_counter()
    process = subprocess.Popen(
        house.command("once", "--json"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    peaks: list[float] = [0.0]
    watcher = threading.Thread(target=peak_of, args=(process.pid, peaks))
    watcher.start()
    out, _ = process.communicate(timeout=600)
    wall, after = time.perf_counter() - start, os.times()
    watcher.join()
    answer = json.loads(out)
    if answer["fates"] != {"registered": count} or answer["sent"] != 2 * count:
        raise SystemExit(f"the run did not do its work: {answer}")
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return Run(count, wall, cpu, max(peaks))


def report(name: str, runs: list[Run]) -> None:
    """One line a kind of run: medians, with the range of the rates."""
    rates = [run.rate for run in runs]
    print(
        f"{name:<24} {statistics.median(rates):6.1f} mails/s [{min(rates):.0f} .. {max(rates):.0f}]   "
        f"{statistics.median(run.each for run in runs):5.2f} ms CPU a mail   "
        f"peak {statistics.median(run.peak for run in runs):5.1f} MiB"
    )


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--stored", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ingest"))
    try:
        with Dovecot() as dovecot, sink() as port:
            compare(dovecot, port, folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(dovecot: Dovecot, port: int, folder: Path, options: argparse.Namespace) -> None:
    """Fresh and full stores in turn (A B A B: the machine's speed moves between minutes)."""
    full = House.build(folder / "full", "full@meridell.example", dovecot.imap, port)
    prepare(full, dovecot)
    start = time.perf_counter()
    fill(full, options.stored)
    # What the clock asks for on this day goes out before: after a Monthly Meeting, letters about what was left over.
    subprocess.run(full.command("once"), check=True, capture_output=True, env=ENVIRONMENT)
    subprocess.run(full.command("publish", "--all"), check=True, capture_output=True, env=ENVIRONMENT)
    print(f"{options.stored} change requests stored and posted in {time.perf_counter() - start:.0f} s", flush=True)
    fresh_runs, full_runs = [], []
    for turn in range(1, options.runs + 1):
        fresh = House.build(folder / f"fresh{turn}", f"fresh{turn}@meridell.example", dovecot.imap, port)
        prepare(fresh, dovecot)
        load(dovecot, fresh.mailbox, options.mails, seed=turn)
        fresh_runs.append(measure(fresh, options.mails))
        load(dovecot, full.mailbox, options.mails, seed=turn)
        full_runs.append(measure(full, options.mails))
    report(f"{options.mails} on a fresh store", fresh_runs)
    report(f"{options.mails} on {options.stored} stored", full_runs)
    growth = statistics.median(run.each for run in full_runs) / statistics.median(run.each for run in fresh_runs)
    print(f"CPU a mail, full to fresh: {growth:.2f}")


if __name__ == "__main__":
    main()
