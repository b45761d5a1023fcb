"""The form as an Excel workbook, written by openpyxl. Its one rule: labels in A, answers in B as
text, help and remarks in C; fixed choices are drop-downs.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from bot.intake.filled import (
    BAND,
    BLUSH,
    GREY,
    INK,
    INTRODUCTION,
    LINE,
    PAPER,
    RED,
    SECTIONS,
    Filled,
    heading,
    office,
    printed,
)
from bot.intake.form import Field, FieldTable, Need, Shape
from bot.intake.package import package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = {"A": 29, "B": 52, "C": 33}
HEIGHTS = {"description": 150, "business_reason": 56, "expected_deliverable": 56}
ROW_HEIGHT, SLOT_HEIGHT = 28, 19
ANSWER = 2
LONGEST_LIST = 255
"""Characters that Excel allows in the list of a drop-down."""

MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
SINGLE = frozenset({Shape.AREA, Shape.FLAG})


class Line(NamedTuple):
    """One row of the sheet: a field, its label, its answer and what stands beside it."""

    field: Field
    label: str
    answer: str
    help: str


def excel_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as an .xlsx that prints on one Letter page."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and few forms are sent back

    book = Workbook()
    book.properties.created = FIXED
    book.properties.title = table.title
    sheet = book.worksheets[0]
    sheet.title = "Change Request"
    _Sheet(sheet, filled).write(table)
    stream = BytesIO()
    book.save(stream)
    with ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    parts[core] = MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[core])
    return package(parts)


class _Sheet:
    """The one sheet while it is written, from the top."""

    def __init__(self, sheet: "Worksheet", filled: Filled) -> None:
        self.sheet = sheet
        self.filled = filled
        self.row = 0

    def write(self, table: FieldTable) -> None:
        """Write everything."""
        self._page()
        self._wide(table.title, size=16, color=BAND, height=26)
        self._wide(INTRODUCTION, size=9, color=GREY, height=26)
        if self.filled.general:
            self._wide(self.filled.general, size=10, color=RED, height=28)
        self._wide("Carrier use only", size=9, color="FFFFFF", fill=GREY)
        for field in office(table):
            self._line(Line(field, field.label, self.filled.text(field), ""), SLOT_HEIGHT)
        for field in printed(table):
            if field.key in SECTIONS:
                self._wide(SECTIONS[field.key], size=9, color="FFFFFF", fill=BAND)
            for number, line in enumerate(_lines(field, self.filled)):
                self._line(line, SLOT_HEIGHT if number else HEIGHTS.get(field.key, ROW_HEIGHT))
        self.sheet.print_area = f"A1:C{self.row}"

    def _page(self) -> None:
        from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

        sheet = self.sheet
        for column, width in WIDTHS.items():
            sheet.column_dimensions[column].width = width
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for side in ("left", "right", "top", "bottom"):
            setattr(sheet.page_margins, side, 0.5)

    def _wide(self, text: str, *, size: int, color: str, fill: str = "", height: int = 16) -> None:
        """A row over the whole width."""
        from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

        self.row += 1
        cell = self.sheet.cell(self.row, 1, text)
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=3)
        cell.font = Font(name="Arial", size=size, bold=color != GREY, color=color)
        cell.alignment = Alignment("left", "center", wrap_text=True, indent=1 if fill else 0)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        self.sheet.row_dimensions[self.row].height = height

    def _line(self, line: Line, height: int) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

        self.row += 1
        side = Side("thin", color=LINE)
        wrong = bool(self.filled.remark(line.field))
        look = (
            (line.label, Font(name="Arial", size=10, bold=True, color=INK), PAPER),
            (line.answer, Font(name="Arial", size=10, color=INK), BLUSH if wrong else "FFFFFF"),
            (line.help, Font(name="Arial", size=8, bold=wrong, color=RED if wrong else GREY), "FFFFFF"),
        )
        for column, (text, font, fill) in enumerate(look, 1):
            cell = self.sheet.cell(self.row, column)
            if text:
                # Never a formula, whatever a text begins with.
                cell.value, cell.data_type = text, "s"
            cell.font, cell.fill = font, PatternFill("solid", fgColor=fill)
            top = column == ANSWER and line.field.shape is Shape.TEXT
            cell.alignment = Alignment("left", "top" if top else "center", wrap_text=True, indent=1)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        self.sheet.cell(self.row, ANSWER).number_format = "@"
        self.sheet.row_dimensions[self.row].height = height
        self._choices(line.field)

    def _choices(self, field: Field) -> None:
        """A drop-down: binding where there is one answer, a help where there may be several."""
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

        choices = ("Yes", "No") if field.shape is Shape.FLAG else field.choices
        listed = ",".join(choices)
        if not choices or field.need is Need.IGNORED or len(listed) > LONGEST_LIST:
            return
        rule = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
        rule.showErrorMessage = field.shape in SINGLE
        rule.error, rule.errorTitle = f"Please choose one of: {', '.join(choices)}.", field.label
        rule.add(f"B{self.row}")
        self.sheet.add_data_validation(rule)


def _lines(field: Field, filled: Filled) -> Iterator[Line]:
    """The rows of a field: one, or one a slot."""
    beside = filled.remark(field) or field.hint
    if field.shape is not Shape.SLOTS:
        yield Line(field, heading(field), filled.text(field), beside)
        return
    for number, slot in enumerate(filled.slots(field), 1):
        yield Line(field, f"{field.label} {number}", slot, beside if number == 1 else "")
