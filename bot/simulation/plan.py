"""Plan: what is simulated, and what became of it. Its one rule: both are values; a plan says everything."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.simulation.faults import ALL, Fault

START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
MONTH = timedelta(days=365.25 / 12)
CALM = timedelta(days=9)
"""At the end nobody writes any more, and all servers are there: longer than a letter is tried."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: a seed, how many months from when on (aware), the kinds of faults, and every how many months
    the laws that take long are looked at in between (0: only in the end)."""

    seed: int
    months: int
    kinds: frozenset[Fault] = ALL
    whole_every: int = 6
    start: datetime = START

    @property
    def ends(self) -> datetime:
        """When its last month is over (aware)."""
        return self.start + self.months * MONTH


@dataclass(slots=True)
class Outcome:
    """What became of a run. `broken` is empty where every law held; else it says which did not, `about` which
    numbers and ids, `at` when, and `dialogue` how it came to that."""

    plan: Plan
    broken: str = ""
    about: tuple[str, ...] = ()
    at: str = ""
    fates: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    hashes: dict[str, str] = field(default_factory=dict)
    dialogue: str = ""
