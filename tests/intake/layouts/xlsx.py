"""Excel forms, as XML by hand: labels and values down, across, above, apart, merged, one a row.

Its one rule: only what a visible sheet shows was meant; hidden rows and sheets are no part of it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from bot.intake.form import Need, Shape
from bot.intake.table.columns import column_letters
from tests.intake.forms import ROWS
from tests.intake.layouts.laid import OCTETS, XLSX, Laid, attached
from tests.intake.layouts.pen import Item, Pen
from tests.intake.layouts.wishes import CR, wishes
from tests.intake.office_files import zipped

Cells = dict[tuple[int, int], str]
"""Texts by row and column, both from 1; a text that begins with `=date ` is a serial number."""

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATED = f'xmlns:r="{DOCUMENT}"'
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yy;@"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)
CONTENT = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
SERIAL = "=date "
NUMBER = re.compile(r"[1-9][0-9]{0,14}")
LONGEST_FORMULA = 200
ADVICE = (
    "How to fill in this form",
    "Company: the name under which you are registered with us",
    "Title of Change: one line",
    "Description of Change: what happens today, and what you ask for",
    "Area of Change Request: tick one",
)


class Excel:
    """One office's way with Excel."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.mac = pen.chance(4)
        self.shared = pen.coin()
        self.serials = pen.coin()
        self.numbers = pen.chance(4)
        self.formulas = pen.chance(8)
        self.strings: list[str] = []

    def items(self, cr: CR) -> list[Item]:
        """The form's labels and values; a date perhaps as the number that Excel makes of it."""
        items = self.pen.items(cr)
        if not self.serials:
            return items
        dated = (ROWS[item.key].shape is Shape.DATE and item.key in cr for item in items)
        return [
            Item(item.key, item.label, f"{SERIAL}{cr[item.key]}") if is_date else item
            for item, is_date in zip(items, dated, strict=True)
        ]

    def file(self, sheets: Mapping[str, str], crs: tuple[CR, ...], hidden: Sequence[str] = ()) -> Laid:
        """The mail with the workbook; the sheets' XML by their names."""
        listed, relations, parts = "", "", {}
        for at, (name, xml) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            listed += f'<sheet name="{escape(name)}" sheetId="{at}"{state} r:id="rId{at}"/>'
            relations += f'<Relationship Id="rId{at}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            parts[f"xl/worksheets/sheet{at}.xml"] = xml
        epoch = '<workbookPr date1904="1"/>' if self.mac else "<workbookPr/>"
        shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.strings)
        content = zipped(
            {
                "[Content_Types].xml": CONTENT,
                "xl/workbook.xml": f"<workbook {MAIN} {RELATED}>{epoch}<sheets>{listed}</sheets></workbook>",
                "xl/_rels/workbook.xml.rels": f"<Relationships {PACKAGE}>{relations}</Relationships>",
                "xl/styles.xml": STYLES,
                "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>",
                **parts,
            }
        )
        pen = self.pen
        name = pen.pick(("form.xlsx", "CR form.XLSX", "form.xls", "book1.dat"))
        return Laid(crs, attached(pen, (name, pen.pick((XLSX, OCTETS)), content)))

    def sheet(self, cells: Cells, merges: Sequence[str] = (), hidden_rows: Sequence[int] = ()) -> str:
        """A sheet's XML."""
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in sorted(cells.items()):
            by_row.setdefault(row, []).append((column, text))
        made = ""
        for row, found in by_row.items():
            state = ' hidden="1"' if row in hidden_rows else ""
            inside = "".join(self._cell(f"{column_letters(column)}{row}", text) for column, text in found)
            made += f'<row r="{row}"{state}>{inside}</row>'
        merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
        tail = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
        return f"<worksheet {MAIN}><sheetData>{made}</sheetData>{tail}</worksheet>"

    def _cell(self, ref: str, text: str) -> str:
        if text.startswith(SERIAL):
            serial = (date.fromisoformat(text.removeprefix(SERIAL)) - EPOCHS[self.mac]).days
            return f'<c r="{ref}" s="{1 + len(self.strings) % 2}"><v>{serial}</v></c>'
        if not text:
            return f'<c r="{ref}"/>'
        if self.numbers and NUMBER.fullmatch(text):
            return f'<c r="{ref}"><v>{text}</v></c>'
        if self.formulas and len(text) < LONGEST_FORMULA:
            return f'<c r="{ref}" t="str"><f>A1&amp;B2</f><v>{escape(text)}</v></c>'
        if self.shared:
            self.strings.append(text)
            return f'<c r="{ref}" t="s"><v>{len(self.strings) - 1}</v></c>'
        return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _shown(pen: Pen, item: Item) -> str:
    return f"{item.label}{pen.end}"


def vertical(pen: Pen) -> Laid:
    """Labels in one column, values in the next; blank rows, a heading, help beside."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    left, row = pen.pick((1, 2, 4)), pen.pick((1, 3))
    helped = pen.chance(4)
    cells: Cells = {(row, left): "CLEC Change Request Form"} if pen.coin() else {}
    for item in hand.items(cr):
        row += pen.pick((1, 1, 1, 2))
        cells[row, left] = _shown(pen, item)
        cells[row, left + 1] = item.text
        if helped:
            cells[row, left + 2] = ROWS[item.key].hint
    return hand.file({"Form": hand.sheet(cells)}, (cr,))


def merged(pen: Pen) -> Laid:
    """Values merged over several columns; a label merged over the rows of a long answer."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    cells: Cells = {}
    merges: list[str] = []
    row = 1
    for item in hand.items(cr):
        lines = item.text.split("\n")
        down = item.long and pen.coin() and all(lines) and len(lines) > 1
        cells[row, 1] = _shown(pen, item)
        merges.append(f"A{row}:B{row + len(lines) - 1 if down else row}")
        for line in lines if down else [item.text]:
            cells[row, 3] = line
            merges.append(f"C{row}:F{row}")
            row += 1
    return hand.file({"Form": hand.sheet(cells, merges)}, (cr,))


def horizontal(pen: Pen) -> Laid:
    """A row of labels, a row of values."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    top = pen.pick((1, 3))
    cells: Cells = {(1, 1): "Please fill in one row."} if top > 1 else {}
    for column, item in enumerate(hand.items(cr), pen.pick((1, 2))):
        cells[top, column] = _shown(pen, item)
        cells[top + 1, column] = item.text
    return hand.file({"Form": hand.sheet(cells)}, (cr,))


def one_a_row(pen: Pen) -> Laid:
    """Several change requests, one a row under a row of labels."""
    hand = Excel(pen)
    crs = tuple(pen.draw(wishes()) for _ in range(pen.pick((2, 3))))
    keys = [key for key, row in ROWS.items() if row.need is not Need.IGNORED]
    cells: Cells = {}
    for column, key in enumerate(keys, 1):
        label = pen.label(key) if key != "originator_title" else ROWS[key].label
        cells[1, column] = f"{label}{pen.end}"
        for row, cr in enumerate(crs, 2):
            cells[row, column] = pen.text(key, cr) if key in cr else ""
    return hand.file({"Requests": hand.sheet(cells)}, crs)


def label_above(pen: Pen) -> Laid:
    """Labels over their values, some beside each other."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    wide, row = pen.pick((1, 2, 3)), 1
    cells: Cells = {}
    items = hand.items(cr)
    for at in range(0, len(items), wide):
        for column, item in enumerate(items[at : at + wide], 1):
            cells[row, column] = _shown(pen, item)
            cells[row + 1, column] = item.text
        row += pen.pick((2, 3))
    return hand.file({"Form": hand.sheet(cells)}, (cr,))


def pairs_beside(pen: Pen) -> Laid:
    """Two labels with their values in one row, an empty column between them."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    gap = pen.pick((0, 1))
    cells: Cells = {}
    row, column = 1, 1
    for item in hand.items(cr):
        if item.long and column > 1:
            row, column = row + 1, 1
        cells[row, column] = _shown(pen, item)
        cells[row, column + 1] = item.text
        row, column = (row + 1, 1) if column > 1 or item.long else (row, 3 + gap)
    return hand.file({"Form": hand.sheet(cells)}, (cr,))


def beside_instructions(pen: Pen) -> Laid:
    """The form beside a sheet of instructions; an older form on a hidden sheet and in hidden rows."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    cells: Cells = {}
    for row, item in enumerate(hand.items(cr), 1):
        cells[row, 1] = _shown(pen, item)
        cells[row, 2] = item.text
    last = len(cells) // 2 + 2
    gone = {
        (last, 1): "Company",
        (last, 2): "Old Telecom",
        (last + 1, 1): "Title of Change",
        (last + 1, 2): "Old title",
    }
    advice: Cells = {}
    for row, line in enumerate(ADVICE, 1):
        label, _, words = line.partition(": ")
        advice |= {(row, 1): label, (row, 2): words} if pen.coin() else {(row, 1): line}
    sheets = {
        "Instructions": hand.sheet(advice),
        "CR Form": hand.sheet(cells | gone, (), (last, last + 1)),
        "Archive": hand.sheet(gone),
    }
    return hand.file(sheets, (cr,), hidden=("Archive",))


def spread_ticks(pen: Pen) -> Laid:
    """Options in cells of their own, an X in the cell before each one that is meant."""
    cr, hand = pen.draw(wishes()), Excel(pen)
    mark = pen.pick(("X", "x", "\u2612", "[x]"))
    off = "" if mark in "Xx" else {"\u2612": "\u2610", "[x]": "[ ]"}[mark]
    cells: Cells = {}
    for row, item in enumerate(hand.items(cr), 1):
        cells[row, 1] = _shown(pen, item)
        value = cr.get(item.key)
        if item.key == "areas_impacted" and isinstance(value, tuple):
            options = [(area, area in value) for area in ROWS[item.key].choices]
            options = [
                (f"Other: {cr['areas_other']}" if area == "Other" and "areas_other" in cr else area, on)
                for area, on in options
            ]
        elif item.key == "area_of_change" and value:
            options = [("Product/Process", value != "system"), ("System", value != "product_process")]
        else:
            cells[row, 2] = item.text
            continue
        for at, (name, on) in enumerate(options):
            cells[row, 2 + 2 * at] = mark if on else off
            cells[row, 3 + 2 * at] = name
    return hand.file({"Form": hand.sheet(cells)}, (cr,))


FAMILIES = (vertical, merged, horizontal, one_a_row, label_above, pairs_beside, beside_instructions, spread_ticks)
