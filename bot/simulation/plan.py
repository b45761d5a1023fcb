"""Plan: what is simulated, and what became of it. Its one rule: both are values; a plan says everything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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
class Sums:
    """What is counted of a run, or of several together, each by name."""

    fates: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, more: Mapping[str, Mapping[str, int]]) -> None:
        """Add those of another run, as `by_name` gives them."""
        for name, mine in self.by_name().items():
            mine.update(more[name])

    def by_name(self) -> dict[str, Counter[str]]:
        """All of them, by what they count."""
        return {each.name: getattr(self, each.name) for each in fields(Sums)}


@dataclass(slots=True)
class Outcome:
    """What became of a run. `broken` is empty where every law held; else it says which did not, `about` which
    numbers and ids, `at` when, and `dialogue` how it came to that."""

    plan: Plan
    broken: str = ""
    about: tuple[str, ...] = ()
    at: str = ""
    sums: Sums = field(default_factory=Sums)
    hashes: dict[str, str] = field(default_factory=dict)
    dialogue: str = ""
