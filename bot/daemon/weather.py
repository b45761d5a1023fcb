"""Weather: which arc has trouble, and what was told of it. Its one rule: trouble is said once when it
comes and once when it goes, however many arcs it stops."""

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.edge.clock import Clock
from bot.edge.mailbox import reconnect_after
from bot.errors import Trouble

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Weather:
    """Which arc has trouble, how often in a row, until when it is left alone, and what was told of it:
    trouble that two arcs have together is told once.

    `monotonic` gives seconds that never jump, `spread` numbers from 0 to 1 that move a wait; the waits are those
    of `reconnect_after`.
    """

    monotonic: Callable[[], float] = Clock.monotonic
    spread: Callable[[], float] = random.random
    failures: Counter[str] = field(default_factory=Counter)
    not_before: dict[str, float] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def guard(self, arc: str, turn: Callable[[], None]) -> None:
        """Turn an arc, unless it had trouble a moment ago; tell trouble when it comes and goes.

        A bug of ours that no mail is to blame for is told like trouble: the other arcs go on.
        """
        if self.monotonic() < self.not_before.get(arc, 0):
            return
        try:
            turn()
        except Trouble as trouble:
            if not trouble.temporary:
                raise
            self.tell(arc, trouble)
            self._rest(arc, trouble.wait)
        except Exception:
            if not self.failures[arc]:
                log.exception("arc failed", extra={"arc": arc})
                self.told[arc] = "a bug"
            self._rest(arc)
        else:
            self.failures.pop(arc, 0)
            self.well(arc)

    def tell(self, arc: str, trouble: Trouble) -> None:
        """Tell an arc's trouble, unless one with the same beginning (up to the colon: whose trouble it
        is) is told already."""
        cause = str(trouble).partition(":")[0]
        if cause not in self.told.values():
            log.warning("trouble", extra={"arc": arc, "what": str(trouble)})
        self.told[arc] = cause

    def well(self, arc: str) -> None:
        """Tell that trouble is over, once no arc has it any more."""
        cause = self.told.pop(arc, "")
        if cause and cause not in self.told.values():
            log.info("well again", extra={"arc": arc})

    def _rest(self, arc: str, wait: float = 0) -> None:
        self.failures[arc] += 1
        pause = max(wait, reconnect_after(self.failures[arc], self.spread()))
        self.not_before[arc] = self.monotonic() + pause

    def troubled(self, arc: str) -> bool:
        """True while an arc has trouble."""
        return self.failures[arc] > 0
