"""python -m bench.posting: what the posting costs to build, and what its register weighs.

For each number of stored change requests: a full build (`publish --all`), then one change at a time, in the two
rhythms in which a daemon follows it: what is there at once, and what waits until no mail does. Last the first
load of the register: the page, the style, the script and what its filters offer, compressed as a server would.
The older change requests are closed, as they would be.
"""

import argparse
import gzip
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bench.stored import fill, letter_bytes, letter_id
from bot.config import load
from bot.daemon.desk import Desk, open_desk
from bot.daemon.publish import publish, publish_some
from bot.edge.clock import Clock
from bot.workflow.effect import Decision, Fate, Publish, Row
from tests.house import House

STARTED = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
OPEN = 250  # how many of the newest stay open
FIRST_LOAD = ("register.html", "site.css", "register.js", "data/months.js")
CLOSE = """
UPDATE change SET phase = 'Completion', step = '11', open = 0,
       state = json_set(state, '$.phase', 'Completion', '$.step', '11')
WHERE key NOT IN (SELECT key FROM change ORDER BY received_at DESC LIMIT :most)
"""


Cost = tuple[float, float]
"""Milliseconds of CPU, and by the wall."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured with so many stored: pages and seconds of the full build, the milliseconds of CPU and by
    the wall of each change at once and at rest, and the bytes of the first load, compressed."""

    stored: int
    pages: int
    seconds: float
    at_once: Sequence[Cost]
    at_rest: Sequence[Cost]
    weight: int

    def __str__(self) -> str:
        told = [
            f"{name} {_median(costs, 0):.1f} ms of CPU, {_median(costs, 1):.1f} by the wall (worst {max(costs)[0]:.1f})"
            for name, costs in (("at once", self.at_once), ("at rest", self.at_rest))
        ]
        return (
            f"{self.stored:6} CRs: full build {self.pages} pages in {self.seconds:.1f} s of CPU"
            f" ({self.pages / self.seconds:.0f}/s); one change {'; '.join(told)};"
            f" first load {self.weight / 1000:.1f} kB"
        )


def _median(costs: Sequence[Cost], place: int) -> float:
    return statistics.median(cost[place] for cost in costs)


def measure(folder: Path, stored: int, changes: int) -> Found:
    """Fill a store, build everything, then follow changes of old and new ones one by one."""
    house = House.build(folder, "cmpcr@meridell.example", 1, 1)
    fill(house, stored)
    with open_desk(load(house.folder / "config.yaml"), Clock(STARTED)) as desk:
        with desk.store.engine.begin() as connection:
            connection.execute(text(CLOSE), {"most": OPEN})
        desk.store.soil(STARTED)
        start = time.process_time()
        pages = publish(desk, full=True)
        seconds = time.process_time() - start
        numbers = [record.change.number for record in reversed(desk.store.changes())]
        chosen = [numbers[place * (stored - 1) // max(1, changes - 1)] for place in range(changes)]
        times = [follow(desk, number) for number in chosen]
        weight = sum(len(gzip.compress((desk.site.root / path).read_bytes())) for path in FIRST_LOAD)
    return Found(stored, pages, seconds, [once for once, _ in times], [rest for _, rest in times], weight)


def follow(desk: Desk, number: str) -> tuple[Cost, Cost]:
    """Change one, and give the cost until its pages lie there, and until everything else does."""
    now = desk.clock.now()
    with desk.store.begin(now) as unit:
        change = unit.change_numbered(number)
        row = Row("Record Update", f"Looked at again: {number}", now, "brook")
        unit.record(Decision(Fate.OBEYED, "", change, (row,), (Publish(),)), number, letter_bytes, letter_id)
    times = []
    for at_rest in (False, True):
        cpu, wall = time.process_time(), time.perf_counter()
        while publish_some(desk, at_rest=at_rest)[1]:
            pass
        times.append((1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)))
    return times[0], times[1]


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="*", default=[300, 20_000])
    parser.add_argument("--changes", type=int, default=15)
    options = parser.parse_args()
    for stored in options.stored:
        with tempfile.TemporaryDirectory(prefix="posting") as folder:
            print(measure(Path(folder), stored, options.changes))


if __name__ == "__main__":
    main()
