"""Answers in paragraphs: `Label: value` outside of tables, or a label with its answer below it.

Its one rule: an answer ends where the eye sees it end, at the next label or heading, and one of a
single line at the end of its paragraph; what stands elsewhere is no answer.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from bot.intake.form import Entry, Field, Need, Shape
from bot.intake.lines import GAP, HEADING, Line, Vocabulary
from bot.intake.text.closing import REACHED, ends, polite
from bot.intake.text.labelled import ITEM
from bot.intake.text.plain import ONE_LINE, STRANGE_LABEL
from bot.intake.value.reading import quote
from bot.intake.word.text import Shown

SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+[.!?:]|(?:\S+\s+){5,}\S+")
"""What is too long for a heading, or for an item of a list."""

FEW_WORDS = 3
LEFT_OUT = "{text} ({place}) was left out of the {field}."


class BlockKind(Enum):
    """What a block is."""

    PARAGRAPH = auto()
    HEADING = auto()
    ITEM = auto()
    BOX = auto()


class Block(NamedTuple):
    """A paragraph, or a box with text, as its lines. `gap` is true where a blank paragraph stands
    above it. A box without labels of its own is an answer only to a label that has none."""

    lines: Sequence[Shown]
    place: str
    kind: BlockKind = BlockKind.PARAGRAPH
    gap: bool = False


def labelled(lines: Sequence[Shown], words: Vocabulary) -> bool:
    """True when a line among some begins with a known label."""
    return any(words.split(Line(line.text, "", line.bold)) for line in lines)


def read_blocks(blocks: Sequence[Block], words: Vocabulary) -> tuple[list[Entry], list[str]]:
    """The entries of paragraphs and boxes, in order, and what to tell of lines that may have been
    meant for an answer and were left out of it."""
    walk = _Walk(blocks, words)
    if walk.last < 0:
        return [], []
    for at, block in enumerate(blocks):
        walk.take(at, block)
    walk.close()
    return walk.entries, walk.notes


class _Walk:
    """The walk down the blocks, with the label whose answer is being read."""

    def __init__(self, blocks: Sequence[Block], words: Vocabulary) -> None:
        self.words = words
        self.entries: list[Entry] = []
        self.notes: list[str] = []
        self.label: tuple[str, str] | None = None
        self.field: Field | None = None
        self.value = ""
        self.alone = self.spaced = False
        self.row: list[Entry] = []
        self.splits: dict[Shown, list[tuple[str, str]]] = {}
        labels = [[bool(self._split(line)) for line in block.lines] for block in blocks]
        shown = [
            (line, label)
            for block, found in zip(blocks, labels, strict=True)
            for line, label in zip(block.lines, found, strict=True)
        ]
        lighter = any(line.text and not line.wholly_bold for line, _ in shown)
        self.bold = lighter and any(label and line.bold for line, label in shown)
        self.last = max((at for at, found in enumerate(labels) if any(found)), default=-1)
        self.ahead = {at for at, found in enumerate([*labels[1:], [True]]) if found[:1] == [True]}

    def take(self, at: int, block: Block) -> None:
        """Take one block: labels, more of the open answer, or nothing to us."""
        if (
            block.kind is BlockKind.BOX
            and (self.label is None or self.value)
            and not any(map(self._split, block.lines))
        ):
            return
        gap = block.gap
        several = block.kind is not BlockKind.BOX and sum(map(bool, map(self._split, block.lines))) > 1
        for number, line in enumerate(block.lines):
            if not line.text:
                gap = True
                continue
            first = several or (number == 0 and block.kind is not BlockKind.BOX)
            if self._begins(line, block, gap=gap):
                pass
            elif self.row:
                self._under(line)
            elif self.label is None or (line.instructs and not self.value):
                pass
            elif first and self._ended(at, block, line, gap=gap):
                self._leave_out(block, line, gap=gap)
                self.close()
            else:
                self._more(line.text, gap=gap)
            gap = False

    def close(self) -> None:
        """The open answer has ended."""
        self.entries.extend(self.row)
        self.row = []
        if self.label is not None:
            label, place = self.label
            self.entries.append(Entry(label, self.words.answer(self.value.strip()), place))
        self.label = self.field = None

    def _leave_out(self, block: Block, line: Shown, *, gap: bool) -> None:
        """Tell of a line right below an answer that is not taken for a part of it."""
        plain = block.kind is BlockKind.HEADING or HEADING.fullmatch(line.text) or (self.bold and line.wholly_bold)
        if self.field is None or plain or line.instructs:
            return
        if self.field.shape is Shape.TEXT or not (gap or ends(line.text) or polite(line.text)):
            self.notes.append(LEFT_OUT.format(text=quote(line.text), place=block.place, field=self.field.name))

    def _begins(self, line: Shown, block: Block, *, gap: bool) -> bool:
        """True for a line with a label; its answer is open from then on."""
        found = [Entry(*pair, block.place) for pair in self._split(line)]
        if not found and self.bold and line.bold.rstrip().endswith(":"):
            bold = line.bold.strip()
            found = [Entry(bold, line.text[len(bold) :].strip(), block.place)]
        if not found or self._prose(line, found[0], gap=gap):
            return False
        if self.label and self.value and not found[0].value and self._repeats(found[0].label):
            return True
        self.close()
        self._tell_ignored(found)
        *others, last = found
        if others and not any(entry.value for entry in found):
            self.row = found
            return True
        self.entries.extend(others)
        self.label, self.value = (last.label, last.place), last.value
        self.field = self.words.field(last.label)
        self.alone, self.spaced = not last.value, False
        return True

    def _tell_ignored(self, found: Sequence[Entry]) -> None:
        """Tell of `Title: <tab> Director: Billing`, where a carrier's label may be the answer."""
        for left, right in pairwise(found):
            ours, theirs = self.words.field(left.label), self.words.field(right.label)
            if ours and theirs and theirs.need is Need.IGNORED and right.value and not left.value:
                text = quote(f"{right.label}: {right.value}")
                self.notes.append(LEFT_OUT.format(text=text, place=right.place, field=ours.name))

    def _split(self, line: Shown) -> list[tuple[str, str]]:
        """The labels of a line with what stands behind each: none, one, or several between tabs."""
        if line not in self.splits:
            self.splits[line] = _pairs(line, self.words)
        return self.splits[line]

    def _prose(self, line: Shown, found: Entry, *, gap: bool) -> bool:
        """True for words of a label in the middle of a long answer: not bold where labels are, or
        a label of the carrier's own such as `Status: ...`."""
        if self.field is None or self.field.shape is not Shape.TEXT or not self.value:
            return False
        known = self.words.field(found.label)
        return not line.bold if self.bold else known is not None and known.need is Need.IGNORED and not gap

    def _repeats(self, label: str) -> bool:
        """True for a hint under an answer that is worded like its label: `Name, Title, e-mail`."""
        return self.field is not None and self.words.field(label) == self.field

    def _under(self, line: Shown) -> None:
        """The line under a row of labels: their answers, when there are as many."""
        answers = GAP.split(line.text)
        if len(answers) == len(self.row):
            pairs = zip(self.row, answers, strict=True)
            self.row = [Entry(entry.label, answer.strip(), entry.place) for entry, answer in pairs]
        self.close()

    def _ended(self, at: int, block: Block, line: Shown, *, gap: bool) -> bool:
        """True when a paragraph without a label no longer belongs to the open answer."""
        if block.kind is BlockKind.HEADING or HEADING.fullmatch(line.text) or self._heads(at, line):
            return True
        shape = self.field.shape if self.field else Shape.LINE
        if shape is Shape.TEXT:
            closing = ends(line.text) or (gap and polite(line.text))
            return closing and bool(self.value) and at > self.last
        if self.value and ends(line.text):
            return True
        if self.bold and line.wholly_bold:
            return True
        if not self.value:
            return polite(line.text)
        if shape in ONE_LINE and not (shape is Shape.NAME and not gap and (self.alone or REACHED.search(line.text))):
            return True
        if shape is Shape.SLOTS and any(map(str.isdigit, line.text)):
            return False
        if shape is Shape.LIST and self._strange(line.text):
            return True
        return gap and not self.spaced and block.kind is not BlockKind.ITEM and not ITEM.match(line.text)

    def _strange(self, text: str) -> bool:
        """True for a line that is no item of a list: a sentence, or one that begins like a label."""
        if STRANGE_LABEL.match(text) or SENTENCE.fullmatch(text):
            return True
        front = text.split()[:FEW_WORDS]
        return any(self.words.known(" ".join(front[:count])) for count in range(1, len(front) + 1))

    def _heads(self, at: int, line: Shown) -> bool:
        """True for a heading: a few bold words right above the next label, where labels are bold too."""
        return self.bold and line.wholly_bold and at in self.ahead and not SENTENCE.fullmatch(line.text)

    def _more(self, text: str, *, gap: bool) -> None:
        """Add a line to the open answer; one blank line between two paragraphs stays."""
        if self.value:
            self.value += "\n\n" if gap else "\n"
        else:
            self.spaced = gap
        self.value += text


def _pairs(line: Shown, words: Vocabulary) -> list[tuple[str, str]]:
    whole = words.split(Line(line.text, "", line.bold))
    if whole is None:
        return []
    parts = [part for part in GAP.split(line.text) if part]
    several: list[tuple[str, str]] = []
    for part in parts if len(parts) > 1 else ():
        if found := words.split(Line(part, "")):
            several.append((found[0].strip(), found[1]))
        elif several:
            label, value = several[-1]
            several[-1] = (label, f"{value}\t{part}".strip())
    return several if len(several) > 1 else [whole]
