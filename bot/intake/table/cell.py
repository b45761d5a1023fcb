"""One cell of a table or sheet, as its reader gives it. Its one rule: it says what a person sees
there, and nothing of what that means."""

from collections.abc import Sequence
from typing import NamedTuple


class Control(NamedTuple):
    """A tagged content control with what stands in it."""

    tag: str
    text: str


class Cell(NamedTuple):
    """One cell: its column from 0, its text (lines joined by line breaks), its place in words,
    the bold beginnings of its lines and its tagged controls, where the file has such things, and
    why what it shows cannot be read."""

    column: int
    text: str
    place: str
    bolds: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    unreadable: str = ""

    @property
    def blank(self) -> bool:
        """True when nothing stands in it, not even a control."""
        return not (self.text or self.controls)


Row = Sequence[Cell]
