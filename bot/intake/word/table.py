"""A table of a Word document as rows of cells, for grid.py to read. Its one rule: a cell has the
text that a person sees in it, at the column where it stands.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from bot.intake.lines import Line, Vocabulary
from bot.intake.table.grid import Cell, Control, Row
from bot.intake.word.control import NONE, Properties, content_of, properties_of
from bot.intake.word.lines import labelled
from bot.intake.word.names import SDT, SKIPPED, TBL, TC, TCPR, TR, TRPR, VAL, P, W, number, on
from bot.intake.word.style import HIDDEN
from bot.intake.word.text import Shown, Text, without_instructions

SPAN = W + "gridSpan"
MAX_SPAN = 63
"""QUIRK: the number is the sender's; one file of the wild claims 10^8 columns, and Word itself
stops at 63."""
MAX_BOXES = 12
FEWEST = 2
"""Different labels that make a table inside an answer a part of the form, and not of the answer:
a list of dates may well be headed `Date`."""


class Table:
    """One table while it is read. Tables and text boxes in its cells that have labels of their own
    are set aside in `inner` and `boxes`; others are part of their cell's text."""

    def __init__(self, place: str, words: Vocabulary, styles: Mapping[str, int], unseen: set[int]) -> None:
        self.place = place
        self.words = words
        self.styles = styles
        self.unseen = unseen
        self.inner: list[Element] = []
        self.boxes: list[Element] = []
        self.label = ""

    def rows(self, block: Element) -> list[Row]:
        """Its rows, each with its cells at their columns, without those that only instruct."""
        made = (self._row(row, number) for number, row in enumerate(_found(block, TR), 1))
        return [row for row in made if row is not None]

    def labels(self, rows: list[Row]) -> int:
        """How many different fields have their label in some rows."""
        known = {self.words.labels.key(cell.text) for row in rows for cell in row if self.words.known(cell.text)}
        return len(known | {self.words.labels.key(front) for row in rows for front in self._fronts(row)})

    def _fronts(self, row: Row) -> Iterator[str]:
        for cell in row:
            bold = cell.bolds[0] if cell.bolds else ""
            if found := self.words.split(Line(cell.text.partition("\n")[0], "", bold)):
                yield found[0]

    @staticmethod
    def shown(cell: Cell) -> list[Shown]:
        """The lines of a cell."""
        return [Shown(text, bold) for text, bold in zip(cell.text.split("\n"), cell.bolds, strict=False)]

    @staticmethod
    def flat(rows: list[Row]) -> list[str]:
        """Rows as lines of text, without a first row that only heads the columns of dates or numbers."""
        lines = ["   ".join(cell.text.replace("\n", " ") for cell in row if cell.text) for row in rows]
        numbered = [any(map(str.isdigit, line)) for line in lines]
        return lines[1:] if len(lines) > 1 and numbered == [False, *[True] * (len(lines) - 1)] else lines

    def _row(self, row: Element, at: int) -> Row | None:
        properties = row.find(TRPR)
        column = 0
        if properties is not None and len(properties):
            if on(properties.find(W + "hidden")):
                self.unseen.add(HIDDEN)
                return None
            column = _columns(properties.find(W + "gridBefore"), 0)
        place = f"{self.place}, row {at}"
        cells: list[Cell] = []
        found = _cells(row)
        for cell, around in found:
            self.label = cells[-1].text if cells else ""
            text, lines = self._lines(cell, around)
            if [line for line in lines if line.aside]:
                answer = without_instructions(lines)
                if lines and not answer and len(found) == 1:
                    return None
                # A row keeps what it begins with, or its answer would continue the one above it.
                lines = answer if cells or answer else lines
            whole = "\n".join([line.text for line in lines])
            controls = tuple(text.controls)
            if around.tag:
                controls = (Control(around.tag, whole),)
            cells.append(Cell(column, whole, place, tuple([line.bold for line in lines]), controls))
            column += _span(cell)
        return cells

    def _lines(self, cell: Element, around: Properties) -> tuple[Text, list[Shown]]:
        """The text of a cell, and its lines; `around` are the properties of a control around it."""
        text = Text(self.styles, self.unseen)
        if around.box is not None:
            text.add(around.box)
        elif not around.prompt:
            self.gather(cell, text)
        lines = text.lines()
        if text.boxes:
            lines = self._boxed(text.boxes, lines)
        if around.kind is not None:
            whole = "\n".join(line.text for line in lines)
            if (said := content_of(around.kind, whole)) != whole:
                lines = [Shown(line) for line in said.split("\n")] if said else []
        return text, lines

    def gather(self, parent: Element, text: Text) -> None:
        """Take the text of everything in a cell, or in a text box."""
        for block in parent:
            tag = block.tag
            if tag == P:
                text.paragraph(block)
                text.end_line()
            elif tag == TBL:
                self._inside(block, text)
            elif tag == SDT:
                text.control(block, self.gather)
            elif tag not in SKIPPED:
                self.gather(block, text)

    def _inside(self, block: Element, text: Text) -> None:
        """A table in a cell: set aside, or line by line."""
        inner = Table("", self.words, self.styles, self.unseen)
        rows = inner.rows(block)
        fewest = FEWEST if self.words.known(self.label) else 1
        if inner.labels(rows) >= fewest or any(cell.controls for row in rows for cell in row):
            self.inner.append(block)
            return
        for line in self.flat(rows):
            text.add(line)
            text.end_line()

    def _boxed(self, boxes: list[Element], lines: list[Shown]) -> list[Shown]:
        """The lines of a cell with text boxes: a box is the answer where the cell has no other text."""
        for box in boxes[:MAX_BOXES]:
            text = Text(self.styles, self.unseen)
            self.gather(box, text)
            inside = text.lines()
            if labelled(inside, self.words):
                self.boxes.append(box)
            elif not any(line.text for line in lines):
                lines = inside
        return lines


def _found(parent: Element, wanted: str) -> Iterator[Element]:
    """The wanted elements under a parent, through whatever wraps them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag not in SKIPPED and child.tag != TBL:
            yield from _found(child, wanted)


def _cells(row: Element) -> list[tuple[Element, Properties]]:
    """The cells of a row, each with the properties of the content control that wraps it."""
    found: list[tuple[Element, Properties]] = []
    for child in row:
        tag = child.tag
        if tag == TC:
            found.append((child, NONE))
        elif tag not in SKIPPED:
            around = properties_of(child) if tag == SDT else NONE
            found.extend((cell, around) for cell in _found(child, TC))
    return found


def _span(cell: Element) -> int:
    """How many columns a cell covers."""
    properties = cell.find(TCPR)
    return max(_columns(properties.find(SPAN), 1), 1) if properties is not None and len(properties) else 1


def _columns(mark: Element | None, usual: int) -> int:
    """The number of columns that a mark names, within bounds."""
    return min(max(number(mark.get(VAL, "")), 0), MAX_SPAN) if mark is not None else usual
