"""Chance: everything that is left to it, from one seed.

Its one rule: whoever draws has a stream of their own, known by name. So what one of them draws moves nobody
else's lots, and a run without one kind of fault has all others where they were.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """One stream of lots. The same name always gives the same ones, on every machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._random = Random(name)  # noqa: S311 - it has to come out the same again

    def of(self, name: str) -> "Chance":
        """The stream of somebody else."""
        return Chance(f"{self.name}/{name}")

    def spread(self) -> float:
        """A number from 0 to 1."""
        return self._random.random()

    def hits(self, share: float) -> bool:
        """True in so many of all cases (0 to 1)."""
        return self._random.random() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` up to and with `most`."""
        return self._random.randint(least, most)

    def one(self, among: Sequence[T]) -> T:
        """One of some."""
        return among[self._random.randrange(len(among))]

    def some(self, among: Sequence[T], count: int) -> tuple[T, ...]:
        """So many different ones of some, or all of them, in their order."""
        places = sorted(self._random.sample(range(len(among)), min(count, len(among))))
        return tuple(among[place] for place in places)

    def weighed(self, table: Sequence[tuple[float, T]]) -> T:
        """One of a table's rows, each as often as its weight says."""
        left = self._random.random() * sum(weight for weight, _ in table)
        for weight, row in table:
            left -= weight
            if left < 0:
                return row
        return table[-1][1]

    def wait(self, least: timedelta, most: timedelta) -> timedelta:
        """A while between two bounds, in whole seconds."""
        return timedelta(seconds=self._random.randint(int(least.total_seconds()), int(most.total_seconds())))

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        return self._random.randbytes(count)
