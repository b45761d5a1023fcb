"""Seeds: runs of the simulation one after the other, added up, and the smallest set of faults that still breaks
a law.

Its one rule: each run lives in a folder of its own, in memory where the system has one for that, and leaves
nothing behind.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import Settings
from bot.daemon.desk import GARBAGE
from bot.simulation.faults import Fault
from bot.simulation.plan import Outcome, Plan, Sums
from bot.simulation.premises import Premises
from bot.simulation.world import World

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made in it
Told = Callable[[int], None]


@dataclass(slots=True)
class Total:
    """What runs came to together."""

    months: int = 0
    sums: Sums = field(default_factory=Sums)
    broken: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add a run."""
        self.months += outcome.plan.months
        self.sums.add(outcome.sums.by_name())
        if outcome.broken:
            self.broken.append(outcome)


@contextmanager
def opened(settings: Settings) -> Iterator[Premises]:
    """What all runs of this process share; it is made once, and taken away in the end."""
    with _folder() as aside:
        premises, before = Premises.of(settings, aside), gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE)
        gc.enable()
        try:
            yield premises
        finally:
            gc.set_threshold(*before)
            gc.unfreeze()


@contextmanager
def _quiet() -> Iterator[None]:
    """What the daemon says of the faults of the world is not wanted for a while."""
    log = logging.getLogger("bot")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def simulated(plan: Plan, premises: Premises, told: Told = lambda months: None) -> Outcome:
    """One run; `told` hears of each month that is over."""
    with _quiet(), _folder() as folder:
        return World(plan, premises, folder).live(told)


def smallest(outcome: Outcome, premises: Premises) -> Outcome:
    """A broken run once more with as few kinds of faults as still break the same law, each left out in turn. The
    lots of the others do not move by it."""
    law = outcome.broken.partition(":")[0]
    for kind in Fault:
        fewer = replace(outcome.plan, kinds=outcome.plan.kinds - {kind})
        if len(fewer.kinds) < len(outcome.plan.kinds):
            tried = simulated(fewer, premises)
            if tried.broken.partition(":")[0] == law:
                outcome = tried
    return outcome


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="cmpbot-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as name:
        yield Path(name)
