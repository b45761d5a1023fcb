"""The tables of an HTML body. Its one rule: a table gives cells and nothing else; what they mean
is said where Word and Excel are read (grid.py).
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.intake.grid import Cell

LONGEST = 500_000
DEEPEST = 20
MOST_CELLS = 2_000
"""Limits of one body: Outlook's own mark-up of a full form has some 60,000 characters."""

BREAKING = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
WHITE = re.compile(r"[ \t\r\n\f\xa0]+")
TICKED, EMPTY = "[x] ", "[ ] "


def tables(html: str) -> list[list[list[Cell]]]:
    """The cells of every table of an HTML body, row by row, in the order in which the tables end.
    Raises nothing."""
    page = _Page()
    page.feed(html[:LONGEST])
    page.close()
    return page.tables()


@dataclass(slots=True)
class _Table:
    """A table while it is read; `text` collects the open cell's words."""

    rows: list[list[str]] = field(default_factory=list)
    text: list[str] | None = None
    span: int = 1


class _Page(HTMLParser):
    """Collects the cells of all tables; a table in a cell is a table of its own, and what its
    sender quoted (a blockquote) is not looked at."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Table] = []
        self._done: list[_Table] = []
        self._unseen = 0
        self._quoted = 0
        self._cells = 0

    def tables(self) -> list[list[list[Cell]]]:
        """The cells of every table, in the order in which the tables end."""
        return [
            [
                [
                    Cell(column, text, f"table {number}, row {at}, column {column + 1}")
                    for column, text in enumerate(row)
                ]
                for at, row in enumerate(table.rows, 1)
            ]
            for number, table in enumerate(self._done, 1)
        ]

    def close(self) -> None:
        """The body has ended; tables that were left open end with it."""
        super().close()
        while self._open:
            self._end_table()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "table" and len(self._open) < DEEPEST:
            self._open.append(_Table())
        if not self._open:
            return
        now = self._open[-1]
        if tag == "tr":
            self._end_cell()
            now.rows.append([])
        elif tag in {"td", "th"}:
            self._begin_cell(now, dict(attrs).get("colspan"))
        elif tag in BREAKING:
            self._write("\n")
        if tag == "li":
            self._write("- ")
        elif tag == "input":
            self._tick(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
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

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unseen:
            self._write(WHITE.sub(" ", data))

    def _tick(self, attributes: dict[str, str | None]) -> None:
        if attributes.get("type") in {"checkbox", "radio"}:
            self._write(TICKED if "checked" in attributes else EMPTY)

    def _begin_cell(self, table: _Table, span: str | None) -> None:
        self._end_cell()
        if not table.rows:
            table.rows.append([])
        self._cells += 1
        if self._cells <= MOST_CELLS and not self._quoted:
            table.text = []
            table.span = min(int(span), 20) if span and span.isascii() and span.isdigit() else 1

    def _write(self, words: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text.append(words)

    def _end_cell(self) -> None:
        if not self._open or self._open[-1].text is None:
            return
        table = self._open[-1]
        lines = (line.strip() for line in "".join(table.text or ()).split("\n"))
        table.rows[-1].append("\n".join(line for line in lines if line))
        table.rows[-1] += [""] * (table.span - 1)
        table.text = None

    def _end_table(self) -> None:
        self._end_cell()
        self._done.append(self._open.pop())
