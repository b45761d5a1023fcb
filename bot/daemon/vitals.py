"""Vitals: what is known of the daemon and its world at a moment. Its one rule: nobody is waited for: no server is
asked, and what cannot be known is not there.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.config import Settings
from bot.config.settings import Alerts
from bot.daemon.pulse import Beat
from bot.daemon.weather import Ill
from bot.edge.carrier import Owed
from bot.edge.clock import Clock
from bot.edge.store.engine import database_file
from bot.edge.store.figures import Figures, Leader
from bot.errors import Trouble


@dataclass(frozen=True, slots=True)
class Expiry:
    """What the bot logs in with, how many days it still counts, and whether people are warned by now."""

    what: str
    days: int
    due: bool


@dataclass(frozen=True, slots=True)
class Vitals:
    """All that is known at a moment (aware). Of the database: its figures, or why there are none; of each disk
    the bytes that are free. `beats` is None for the daemon itself, which knows that it lives."""

    now: datetime
    beats: Sequence[Beat] | None
    ills: Sequence[Ill]
    refused: str
    figures: Figures | None
    no_figures: str
    disks: Mapping[Path, int]
    expiry: Expiry | None
    carried: Owed
    patience: Alerts = field(default_factory=Alerts)
    leader: Leader | None = None


def room(settings: Settings) -> Mapping[Path, int]:
    """The bytes that are free where the database, the posting and what can be made anew lie, of each disk once."""
    file = database_file(settings.store_url)
    places = [*([file.parent] if file else []), settings.posting.folder, settings.kept]
    found: dict[int, tuple[Path, int]] = {}
    for place in places:
        with suppress(OSError, StopIteration):
            there = next(folder for folder in (place, *place.parents) if folder.exists())
            found.setdefault(there.stat().st_dev, (there, shutil.disk_usage(there).free))
    return dict(found.values())


def expiry(settings: Settings, clock: Clock) -> Expiry | None:
    """What ends of that with which the bot logs in, where that is known."""
    if settings.oauth is None:
        return None
    from bot.edge.oauth import stage  # noqa: PLC0415 - few offices need it

    with suppress(Trouble):
        if ending := settings.oauth.ending():
            days = (ending.on - settings.office.calendar.local_date(clock.now())).days
            return Expiry(ending.what, days, stage(days, settings.oauth.of.warn) is not None)
    return None
