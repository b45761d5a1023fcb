"""The pieces of an Excel workbook: its fixed parts, its cells, and their looks as XML.

Its one rule: whatever text comes in is escaped here and nowhere else; a cell's text is never a
formula, whatever it begins with. (openpyxl writes the same form in 20 ms where this takes one.)
"""

import re
from html import escape
from typing import NamedTuple

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TYPES = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
ROOT = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
PARTS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    "</Relationships>"
)
BOOK = (
    f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets><definedNames>'
    '<definedName name="_xlnm.Print_Area" localSheetId="0">\'{name}\'!{area}</definedName></definedNames></workbook>'
)
AS_TEXT = 49
"""The built-in number format that keeps what is typed as it is typed."""
FACE = "Arial"
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""QUIRK: Excel takes `_x0041_` in a text for the letter A, and `_x005F_` for the underscore itself."""


class Look(NamedTuple):
    """How a cell looks: its font (size, weight, colour), its ground, its frame, where its text
    stands, and whether it may be written in. No ground and no frame for empty colours."""

    size: float
    color: str
    bold: bool = False
    fill: str = ""
    frame: str = ""
    upright: str = "center"
    open: bool = False


class Looks:
    """The looks of one workbook, numbered as they are first used; the first is the default."""

    def __init__(self, default: Look) -> None:
        self._numbers = {default: 0}

    def number(self, look: Look) -> int:
        """The number by which a cell names its look."""
        return self._numbers.setdefault(look, len(self._numbers))

    def xml(self) -> str:
        """The style part."""
        looks = tuple(self._numbers)
        plain = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        fills = "".join(map(_fill, looks))
        return (
            f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
            f'<fonts count="{len(looks)}">{"".join(map(_font, looks))}</fonts>'
            f'<fills count="{len(looks) + 2}">{plain}{fills}</fills>'
            f'<borders count="{len(looks)}">{"".join(map(_border, looks))}</borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(looks)}">{"".join(_format(at, look) for at, look in enumerate(looks))}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )


def _font(look: Look) -> str:
    weight = "<b/>" if look.bold else ""
    return f'<font>{weight}<sz val="{look.size:g}"/><color rgb="FF{look.color}"/><name val="{FACE}"/></font>'


def _fill(look: Look) -> str:
    if not look.fill:
        return '<fill><patternFill patternType="none"/></fill>'
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{look.fill}"/></patternFill></fill>'


def _border(look: Look) -> str:
    if not look.frame:
        return "<border><left/><right/><top/><bottom/><diagonal/></border>"
    sides = (
        f'<{side} style="thin"><color rgb="FF{look.frame}"/></{side}>' for side in ("left", "right", "top", "bottom")
    )
    return f"<border>{''.join(sides)}<diagonal/></border>"


def _format(at: int, look: Look) -> str:
    """A cell format; fonts, fills and borders are numbered as the looks are."""
    number = AS_TEXT if look.open else 0
    indent = ' indent="1"' if look.fill or look.frame else ""
    lock = '<protection locked="0"/>' if look.open else ""
    return (
        f'<xf numFmtId="{number}" fontId="{at}" fillId="{at + 2}" borderId="{at}" xfId="0" applyNumberFormat="1" '
        'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
        f'<alignment horizontal="left" vertical="{look.upright}" wrapText="1"{indent}/>{lock}</xf>'
    )


def cell(place: str, look: int, text: str = "") -> str:
    """A cell, with a text or empty."""
    if not text:
        return f'<c r="{place}" s="{look}"/>'
    shown = escape(LOOKS_ESCAPED.sub("_x005F_", text))
    return f'<c r="{place}" s="{look}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def row(number: int, cells: str, height: float, *, fixed: bool = False) -> str:
    """A row of cells, so high (points); unless that is fixed it grows with what is typed into it."""
    kept = ' customHeight="1"' if fixed else ""
    return f'<row r="{number}" ht="{height:g}"{kept}>{cells}</row>'
