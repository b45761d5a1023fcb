"""Withheld: the mails of an inbox that the server could not give.

Its one rule: such a mail is asked for again, ever more rarely and after all others.
"""

from collections.abc import Callable, Collection, Sequence
from time import monotonic

MOST_DOUBLINGS = 12  # they pass the longest wait
NAMED = 5
FIRST, LONGEST = 1.0, 3600.0  # seconds until it is asked for again, doubling: a server may only be out of breath


def named(uids: Sequence[int]) -> str:
    """UIDs for the eyes of an operator, a few of many."""
    return ", ".join(map(str, uids[:NAMED])) + (" and more" if len(uids) > NAMED else "")


class Withheld:
    """UIDs, each with how often it could not be had and from when on it may be asked for again. `clock` gives seconds
    that never jump."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held: dict[int, tuple[int, float]] = {}

    @property
    def uids(self) -> tuple[int, ...]:
        """All of them."""
        return tuple(self._held)

    def add(self, uids: Collection[int]) -> None:
        """These could not be had just now."""
        now = self._clock()
        for uid in uids:
            times, _ = self._held.get(uid, (0, now))
            self._held[uid] = times + 1, now + min(FIRST * 2 ** min(times, MOST_DOUBLINGS), LONGEST)

    def remove(self, uids: Collection[int]) -> None:
        """These were had, or are not to blame."""
        for uid in uids:
            self._held.pop(uid, None)

    def parted(self, uids: Sequence[int]) -> tuple[list[int], list[int]]:
        """Of what is wanted, what was never withheld, and what may be asked for again. Whatever is not wanted any
        more is forgotten."""
        wanted, now = set(uids), self._clock()
        self._held = {uid: held for uid, held in self._held.items() if uid in wanted}
        return (
            [uid for uid in uids if uid not in self._held],
            [uid for uid in uids if uid in self._held and self._held[uid][1] <= now],
        )
