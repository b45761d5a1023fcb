"""Reload: the daemon from its start to its end, over every configuration that it is given on the way.

Its one rule: the configuration in force is left only for another one that can be opened; if that fails after all,
the old one is opened again.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from bot.config import Settings
from bot.daemon.alert import Alarm
from bot.daemon.desk import open_desk
from bot.daemon.furnish import sources
from bot.daemon.lookout import Lookout
from bot.daemon.loop import run
from bot.daemon.pulse import Pulse
from bot.daemon.signs import Level, Sign
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.edge.notify import STOPPING, notify
from bot.errors import Busy, Trouble

log = logging.getLogger(__name__)


def serve(settings: Settings, clock: Clock, read: Callable[[], Settings]) -> None:
    """Work with a configuration until the clock is stopped, and with each that `read` gives when somebody asks.

    Raises Trouble that trying again cannot mend.
    """
    weather, wall = Weather(), Clock()
    started, refused = wall.now(), ""
    before: Settings | None = None  # what can be gone back to
    while True:
        with ExitStack() as stack:
            lookout = stack.enter_context(_looked_after(settings, read, weather, wall))
            lookout.pulse.started = started
            try:
                desk = stack.enter_context(open_desk(settings, clock, lookout.pulse))
            except Trouble as trouble:
                if before is None:
                    raise
                settings, before, refused = before, None, str(trouble)
                continue
            if refused:
                lookout.refuse(refused)
            fresh = run(desk, lookout)
            if fresh is None:
                notify(STOPPING)
        if fresh is None:
            return
        settings, before, refused = fresh, settings, ""
        sources.cache_clear()
        del desk, lookout
        gc.unfreeze()  # what opening a desk has frozen is no part of the program for good
        gc.collect()
        weather.try_again()
        log.info("reloaded")


@contextmanager
def _looked_after(settings: Settings, read: Callable[[], Settings], weather: Weather, wall: Clock) -> Iterator[Lookout]:
    """Heartbeat and alerts of a configuration. What ends the program is told by the second way: nobody else will."""
    with closing(Pulse.of(settings.kept, settings.worker, wall)) as pulse, closing(Alarm.of(settings)) as alarm:
        weather.beat = pulse.beat
        try:
            yield Lookout(settings, read, pulse, alarm, weather)
        except Busy:
            raise
        except Trouble as trouble:
            alarm.last_words(_end(str(trouble)), wall)
            raise
        except Exception:
            alarm.last_words(_end("a bug of ours; the log says where"), wall)
            raise


def _end(why: str) -> Sign:
    return Sign("end", Level.RED, f"the daemon has ended: {why}", tells=True)
