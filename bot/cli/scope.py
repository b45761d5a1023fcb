"""Scope: what stands before the command on the command line. Its one rule: nothing is read or
imported before a command asks for it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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
