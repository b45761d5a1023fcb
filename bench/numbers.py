"""python -m bench.numbers: many writers take numbers at once, on SQLite and on PostgreSQL.

Eight processes of 32 threads each; every writer registers so many change requests, each in a transaction of its own
that takes a number, writes the change request, its history and its letters, and commits durably. Then: is every
number there once, without a gap? The last line says so; it exits 1 where not. `--each 1000` is the long form
(256,000 registrations a database).
"""

import argparse
import multiprocessing
import shutil
import tempfile
import threading
import time
from pathlib import Path

from bench.workers import Durable
from bot.edge.store import Store
from bot.errors import Trouble
from tests.edge.registrations import NOW, PLENTY, TODAY, record, registration
from tests.postgres import running

PROCESSES, THREADS = 8, 32


def write(url: str, process: int, each: int) -> None:
    """The writers of one process."""
    names = (f"{process}-{thread}" for thread in range(THREADS))
    threads = [threading.Thread(target=register, args=(url, name, each)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def register(url: str, name: str, each: int) -> None:
    """Register so many, each again until the database had time for it."""
    left = each
    with Store(url, name, PLENTY) as store:
        while left:
            try:
                with store.begin(NOW) as unit:
                    cause = f"{name}-{left}"
                    record(unit, registration(unit.take("PC", TODAY), cause), cause)
            except Trouble:
                continue
            left -= 1


def measure(name: str, url: str, each: int) -> bool:
    """Run all writers on a database; whether the numbers are as they have to be."""
    Store.open_ready(url, "w").close()
    began = time.perf_counter()
    writers = [multiprocessing.Process(target=write, args=(url, process, each)) for process in range(PROCESSES)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took, count = time.perf_counter() - began, PROCESSES * THREADS * each
    with Store(url, "w") as store:
        numbers = store.numbers()
    well = set(numbers) == {f"PC112226-{n}" for n in range(1, count + 1)} and len(numbers) == count
    print(
        f"{name:<11} {PROCESSES * THREADS} writers, {count} numbers in {took:.0f} s: {count / took:.0f} durable commits"
        f" a second; {'unique and dense' if well else 'NOT unique and dense'}",
        flush=True,
    )
    return well


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=20, help="change requests a writer")
    options = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    folder = Path(tempfile.mkdtemp(prefix="numbers"))
    try:
        with running(Durable) as postgres:
            urls = (("SQLite", f"sqlite:///{folder}/cmpbot.sqlite"), ("PostgreSQL", postgres.database()))
            well = [measure(name, url, options.each) for name, url in urls]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(0 if all(well) else 1)


if __name__ == "__main__":
    main()
