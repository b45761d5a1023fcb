"""A .docx form: its labels and values by our own bounded walk over the main part's XML.

Its one rule: what a person sees in Word is what is read. Insertions count and deletions do not,
a placeholder is blank, a tick box is `[x]` or `[ ]` where it stands, hidden text is not there.
(python-docx costs 30 times as much and does not see content controls.)
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.intake.form import Entry, FieldTable, RawForm
from bot.intake.grid import Cell, Control, Row, read_rows
from bot.intake.lines import Line, Vocabulary, read_lines
from bot.intake.prescan import Container, prescan
from bot.intake.wordtext import MAX_DIGITS, SDT, SKIPPED, TBL, TC, TR, TRANSITIONAL, VAL, P, Text, W, tag_of

MAIN_PART = "word/document.xml"
OFFICE_DOCUMENT = re.compile(rb'<Relationship\b[^>]*officeDocument"[^>]*>')
TARGET = re.compile(rb'Target="/?([^"]{1,200})"')
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
MAX_SPAN = 63
MAX_DEPTH = 12

CHANGES = "The document holds tracked changes: insertions were read, deletions were not."
HIDDEN = "Hidden text in the document was not read."
MACROS = "The document holds macros; they were not run."


def read_word(content: bytes, source: str, table: FieldTable) -> tuple[RawForm, ...]:
    """Read the form in a Word document; empty when it has neither labels nor values.

    Raises ValueError when the main part is absent, damaged or larger than any form.
    """
    container = prescan(content)
    try:
        main = container.xml(_main_part(container)).replace(STRICT, TRANSITIONAL.encode(), 1)
        body = fromstring(main).find(W + "body")  # noqa: S314 - no document type, no entities (prescan)
    except (ParseError, KeyError) as damage:
        raise ValueError("its text is damaged") from damage
    if body is None:
        return ()
    words = Vocabulary(table)
    forms = _Document(words).read(body)
    notes = _notes(main, container)
    return tuple(RawForm(source, tuple(entries), notes) for entries in forms if entries)


def _main_part(container: Container) -> str:
    """The part that holds the text; Word on the web calls it otherwise."""
    if MAIN_PART in container.parts or "_rels/.rels" not in container.parts:
        return MAIN_PART
    relation = OFFICE_DOCUMENT.search(container.xml("_rels/.rels"))
    target = TARGET.search(relation.group()) if relation else None
    return target.group(1).decode("utf-8", "replace") if target else MAIN_PART


def _notes(content: bytes, container: Container) -> tuple[str, ...]:
    found = []
    if b"<w:del " in content or b"<w:ins " in content or b"<w:moveFrom " in content:
        found.append(CHANGES)
    if b"<w:vanish/>" in content:
        found.append(HIDDEN)
    if "word/vbaProject.bin" in container.parts:
        found.append(MACROS)
    return tuple(found)


class _Document:
    """The walk over one body: paragraphs gather until a table comes, a table is read whole."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.tables = 0
        self.paragraphs = 0
        self.lines: list[Line] = []
        self.entries: list[Entry] = []
        self.lists: list[list[Entry]] = []

    def read(self, body: Element) -> list[list[Entry]]:
        """The entries of the document, one list a form."""
        self._blocks(body, 0)
        self._flush()
        return [[*self.entries, *form] for form in self.lists] or [self.entries]

    def _blocks(self, parent: Element, depth: int) -> None:
        for block in parent:
            tag = block.tag
            if tag == P:
                self._paragraph(block, depth)
            elif tag == TBL:
                self._table(block, depth)
            elif tag not in SKIPPED and depth < MAX_DEPTH:
                self._blocks(block, depth + 1)

    def _paragraph(self, block: Element, depth: int) -> None:
        text = Text()
        text.walk(block)
        lines = [line for line in text.lines() if line[0]]
        if lines:
            self.paragraphs += 1
            place = f"paragraph {self.paragraphs}"
            self.lines.extend(Line(line, place, bold) for line, bold in lines)
        for box in text.boxes[:MAX_DEPTH]:
            if depth < MAX_DEPTH:
                self._blocks(box, depth + 1)

    def _table(self, block: Element, depth: int) -> None:
        self.tables += 1
        table = _Table(f"table {self.tables}", self.words)
        rows = table.rows(block)
        if len(rows) == 1 and len(rows[0]) == 1:
            self.lines.extend(_lines(rows[0][0]))
        else:
            self._flush()
            forms = read_rows(rows, self.words)
            self.lists.extend(forms if len(forms) > 1 else ())
            self.entries.extend(forms[0] if len(forms) == 1 else ())
        for inner in table.inner if depth < MAX_DEPTH else ():
            self._table(inner, depth + 1)

    def _flush(self) -> None:
        """Read the paragraphs gathered so far."""
        if self.lines:
            self.entries.extend(read_lines(self.lines, self.words))
            self.lines = []


def _lines(cell: Cell) -> Iterator[Line]:
    for text, bold in zip(cell.text.split("\n"), cell.bolds, strict=False):
        yield Line(text, cell.place, bold)


class _Table:
    """One table as rows of cells; tables inside its cells that have labels of their own are set
    aside in `inner`, other ones are part of their cell's text."""

    def __init__(self, place: str, words: Vocabulary) -> None:
        self.place = place
        self.words = words
        self.inner: list[Element] = []

    def rows(self, block: Element) -> list[Row]:
        """Its rows, each with its cells at their columns."""
        return [self._row(row, number) for number, row in enumerate(_found(block, TR), 1)]

    def _row(self, row: Element, number: int) -> Row:
        place = f"{self.place}, row {number}"
        column = 0
        cells = []
        for cell, wrapper in _cells(row):
            cells.append(self._cell(cell, wrapper, column, place))
            column += _span(cell)
        return cells

    def _cell(self, cell: Element, wrapper: Element | None, column: int, place: str) -> Cell:
        text = Text()
        if wrapper is None or not text.placeholder(wrapper):
            self._gather(cell, text)
        lines = text.lines()
        whole = "\n".join(line for line, _ in lines)
        controls = tuple(text.controls)
        if tag := tag_of(wrapper):
            controls = (Control(tag, whole),)
        return Cell(column, whole, place, tuple(bold for _, bold in lines), controls)

    def _gather(self, parent: Element, text: Text) -> None:
        for block in parent:
            if block.tag == P:
                text.walk(block)
                text.end_line()
            elif block.tag == TBL:
                self._inside(block, text)
            elif block.tag == SDT:
                text.control(block, self._gather)
            elif block.tag not in SKIPPED:
                self._gather(block, text)

    def _inside(self, block: Element, text: Text) -> None:
        rows = _Table("", self.words).rows(block)
        if any(self.words.known(cell.text) for row in rows for cell in row):
            self.inner.append(block)
        for row in () if block in self.inner else rows:
            text.add("   ".join(cell.text.replace("\n", " ") for cell in row if cell.text))
            text.end_line()


def _found(parent: Element, wanted: str) -> Iterator[Element]:
    """The wanted elements under a parent, through whatever wraps them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag not in SKIPPED and child.tag != TBL:
            yield from _found(child, wanted)


def _cells(row: Element) -> Iterator[tuple[Element, Element | None]]:
    """The cells of a row, each with the content control that wraps it, if one does."""
    for child in row:
        if child.tag == TC:
            yield child, None
        elif child.tag == SDT:
            for cell in _found(child, TC):
                yield cell, child
        elif child.tag not in SKIPPED:
            for cell in _found(child, TC):
                yield cell, None


def _span(cell: Element) -> int:
    """How many columns a cell covers. QUIRK: the number is the sender's; one file of the wild
    claims 10^8 columns, and Word itself stops at 63."""
    properties = cell.find(W + "tcPr")
    span = properties.find(W + "gridSpan") if properties is not None else None
    text = span.get(VAL, "1") if span is not None else "1"
    return min(int(text), MAX_SPAN) if text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS else 1
