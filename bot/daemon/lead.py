"""Lead: one worker of many fetches, moves, reminds and publishes; all of them handle mail and send letters.

Its one rule: who leads is asked at each turn, and said when it changes; what a leader was at when it was
superseded is the new one's to do. The one process on SQLite always leads.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.daemon.desk import Desk
from bot.daemon.weather import Weather

log = logging.getLogger(__name__)

SEARCH = 5.0  # seconds between two looks for workers that died


def led(desk: Desk, turn: Callable[[], object]) -> Callable[[], None]:
    """An arc that only the leader turns: where another worker leads, it does nothing."""

    def turned() -> None:
        with desk.store.leading() as ours:
            if ours:
                turn()

    return turned


def goes_on(desk: Desk) -> bool:
    """True while what this process has claimed is its own beyond doubt, and nobody asks it to stop."""
    return desk.store.assured and not desk.clock.stopped


@dataclass(slots=True)
class Lead:
    """What this process knows of who leads: it does, it does not, or nobody has asked (None); and when it looked
    for the dead last."""

    leads: bool | None = None
    looked: float = float("-inf")

    def look(self, desk: Desk, weather: Weather) -> bool:
        """See who leads, and free what dead workers had; True where that leaves something to be done at once."""
        if not desk.store.shared:
            self.leads = True
            return False
        before, self.leads, news = self.leads, False, False  # until the database says otherwise

        def ask() -> None:
            self.leads = desk.store.lead()

        def free() -> None:
            nonlocal news
            news = desk.store.release(desk.clock.now())

        weather.guard("database", ask)
        if weather.monotonic() - self.looked >= SEARCH:
            self.looked = weather.monotonic()
            weather.guard("database", free)
        if before != self.leads:
            log.info("leads" if self.leads else "follows")
            # Whoever led meanwhile may have carried the posting; whoever leads no more must not.
            desk.carrier.resume()
            if not self.leads:
                desk.mailbox.close()
        return news or (self.leads and not before)
