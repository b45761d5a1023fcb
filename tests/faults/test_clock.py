"""Clocks that jump: back a day, on a month, while mail comes and deadlines run (reliability.md F18).

The law: numbers stay dense for each day, and what became due in between is told once. Three years of jumps in ten
time zones: tests/daemon/test_reminders.py; waits are of the monotonic clock: tests/daemon/test_weather.py.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from bot.daemon.desk import Desk
from bot.daemon.remind import remind
from bot.edge.clock import Clock
from tests.arriving import arrive
from tests.daemon.test_dialogue import WHOLE
from tests.daemon.test_take_in import NOW, written
from tests.house import dense

JUMPS = (0, -1, 0, 31, 30, 1, 31, 32)
"""Days from NOW at which the clock says it is, one after the other."""


def form(number: int) -> bytes:
    """A form of its own."""
    return written(WHOLE.replace("rejects", f"rejects, part {number}"), f"form-{number}")


def test_a_clock_that_jumps_tells_each_thing_once(desk: Desk) -> None:
    """Each form is registered once though it comes twice, and each person is told once of each stage."""
    for place, days in enumerate(JUMPS):
        now = replace(desk, clock=Clock(NOW + timedelta(days=days)))
        arrive(now, form(place), form(max(place - 1, 0)))
        remind(now)
        remind(now)
    changes = [record.change for record in desk.store.changes()]
    assert len(changes) == len(JUMPS)
    assert dense([change.number for change in changes])
    told = Counter(
        (entry.cause, entry.row.description)
        for change in changes
        for entry in desk.store.journal(change.key)
        if entry.row.action == "Reminder Sent"
    )
    assert set(told.values()) == {1}
    assert len(told) > 2
