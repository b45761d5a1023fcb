"""One walk down the lines of a text: where it stands, what it has found, and what it has to tell.

Its one rule: it keeps and it notes; where an answer ends is said elsewhere (plain.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.intake.form import Entry, Field, Shape
from bot.intake.lines import HEADING, HELP, REMARK, Vocabulary
from bot.intake.text.closing import ends
from bot.intake.value.reading import filler, quote

RULE = re.compile(r"[-=_*~#+\s]{3,}|([-=_*~#])\1{1,}.*\1{2,}")


@dataclass(slots=True)
class Open:
    """The entry that is being read; `field` is None behind a label that we do not know."""

    label: str
    field: Field | None
    place: str
    value: str
    width: int
    alone: bool
    """The label stood on a line of its own."""


@dataclass(slots=True)
class Walk:
    """The state of one walk."""

    words: Vocabulary
    lines: list[str]
    last_label: int
    width: int
    """The longest line of words that a mail program may have broken; 0 where none did."""
    spaced: bool
    """There is a blank line below every line."""
    verbatim: bool
    """The breaks in a text are its writer's: nothing breaks the lines of a file on its way."""
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    open: Open | None = None
    gap: int = 0
    """The blank lines right above."""
    name: frozenset[str] = frozenset()
    quoted: Mapping[int, str] = field(default_factory=dict)
    """The lines, by their number from 0, that are blank here because they begin as a quotation does."""
    doubted: list[int] = field(default_factory=list)
    """Those among the last lines of the open text."""
    below: bool = False
    """Answers stand below their labels with a blank line between."""

    @property
    def apart(self) -> int:
        """The blank lines right above that mean something."""
        return max(self.gap - self.spaced, 0)

    def close(self, unreadable: str = "") -> None:
        """The open entry has ended."""
        if self.open:
            value = "" if unreadable else self.words.answer(self.open.value)
            self.entries.append(Entry(self.open.label, value, self.open.place, unreadable=unreadable))
            if self.open.field and self.open.field.shape is Shape.NAME and not filler(value):
                self.name |= frozenset(value.casefold().replace(",", " ").split())
        self.open = None
        self.doubted = []

    def note_quoted(self, now: Open) -> None:
        """Lines of a text that look like quoted ones, with the sender's own around them, may be the sender's."""
        said = [self.quoted[at] for at in self.doubted if not self.quoted[at].lstrip("> \t").startswith((REMARK, HELP))]
        if said and now.field:
            place = f"line {self.doubted[0] + 1}"
            self.notes.append(
                f"{quote(' '.join(said))} ({place}) was left out of the {now.field.name}: it looks quoted."
            )
        self.doubted = []

    def note_part(self, at: int, now: Open) -> None:
        """A line that may be an answer of its own is read as a part of the one above."""
        part_of = now.field.name if now.field else now.label
        self.notes.append(f"{quote(self.lines[at])} (line {at + 1}) was read as a part of the {part_of}.")

    def left_out(self, at: int, now: Open) -> None:
        """What stands from a line on is no part of the last answer."""
        part_of = now.field.name if now.field else now.label
        said = f"{quote(self.lines[at])} (line {at + 1}) and what follows it was left out of the {part_of}."
        self.notes.append(said)

    def stray(self, at: int, bare: str) -> None:
        """A line between two labels belongs to neither."""
        if (
            self.entries
            and at < self.last_label
            and not (RULE.fullmatch(bare) or HEADING.fullmatch(bare) or ends(bare))
        ):
            self.notes.append(f"We did not understand {quote(bare)} (line {at + 1}); it was left out.")
