"""Random moments: a daemon under load is killed or stopped, again and again, and starts again.

Its one rule: a moment is drawn from the time that the work takes here and now, so that ends fall all over it; and
what was sent by then is examined when all is over.
"""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tests.faults.audit import twice
from tests.faults.life import Life
from tests.faults.processes import lives, obeys, offspring
from tests.servers import until

LONGEST = 10.0
"""Seconds within which a daemon that is asked to must have ended."""
SHORTEST = 0.5


@dataclass(slots=True)
class Toll:
    """What was done: how often, how often of it in the middle of work, the slowest end in seconds; the ends that
    came late or in another way than asked for, the children left behind, and what was not as promised afterwards."""

    times: int = 0
    under_way: int = 0
    slowest: float = 0.0
    late: int = 0
    otherwise: int = 0
    orphans: int = 0
    twice: int = 0
    faults: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """True where nothing is to be complained of."""
        return not (self.late or self.otherwise or self.orphans or self.faults)


def under_load(
    life: Life,
    mails: Sequence[bytes],
    times: int,
    how: signal.Signals,
    seed: int = 7,
    told: Callable[[int], object] = lambda step: None,
) -> Toll:
    """Send the mails spread over so many starts of `cmpbot run`, and end each at a random moment; `told` hears of
    each."""
    lots, toll = random.Random(seed), Toll(times)
    share, longest = -(-len(mails) // times), SHORTEST
    for place in range(times):
        life.send(*mails[place * share : (place + 1) * share])
        before, turns = life.house.traces(), life.house.said("turn")
        pid = life.start("run")
        if how is signal.SIGTERM:
            until(partial(obeys, pid, how), 60)
        began = time.monotonic()
        children = _watched(pid, began + lots.uniform(0, longest))
        if life.house.said("turn") == turns:  # it takes longer here and now
            longest *= 1.25
        else:
            longest = max(longest * 0.6, SHORTEST)
        toll.under_way += life.house.traces() != before and life.house.said("turn") == turns
        asked = time.monotonic()
        life.warm.kill(how)
        code = life.warm.ended(3 * LONGEST)
        toll.slowest = max(toll.slowest, time.monotonic() - asked)
        toll.late += time.monotonic() - asked > LONGEST
        toll.otherwise += code != (0 if how is signal.SIGTERM else -how)
        toll.orphans += _left(children)
        told(1)
    assert life.turn() == 0, life.house.log()[-2000:]
    toll.twice, toll.faults = twice(life.relay.taken), tuple(life.faults())
    return toll


def _watched(pid: int, until: float) -> set[int]:
    """The children that a process has by a moment."""
    children: set[int] = set()
    while (left := until - time.monotonic()) > 0:
        children |= offspring(pid)
        time.sleep(min(left, 0.02))
    return children | offspring(pid)


def _left(children: set[int]) -> int:
    """How many children outlive their parent by more than a moment."""
    end = time.monotonic() + 2
    while (left := sum(map(lives, children))) and time.monotonic() < end:
        time.sleep(0.01)
    return left
