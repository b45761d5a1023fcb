"""The form as an Excel workbook, written by openpyxl. Its one rule: labels in A, answers in B as
text, help and remarks in C; only answers can be written in, so that Tab goes from one to the next.

The sheet is protected without a password: whoever wants to change the form itself can.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from bot.intake.form import Field, FieldTable, Need, Shape
from bot.intake.paper.cells import FACE, Look, dress, rule_for
from bot.intake.paper.filled import (
    BAND,
    BLUSH,
    GREY,
    INK,
    LINE,
    PAPER,
    RED,
    RULES,
    SECTIONS,
    Filled,
    heading,
    office,
    printed,
)
from bot.intake.paper.package import package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NAME = "Change Request"
WIDTHS = (31, 57, 36, 2)
"""Of the columns, in digits of the default font."""
LEADING, LETTERS = 1.3, 1.1
"""The height of a line as a multiple of its font's size; letters in the width of a digit."""

SLOT, ROW = 17, 23
HEIGHTS = {"description": 136, "business_reason": 44, "expected_deliverable": 44}
"""Least heights of rows, in points. QUIRK: Excel fits a row to what is typed into it unless its
height is fixed, and then it would hide a long answer. So no height is fixed; an empty cell beyond
the margin, in a font as high as the row, keeps short answers from shrinking it."""

WHITE = "FFFFFF"
LABEL = Look(10, INK, bold=True, fill=PAPER, frame=LINE)
SLOT_LABEL = Look(8, INK, bold=True, fill=PAPER, frame=LINE)
ANSWER = Look(10, INK, fill=WHITE, frame=LINE, open=True)
OFFICE = Look(10, INK, fill=PAPER, frame=LINE)
HELP, REMARK = Look(8.5, GREY, frame=LINE), Look(8.5, RED, bold=True, frame=LINE)

FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
SHEET, CORE = "xl/worksheets/sheet1.xml", "docProps/core.xml"
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
FIXED_HEIGHT = re.compile(rb'(<row r="(\d+)"[^>]*?) customHeight="1"')
TYPED_FIGURES = b'<ignoredErrors><ignoredError sqref="B1:B%d" numberStoredAsText="1"/></ignoredErrors></worksheet>'
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""QUIRK: Excel takes `_x0041_` in a text for the letter A, and `_x005F_` for the underscore itself."""


class Line(NamedTuple):
    """One row of the sheet: a field, its label, its answer and what stands beside it."""

    field: Field
    label: str
    answer: str
    help: str


def excel_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as an .xlsx that prints on one Letter page while its answers are short."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and few forms are made
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook()
    # Columns are measured by the font of this style, to which openpyxl's types lead no other way.
    book._named_styles["Normal"].font = Font(name=FACE, size=LABEL.size)  # type: ignore[attr-defined]  # as said above
    book.properties.created = FIXED
    book.properties.title = table.title
    form = _Form(book.worksheets[0], filled)
    form.write(table)
    stream = BytesIO()
    book.save(stream)
    with ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[CORE] = MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[CORE])
    parts[SHEET] = _finished(parts[SHEET], frozenset(form.lines))
    return package(parts)


def _finished(sheet: bytes, lines: frozenset[int]) -> bytes:
    """What openpyxl has no word for: heights that are not fixed (it fixes each that it is told), and
    figures typed as text that are no mistake to be marked."""
    loose = FIXED_HEIGHT.sub(lambda row: row[1] if int(row[2]) in lines else row[0], sheet)
    return loose.replace(b"</worksheet>", TYPED_FIGURES % max(lines))


class _Form:
    """The one sheet while it is written, from the top."""

    def __init__(self, sheet: "Worksheet", filled: Filled) -> None:
        self.sheet = sheet
        self.filled = filled
        self.row = 0
        self.lines: list[int] = []

    def write(self, table: FieldTable) -> None:
        """Write everything."""
        self._page(table.title)
        filled = self.filled
        self._wide(filled.carrier, Look(10, GREY, bold=True), 16)
        self._wide(table.title, Look(16, BAND, bold=True), 26)
        self._wide(f"{RULES} {filled.send_to}", Look(9, GREY), 18)
        if general := filled.general:
            self._wide(general, Look(9.5, RED, bold=True, fill=BLUSH), SLOT)
        self._wide("Carrier use only", Look(9, WHITE, bold=True, fill=GREY))
        for field in office(table):
            self._line(Line(field, field.label, filled.text(field), ""), SLOT)
        for field in printed(table):
            if field.key in SECTIONS:
                self._wide(SECTIONS[field.key], Look(9, WHITE, bold=True, fill=BAND))
            for line in _lines(field, filled):
                self._line(line, SLOT if field.shape is Shape.SLOTS else HEIGHTS.get(field.key, ROW))
        self.sheet.print_area = f"A1:C{self.row}"

    def _page(self, title: str) -> None:
        """Paper, columns, and the protection that leaves the answers free."""
        from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart  # noqa: PLC0415
        from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

        sheet = self.sheet
        sheet.title = NAME
        sheet.sheet_view.showGridLines = False
        for column, width in zip("ABCD", WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        for side in ("left", "right", "top", "bottom"):
            setattr(sheet.page_margins, side, 0.5)
        sheet.page_margins.header = sheet.page_margins.footer = 0.3
        left, right = (_HeaderFooterPart(text, size=8) for text in (title, "Page &P of &N"))
        sheet.oddFooter = HeaderFooterItem(left=left, right=right)
        sheet.protection.sheet = True
        sheet.protection.selectLockedCells = True
        sheet.protection.formatRows = sheet.protection.formatColumns = False  # False: it is allowed

    def _wide(self, text: str, look: Look, height: float = 16) -> None:
        """A row over the whole width."""
        self.row += 1
        self._cell("A", text, look)
        self.sheet.merge_cells(f"A{self.row}:C{self.row}")
        self.sheet.row_dimensions[self.row].height = max(height, _height(text, sum(WIDTHS), look))

    def _line(self, line: Line, least: float) -> None:
        """A row with a label, the answer's cell and what stands beside it."""
        self.row += 1
        self.lines.append(self.row)
        wrong = bool(self.filled.remark(line.field))
        answer = OFFICE if line.field.need is Need.IGNORED else ANSWER
        if answer is ANSWER:
            self._hold(line.field)
        label = SLOT_LABEL if line.field.shape is Shape.SLOTS else LABEL
        looks = (label, answer._replace(fill=BLUSH) if wrong else answer, REMARK if wrong else HELP)
        texts = tuple(zip("ABC", WIDTHS, looks, (line.label, line.answer, line.help), strict=False))
        upright = "top" if line.field.shape is Shape.TEXT else "center"
        for at, _, look, text in texts:
            self._cell(at, text, look._replace(upright=upright))
        self._cell("D", "", Look(round(least / LEADING), INK))
        height = max(least, *(_height(text, width, look) for _, width, look, text in texts))
        self.sheet.row_dimensions[self.row].height = height

    def _cell(self, column: str, text: str, look: Look) -> None:
        cell = self.sheet[f"{column}{self.row}"]
        if text:
            # Never a formula, whatever a text begins with.
            cell.value, cell.data_type = ESCAPE.sub("_x005F_", text), "s"
        dress(cell, look)

    def _hold(self, field: Field) -> None:
        """Hold the answer in this row to what the field asks for."""
        place = f"B{self.row}"
        selection = self.sheet.sheet_view.selection[0]
        if selection.activeCell == "A1":
            selection.activeCell = selection.sqref = place
        if (rule := rule_for(field)) is not None:
            rule.add(place)
            self.sheet.add_data_validation(rule)


def _height(text: str, width: int, look: Look) -> float:
    """How high a text stands in a column, near enough: fonts differ from machine to machine."""
    letters = LETTERS * width * LABEL.size / look.size
    lines = sum(1 + int(len(line) // letters) for line in text.split("\n"))
    return round(lines * look.size * LEADING + LEADING)


def _lines(field: Field, filled: Filled) -> Iterator[Line]:
    """The rows of a field: one, or one a slot."""
    beside = filled.remark(field) or field.hint
    if field.shape is not Shape.SLOTS:
        yield Line(field, heading(field), filled.text(field), beside)
        return
    for number, slot in enumerate(filled.slots(field), 1):
        yield Line(field, f"{field.label} {number}", slot, beside if number == 1 else "")
