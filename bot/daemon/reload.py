"""Reload: the daemon from its start to its end, over every configuration that it is given on the way.

Its one rule: the configuration in force is left only for another one that can be opened; if that fails after all,
the old one is opened again.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing

from bot.config import Settings
from bot.daemon.alert import Alarm
from bot.daemon.desk import Desk, open_desk
from bot.daemon.furnish import sources
from bot.daemon.lookout import Lookout
from bot.daemon.loop import run
from bot.daemon.pulse import Pulse
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.edge.notify import STOPPING, notify
from bot.errors import Trouble

log = logging.getLogger(__name__)


def serve(settings: Settings, clock: Clock, read: Callable[[], Settings]) -> None:
    """Work with a configuration until the clock is stopped, and with each that `read` gives when somebody asks.

    Raises Trouble that trying again cannot mend.
    """
    weather, started, refused = Weather(), clock.now(), ""
    before: Settings | None = None
    while True:
        with ExitStack() as stack:
            pulse = stack.enter_context(closing(Pulse.of(settings.kept, settings.worker, Clock())))
            pulse.started, weather.beat = started, pulse.beat
            alarm = stack.enter_context(closing(Alarm.of(settings)))
            lookout = Lookout(settings, read, pulse, alarm, weather)
            try:
                desk = stack.enter_context(open_desk(settings, clock, pulse))
            except Trouble as trouble:
                if before is None:
                    raise
                settings, before, refused = before, None, str(trouble)
                continue
            if refused:
                lookout.refuse(refused)
            fresh = _run(desk, lookout)
        if fresh is None:
            return
        settings, before, refused = fresh, settings, ""
        sources.cache_clear()
        weather.try_again()
        log.info("reloaded")


def _run(desk: Desk, lookout: Lookout) -> Settings | None:
    fresh = run(desk, lookout)
    if fresh is None:
        notify(STOPPING)
    return fresh
