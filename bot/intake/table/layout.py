"""How the labels of a grid lie to their answers: beside them, above them, or each in one cell with
its answer.

Its one rule: what one row leaves open, the other rows of the same grid decide.
"""

from collections.abc import Sequence
from functools import cached_property

from bot.intake.form import Need, Shape
from bot.intake.lines import Line, Vocabulary
from bot.intake.table.asides import answers_only
from bot.intake.table.cell import Cell, Row
from bot.intake.table.further import goes_on, printed
from bot.intake.table.spread import OPTIONED, Side, side_of

LIST_LABELS = 4
"""So many labels in one row are the head of a list."""


class Layout:
    """A grid's rows without blank ones, and how its labels lie to their answers."""

    def __init__(self, rows: Sequence[Row], words: Vocabulary) -> None:
        self.words = words
        self.rows: list[Row] = []
        self.labels: list[list[bool]] = []
        self.apart: list[bool] = []
        blank = False
        for row, labels in answers_only(rows, words):
            empty = all(cell.blank for cell in row)
            if not empty:
                self.rows.append(row)
                self.labels.append(labels)
                self.apart.append(blank)
            blank = empty
        self._demote()
        self.usage = self._usage()
        self.above = self._all_above()
        upright = sum(self._beside(at) or self._stacked(at) for at in range(len(self.rows)))
        self.upright = upright > sum(self.above)

    def _demote(self) -> None:
        """A known label that ends a row, right of a label or alone below an answer, in a column of
        answers is an answer: `Type of Request`, `Regulatory`."""
        answers: dict[int, int] = {}
        for row, labels in zip(self.rows, self.labels, strict=True):
            for left, right in zip(range(len(row)), row[1:], strict=False):
                if labels[left] and right.text:
                    answers[right.column] = answers.get(right.column, 0) + (-1 if labels[left + 1] else 1)
        for at, (row, labels) in enumerate(zip(self.rows, self.labels, strict=True)):
            filled = [place for place, cell in enumerate(row) if not cell.blank]
            last = filled[-1]
            if not labels[last] or answers.get(row[last].column, 0) <= 1:
                continue
            ends = at + 1 == len(self.rows) or self.labels[at + 1][0]
            beside = last > 0 and labels[last - 1] and ends
            below = len(filled) == 1 and at > 0 and not self.apart[at] and self._answers_at(at - 1, row[last].column)
            labels[last] = not (beside or below)

    def _answers_at(self, at: int, column: int) -> bool:
        """True for a row with something else than a label in a column."""
        return any(cell.column == column for cell in self.others(at))

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

    def _all_above(self) -> list[bool]:
        """The rows of labels alone over a row of something else. An answer may be worded like a label
        (`Regulatory`, `Status: pending is shown`) where the other rows show that answers lie below; it
        lies a blank row below only where all do."""
        every = range(len(self.rows))
        maybe = [self._above(at) for at in every]
        plain = [over and (self._plain(at + 1) or self._repeats(at)) for at, over in enumerate(maybe)]
        beside = sum(self._beside(at) for at in every)
        found = maybe if sum(plain) > max(1, beside) else plain
        near = any(over and not self.apart[at + 1] for at, over in enumerate(found))
        return [over and not (near and self.apart[at + 1]) for at, over in enumerate(found)]

    def _above(self, at: int) -> bool:
        row, labels = self.rows[at], self.labels[at]
        if not any(labels) or at + 1 == len(self.rows) or self.others(at):
            return False
        below = self.rows[at + 1]
        if [cell.column for cell in row] != [cell.column for cell in below]:
            return False
        heads = {cell.column for cell in self.labels_of(at)}
        return not any(self.labels[at + 1]) or any(cell.column in heads for cell in self.others(at + 1))

    def _plain(self, at: int) -> bool:
        """True for a row that cannot be one of labels and answers in itself."""
        if any(self.pair(cell) and not self._ours(cell) for cell in self.rows[at]):
            return False
        if not any(self.labels[at]) or not self.labelled(at):
            return True
        behind = zip(self.labels[at], self.rows[at][1:], self.labels[at][1:], strict=False)
        return not self.labels[at][0] and not any(label and cell.text and not last for label, cell, last in behind)

    def _repeats(self, at: int) -> bool:
        """True for a row of labels over a row that has no other labels than these: a title that is
        called Title."""
        above, below = ({self.words.labels.key(cell.text) for cell in self.labels_of(row)} for row in (at, at + 1))
        return bool(below) and below <= above

    def _ours(self, cell: Cell) -> bool:
        """True for a cell that begins like one of the carrier's own fields (`Director: Billing`), where
        the cells do not hold a label and its answer each."""
        split = self.words.split(first_line(cell))
        field = self.words.field(split[0]) if split else None
        return field is not None and field.need is Need.IGNORED and cell.column not in self.paired

    def labelled(self, at: int) -> bool:
        """True for a row with as many labels as answers; a row of answers may hold one that is
        worded like a label."""
        filled = sum(bool(cell.text) for cell in self.rows[at])
        return 2 * sum(self.labels[at]) >= filled

    def pair(self, cell: Cell) -> bool:
        """True for a cell that begins with a label and holds more than that."""
        return self.words.split(first_line(cell)) is not None and not self.words.known(cell.text)

    def only(self, *columns: int) -> list[Row]:
        """The rows with nothing but some columns."""
        return [[cell for cell in row if cell.column in columns] for row in self.rows]

    def labels_of(self, at: int) -> list[Cell]:
        """The cells of a row that are labels."""
        return [cell for cell, label in zip(self.rows[at], self.labels[at], strict=True) if label]

    def others(self, at: int) -> list[Cell]:
        """The cells of a row that hold something else than a label."""
        return [cell for cell, label in zip(self.rows[at], self.labels[at], strict=True) if cell.text and not label]

    def is_header(self, at: int) -> bool:
        """True for a row of labels whose answers lie below them."""
        row, labels, others = self.rows[at], sum(self.labels[at]), len(self.others(at))
        if labels >= LIST_LABELS and 2 * others <= labels:
            gaps = self.upright and len(row) > labels + others
            return at + 1 < len(self.rows) and not gaps and not self.labelled(at + 1)
        if others or not self.above[at]:
            return False
        return len(row) == labels or not self.upright

    def goes_on(self, at: int, number: int) -> bool:
        """True for a row past a blank one that is more of the answers beside or below the labels of the row
        `at`: it stands in their columns, and what might be a footer has a further question of the sender's below it."""
        answers = {cell.column for cell in self.others(at)}
        for cell in self.others(number):
            label = next((label for label in reversed(self.labels_of(at)) if label.column <= cell.column), None)
            field = self.words.field(label.text) if label else None
            above = label is not None and label.column == cell.column
            if self.pair(cell) or not (above or cell.column in answers) or not goes_on(cell.text, field):
                return False
            if above and field and field.shape is Shape.LIST:  # an item looks like a heading above the next labels
                return False
            if number > self.last and field and field.shape is not Shape.SLOTS:  # anything looks like a footer
                return False
        return True

    def parted(self, number: int) -> Row:
        """A row; below a blank one its texts begin with a blank line."""
        row = self.rows[number]
        return (
            [cell._replace(text=f"\n{cell.text}") if cell.text else cell for cell in row] if self.apart[number] else row
        )

    @cached_property
    def last(self) -> int:
        """The last row that asks the sender for something."""
        asking = (
            at
            for at in range(len(self.rows))
            for label in self.labels_of(at)
            if (field := self.words.field(label.text)) and field.need is not Need.IGNORED
        )
        return max(asking, default=-1)

    def strays(self, number: int, under: frozenset[int]) -> list[Cell]:
        """The cells of a row without labels that may have been meant for an answer, and that no form prints: they
        stand in a column of answers, or in one `under` labels above."""
        columns = self.answering | under
        return [cell for cell in self.others(number) if cell.column in columns and not printed(cell.text)]

    @cached_property
    def answering(self) -> frozenset[int]:
        """The columns in which answers stand beside labels, and no label."""
        labelled = {label.column for at in range(len(self.rows)) for label in self.labels_of(at)}
        answers = {cell.column for at in range(len(self.rows)) if any(self.labels[at]) for cell in self.others(at)}
        return frozenset(answers - labelled)

    @cached_property
    def usual(self) -> Side | None:
        """Where this form has its marks, by the first row that shows it."""
        for row, labels in zip(self.rows, self.labels, strict=True):
            for place, cell in enumerate(row):
                field = self.words.field(cell.text) if labels[place] else None
                end = next((at for at in range(place + 1, len(row)) if labels[at]), len(row))
                if field and field.shape in OPTIONED and (side := side_of(row[place + 1 : end])):
                    return side
        return None

    @cached_property
    def shifted(self) -> frozenset[int]:
        """The columns that hold an answer where the cell beside the label is blank: nothing stands
        there in rows whose answer is beside the label, as help would."""
        alone: dict[int, int] = {}
        for row, labels in zip(self.rows, self.labels, strict=True):
            if not any(labels):
                continue
            first = labels.index(True)
            if first + 1 < len(row) and not any(labels[first + 1 :]):
                weight = 1 if row[first + 1].blank else -1
                for cell in row[first + 2 :]:
                    alone[cell.column] = alone.get(cell.column, 0) + weight * (not cell.blank)
        return frozenset(column for column, rows in alone.items() if rows > 0)

    @cached_property
    def paired(self) -> frozenset[int]:
        """The columns whose cells hold a label and its answer each."""
        kinds: dict[int, list[bool]] = {}
        for row in self.rows:
            for cell in row:
                if cell.text:
                    kinds.setdefault(cell.column, []).append(self.pair(cell))
        return frozenset(column for column, pairs in kinds.items() if 2 * sum(pairs) > len(pairs) > 1)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The fields that have a cell of their own, alone or with their answer."""
        splits = (self.words.split(first_line(cell)) for row in self.rows for cell in row if cell.text)
        keys = (self.words.labels.key(split[0]) for split in splits if split)
        return frozenset(key for key in keys if key)


def first_line(cell: Cell) -> Line:
    """The first line of a cell."""
    return Line(cell.text.partition("\n")[0].strip(), cell.place, cell.bolds[0] if cell.bolds else "")
