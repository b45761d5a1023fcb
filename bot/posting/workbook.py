"""Workbook: the register for Excel and what opens its files: real dates, a head that stays, filters, and
numbers that lead to the pages.

Its one rule: every text is typed as a text, so that none is a formula, and the same register gives the same
bytes. openpyxl makes the workbook with one row of each kind; the rows are written here, for 20,000 of them
would take it four seconds.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from bot.intake.paper.package import package
from bot.office.office import Office
from bot.posting.exports import COLUMNS, Listed, address, row
from bot.workflow.answers.spreadsheet import DATE, FIXED, parts_of, plain

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADS = {
    "number": ("CR number", 15),
    "flags": ("Flags", 8),
    "title": ("Title", 48),
    "company": ("Company", 26),
    "originator_name": ("Originator", 20),
    "areas_impacted": ("Area impacted", 24),
    "products_impacted": ("Products impacted", 24),
    "phase": ("Phase", 14),
    "step": ("Step", 7),
    "open": ("Open", 8),
    "status_date": ("Status date", 13),
    "received_on": ("Received", 13),
    "next_step": ("Next step", 32),
    "next_date": ("Next date", 13),
    "crpm": ("CRPM", 18),
    "director": ("Director", 18),
    "smes": ("Owner", 22),
    "disposition": ("Response", 13),
    "announced": ("Implementation", 15),
    "page": ("Page", 48),
}
"""The head of each column and how wide it is, in characters."""
WRAPPED = frozenset({"title", "company", "areas_impacted", "products_impacted", "next_step", "smes"})
DATES = frozenset({"status_date", "received_on", "next_date", "announced"})
LINE, MOST_LINES = 15, 27
"""The height of a line in points; Excel takes 409 points a row."""
ROOM = tuple(HEADS[key][1] - 2 if key in WRAPPED else 32_767 for key in COLUMNS)
"""How many characters of a column stand on a line. QUIRK: LibreOffice does not find out by itself how high a
row has to be."""
FACE = "Calibri"
MOST_LINKS = 65_000
"""Excel takes 65,530 links a sheet, and mends a file with more; what is beyond stands as text."""
DAY_ZERO = date(1899, 12, 30).toordinal()
"""QUIRK: Excel counts days from here, since it takes 1900 for a leap year."""
SHEET, LINKS = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
BOOK = "xl/workbook.xml"
ROW = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
STYLE = re.compile(rb'<c r="([A-Z]+)2"(?: s="(\d+)")?')
LINK = re.compile(rb"<hyperlinks>.*?</hyperlinks>", re.DOTALL)
RELATION = re.compile(rb"<Relationship [^>]*/>")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LAST = LETTERS[len(COLUMNS) - 1]
REACH = f"A1:{LAST}2"
"""How far the pattern reaches: its head and one row."""
PRINTED = "K"
"""The last column that is printed: those of the register's page, for all would be too small to read."""
SPANS = (f"$A$1:${LAST}$".encode(), f"$A$1:${PRINTED}$".encode())
"""How the workbook says how far the filter and the print reach, up to the row."""


def as_xlsx(found: Iterable[Listed], office: Office) -> bytes:
    """The register as a workbook, newest first."""
    parts = parts_of(_pattern(office))
    first = ROW.search(parts[SHEET])
    if first is None:
        raise ValueError("openpyxl no longer writes the row that the others follow")
    styles = [style.decode() for _, style in STYLE.findall(first[0])]
    rows, pages = list[str](), list[str]()
    for n, each in enumerate(found, 2):
        rows.append(_row(n, row(each, office), styles))
        pages.append(address(each, office))
    count = len(rows)
    before, after = _measured(_linked(parts[SHEET], count), count).split(first[0], 1)
    parts[SHEET] = b"".join((before, "".join(rows).encode("utf-8", "replace"), after))
    parts[LINKS] = _targets(parts[LINKS], pages)
    for span in SPANS:
        parts[BOOK] = parts[BOOK].replace(span + b"2<", span + b"%d<" % (max(count, 1) + 1))
    return package(parts)


def _pattern(office: Office) -> "Workbook":
    """The workbook with its head and one row, which shows how the cells of each column look."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and used once an hour
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    book, house = Workbook(), office.organisation
    book.properties.created = FIXED
    book.properties.title = f"{house.name} {house.track} Change Requests"
    book.properties.creator = f"{house.name} {house.process}"
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "Register"
    _look(sheet)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = REACH
    sheet.print_title_rows, sheet.print_area = "1:1", f"A1:{PRINTED}2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return book


def _look(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - as above

    upright = Alignment(vertical="top", horizontal="left")
    wrapped = Alignment(vertical="top", wrap_text=True)
    ground = PatternFill("solid", fgColor="EAF3F5")
    for column, (key, letter) in enumerate(zip(COLUMNS, LETTERS, strict=False), 1):
        label, width = HEADS[key]
        top, below = sheet.cell(1, column, label), sheet.cell(2, column, "x")
        top.font, top.fill, top.alignment = Font(name=FACE, size=11, bold=True), ground, wrapped
        below.alignment = upright if key in DATES else wrapped
        if key in DATES:
            below.number_format = DATE
        sheet.column_dimensions[letter].width = width
    number = sheet.cell(2, 1)
    number.hyperlink = "https://pattern.example/"
    number.font = Font(name=FACE, size=11, color="0B5A6B", underline="single")


def _row(n: int, cells: Sequence[str], styles: Sequence[str]) -> str:
    made = []
    for key, letter, style, text in zip(COLUMNS, LETTERS, styles, cells, strict=False):
        if not text:
            continue
        if key in DATES:
            made.append(f'<c r="{letter}{n}" s="{style}"><v>{date.fromisoformat(text).toordinal() - DAY_ZERO}</v></c>')
        else:
            said = escape(plain(text), quote=False)
            made.append(f'<c r="{letter}{n}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>')
    lines = min(max(-(-len(text) // room) for text, room in zip(cells, ROOM, strict=True)), MOST_LINES)
    height = f' ht="{lines * LINE}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{n}"{height}>{"".join(made)}</row>'


def _measured(sheet: bytes, count: int) -> bytes:
    """The sheet with how far it and its filter reach, and without a warning at each step, whose number is a text."""
    step, last = LETTERS[COLUMNS.index("step")], max(count, 1) + 1
    quiet = f'<ignoredErrors><ignoredError sqref="{step}1:{step}{last}" numberStoredAsText="1"/></ignoredErrors>'
    sheet = sheet.replace(f'ref="{REACH}"'.encode(), f'ref="A1:{LAST}{last}"'.encode())
    return sheet.replace(b"</worksheet>", quiet.encode() + b"</worksheet>")


def _linked(sheet: bytes, count: int) -> bytes:
    """The sheet with a link at each number; none where there is no row."""
    links = "".join(f'<hyperlink ref="A{n + 1}" r:id="rId{n}"/>' for n in range(1, min(count, MOST_LINKS) + 1))
    head = '<hyperlinks xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    return LINK.sub(f"{head}{links}</hyperlinks>".encode() if links else b"", sheet, count=1)


def _targets(relations: bytes, pages: Sequence[str]) -> bytes:
    """Where the links lead, by their ids."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    made = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{escape(page)}" TargetMode="External"/>'
        for n, page in enumerate(pages[:MOST_LINKS], 1)
    )
    return RELATION.sub(lambda _: made.encode(), relations, count=1)
