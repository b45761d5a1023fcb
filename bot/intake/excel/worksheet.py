"""The cells of a worksheet: which ones are shown, and what each of them shows.

Its one rule: a cell counts as a person sees it in Excel. A formula counts by its result; a cell
that shows an error, or a formula that was never calculated, is not blank: it says so.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.intake.excel.cellnumber import show
from bot.intake.table.columns import column_letters, column_number

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, CELL, VALUE, FORMULA, INLINE = (MAIN + name for name in ("row", "c", "v", "f", "is"))
TEXT, RUN = MAIN + "t", MAIN + "r"
MAX_ROWS, MAX_COLUMNS = 300, 40
MAX_MERGED = 4 * MAX_ROWS * MAX_COLUMNS
"""Cells that merged ranges may cover, overlaps counted."""
TRUE = frozenset({"1", "true", "on"})

REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
COLUMN = re.compile("[A-Z]{1,3}")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|FIELD!)|Err:\d{3}")
AS_TEXT = re.compile(r"=(?:[A-Z][A-Z.]{1,20}\(.*\)|(?:'[^']{1,60}'!|\w{1,40}!)?\$?[A-Z]{1,3}\$?\d{1,7})", re.IGNORECASE)
APOSTROPHE = re.compile(r"'(?=[\d=+@(-])")

UNCALCULATED = "the cell holds a formula that was never calculated"
SHOWN_AS_TEXT = "the cell holds the text of a formula, not its result"
IN_ERROR = "the cell shows the error {}"


class Held(NamedTuple):
    """What a cell shows, or in parentheses what cannot be read and why; `bare` for a number without a
    date's format."""

    text: str
    unreadable: str = ""
    bare: bool = False


class Look(NamedTuple):
    """What the cells of a workbook share: its strings, the number format of each style, and whether
    its days count from 1904."""

    strings: list[str]
    formats: list[str]
    mac: bool


class Shown(NamedTuple):
    """The cells of a sheet that hold something, by row and column (from 1), the cells that a merged
    range covers, and what was not read: the hidden rows and columns, and whether there was more."""

    rows: dict[int, dict[int, Held]]
    covered: frozenset[tuple[int, int]]
    hidden: tuple[str, ...]
    beyond: bool


def shown_cells(sheet: Element, look: Look) -> Shown:
    """What a worksheet shows. Raises ValueError or LookupError for a sheet that is damaged."""
    columns = _hidden_columns(sheet)
    under, covered = _merged(sheet)
    rows: dict[int, dict[int, Held]] = {}
    hidden: dict[str, None] = {}
    beyond = False
    number = 0
    for row in sheet.iterfind(f"{MAIN}sheetData/{ROW}"):
        number = int(row.get("r") or number + 1)
        if number < 1 or number in rows:
            raise ValueError("a row stands outside the sheet or twice in it")
        if number > MAX_ROWS:
            beyond = beyond or any(child.tag in {VALUE, INLINE} for cell in row for child in cell)
            continue
        found = {column: held for column, held in _row(row, look) if (number, column) not in under}
        if row.get("hidden") in TRUE:
            hidden |= {f"row {number}": None} if found else {}
            continue
        beyond = beyond or any(column > MAX_COLUMNS for column in found)
        hidden |= {f"column {column_letters(column)}": None for column in found if column in columns}
        rows[number] = {at: held for at, held in found.items() if at <= MAX_COLUMNS and at not in columns}
    return Shown(dict(sorted(rows.items())), covered, tuple(hidden), beyond)


def string_table(table: Element) -> list[str]:
    """The strings that the cells of a workbook share, in order."""
    return [rich(item) for item in table]


def rich(item: Element) -> str:
    """A text of runs as its letters; how a word is pronounced (East Asian) is no part of it."""
    pieces = []
    for child in item:
        if child.tag == TEXT:
            pieces.append(child.text or "")
        elif child.tag == RUN:
            pieces += [text.text or "" for text in child.iterfind(TEXT)]
    text = "".join(pieces)
    return ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    """QUIRK: Excel writes a carriage return as `_x000D_`, and an underscore before such as `_x005F_`."""
    return chr(int(found[1], 16))


def _hidden_columns(sheet: Element) -> frozenset[int]:
    ranges = [
        range(int(column.get("min", "1")), min(int(column.get("max", "1")), MAX_COLUMNS) + 1)
        for column in sheet.iterfind(f"{MAIN}cols/{MAIN}col")
        if column.get("hidden") in TRUE
    ]
    return frozenset(at for columns in ranges for at in columns)


def _merged(sheet: Element) -> tuple[set[tuple[int, int]], frozenset[tuple[int, int]]]:
    """The cells under merged ranges: all whose texts are not shown, and those to the right of a
    range's first column. A label that covers several rows leaves its column there, so that the rows
    below it continue its answer."""
    under: set[tuple[int, int]] = set()
    covered: set[tuple[int, int]] = set()
    area = 0
    for merge in sheet.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell"):
        found = REFERENCE.fullmatch(merge.get("ref", ""))
        if found is None or not found[3]:
            continue
        top, left = int(found[2]), column_number(found[1])
        rows = range(top, min(int(found[4]), MAX_ROWS) + 1)
        columns = range(left, min(column_number(found[3]), MAX_COLUMNS) + 1)
        area += len(rows) * len(columns)
        if area > MAX_MERGED:
            break
        under.update((row, column) for row in rows for column in columns)
        under.discard((top, left))
        covered.update((row, column) for row in rows for column in columns[1:])
    return under, frozenset(covered)


def _row(row: Element, look: Look) -> Iterator[tuple[int, Held]]:
    column = 0
    for cell in row:
        letters = cell.get("r", "").rstrip("0123456789")
        if letters and not COLUMN.fullmatch(letters):
            raise ValueError("a cell lies outside every sheet")
        column = column_number(letters) if letters else column + 1
        held = _held(cell, look)
        if held is not None:
            yield column, held


def _held(cell: Element, look: Look) -> Held | None:
    """What a cell holds; None for a blank one."""
    kind, value, formula, text = cell.get("t", "n"), "", False, ""
    for child in cell:
        if child.tag == VALUE:
            value = child.text or ""
        elif child.tag == FORMULA:
            formula = True
        elif child.tag == INLINE:
            text = rich(child)
    match kind:
        case "inlineStr":
            return _text(text)
        case "str":
            return _text(ESCAPED.sub(_unescaped, value))
        case _ if not value:
            return _unreadable(UNCALCULATED, UNCALCULATED) if formula else None
        case "s":
            return _text(look.strings[int(value)])
        case "b":
            return Held("Yes" if value in TRUE else "No")
        case "e":
            return _unreadable(value, IN_ERROR.format(value))
        case "d":
            return Held(value.removesuffix("Z").removesuffix("T00:00:00").replace("T", " "))
    return _number(value, cell.get("s", "0"), look, formula=formula)


def _unreadable(text: str, why: str) -> Held:
    """QUIRK: `#REF!` has the letters of a label; what stands in parentheses is never one."""
    return Held(f"({text})", why)


def _text(text: str) -> Held | None:
    """A cell of text: line breaks as they are, no blanks around its lines; an apostrophe in front
    only tells Excel that a number is a text."""
    text = "\n".join(line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if text[:1] == "'":
        text = APOSTROPHE.sub("", text, count=1)
    if ERROR.fullmatch(text):
        return _unreadable(text, IN_ERROR.format(text))
    if text[:1] == "=" and AS_TEXT.fullmatch(text):
        return _unreadable(text, SHOWN_AS_TEXT)
    return Held(text) if text else None


def _number(value: str, style: str, look: Look, *, formula: bool) -> Held | None:
    """A number as its format shows it.

    QUIRK: a formula that points to a blank cell gives 0, and so does one whose result a program
    never worked out; no answer on a form is 0.
    """
    at = int(style)
    code = look.formats[at] if 0 <= at < len(look.formats) else ""
    text, unreadable = show(value, code, mac=look.mac)
    if not text or (formula and text == "0"):
        return None
    return _unreadable(text, unreadable) if unreadable else Held(text, bare=text == value)
