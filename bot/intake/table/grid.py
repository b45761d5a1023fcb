"""Labels and values in a grid of cells: what a Word table and an Excel sheet have in common.

Its one rule: an answer lies beside its label, below it or behind it in the same cell. A text that
is no known label counts as one only where it plainly stands in front of an answer.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.intake.form import Entry, Field, Need, Shape
from bot.intake.labels import LONGEST_LABEL, normalise
from bot.intake.lines import Line, Vocabulary, read_lines
from bot.intake.table.asides import HEADINGS
from bot.intake.table.cell import Cell, Control, Row
from bot.intake.table.layout import LIST_LABELS, Layout, first_line
from bot.intake.table.listed import GROWING, RowKind, columns_of, kind_of
from bot.intake.table.spread import OPTIONED, UNTOLD, Side, gathered, is_mark, is_option, side_of
from bot.intake.table.stacked import SUBJECT

__all__ = ["Cell", "Control", "Row", "read_rows"]


def read_rows(rows: Sequence[Row], words: Vocabulary) -> list[list[Entry]]:
    """The entries of a grid, one list a form: a list of change requests under one header row, or
    beside one column of labels, gives several forms, every other layout one."""
    grid = _Grid(rows, words)
    columns = columns_of(grid.rows, grid.labels, words)
    if columns is None:
        return grid.read()
    forms = [form for column in columns.requests for form in read_rows(grid.only(columns.labels, column), words)]
    return forms if columns.named else [[entry for row in zip(*forms, strict=False) for entry in row]]


class _Grid(Layout):
    """One grid while it is read, row by row from the top."""

    def __init__(self, rows: Sequence[Row], words: Vocabulary) -> None:
        super().__init__(rows, words)
        self.entries: list[Entry] = []
        self.lists: list[list[Entry]] = []
        self.open = -1
        self.under: frozenset[int] = frozenset()

    def read(self) -> list[list[Entry]]:
        """Walk the rows; a header row takes the rows of values below it with it."""
        at = 0
        while at < len(self.rows):
            at = self._band(at) if self.is_header(at) else self._row(at)
        if self.lists:
            return [[*self.entries, *form] for form in self.lists]
        return [self.entries] if self.entries else []

    def _band(self, at: int) -> int:
        """Read the rows under the header row `at`; gives the row after them."""
        header = [cell for cell in self.rows[at] if cell.text and self._asks(cell.text)]
        fields = {cell.column: field for cell in header if (field := self.words.field(cell.text))}
        keys = {field.key for field in fields.values()}
        if len(keys) >= LIST_LABELS and keys & SUBJECT:
            last, groups = self._requests(at, fields)
            forms = [[self._under(label, group) for label in header] for group in groups]
            if len(forms) > 1:
                self.lists.extend(forms)
            else:
                self.entries.extend(entry for form in forms for entry in form)
            return last + 1
        last = at + 1
        while last + 1 < len(self.rows) and not any(self.labels[last + 1]) and self._follows(at, last + 1, fields):
            last += 1
        rows = [self.rows[at + 1], *map(self.parted, range(at + 2, last + 1))]
        self.entries.extend(self._under(label, rows) for label in header)
        self.under = frozenset(column for column, field in fields.items() if field.shape in GROWING)
        return last + 1

    def _asks(self, text: str) -> bool:
        """True for the head of a column that holds answers; `No.` and `Comments` are ours to skip."""
        return self.words.known(text) or normalise(text) not in HEADINGS

    def _requests(self, at: int, fields: Mapping[int, Field]) -> tuple[int, list[list[Row]]]:
        """The last row of a list, and the rows of each request in it. A blank row does not end it
        while further requests follow."""
        groups: list[list[Row]] = []
        last = at
        for number in range(at + 1, len(self.rows)):
            kind = kind_of(self.rows[number], fields)
            if self.labelled(number) or kind is RowKind.OTHER or (kind is RowKind.MORE and self.apart[number]):
                break
            if kind is RowKind.REQUEST or (kind is RowKind.MORE and not groups):
                groups.append([self.rows[number]])
            elif kind is RowKind.MORE:
                groups[-1].append(self.rows[number])
            last = number
        return last, groups

    def _follows(self, at: int, number: int, fields: Mapping[int, Field]) -> bool:
        """True for a further row of values under the header row `at`: it has some, in the header's columns."""
        row = self.rows[number]
        if any(self.apart[at + 2 : number + 1]) and not self.goes_on(at, number):
            return False
        return len(row) > 1 and any(cell.column in fields and cell.text for cell in row)

    def _under(self, label: Cell, rows: Sequence[Row]) -> Entry:
        """Several rows under one label are one answer of several lines."""
        blank = Cell(label.column, "", label.place)
        cells = [next((cell for cell in row if cell.column == label.column), blank) for row in rows]
        unreadable = next((cell.unreadable for cell in cells if cell.unreadable), "")
        first = _entry(label.text, cells[0], self.words)
        parted = ((cell.text[:1] == "\n", self.words.answer(cell.text)) for cell in cells)
        value = "\n".join(f"\n{text}" if apart else text for apart, text in parted if text).strip()
        return Entry(first.label, "" if unreadable else value, first.place, first.tag, unreadable)

    def _row(self, at: int) -> int:
        """Read a row that is no header; gives the row after it and what continues it."""
        row, labels = self.rows[at], self.labels[at]
        if self._flags(at) or self._groups(at):
            return at + 1
        more = self._continuing(at) if any(labels) else at
        below = [self.parted(number) for number in range(at + 1, more + 1)]
        place, found = 0, 0
        while place < len(row):
            cell = row[place]
            if labels[place]:
                place = self._answer(at, place, below)
            elif self._label_with_hint(row, place):
                self._take(first_line(cell).text, [row[place + 1 : place + 2]])
                place += 2
            elif pairs := self._pairs(cell):
                self.entries.extend(pairs)
                place += 1
            else:
                place += 1
                continue
            found += 1
        if found:
            self.open, self.under = more, frozenset()
        else:
            self._unlabelled(at)
        return more + 1

    def _flags(self, at: int) -> bool:
        """Read a row of nothing but flags with their marks in front of them."""
        row, labels = self.rows[at], self.labels[at]
        if not any(labels) or not any(is_mark(cell.text) for cell in row):
            return False
        flags = [self.words.field(cell.text) for cell, label in zip(row, labels, strict=True) if label]
        if any(field is None or field.shape is not Shape.FLAG for field in flags):
            return False
        side = side_of(row) or self.usual
        if side is Side.BEHIND or not all(is_mark(cell.text) for cell in self.others(at)):
            return False
        for place, label in enumerate(row):
            if labels[place]:
                before = row[place - 1] if place and is_mark(row[place - 1].text) else label._replace(text="")
                mark = before if side else label._replace(unreadable=UNTOLD)
                self.entries.append(_entry(label.text, mark, self.words))
        return True

    def _groups(self, at: int) -> bool:
        """True for headings over the labels of a list: `Originator` over name, title and telephone."""
        below = at + 1
        if below == len(self.rows) or sum(self.labels[below]) < LIST_LABELS or not self.is_header(below):
            return False
        keys = {self.words.labels.key(cell.text) for cell in self.labels_of(at)}
        under = {self.words.labels.key(cell.text) for cell in self.labels_of(below)}
        return bool(keys) and keys <= under

    def _continuing(self, at: int) -> int:
        """The last of the rows that continue the answers of a row with labels: under the labels they
        are blank, or they hold the options that a label asks to mark."""
        row = self.rows[at]
        columns = [cell.column for cell in self.labels_of(at)]
        first, said = columns[0], bool(self.others(at))
        field = self.words.field(row[self.labels[at].index(True)].text) if len(columns) == 1 and not said else None
        last = at
        for number in range(at + 1, len(self.rows)):
            filled = [cell for cell in self.rows[number] if not cell.blank]
            if any(self.labels[number]) or (any(self.apart[at + 1 : number + 1]) and not self.goes_on(at, number)):
                break
            beside = all(cell.column > first and cell.column not in columns for cell in filled)
            listed = field is not None and field.shape in OPTIONED and _lists(filled, field)
            if not (beside or listed) or (not said and not listed and any(map(self.pair, filled))):
                break
            last = number
        return last

    def _answer(self, at: int, place: int, below: Sequence[Row]) -> int:
        """Take the answer beside the label at `place`; gives the next cell to look at."""
        row, labels = self.rows[at], self.labels[at]
        label, stop = row[place], place + 1
        while stop < len(row) and not labels[stop] and not self._begins(row, stop, place):
            stop += 1
        low = label.column if any(cell.text for cell in row[place + 1 : stop]) else -1
        high = row[stop].column if stop < len(row) else max(cell.column for line in (row, *below) for cell in line) + 1
        more = [[cell for cell in line if low < cell.column < high] for line in below]
        self._take(label.text, [row[place + 1 : stop], *more], label)
        return stop

    def _begins(self, row: Row, at: int, label: int) -> bool:
        """True for a cell that holds another label with its answer, and is not the answer itself."""
        return bool(row[at].text) and self.pair(row[at]) and (at > label + 1 or row[at].column in self.paired)

    def _take(self, label: str, region: list[Row], blank: Cell | None = None) -> None:
        """Take one answer from the cells right of its label and those below them."""
        field = self.words.field(label)
        cells = [cell for row in region for cell in row]
        if field is None or not cells:
            place = blank or cells[0]
            self.entries.append(_entry(label, Cell(place.column, "", place.place), self.words))
            return
        beside = region[0]
        if len(beside) > 1 and beside[0].blank and field.shape not in OPTIONED:
            region = [[beside[0], *(cell for cell in beside[1:] if cell.column in self.shifted)], *region[1:]]
        self.entries.extend(_entries(label, gathered(field, region, self.usage, self.usual), self.words))

    def _label_with_hint(self, row: Row, place: int) -> bool:
        """True for a label with a line of help under it and the cell for the answer beside it."""
        cell = row[place]
        if "\n" not in cell.text or place + 1 >= len(row):
            return False
        first = first_line(cell).text
        if not self.words.known(first) or (first.endswith(":") and not self.upright):
            return False
        if row[place + 1].blank and row[place + 1].column in self.paired:
            return False
        return not self._pairs(row[place + 1]) or bool(row[place + 1].controls)

    def _pairs(self, cell: Cell) -> list[Entry]:
        """The entries of a cell that holds a label and, behind or under it, its answer (the 2002
        layout); none when it does not begin with a known label."""
        texts = cell.text.split("\n")
        bolds = cell.bolds or ("",) * len(texts)
        first, *further = (Line(text, cell.place, bold) for text, bold in zip(texts, bolds, strict=False))
        split = self.words.split(first)
        if split is None:
            return []
        lines, head = [first], 0
        for line in further:
            if self._is_text(line, split[0], first, cell.column):
                lines[head:] = [self._tied([*lines[head:], line])]
                continue
            head = len(lines) if self.words.split(line) else head
            lines.append(line)
        return read_lines(lines, self.words)

    def _tied(self, lines: Sequence[Line]) -> Line:
        """A label with its answer as one line, whatever the lines of the answer look like."""
        label, *answer = lines
        tie = ": " if self.words.known(label.text) and not label.text.endswith(":") else "\n"
        return label._replace(text=label.text + tie + "\n".join(line.text for line in answer))

    def _is_text(self, line: Line, label: str, first: Line, column: int) -> bool:
        """True for a line under a label that looks like a label and is part of the answer: that field
        has a cell of its own or is not the sender's, or the line lacks the marks of the label above, or
        the answer is a long text and each field has its cell."""
        split = self.words.split(line)
        key = self.words.labels.key(split[0]) if split else None
        field = self.words.field(split[0]) if split else None
        if field is None or key == self.words.labels.key(label) or line.bold:
            return False
        if key in self.heads or field.need is Need.IGNORED:
            return True
        colon = first.text[len(label) :].lstrip(" *").startswith((":", "\uff1a"))
        return (colon and ":" not in line.text) or (column in self.paired and self._is_long(label))

    def _is_long(self, label: str) -> bool:
        field = self.words.field(label)
        return field is not None and field.shape is Shape.TEXT

    def _unlabelled(self, at: int) -> None:
        """A row without a known label has a label of its own, or continues the answer right above it, or may
        have been meant for an answer."""
        row = self.rows[at]
        behind = len(row) > 1 and bool(row[1].text)
        if behind and 0 < len(row[0].text) <= LONGEST_LABEL:
            self.entries.extend(_entries(row[0].text, row[1], self.words))
        elif (
            behind
            and self.entries
            and not row[0].text
            and self.open == at - 1
            and not self.apart[at]
            and not self.rows[at - 1][0].text
        ):
            last = self.entries[-1]
            unreadable = last.unreadable or row[1].unreadable
            value = "\n".join(text for text in (last.value, self.words.answer(row[1].text)) if text)
            self.entries[-1] = Entry(last.label, "" if unreadable else value, last.place, last.tag, unreadable)
            self.open = at
        elif self.entries:
            self._stray(at)

    def _stray(self, at: int) -> None:
        """Texts that belong to no label are an entry without one; those right below each other are one."""
        cells = self.strays(at, self.under)
        if not cells:
            return
        if not self.entries[-1].label:
            cells[:0] = [Cell(0, self.entries[-1].value, self.entries.pop().place)]
        self.entries.append(Entry("", "\n".join(cell.text for cell in cells), cells[0].place))


def _lists(filled: Sequence[Cell], field: Field) -> bool:
    """True for a row that holds one option of a field, with or without its mark."""
    worded = [cell for cell in filled if not is_mark(cell.text)]
    return len(worded) > 0 and is_option(worded[0].text, field)


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
