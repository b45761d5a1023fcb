"""The form as an Excel workbook, in our own XML. Its one rule: labels in A, answers in B as text,
help and remarks in C; only answers can be written in, so that Tab goes from one to the next.

The sheet is protected without a password: whoever wants to change the form itself can.
"""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from bot.intake.filled import (
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
from bot.intake.form import Field, FieldTable, Need, Shape
from bot.intake.package import package
from bot.intake.sheetxml import BOOK, DECLARATION, MAIN, PARTS, ROOT, TYPES, Look, Looks, cell, row
from bot.intake.wordxml import CORE

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
DEFAULT = Look(10, INK)
LABEL = Look(10, INK, bold=True, fill=PAPER, frame=LINE)
SLOT_LABEL = Look(8, INK, bold=True, fill=PAPER, frame=LINE)
ANSWER = Look(10, INK, fill=WHITE, frame=LINE, open=True)
OFFICE = Look(10, INK, fill=PAPER, frame=LINE)
HELP, REMARK = Look(8.5, GREY, frame=LINE), Look(8.5, RED, bold=True, frame=LINE)

LONGEST_LIST, LONGEST_TITLE, LONGEST_PROMPT = 255, 32, 255
"""Characters that Excel allows in the list of a drop-down and in the words beside a cell."""
SINGLE = frozenset({Shape.AREA, Shape.FLAG})
LOCK = '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0" selectLockedCells="1"/>'


class Line(NamedTuple):
    """One row of the sheet: a field, its label, its answer and what stands beside it."""

    field: Field
    label: str
    answer: str
    help: str


def excel_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as an .xlsx that prints on one Letter page while its answers are short."""
    sheet = _Sheet(filled)
    content = sheet.xml(table)
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": ROOT,
            "xl/workbook.xml": BOOK.format(name=NAME, area=f"$A$1:$C${sheet.row}"),
            "xl/_rels/workbook.xml.rels": PARTS,
            "xl/worksheets/sheet1.xml": content,
            "xl/styles.xml": sheet.looks.xml(),
            "docProps/core.xml": CORE.format(title=escape(table.title)),
        }
    )


class _Sheet:
    """The one sheet while it is written, from the top."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.looks = Looks(DEFAULT)
        self.row = 0
        self.first = ""
        self.merged: list[str] = []
        self.rules: list[str] = []

    def xml(self, table: FieldTable) -> str:
        """The sheet's part; the order of its elements is the format's."""
        rows = "".join(self._rows(table))
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(WIDTHS, 1)
        )
        merged = "".join(f'<mergeCell ref="{place}"/>' for place in self.merged)
        return (
            f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
            f'<selection activeCell="{self.first}" sqref="{self.first}"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{rows}</sheetData>{LOCK}'
            f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>'
            f'<dataValidations count="{len(self.rules)}">{"".join(self.rules)}</dataValidations>'
            '<printOptions horizontalCentered="1"/>'
            '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="1" orientation="portrait" fitToWidth="1" fitToHeight="0"/>'
            f"<headerFooter><oddFooter>&amp;L&amp;8{escape(table.title)}&amp;R&amp;8Page &amp;P of &amp;N</oddFooter>"
            "</headerFooter>"
            f'<ignoredErrors><ignoredError sqref="B1:B{self.row}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
        )

    def _rows(self, table: FieldTable) -> Iterator[str]:
        filled = self.filled
        yield self._wide(filled.carrier, Look(10, GREY, bold=True), 16)
        yield self._wide(table.title, Look(16, BAND, bold=True), 26)
        yield self._wide(f"{RULES} {filled.send_to}", Look(9, GREY), 18)
        if general := filled.general:
            yield self._wide(general, Look(9.5, RED, bold=True, fill=BLUSH), SLOT)
        yield self._wide("Carrier use only", Look(9, WHITE, bold=True, fill=GREY))
        for field in office(table):
            yield self._line(Line(field, field.label, filled.text(field), ""), SLOT)
        for field in printed(table):
            if field.key in SECTIONS:
                yield self._wide(SECTIONS[field.key], Look(9, WHITE, bold=True, fill=BAND))
            for line in _lines(field, filled):
                yield self._line(line, SLOT if field.shape is Shape.SLOTS else HEIGHTS.get(field.key, ROW))

    def _wide(self, text: str, look: Look, height: float = 16) -> str:
        """A row over the whole width."""
        self.row += 1
        self.merged.append(f"A{self.row}:C{self.row}")
        number = self.looks.number(look)
        cells = cell(f"A{self.row}", number, text) + "".join(cell(f"{at}{self.row}", number) for at in "BC")
        return row(self.row, cells, max(height, _height(text, sum(WIDTHS), look)), fixed=True)

    def _line(self, line: Line, least: float) -> str:
        """A row with a label, the answer's cell and what stands beside it."""
        self.row += 1
        wrong = bool(self.filled.remark(line.field))
        answer = OFFICE if line.field.need is Need.IGNORED else ANSWER
        if answer is ANSWER:
            self.first = self.first or f"B{self.row}"
            self.rules += _rule(line.field, self.row)
        upright = "top" if line.field.shape is Shape.TEXT else "center"
        label = SLOT_LABEL if line.field.shape is Shape.SLOTS else LABEL
        looks = (label, answer._replace(fill=BLUSH) if wrong else answer, REMARK if wrong else HELP)
        texts = tuple(zip("ABC", WIDTHS, looks, (line.label, line.answer, line.help), strict=False))
        cells = [
            cell(f"{at}{self.row}", self.looks.number(look._replace(upright=upright)), text)
            for at, _, look, text in texts
        ]
        height = max(least, *(_height(text, width, look) for _, width, look, text in texts))
        cells.append(cell(f"D{self.row}", self.looks.number(Look(round(least / LEADING), INK))))
        return row(self.row, "".join(cells), height)


def _height(text: str, width: int, look: Look) -> float:
    """How high a text stands in a column, near enough: fonts differ from machine to machine."""
    letters = LETTERS * width * DEFAULT.size / look.size
    lines = sum(1 + int(len(line) // letters) for line in text.split("\n"))
    return round(lines * look.size * LEADING + LEADING)


def _rule(field: Field, row: int) -> Iterator[str]:
    """What Excel holds an answer to: a drop-down, binding where there is one answer and a help where
    there may be several; a length, of which it only warns."""
    choices = ("Yes", "No") if field.shape is Shape.FLAG else field.choices
    listed = ",".join(choices)
    if choices and len(listed) <= LONGEST_LIST:
        binding = field.shape in SINGLE
        several = "" if binding else "Choose one, or write several with commas between them. "
        yield _validation(
            field,
            row,
            f'type="list" showErrorMessage="{int(binding)}"',
            f'"{listed}"',
            error=f"Please choose one of: {', '.join(choices)}.",
            prompt=f"{several}{', '.join(choices)}"[:LONGEST_PROMPT],
        )
    elif field.shortest:
        least = f"{field.shortest} characters or more"
        span = f"{field.shortest} to {field.longest} characters" if field.longest else least
        kind = 'operator="between"' if field.longest else 'operator="greaterThanOrEqual"'
        yield _validation(
            field,
            row,
            f'type="textLength" {kind} errorStyle="warning" showErrorMessage="1"',
            *map(str, filter(None, (field.shortest, field.longest))),
            error=f"It needs {span}.",
        )


def _validation(field: Field, row: int, kind: str, *formulas: str, error: str, prompt: str = "") -> str:
    title = escape(field.label[:LONGEST_TITLE])
    asked = f' showInputMessage="1" promptTitle="{title}" prompt="{escape(prompt)}"' if prompt else ""
    limits = "".join(f"<formula{at}>{escape(text)}</formula{at}>" for at, text in enumerate(formulas, 1))
    return (
        f'<dataValidation {kind} allowBlank="1"{asked} errorTitle="{title}" error="{escape(error)}" '
        f'sqref="B{row}">{limits}</dataValidation>'
    )


def _lines(field: Field, filled: Filled) -> Iterator[Line]:
    """The rows of a field: one, or one a slot."""
    beside = filled.remark(field) or field.hint
    if field.shape is not Shape.SLOTS:
        yield Line(field, heading(field), filled.text(field), beside)
        return
    for number, slot in enumerate(filled.slots(field), 1):
        yield Line(field, f"{field.label} {number}", slot, beside if number == 1 else "")
