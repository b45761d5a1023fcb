"""The loop: turns the arcs, waits, and keeps turning whatever goes wrong in the world.

Its one rule: trouble is said once when it comes and once when it goes; the arc that has it waits
and tries again, the other arcs go on.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import schedule

from bot.daemon.desk import Desk
from bot.daemon.give_out import give_out
from bot.daemon.publish import publish
from bot.daemon.take_in import take_in
from bot.edge.mailbox import reconnect_after
from bot.errors import Trouble
from bot.workflow.effect import Fate

log = logging.getLogger(__name__)

OUTBOX_EVERY = 15
PUBLISH_EVERY = 5


@dataclass(slots=True)
class Turn:
    """What one turn of all arcs did."""

    fates: Counter[Fate] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    pages: int = 0


@dataclass(slots=True)
class Weather:
    """Which arc has trouble, and since how many tries; so that each is told once."""

    failures: Counter[str] = field(default_factory=Counter)

    def guard(self, arc: str, turn: Callable[[], None]) -> bool:
        """Turn an arc; False when the world did not let it."""
        try:
            turn()
        except Trouble as trouble:
            self.failures[arc] += 1
            if self.failures[arc] == 1:
                log.warning("trouble", extra={"arc": arc, "what": str(trouble)})
            if not trouble.temporary:
                raise
            return False
        if self.failures.pop(arc, 0):
            log.info("well again", extra={"arc": arc})
        return True


def turn_once(desk: Desk, weather: Weather) -> Turn:
    """One turn of all arcs: take in batch by batch, sending after each, then publish."""
    turn = Turn()

    def send() -> None:
        turn.letters.update(give_out(desk))

    def take() -> None:
        for fates in take_in(desk):
            turn.fates.update(fates)
            weather.guard("outbox", send)

    def post() -> None:
        turn.pages += publish(desk)

    weather.guard("mailbox", take)
    weather.guard("outbox", send)
    weather.guard("site", post)
    if turn.fates or turn.letters or turn.pages:
        log.info("turn", extra={"fates": dict(turn.fates), **turn.letters, "pages": turn.pages})
    return turn
