"""The tables of an HTML body. Its one rule: a table gives cells and nothing else; what they mean
is said where Word and Excel are read (grid.py).
"""

import re
from dataclasses import dataclass, field

from bot.intake.grid import Cell
from bot.mail.text import unescaped

LONGEST = 500_000
DEEPEST = 20
MOST_CELLS = 2_000
"""Limits of one body: Outlook's own mark-up of a full form has some 60,000 characters."""

BREAKING = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
WHITE = re.compile(r"[ \t\r\n\f\xa0]+")
TAG = re.compile(r"<[!?][^<>]*>|<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>")
TICK_BOX = re.compile(r"\btype\s*=\s*[\"']?(?:checkbox|radio)\b", re.IGNORECASE)
CHECKED = re.compile(r"\bchecked\b", re.IGNORECASE)
SPAN = re.compile(r"\bcolspan\s*=\s*[\"']?([1-9]|1\d|20)\b", re.IGNORECASE)
TICKED, EMPTY = "[x] ", "[ ] "


def tables(html: str) -> list[list[list[Cell]]]:
    """The cells of every table of an HTML body, row by row, in the order in which the tables end.
    Raises nothing.

    QUIRK: the standard library's HTMLParser takes quadratic time over comments and quotation
    marks that are never closed; here every character is looked at once.
    """
    page, html, at = _Page(), html[:LONGEST], 0
    while (opening := html.find("<", at)) >= 0:
        page.words(html[at:opening])
        tag = TAG.match(html, opening)
        if html.startswith("<!--", opening):
            end = html.find("-->", opening)
            at = end + len("-->") if end > 0 else len(html)
        elif tag is None:
            page.words("<")
            at = opening + 1
        elif tag[1]:
            page.end(tag[2].lower())
            at = tag.end()
        else:
            page.begin((tag[2] or "").lower(), tag[3] or "")
            at = tag.end()
    page.words(html[at:])
    return page.tables()


@dataclass(slots=True)
class _Table:
    """A table while it is read; `text` collects the open cell's words."""

    rows: list[list[str]] = field(default_factory=list)
    text: list[str] | None = None
    span: int = 1


class _Page:
    """Collects the cells of all tables; a table in a cell is a table of its own, and what its
    sender quoted (a blockquote) is not looked at."""

    def __init__(self) -> None:
        self._open: list[_Table] = []
        self._done: list[_Table] = []
        self._unseen = 0
        self._quoted = 0
        self._cells = 0

    def tables(self) -> list[list[list[Cell]]]:
        """The cells of every table; tables that were left open end with the body."""
        while self._open:
            self._end_table()
        return [
            [_cells(row, f"table {number}, row {at}") for at, row in enumerate(table.rows, 1)]
            for number, table in enumerate(self._done, 1)
        ]

    def begin(self, tag: str, attributes: str) -> None:
        """A tag begins."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "table" and len(self._open) < DEEPEST:
            self._open.append(_Table())
        if not self._open:
            return
        if tag == "tr":
            self._end_cell()
            self._open[-1].rows.append([])
        elif tag in {"td", "th"}:
            self._begin_cell(self._open[-1], attributes)
        elif tag == "li":
            self._write("\n- ")
        elif tag in BREAKING:
            self._write("\n")
        elif tag == "input" and TICK_BOX.search(attributes):
            self._write(TICKED if CHECKED.search(attributes) else EMPTY)

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag in UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag == "blockquote":
            self._quoted = max(self._quoted - 1, 0)
        elif tag == "table" and self._open:
            self._end_table()
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag in BREAKING:
            self._write("\n")

    def words(self, source: str) -> None:
        """Words, as they stand in the source."""
        if source and self._open and not self._unseen:
            self._write(WHITE.sub(" ", unescaped(source)))

    def _begin_cell(self, table: _Table, attributes: str) -> None:
        self._end_cell()
        if not table.rows:
            table.rows.append([])
        self._cells += 1
        if self._cells <= MOST_CELLS and not self._quoted:
            table.text = []
            span = SPAN.search(attributes)
            table.span = int(span[1]) if span else 1

    def _write(self, words: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text.append(words)

    def _end_cell(self) -> None:
        if not self._open or self._open[-1].text is None:
            return
        table = self._open[-1]
        lines = (line.strip() for line in "".join(table.text or ()).split("\n"))
        table.rows[-1] += ["\n".join(line for line in lines if line), *[""] * (table.span - 1)]
        table.text = None

    def _end_table(self) -> None:
        self._end_cell()
        self._done.append(self._open.pop())


def _cells(row: list[str], place: str) -> list[Cell]:
    return [Cell(column, text, f"{place}, column {column + 1}") for column, text in enumerate(row)]
