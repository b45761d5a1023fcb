"""Scope: what stands before the command on the command line. Its one rule: nothing is read or
imported before a command asks for it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.edge.clock import Clock


@dataclass(frozen=True, slots=True)
class Scope:
    """The configuration file that was named, and the moment to rehearse, if any."""

    config: Path | None = None
    moment: datetime | None = None

    def settings(self) -> "Settings":
        """The configuration. Raises ConfigMistake."""
        from bot.config import load  # noqa: PLC0415 - see the module's docstring

        return load(self.config, self.moment)

    def clock(self, settings: "Settings") -> "Clock":
        """The clock; a moment without a zone of its own is in the office's."""
        from bot.edge.clock import Clock  # noqa: PLC0415 - the same

        moment = self.moment
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=settings.office.calendar.zone)
        return Clock(moment)


def timestamp(context: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    """Read --now (a click callback)."""
    try:
        return None if value is None else datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no time such as 2026-11-22T09:00 or 2026-11-22T16:00Z") from None
