"""Where the number goes in an Excel form. Its one rule: into the cell beside the label CR #, behind
the label where both share a cell, into the first free cell of the top row where there is no label.
"""

import re
from html import unescape

from bot.intake.paper.stamp_word import LABEL, NUMBER, TOP
from bot.intake.prescan import Container
from bot.intake.table.columns import column_letters, column_number

STRINGS = "xl/sharedStrings.xml"
STRING = re.compile(rb"<si(?: [^>]*)?>(.*?)</si>|<si/>", re.DOTALL)
TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
VALUE = re.compile(rb"<v>(\d{1,7})</v>")
STYLE = re.compile(rb'\bs="\d{1,6}"')
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})\d{1,7}"')
ROWS = re.compile(rb"<sheetData>|<sheetData/>")


def stamped(container: Container, name: str, number: bytes) -> bytes | None:
    """The sheet's part with the number in it; None for a sheet that has no place for it."""
    sheet = container.xml(name)
    strings = _strings(container)
    for cell in CELL.finditer(sheet, 0, TOP):
        said = _said(cell, strings)
        label = LABEL.match(said)
        if label is None or not NUMBER.fullmatch(said, label.end()):
            continue
        if label.end() < len(said):
            behind = said[: label.end()].rstrip().replace("&", "&amp;").encode() + b" " + number
            return _put(sheet, cell, behind)
        return _beside(sheet, cell, number)
    return _top(sheet, number)


def _strings(container: Container) -> list[str]:
    """The shared strings, in order."""
    if STRINGS not in container.parts:
        return []
    content = container.xml(STRINGS)[: 4 * TOP]
    return [_text(found or b"") for found in STRING.findall(content)]


def _text(xml: bytes) -> str:
    return unescape(b"".join(TEXT.findall(xml)).decode("utf-8", "replace"))


def _said(cell: re.Match[bytes], strings: list[str]) -> str:
    """The text of a cell; empty for a number."""
    inside, attributes = cell.group(4) or b"", cell.group(3)
    if b't="inlineStr"' in attributes:
        return _text(inside)
    value = VALUE.search(inside) if b't="s"' in attributes else None
    index = int(value.group(1)) if value else len(strings)
    return strings[index] if index < len(strings) else ""


def _cell(place: bytes, attributes: bytes, text: bytes) -> bytes:
    """A cell with a text in it that keeps its looks."""
    style = STYLE.search(attributes)
    looks = b" " + style.group() if style else b""
    return b'<c r="' + place + b'"' + looks + b' t="inlineStr"><is><t>' + text + b"</t></is></c>"


def _put(sheet: bytes, cell: re.Match[bytes], text: bytes) -> bytes:
    """The sheet with another text in one of its cells."""
    new = _cell(cell.group(1) + cell.group(2), cell.group(3), text)
    return sheet[: cell.start()] + new + sheet[cell.end() :]


def _beside(sheet: bytes, label: re.Match[bytes], number: bytes) -> bytes:
    """The sheet with the number in the cell to the right of the label's, merged cells counted as one."""
    column, row = label.group(1), label.group(2)
    last = next((merge[2] for merge in MERGE.findall(sheet) if merge[:2] == (column, row)), column)
    target = _next(last)
    row_end = max(sheet.find(b"</row>", label.end()), 0)
    at = label.end()
    for cell in CELL.finditer(sheet, label.end(), row_end):
        if cell.group(1) == target:
            return _put(sheet, cell, number)
        if _index(cell.group(1)) > _index(target):
            break
        at = cell.end()
    return sheet[:at] + _cell(target + row, b"", number) + sheet[at:]


def _top(sheet: bytes, number: bytes) -> bytes | None:
    """The sheet with the number in a new first row, or behind the last cell of the one there is."""
    rows = ROWS.search(sheet)
    if rows is None:
        return None
    first = next(CELL.finditer(sheet, rows.end()), None)
    text = b"CR # " + number
    if first is None or int(first.group(2)) > 1:
        row = b'<row r="1">' + _cell(b"A1", b"", text) + b"</row>"
        if re.match(rb'<row r="1"[ />]', sheet[rows.end() :]):
            return None
        closing = b"</sheetData>" if rows.group() == b"<sheetData/>" else b""
        return sheet[: rows.start()] + b"<sheetData>" + row + closing + sheet[rows.end() :]
    end = sheet.find(b"</row>", rows.end())
    *_, last = first, *CELL.finditer(sheet, first.end(), max(end, 0))
    place = _next(last.group(1)) + b"1"
    return sheet[: last.end()] + _cell(place, b"", text) + sheet[last.end() :]


def _index(letters: bytes) -> int:
    return column_number(letters.decode("ascii"))


def _next(letters: bytes) -> bytes:
    """The column to the right of one."""
    return column_letters(_index(letters) + 1).encode()
