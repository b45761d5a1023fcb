"""Lookout: what the loop does for whoever looks after it: the heartbeat, the alerts, the call to read the
configuration again.

Its one rule: none of it holds the loop up or ends it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.config import Settings
from bot.daemon.alert import Alarm
from bot.daemon.desk import Desk
from bot.daemon.pulse import Pulse
from bot.daemon.signs import judge
from bot.daemon.vitals import Vitals, expiry, room
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.edge.notify import READY, notify, reloading
from bot.edge.templates import Templates
from bot.errors import ConfigMistake, Mistake, Trouble

LOOK = 30.0  # seconds between two looks at what may be not well
SHOWN = 5  # mistakes of a configuration

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lookout:
    """What goes on beside the arcs; `read` reads the configuration anew."""

    settings: Settings
    read: Callable[[], Settings]
    pulse: Pulse
    alarm: Alarm
    weather: Weather = field(default_factory=Weather)
    _looked: float = float("-inf")
    _settled: bool = False

    def round(self, desk: Desk) -> Settings | None:
        """Once round the loop: see how it stands, and tell of it. Gives another configuration where somebody has
        asked for it to be read again and it is without a mistake."""
        self.pulse.see(self.weather)
        if not self._settled:
            self._settled = True
            desk.templates.load()
        try:
            self._tell(desk)
        except Exception:  # whoever watches must not be what falls
            log.exception("not watched")
        return self._reread(desk) if desk.clock.called() else None

    def _tell(self, desk: Desk) -> None:
        now = self.pulse.clock.now()
        self.alarm.settle(now)
        if self.alarm.channel and Clock.monotonic() - self._looked >= LOOK:
            self._looked = Clock.monotonic()
            self.alarm.look(judge(self._vitals(desk)), now)

    def refuse(self, why: str) -> None:
        """Go on with the old configuration, and let it be known why."""
        log.error("not reloaded", extra={"what": why})
        self.pulse.refused = why
        self.pulse.beat(now=True)
        self._looked = float("-inf")

    def _reread(self, desk: Desk) -> Settings | None:
        notify(*reloading(Clock.monotonic()))
        try:
            return reread(self.settings, self.read)
        except (ConfigMistake, Trouble, OSError) as error:
            self.refuse("; ".join(str(error).splitlines()[:SHOWN]))
        except Exception as error:
            log.exception("not read again")
            self.refuse(f"it cannot be read: {type(error).__name__}")
        notify(READY)
        return None

    def _vitals(self, desk: Desk) -> Vitals:
        figures, leader, why = None, None, ""
        try:
            figures, leader = desk.store.figures(desk.clock.now()), desk.store.leader(desk.clock.now())
        except Trouble as trouble:
            why = str(trouble)
        return Vitals(
            now=self.pulse.clock.now(),
            beats=None,
            ills=self.pulse.ills,
            refused=self.pulse.refused,
            figures=figures,
            no_figures=why,
            disks=room(self.settings),
            expiry=expiry(self.settings, desk.clock),
            carried=desk.carrier.state,
            patience=self.settings.alerts,
            leader=leader,
        )


def reread(settings: Settings, read: Callable[[], Settings]) -> Settings:
    """The configuration as it is by now, with the name of this worker. Raises ConfigMistake with every mistake in
    it, in the field table and in the templates."""
    fresh = read()
    broken = tuple(Templates(fresh.templates, fresh.office, fresh.table).broken())
    if broken:
        raise ConfigMistake(tuple(Mistake(str(fresh.templates), str(each)) for each in broken))
    if settings.embedded or fresh.embedded:
        raise ConfigMistake((Mistake(str(fresh.path), "the embedded mail server would lose its mail; restart it"),))
    return replace(fresh, worker=settings.worker)
