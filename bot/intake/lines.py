"""Labels and values in lines of text, and what all readers know of the form.

Its one rule: only a known label (labels.py) is a label; what stands behind it, or under it up to
the next one, is its answer and is handed on as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.intake.form import Entry, Field, FieldTable, Shape
from bot.intake.labels import LONGEST_LABEL, Labels
from bot.intake.value.ticks import BOX

REMARK = "\u25c4"
"""A line that starts with this mark is our own remark beside an answer, never an answer."""

HELP = "## "
"""A line that starts so is help that our own plain-text form prints. A single # will not do: an
originator may well write `# of orders` in a description."""

HEADING = re.compile(r"(?:section|part)\s+(?:\d{1,2}|[a-d]|[ivx]{1,4})\b.{0,60}", re.IGNORECASE)
"""The head of a part of the form."""
GAP = re.compile(r"\t+|\s{3,}")
NO_LABEL = re.compile(rf"\n|\t|\s{{3}}|{BOX.pattern}")

BEHIND_BOLD = re.compile("\\s*(?:[:=\uff1a]|[-\u2010-\u2015](?=\\s))?[\\s:]*")

FEWEST = 3
TELLING = frozenset({"area_of_change", "title", "description", "areas_impacted", "products_impacted"})


class Line(NamedTuple):
    """One line or paragraph; `bold` is the bold text that it begins with."""

    text: str
    place: str
    bold: str = ""


class Vocabulary:
    """What the readers know of the form: its labels, its hints, the field behind a label."""

    __slots__ = ("_fields", "_hints", "_known", "fields", "labels")

    def __init__(self, table: FieldTable) -> None:
        self.labels = Labels(table)
        self.fields = table.fields
        self._known: dict[str, bool] = {}
        self._fields: dict[str, Field] = {row.key: row for row in table.fields}
        self._hints = frozenset(row.hint for row in table.fields if row.hint)

    def known(self, text: str) -> bool:
        """True for a text that is a known label and nothing else. QUIRK: `[ ] Regulatory   [ ] Industry
        Guideline` has the words of a label; a tick or a gap in it says that it is an answer."""
        if not 0 < len(text) <= LONGEST_LABEL:
            return False
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self.labels.key(text) is not None and not NO_LABEL.search(text)
        return known

    def field(self, label: str) -> Field | None:
        """The field of a label, or None."""
        key = self.labels.key(label)
        return self._fields[key] if key else None

    def has(self, key: str) -> bool:
        """True for a field key."""
        return key in self._fields

    def is_form(self, entries: Iterable[Entry]) -> bool:
        """True when entries make a form: three known labels at least, one of them about a change."""
        keys = {self.labels.key(entry.label) for entry in entries} - {None}
        return len(keys) >= FEWEST and not keys.isdisjoint(TELLING)

    def answer(self, text: str) -> str:
        """A text without the hints and remarks that our own blank form prints beside answers."""
        if "\n" in text:
            return "\n".join(line for line in text.split("\n") if not line or self.answer(line)).strip()
        return "" if text.startswith(REMARK) or text in self._hints else text

    def split(self, line: Line) -> tuple[str, str] | None:
        """`Label: value` as label and value; a bold known label in front needs no colon."""
        text, bold = line.text, line.bold.strip()
        if bold and len(bold) < len(text) and self.known(bold):
            behind = text[len(bold) :].strip()
            return bold, behind if bold.endswith((":", "\uff1a")) else BEHIND_BOLD.sub("", behind, count=1)
        if self.known(text):
            return text, ""
        return self.labels.split(text)


def read_lines(lines: Sequence[Line], words: Vocabulary) -> list[Entry]:
    """The entries of lines like `Label: value`; lines without a label continue the one above.

    Inside a long answer only a bold label counts where the form's labels are bold: an originator
    may well write `Reason: ...` in a description.
    """
    splits = [words.split(line) for line in lines]
    bold = any(split and line.bold for line, split in zip(lines, splits, strict=True))
    entries: list[Entry] = []
    long = False
    for line, split in zip(lines, splits, strict=True):
        if split and entries and not split[1] and _repeats(split[0], entries[-1], words):
            continue
        if split and not (long and bold and not line.bold):
            entries.extend(_on_one_line(line, split, words))
            field = words.field(entries[-1].label)
            long = field is not None and field.shape is Shape.TEXT
        elif bold and line.bold.rstrip().endswith(":"):
            entries.append(Entry(line.bold.strip(), line.text[len(line.bold.strip()) :].strip(), line.place))
            long = False
        elif entries:
            last = entries[-1]
            value = f"{last.value}\n{line.text}" if last.value else line.text
            entries[-1] = replace(last, value=value)
    return [replace(entry, value=words.answer(entry.value.strip())) for entry in entries]


def _repeats(label: str, last: Entry, words: Vocabulary) -> bool:
    """True for a hint under an answer that is worded like its label: `Name, Title, e-mail`."""
    return bool(last.value) and words.labels.key(label) == words.labels.key(last.label)


def _on_one_line(line: Line, split: tuple[str, str], words: Vocabulary) -> Iterator[Entry]:
    """Usually one entry; `Company: A <tab> Phone: B` is two."""
    parts = GAP.split(line.text)
    known = [words.labels.split(part) for part in parts]
    if len(parts) == 1 or not all(known):
        yield Entry(split[0], split[1], line.place)
        return
    for part in known:
        if part:
            yield Entry(part[0], part[1], line.place)
