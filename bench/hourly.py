"""What does an hour cost that is made anew: figures, calendars, exports, the years in one file? A full store of
which a tenth is open, one change request changes, and the hour is over; each row of the table by itself.

`python -m bench.hourly [COUNT]`; says the processor time of each, and the peak of the process.
"""

import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bench.mails import STARTED
from bench.stored import fill, letter_bytes, letter_id
from bot.config import load
from bot.daemon import figure
from bot.daemon.desk import Desk, open_desk
from bot.daemon.place import place
from bot.edge.clock import Clock
from bot.edge.store import Store
from bot.workflow.effect import Decision, Fate, Publish, Row
from tests.house import House

CLOSED = """
UPDATE change SET open = 0, phase = 'Completion', step = '11',
       state = json_set(state, '$.phase', 'Completion', '$.step', '11')
WHERE key IN (SELECT key FROM change ORDER BY received_at LIMIT :count)
"""
MET = "UPDATE deadline SET met_on = due WHERE met_on IS NULL AND cr IN (SELECT key FROM change WHERE NOT open)"


def main(count: int) -> None:
    """Fill a store, make everything, change one thing, and make it again."""
    with TemporaryDirectory() as folder:
        house = House.build(Path(folder), "cmpcr@meridell.example", 1143, 1125)
        fill(house, count)
        settings = load(house.folder / "config.yaml")
        with open_desk(settings, Clock(STARTED)) as desk:
            close(desk.store, count - count // 10)
            start = time.process_time()
            figure.figure(desk)
            print(f"{count} change requests, {count // 10} of them open; everything for the first time:", end=" ")
            print(f"{time.process_time() - start:.1f} s")
            change(desk)
            rows(replace(desk, clock=Clock(STARTED + timedelta(hours=1))))
            figure.figure(replace(desk, clock=Clock(STARTED + timedelta(hours=1))))
            start = time.process_time()
            figure.figure(replace(desk, clock=Clock(STARTED + timedelta(hours=2))))
            print(f"an hour without a change: {time.process_time() - start:.2f} s")
    print(f"peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def close(store: Store, count: int) -> None:
    """Close the oldest change requests, past the store's rules, which only a bench may do."""
    with store.engine.begin() as connection:
        connection.execute(text(CLOSED), {"count": count})
        connection.execute(text(MET))


def change(desk: Desk) -> None:
    """Something is said of the newest change request."""
    newest = desk.store.changes()[-1]
    at = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    with desk.store.begin(at) as unit:
        found = unit.change_numbered(newest.change.number)
        assert found is not None
        row = Row("Additional Information", "Said by phone", at, "bot")
        decision = Decision(Fate.OBEYED, "noted", replace(found, ended="noted"), (row,), (Publish(),))
        unit.record(decision, "bench", letter_bytes, letter_id)


def rows(desk: Desk) -> None:
    """Make what is out of date, row by row, and say what each cost."""
    start = time.process_time()
    hour = figure.look(desk)
    assert hour is not None
    print(f"an hour with one change: looking {time.process_time() - start:.2f} s", end="")
    start = time.process_time()
    hour.months.prepare(figure.MONTHS)
    print(f", its month {time.process_time() - start:.2f} s", end="")
    for row in figure.HOURLY:
        began = time.process_time()
        for each in row(hour):
            place(desk, {f"hour/{each.key}": each.make()})
        print(f", {row.__name__.strip('_')} {time.process_time() - began:.2f} s", end="")
    print(f"; together {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
