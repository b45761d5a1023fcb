"""Weather: which arc has trouble, and what was told of it. Its one rule: trouble is said once when it
comes and once when it goes, however many arcs it stops."""

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.edge.clock import Clock
from bot.edge.mailbox import reconnect_after
from bot.errors import Superseded, Trouble

A_BUG = "a bug"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ill:
    """The trouble that an arc has: since when (aware), in which words, whether a server has shut us out, so that
    time alone mends nothing, and when it is tried again (aware), where the arc waits for that."""

    since: datetime
    arc: str
    words: str
    locked_out: bool = False
    again: datetime | None = None

    @property
    def cause(self) -> str:
        """Whose trouble it is: the beginning of its words, up to the colon."""
        return self.words.partition(":")[0]


@dataclass(slots=True)
class Weather:
    """Which arc has trouble, how often in a row, until when it is left alone, what was told of it, and when each
    arc last did what it has to: trouble that two arcs have together is told once. `beat` is called whenever an
    arc begins and ends.

    `monotonic` gives seconds that never jump, `spread` numbers from 0 to 1 that move a wait; the waits are those
    of `reconnect_after`.
    """

    monotonic: Callable[[], float] = Clock.monotonic
    spread: Callable[[], float] = random.random
    failures: Counter[str] = field(default_factory=Counter)
    not_before: dict[str, float] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    went: dict[str, float] = field(default_factory=dict)
    beat: Callable[[], None] = lambda: None
    _ills: dict[str, tuple[float, Trouble]] = field(default_factory=dict)

    def guard(self, arc: str, turn: Callable[[], object]) -> None:
        """Turn an arc, unless it had trouble a moment ago; tell trouble when it comes and goes.

        A bug of ours that no mail is to blame for is told like trouble: the other arcs go on.
        """
        if self.monotonic() < self.not_before.get(arc, 0):
            return
        self.beat()
        try:
            turn()
        except Superseded as late:
            log.info("superseded", extra={"arc": arc, "what": str(late)})  # somebody else does it
        except Trouble as trouble:
            if not trouble.temporary:
                raise
            self.tell(arc, trouble)
            self._rest(arc, trouble.wait)
        except Exception:
            if not self.failures[arc]:
                log.exception("arc failed", extra={"arc": arc})
                self.told[arc] = A_BUG
                self._fell_ill(arc, Trouble(f"our program fails in the arc {arc}; the log says where"))
            self._rest(arc)
        else:
            self.failures.pop(arc, 0)
            self.went[arc] = self.monotonic()
            self.well(arc)
        self.beat()

    def tell(self, arc: str, trouble: Trouble) -> None:
        """Tell an arc's trouble, unless one with the same beginning (up to the colon: whose trouble it
        is) is told already."""
        cause = str(trouble).partition(":")[0]
        if cause not in self.told.values():
            log.warning("trouble", extra={"arc": arc, "what": str(trouble)})
        self.told[arc] = cause
        self._fell_ill(arc, trouble)

    def well(self, arc: str) -> None:
        """Tell that trouble is over, once no arc has it any more."""
        cause = self.told.pop(arc, "")
        self._ills.pop(arc, None)
        if cause and cause not in self.told.values():
            log.info("well again", extra={"arc": arc})

    def ills(self, now: datetime) -> tuple[Ill, ...]:
        """The troubles there are at this moment (aware), the oldest first."""
        ticks = self.monotonic()
        at = {arc: now + timedelta(seconds=tick - ticks) for arc, tick in self.not_before.items() if tick > ticks}
        found = sorted((since, arc, trouble) for arc, (since, trouble) in self._ills.items())
        return tuple(
            Ill(now - timedelta(seconds=ticks - since), arc, str(trouble), trouble.wait > 0, at.get(arc))
            for since, arc, trouble in found
        )

    def try_again(self) -> None:
        """Leave no arc alone any longer: what it stumbled over may have been mended."""
        self.not_before.clear()

    def _fell_ill(self, arc: str, trouble: Trouble) -> None:
        since, _ = self._ills.get(arc, (self.monotonic(), trouble))
        self._ills[arc] = since, trouble

    def _rest(self, arc: str, wait: float = 0) -> None:
        self.failures[arc] += 1
        pause = max(wait, reconnect_after(self.failures[arc], self.spread()))
        self.not_before[arc] = self.monotonic() + pause

    def troubled(self, arc: str) -> bool:
        """True while an arc has trouble."""
        return self.failures[arc] > 0
