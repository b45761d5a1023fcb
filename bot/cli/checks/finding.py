"""A finding of `cmpbot check`. Its one rule: what is not well comes with its remedy, and what could be better with
what one may do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.config import Settings
from bot.edge.clock import Clock

SHOWN = 12  # names of folders and the like


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it; well when nothing, and worth no more than a note
    where an office may choose to leave it so."""

    what: str
    found: str
    remedy: str = ""
    chosen: bool = False

    @property
    def ill(self) -> bool:
        """Whether it has to be mended."""
        return bool(self.remedy) and not self.chosen

    @property
    def mark(self) -> str:
        """How it stands, for the head of its line."""
        return "MEND" if self.ill else "note" if self.remedy else "well"


Looking = Callable[[Settings, Clock], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at: its name, how, and what to do when the looking itself fails."""

    name: str
    at: Looking
    remedy: str


def some(names: Sequence[str]) -> str:
    """As many names as a person reads."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
