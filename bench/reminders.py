"""How long does the daily turn of reminders take? 2,000 change requests with open deadlines, some of
which are overdue: one turn on the real desk, letters composed and all.

`python -m bench.reminders [COUNT]`; says the seconds, the letters, and what a look costs afterwards.
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.stored import submitted
from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import Desk, open_desk
from bot.daemon.remind import remind
from bot.edge.clock import Clock
from bot.edge.store import Store
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Open, Row

BEGUN = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
CRPMS, DIRECTORS = ("brandt", "tafoya"), ("whitcomb", "sorensen")
SMES = ("pruitt", "castellano", "yazzie", "mehta")
BATCH = 200


def main(count: int) -> None:
    """Fill a store, take one turn, and say what it cost."""
    with TemporaryDirectory() as folder:
        settings = load(packaged() / "config.yaml", MORNING)
        kept = Path(folder)
        settings = replace(
            settings,
            embedded=False,
            store_url=f"sqlite:///{kept / 'cmpbot.sqlite'}",
            kept=kept,
            posting=settings.posting,
        )
        with open_desk(settings, Clock(MORNING)) as desk:
            fill(desk, desk.store, count)
            seconds, cpu, owed = timed(desk)
            letters = [letter for letter in desk.store.letters() if letter.created_at >= MORNING]
            largest = max(len(desk.store.wire(letter.id) or b"") for letter in letters)
            again, _, none = timed(desk)
            look = once_more(desk)
        print(f"{count} change requests: {owed} letters in {seconds:.2f} s ({cpu:.2f} s CPU), one a person:", end=" ")
        print(f"{len({letter.recipient for letter in letters}) == len(letters)}, the largest {largest // 1024} kB")
        print(f"a second look the same day: {none} letters, {again * 1000:.1f} ms; due alone: {look * 1000:.1f} ms")


def fill(desk: Desk, store: Store, count: int) -> None:
    """Change requests with everybody assigned, due from a week ago to a week ahead."""
    office = desk.settings.office
    for start in range(0, count, BATCH):
        with store.begin(BEGUN) as unit:
            for number in range(start, min(start + BATCH, count)):
                event = submitted(number, BEGUN, unit.take("PC", office.calendar.local_date(BEGUN)), office)
                change = decide(None, event, office, BEGUN).change
                assert change is not None
                unit.record(begun(change, number), event.cause, desk.compose, desk.message_id)


def begun(change: ChangeRequest, number: int) -> Decision:
    """It stands at the clarification, and two deadlines run."""
    people = {
        "crpm": (CRPMS[number % 2],),
        "director": (DIRECTORS[number % 2],),
        "smes": (SMES[number % 4], SMES[(number + 1) % 4]),
    }
    due = date(2026, 11, 16) + timedelta(days=number % 14)
    clocks = (
        Open(Deadline(DeadlineKind.CLARIFY, due)),
        Open(Deadline(DeadlineKind.OPTIONS, due + timedelta(days=5))),
    )
    row = Row("CR Submitted", "it came", BEGUN, "bot")
    after = replace(change, step=Step.CLARIFICATION, people=people)
    return Decision(Fate.REGISTERED, change=after, rows=(row,), effects=clocks)


def timed(desk: Desk) -> tuple[float, float, int]:
    """The seconds of a turn, those of the processor, and how many letters it owed."""
    start, cpu = time.perf_counter(), time.process_time()
    owed = remind(desk)
    return time.perf_counter() - start, time.process_time() - cpu, owed


def once_more(desk: Desk) -> float:
    """The seconds of asking what runs, of a kind that seldom does."""
    start = time.perf_counter()
    desk.store.due(date(2026, 11, 23), (DeadlineKind.CORRECT, DeadlineKind.RESPOND))
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
