"""The tables of an HTML body. Its one rule: a table gives cells and nothing else; what they mean
is said where Word and Excel are read (grid.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.intake.table.grid import Cell
from bot.mail.text import SELECTED, VOID, entered, hides, unescaped

LONGEST = 500_000
DEEPEST = 20
MOST_TAGS = 50_000
MOST_CELLS = 2_000
"""Limits of one body: Outlook's own mark-up of a full form has some 60,000 characters."""

BEYOND = "it goes on beyond what is read of a text"

SOFT = "\r"
"""Where a block begins or ends: the words behind it stand on another line."""

BLOCKS = ("p", "div", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center")
BREAKS: Mapping[str, str] = {**dict.fromkeys(BLOCKS, SOFT), "li": f"{SOFT}- ", "br": "\n", "hr": SOFT}
MANY = re.compile(r"\n{3,}")
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
WHITE = re.compile(r"[ \t\r\n\f]+")
TAG = re.compile(r"<[!?][^<>]*>|<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>")
ACROSS = re.compile(r"\bcolspan\s*=\s*[\"']?([1-9]|1\d|20)\b", re.IGNORECASE)
DOWN = re.compile(r"\browspan\s*=\s*[\"']?([1-9]|1\d|20)\b", re.IGNORECASE)


def tables(html: str) -> list[list[list[Cell]]]:
    """The cells of every table of an HTML body, row by row, in the order in which the tables end.
    Raises nothing.

    QUIRK: the standard library's HTMLParser takes quadratic time over comments and quotation
    marks that are never closed; here every character is looked at once.
    """
    page, whole, at = _Page(), len(html), 0
    html = bounded(html)
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
    return page.tables(cut=len(html) < whole)


def bounded(html: str) -> str:
    """As much of a page as is read: no form has more characters or tags."""
    *front, last = html[:LONGEST].split("<", MOST_TAGS)
    return "<".join(front) if len(front) == MOST_TAGS else "<".join([*front, last])


@dataclass(slots=True)
class _Table:
    """A table while it is read; `text` collects the open cell's words. `below` has, for a column that a
    cell from above reaches down into, how many more rows it takes."""

    rows: list[list[str]] = field(default_factory=list)
    text: list[str] | None = None
    across: int = 1
    down: int = 1
    below: dict[int, int] = field(default_factory=dict)

    def begin_row(self) -> None:
        """A row begins."""
        self.rows.append([])
        self._pass_over()

    def end_cell(self, text: str) -> None:
        """The open cell is this text; a cell that covers several leaves the others blank."""
        row = self.rows[-1]
        if self.down > 1:
            self.below |= dict.fromkeys(range(len(row), len(row) + self.across), self.down - 1)
        row += [text, *[""] * (self.across - 1)]
        self._pass_over()

    def _pass_over(self) -> None:
        """Leave the cells blank that one from above covers."""
        row = self.rows[-1]
        while rest := self.below.get(len(row), 0):
            self.below[len(row)] = rest - 1
            row.append("")


class _Page:
    """Collects the cells of all tables; a table in a cell is a table of its own, and what its
    sender quoted (a blockquote) or what nobody sees is not looked at."""

    def __init__(self) -> None:
        self._open: list[_Table] = []
        self._done: list[_Table] = []
        self._quoted = 0
        self._cells = 0
        self._unseen = ""
        self._unseen_depth = 0

    def tables(self, *, cut: bool) -> list[list[list[Cell]]]:
        """The cells of every table; tables that were left open end with the body. Where the page was
        `cut`, nobody knows how an open cell goes on."""
        broken = {id(table) for table in self._open if cut and table.text is not None}
        while self._open:
            self._end_table()
        found = [
            [_cells(row, f"table {number}, row {at}") for at, row in enumerate(table.rows, 1)]
            for number, table in enumerate(self._done, 1)
        ]
        for rows, table in zip(found, self._done, strict=True):
            if id(table) in broken:
                last = next(at for at in range(len(rows[-1]) - 1, -1, -1) if rows[-1][at].text or not at)
                rows[-1][last] = rows[-1][last]._replace(unreadable=BEYOND)
        return found

    def begin(self, tag: str, attributes: str) -> None:
        """A tag begins."""
        if self._hides(tag, attributes):
            return
        if tag == "blockquote":
            self._quoted += 1
        elif tag == "table" and len(self._open) < DEEPEST:
            self._open.append(_Table())
        if not self._open:
            return
        if tag == "tr":
            self._end_cell()
            self._open[-1].begin_row()
        elif tag in {"td", "th"}:
            self._begin_cell(self._open[-1], attributes)
        elif tag == "input":
            self._write(entered(attributes))
        else:
            self._write(BREAKS.get(tag, ""))

    def _hides(self, tag: str, attributes: str) -> bool:
        """True where nobody sees what follows; of a list to choose from only the chosen item is seen."""
        if tag == "option" and self._unseen in {"", tag}:
            self._unseen, self._unseen_depth = ("", 0) if SELECTED.search(attributes) else (tag, 1)
        elif self._unseen:
            self._unseen_depth += tag == self._unseen
        elif tag in UNSEEN or (not VOID.fullmatch(tag) and hides(attributes)):
            self._unseen, self._unseen_depth = tag, 1
        return bool(self._unseen)

    def end(self, tag: str) -> None:
        """A tag ends."""
        if self._unseen:
            self._unseen_depth -= tag == self._unseen or (tag, self._unseen) == ("select", "option")
            if not self._unseen_depth:
                self._unseen = ""
        elif tag == "blockquote":
            self._quoted = max(self._quoted - 1, 0)
        elif tag == "table" and self._open:
            self._end_table()
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag in BREAKS and tag != "br":
            self._write(SOFT)

    def words(self, source: str) -> None:
        """Words, as they stand in the source."""
        if source and self._open and not self._unseen:
            self._write(unescaped(WHITE.sub(" ", source)))

    def _begin_cell(self, table: _Table, attributes: str) -> None:
        self._end_cell()
        if not table.rows:
            table.begin_row()
        self._cells += 1
        if self._cells <= MOST_CELLS and not self._quoted:
            table.text = []
            across, down = ACROSS.search(attributes), DOWN.search(attributes)
            table.across, table.down = (int(span[1]) if span else 1 for span in (across, down))

    def _write(self, words: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text.append(words)

    def _end_cell(self) -> None:
        if not self._open or self._open[-1].text is None:
            return
        table = self._open[-1]
        table.end_cell(_seen("".join(table.text or ())))
        table.text = None

    def _end_table(self) -> None:
        self._end_cell()
        self._done.append(self._open.pop())


def _seen(words: str) -> str:
    """The lines of a cell as they are seen. A block ends a line and parts nothing more, a `<br>` alone and
    a paragraph of a fixed blank are a blank line; a `<br>` at the end of a block shows nothing."""
    lines: list[str] = []
    for block in words.split(SOFT):
        bare = block.strip(" ")
        if bare:
            *front, last = bare.split("\n")
            lines += [*front, *([last] if not front or last.strip(" ") else [])]
    return MANY.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _cells(row: list[str], place: str) -> list[Cell]:
    return [Cell(column, text, f"{place}, column {column + 1}") for column, text in enumerate(row)]
