"""Labels and values in a grid of cells: what a Word table and an Excel sheet have in common.

Its one rule: an answer lies beside its label, below it or behind it in the same cell. A text that
is no known label counts as one only where it plainly stands in front of an answer.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.intake.form import Entry, Shape
from bot.intake.labels import LONGEST_LABEL
from bot.intake.lines import Line, Vocabulary, read_lines

TICK = re.compile(r"\[[ xX]\]|\([ xX]\)|[\u2610-\u2612\u2713\u2714\u2717\u2718]|[xX]$")
SPREAD = frozenset({Shape.SLOTS, Shape.LIST, Shape.CHOICES})
LIST_LABELS = 4
FEW = 3


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


Row = Sequence[Cell]


def read_rows(rows: Sequence[Row], words: Vocabulary) -> list[list[Entry]]:
    """The entries of a grid, one list a form: a list of change requests under one header row
    gives several forms, every other layout one."""
    return _Grid(rows, words).read()


class _Grid:
    """One grid while it is read, row by row from the top."""

    def __init__(self, rows: Sequence[Row], words: Vocabulary) -> None:
        self.rows: list[Row] = []
        self.apart: list[bool] = []
        blank = False
        for row in rows:
            if any(cell.text or cell.controls for cell in row):
                self.rows.append(row)
                self.apart.append(blank)
            blank = not any(cell.text or cell.controls for cell in row)
        self.words = words
        self.labels = [[words.known(cell.text) for cell in row] for row in self.rows]
        self.usage = self._usage()
        self.above = [self._above(at) for at in range(len(self.rows))]
        upright = sum(self._beside(at) or self._stacked(at) for at in range(len(self.rows)))
        self.upright = upright > sum(self.above)
        self.entries: list[Entry] = []
        self.lists: list[list[Entry]] = []

    def read(self) -> list[list[Entry]]:
        """Walk the rows; a header row takes the rows of values below it with it."""
        at = 0
        while at < len(self.rows):
            if self._is_header(at):
                at = self._band(at)
            else:
                self._row(at)
                at += 1
        if self.lists:
            return [[*self.entries, *form] for form in self.lists]
        return [self.entries] if self.entries else []

    def _usage(self) -> dict[int, int]:
        """How many labelled rows have an answer or a note in each column."""
        usage: dict[int, int] = {}
        for row, labels in zip(self.rows, self.labels, strict=True):
            if any(labels):
                for cell in row:
                    usage[cell.column] = usage.get(cell.column, 0) + bool(cell.text)
        return usage

    def _beside(self, at: int) -> bool:
        row, labels = self.rows[at], self.labels[at]
        return len(row) > 1 and labels[0] and not labels[1] and bool(row[1].text)

    def _stacked(self, at: int) -> bool:
        """True when a row and the next one begin with labels: a column of labels."""
        return at + 1 < len(self.rows) and self.labels[at][0] and self.labels[at + 1][0]

    def _above(self, at: int) -> bool:
        """True when a row of labels alone stands over a row that starts with something else."""
        labelled = [cell.column for cell, label in zip(self.rows[at], self.labels[at], strict=True) if label]
        if not labelled or at + 1 == len(self.rows) or any(self._others(at)):
            return False
        if [cell.column for cell in self.rows[at]] != [cell.column for cell in self.rows[at + 1]]:
            return False
        below = zip(self.rows[at + 1], self.labels[at + 1], strict=True)
        return not any(label or self.words.split(_line(cell)) for cell, label in below)

    def _others(self, at: int) -> list[Cell]:
        return [cell for cell, label in zip(self.rows[at], self.labels[at], strict=True) if cell.text and not label]

    def _is_header(self, at: int) -> bool:
        labels, others = sum(self.labels[at]), len(self._others(at))
        if labels >= LIST_LABELS and 2 * others <= labels:
            return at + 1 < len(self.rows) and not self.labels[at + 1][0]
        if others or not self.above[at]:
            return False
        return len(self.rows[at]) == labels or not self.upright

    def _band(self, at: int) -> int:
        """Read the rows under the header row `at`; gives the row after them."""
        header = self.rows[at]
        last = at + 1
        while last + 1 < len(self.rows) and not any(self.labels[last + 1]) and self._under(last + 1, header):
            last += 1
        columns = [self._column(cell, at + 1, last + 1) for cell in header if cell.text]
        keys = {self.words.labels.key(cell.text) for cell in header}
        if len(keys) >= LIST_LABELS and last > at + 1 and {"title", "description"} & keys:
            self.lists.extend([column[number] for column in columns] for number in range(last - at))
        else:
            self.entries.extend(_joined(column) for column in columns)
        return last + 1

    def _under(self, at: int, header: Row) -> bool:
        """True for a further row of values: it has some, in the header's columns, and no blank
        row above it."""
        if self.apart[at]:
            return False
        columns = {cell.column for cell in header if cell.text}
        return len(self.rows[at]) > 1 and any(cell.column in columns and cell.text for cell in self.rows[at])

    def _column(self, label: Cell, start: int, stop: int) -> list[Entry]:
        found = []
        for row in self.rows[start:stop]:
            cell = next((cell for cell in row if cell.column == label.column), Cell(label.column, "", label.place))
            found.append(_entry(label.text, cell, self.words))
        return found

    def _row(self, at: int) -> None:
        row, labels = self.rows[at], self.labels[at]
        place = 0
        found = 0
        while place < len(row):
            cell = row[place]
            if labels[place]:
                place = self._answer(at, place)
            elif self._label_with_hint(row, place):
                self._take(_first_line(cell.text), row[place + 1])
                place += 2
            elif pairs := self._pairs(cell):
                self.entries.extend(pairs)
                place += 1
            else:
                place += 1
                continue
            found += 1
        if not found:
            self._unlabelled(at)

    def _answer(self, at: int, place: int) -> int:
        """Take the answer beside the label at `place`; gives the next cell to look at."""
        row, labels = self.rows[at], self.labels[at]
        label, stop = row[place], place + 1
        while stop < len(row) and not labels[stop] and not (stop > place + 1 and self._pairs(row[stop])):
            stop += 1
        if stop == place + 1:
            self.entries.append(_entry(label.text, Cell(label.column, "", label.place), self.words))
            return stop
        beside, *more = row[place + 1 : stop]
        self._take(label.text, beside, more)
        return stop

    def _take(self, label: str, cell: Cell, more: Sequence[Cell] = ()) -> None:
        """Take one answer; ticks and short lists may be spread over the cells to the right."""
        field = self.words.field(label)
        spread = field is not None and field.shape in SPREAD
        texts = [part.text for part in (cell, *more) if part.text]
        if any(TICK.match(text) for text in texts):
            cell = cell._replace(text="   ".join(texts), controls=())
        elif spread and more:
            near = [part.text for part in more if self.usage.get(part.column, 0) <= FEW]
            cell = cell._replace(text="\n".join(text for text in (cell.text, *near) if text))
        for entry in _entries(label, cell, self.words):
            self.entries.append(entry)

    def _label_with_hint(self, row: Row, place: int) -> bool:
        """True for a label with a line of help under it and the cell for the answer beside it."""
        cell = row[place]
        if "\n" not in cell.text or place + 1 >= len(row):
            return False
        first = _first_line(cell.text)
        if not self.words.known(first) or (first.endswith(":") and not self.upright):
            return False
        return not self._pairs(row[place + 1]) or bool(row[place + 1].controls)

    def _pairs(self, cell: Cell) -> list[Entry]:
        """The entries of a cell that holds a label and, behind or under it, its answer (the 2002
        layout); none when it does not begin with a known label."""
        texts = cell.text.split("\n")
        bolds = cell.bolds or ("",) * len(texts)
        lines = [Line(text, cell.place, bold) for text, bold in zip(texts, bolds, strict=False)]
        if not lines or not self.words.split(lines[0]):
            return []
        return read_lines(lines, self.words)

    def _unlabelled(self, at: int) -> None:
        """A row without a known label continues the answer above it, or has a label of its own."""
        row = self.rows[at]
        if len(row) == 1 or not row[1].text or len(row[0].text) > LONGEST_LABEL:
            return
        if row[0].text:
            self.entries.extend(_entries(row[0].text, row[1], self.words))
        elif self.entries and at and not self.apart[at] and (self._beside(at - 1) or self._continues(at - 1)):
            last = self.entries[-1]
            value = "\n".join(text for text in (last.value, self.words.answer(row[1].text)) if text)
            unreadable = last.unreadable or row[1].unreadable
            self.entries[-1] = Entry(last.label, "" if unreadable else value, last.place, last.tag, unreadable)

    def _continues(self, at: int) -> bool:
        return len(self.rows[at]) > 1 and not self.rows[at][0].text


def _line(cell: Cell) -> Line:
    return Line(_first_line(cell.text), cell.place, cell.bolds[0] if cell.bolds else "")


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def _joined(column: Sequence[Entry]) -> Entry:
    """Several rows under one label are one answer of several lines."""
    first = column[0]
    unreadable = next((entry.unreadable for entry in column if entry.unreadable), "")
    value = "" if unreadable else "\n".join(entry.value for entry in column if entry.value)
    return Entry(first.label, value, first.place, first.tag, unreadable)


def _entry(label: str, cell: Cell, words: Vocabulary) -> Entry:
    tags = {control.tag for control in cell.controls}
    text = "" if cell.unreadable else words.answer(cell.text)
    return Entry(label, text, cell.place, tags.pop() if len(tags) == 1 else "", cell.unreadable)


def _entries(label: str, cell: Cell, words: Vocabulary) -> Iterator[Entry]:
    """One entry; a cell that holds the controls of several fields gives one for each."""
    fields = {control.tag for control in cell.controls if words.has(control.tag)}
    if len(fields) <= 1:
        yield _entry(label, cell, words)
        return
    for control in cell.controls:
        if control.tag in fields:
            yield Entry(label, control.text, cell.place, control.tag)
