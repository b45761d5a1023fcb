"""Rounds: what the daemon does at intervals, whether or not mail comes.

Its one rule: a clock that is set back holds nothing up. `schedule` reckons by the wall clock, and would wait until
that has caught up: for an hour on each autumn's night, if the machine keeps local time.
"""

from collections.abc import Callable

import schedule

Round = tuple[int, Callable[[], object]]
"""How many seconds lie between two, and what is done."""


class Rounds:
    """Some rounds, each of which begins when its seconds are over."""

    def __init__(self, *rounds: Round) -> None:
        self._rounds = rounds
        self._scheduler = schedule.Scheduler()
        self._begin()

    def pause(self) -> float:
        """In how many seconds the next one is due."""
        shortest = min(seconds for seconds, _ in self._rounds)
        left = self._scheduler.idle_seconds or 0
        if left > shortest + 1:
            self._begin()
            return shortest
        return max(left, 0)

    def run(self) -> None:
        """Do what is due."""
        self._scheduler.run_pending()

    def _begin(self) -> None:
        self._scheduler.clear()
        for seconds, done in self._rounds:
            self._scheduler.every(seconds).seconds.do(done)
