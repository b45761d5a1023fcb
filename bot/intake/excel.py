"""An .xlsx form: its labels and values from every visible sheet, by openpyxl's sheet parser.

Its one rule: a cell counts as it is shown, and only what is shown. Sheets are streamed and
bounded: one cell in the last row of a sheet has cost other readers half a minute.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from html import unescape
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.intake.columns import column_letters, column_number
from bot.intake.form import Entry, FieldTable, RawForm
from bot.intake.grid import Cell, Row, read_rows
from bot.intake.lines import Vocabulary
from bot.intake.prescan import Container, prescan

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS, MAX_MERGES = 300, 40, 20, 500
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = MAIN[1:-1].encode()
RELATION_ID = re.compile(r"\{[^}]*/relationships\}id$")
STYLE_FORMATS = re.compile(rb'<numFmt [^>]*?numFmtId="(\d{1,6})"[^>]*?formatCode="([^"]{0,200})"')
CELL_STYLES = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
STYLE = re.compile(rb'<xf\b[^>]*?\bnumFmtId="(\d{1,6})"')
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
UNCALCULATED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>|<f\b[^>]*/>(?:<v\s*/>|<v></v>)?</c>")
ZEROS = re.compile("0{2,15}")
ASIDE = re.compile(r"instruct|read ?me|help|guid|example|sample|lookup|lists?$|legend|definition", re.IGNORECASE)

HIDDEN = "A hidden sheet, row or column was not read."
FORMULA = "A cell holds a formula that was never calculated; it was read as blank."
BEYOND = f"Only the first {MAX_ROWS} rows and {MAX_COLUMNS} columns of a sheet were read."
MACROS = "The workbook holds macros; they were not run."


class Sheet(NamedTuple):
    """A visible sheet as it is listed in the workbook."""

    name: str
    part: str


def read_excel(content: bytes, source: str, table: FieldTable) -> tuple[RawForm, ...]:
    """Read the forms in a workbook: one a sheet, or one a row under a header row.

    Raises ValueError when a part that is needed is absent, damaged or larger than any form.
    """
    try:
        return _Book(prescan(content), Vocabulary(table)).forms(source)
    except (ParseError, KeyError) as damage:
        raise ValueError("its cells are damaged") from damage


class _Book:
    """One workbook while it is read."""

    def __init__(self, container: Container, words: Vocabulary) -> None:
        self.container = container
        self.words = words
        self.notes = [MACROS] if "xl/vbaProject.bin" in container.parts else []
        self.book = self._tree("xl/workbook.xml")
        self.sheets = self._sheets()
        self.strings = self._strings()
        self.formats = self._formats()

    def forms(self, source: str) -> tuple[RawForm, ...]:
        """Every form; a sheet of instructions beside the form is none, whatever stands in it."""
        found: dict[str, list[list[Entry]]] = {}
        for sheet in self.sheets:
            prefix = f"sheet {sheet.name}, " if len(self.sheets) > 1 else ""
            forms = [entries for entries in read_rows(self._rows(sheet, prefix), self.words) if entries]
            if forms:
                found[sheet.name] = forms
        real = [name for name, forms in found.items() if any(map(self.words.is_form, forms)) and not ASIDE.search(name)]
        notes = tuple(dict.fromkeys(self.notes))
        return tuple(RawForm(source, tuple(entries), notes) for name in real or found for entries in found[name])

    def _tree(self, part: str) -> Element:
        content = self.container.xml(part).replace(STRICT, TRANSITIONAL, 1)
        return fromstring(content)  # noqa: S314 - no document type, no entities (prescan)

    def _sheets(self) -> list[Sheet]:
        relations = self._tree("xl/_rels/workbook.xml.rels")
        targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
        found = []
        for sheet in self.book.iterfind(f"{MAIN}sheets/{MAIN}sheet"):
            if sheet.get("state", "visible") != "visible":
                self.notes.append(HIDDEN)
                continue
            relation = next((value for name, value in sheet.items() if RELATION_ID.match(name)), "")
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in part and part in self.container.parts:
                found.append(Sheet(sheet.get("name", ""), part))
        return found[:MAX_SHEETS]

    def _strings(self) -> list[str]:
        from openpyxl.reader.strings import read_string_table  # noqa: PLC0415 - heavy, and only workbooks need it

        part = "xl/sharedStrings.xml"
        if part not in self.container.parts:
            return []
        content = self.container.xml(part).replace(STRICT, TRANSITIONAL, 1)
        return read_string_table(BytesIO(content))

    def _formats(self) -> list[str]:
        """The number format of each cell style. openpyxl's own style sheet costs ten times as
        much as the rest of a form, for colours and fonts that nobody asked for."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS  # noqa: PLC0415

        part = "xl/styles.xml"
        content = self.container.xml(part) if part in self.container.parts else b""
        own = {
            int(number): unescape(code.decode("utf-8", "replace")) for number, code in STYLE_FORMATS.findall(content)
        }
        styles = CELL_STYLES.search(content)
        numbers = [int(number) for number in STYLE.findall(styles.group())] if styles else []
        return [own.get(number) or BUILTIN_FORMATS.get(number, "General") for number in numbers]

    def _rows(self, sheet: Sheet, prefix: str) -> list[Row]:
        """The shown cells of a sheet, column by column; columns with nothing in them are left out."""
        content = self.container.xml(sheet.part).replace(STRICT, TRANSITIONAL, 1)
        if UNCALCULATED.search(content):
            self.notes.append(FORMULA)
        head, end, tail = content.partition(b"</sheetData>")
        covered = _covered(tail)
        grid: dict[int, dict[int, str]] = {}
        for number, cells in self._parsed(head + end + b"</worksheet>" if end else content):
            texts = {column: text for column, text in cells if text and (number, column) not in covered}
            grid[number] = texts
        used = sorted({column for texts in grid.values() for column in texts if self.words.answer(texts[column])})
        if used and any(self.words.known(texts.get(used[-1], "")) for texts in grid.values()):
            used.append(used[-1] + 1)  # the column of the answers, while there is none
        rows: list[Row] = []
        last = 0
        for number, texts in grid.items():
            if number > last + 1:
                rows.append([])
            last = number
            shown = (column for column in used if (number, column) not in covered)
            rows.append([Cell(at, texts.get(at, ""), f"{prefix}cell {column_letters(at)}{number}") for at in shown])
        return rows

    def _parsed(self, content: bytes) -> Iterator[tuple[int, Iterator[tuple[int, str]]]]:
        """Row by row, the columns (from 1) and shown texts of the cells inside the bounds."""
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format  # noqa: PLC0415
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH  # noqa: PLC0415
        from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415

        settings = self.book.find(MAIN + "workbookPr")
        mac = settings is not None and settings.get("date1904", "0") in {"1", "true"}
        parser = WorkSheetParser(
            BytesIO(content),
            self.strings,
            data_only=True,
            epoch=MAC_EPOCH if mac else WINDOWS_EPOCH,
            date_formats={style for style, code in enumerate(self.formats) if is_date_format(code)},
            timedelta_formats={style for style, code in enumerate(self.formats) if is_timedelta_format(code)},
        )
        for number, cells in parser.parse():
            if number > MAX_ROWS:
                self.notes.append(BEYOND)
                return
            if parser.row_dimensions.get(str(number), {}).get("hidden", "0") in {"1", "true"}:
                self.notes.append(HIDDEN)
                continue
            yield number, self._shown(cells)

    def _shown(self, cells: Sequence[dict[str, object]]) -> Iterator[tuple[int, str]]:
        for cell in cells:
            column, value, style = cell["column"], cell["value"], cell["style_id"]
            if value is None or not isinstance(column, int) or column > MAX_COLUMNS:
                continue
            code = self.formats[style] if isinstance(style, int) and 0 <= style < len(self.formats) else "General"
            yield column, _text(value, code)


def _text(value: object, code: str) -> str:
    """A value as it is shown, near enough: dates in ISO form, whole numbers without a fraction,
    leading zeros where the format asks for them."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | time | timedelta):
        return f"{value:%H:%M}" if isinstance(value, time) else str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and ZEROS.fullmatch(code):
        return str(value).zfill(len(code))
    return "\n".join(line.strip() for line in str(value).replace("\r\n", "\n").split("\n")).strip()


def _covered(tail: bytes) -> set[tuple[int, int]]:
    """The cells to the right of the first one in a merged range, as (row, column). A label that
    covers several rows leaves its column there, so that the rows below it continue its answer."""
    covered: set[tuple[int, int]] = set()
    for left, top, right, bottom in MERGE.findall(tail)[:MAX_MERGES]:
        rows = range(int(top), min(int(bottom), MAX_ROWS) + 1)
        columns = range(column_number(left.decode()) + 1, min(column_number(right.decode()), MAX_COLUMNS) + 1)
        covered.update((row, column) for row in rows for column in columns)
    return covered
