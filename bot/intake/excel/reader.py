"""An .xlsx form: its labels and values from every visible sheet, by our own walk over the XML.

Its one rule: a cell counts as it is shown, and only what is shown; what was not read is said. The
walk is bounded: one cell in the last row of a sheet has cost other readers half a minute.
(openpyxl takes a tenth of a second to be loaded, and does not tell an empty cell from a formula
that was never calculated.)
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.intake.excel.cellnumber import BUILTIN, day_of
from bot.intake.excel.worksheet import MAIN, MAX_COLUMNS, MAX_ROWS, TRUE, Held, Look, Shown, shown_cells, string_table
from bot.intake.form import Entry, FieldTable, RawForm
from bot.intake.lines import Vocabulary
from bot.intake.prescan import Container, prescan
from bot.intake.table.columns import column_letters
from bot.intake.table.grid import Cell, Row, read_rows
from bot.intake.table.stacked import joined, stacked

MAX_SHEETS = 20
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = MAIN[1:-1].encode()
RELATION_ID = re.compile(r"\{[^}]*/relationships\}id$")
STYLE_FORMATS = re.compile(rb"<(?:\w+:)?numFmt [^>]*>")
STYLE_NUMBER = re.compile(rb'\bnumFmtId="(\d{1,6})"')
STYLE_CODE = re.compile(rb'\bformatCode="([^"]{0,200})"')
CELL_STYLES = re.compile(rb"<((?:\w+:)?)cellXfs\b.*?</\1cellXfs>", re.DOTALL)
STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
ASIDE = re.compile(
    r"instruct|read ?me|how to|help|guid|example|sample|lookup|lists?$|legend|definition|dropdown|valid|codes?$"
    r"|data ?dict|glossary|revision history|change ?log|cover",
    re.IGNORECASE,
)
DATED = frozenset({"date_submitted", "desired_implementation_date"})
MOST_NAMED = 6
"""Hidden things that a note names."""

HIDDEN = "Hidden, so not read: {}."
BEYOND = f"Only the first {MAX_ROWS} rows and {MAX_COLUMNS} columns of a sheet were read."
MACROS = "The workbook holds macros; they were not run."
BOXES = "The workbook holds tick boxes that are drawn over the cells; they cannot be read."


class Sheet(NamedTuple):
    """A visible sheet as it is listed in the workbook."""

    name: str
    part: str


def read_excel(content: bytes, source: str, table: FieldTable) -> tuple[RawForm, ...]:
    """Read the forms in a workbook: one a sheet, or several below each other, or one a row under a
    header row.

    Raises ValueError when a part that is needed is absent, damaged or larger than any form.
    """
    try:
        return _Book(prescan(content), Vocabulary(table)).forms(source)
    except (ParseError, LookupError, OverflowError) as damage:
        raise ValueError("its cells are damaged") from damage


class _Book:
    """One workbook while it is read."""

    def __init__(self, container: Container, words: Vocabulary) -> None:
        self.container = container
        self.words = words
        self.hidden: list[str] = []
        self.notes: list[str] = []
        self.book = self._tree("xl/workbook.xml")
        relations = list(self._tree("xl/_rels/workbook.xml.rels"))
        self.targets = {relation.get("Id", ""): _part(relation.get("Target", "")) for relation in relations}
        self.kinds = {relation.get("Type", "").rpartition("/")[2]: relation.get("Id", "") for relation in relations}
        settings = self.book.find(MAIN + "workbookPr")
        mac = settings is not None and settings.get("date1904") in TRUE
        self.look = Look(self._strings(), self._formats(), mac)

    def forms(self, source: str) -> tuple[RawForm, ...]:
        """Every form; a sheet of instructions beside the form is none, whatever stands in it."""
        sheets = self._sheets()
        found: dict[str, list[list[Entry]]] = {}
        for sheet in sheets:
            prefix = f"sheet {sheet.name}, " if len(sheets) > 1 else ""
            forms = [form for entries in self._read(sheet, prefix) for form in stacked(entries, self.words) if entries]
            if forms:
                found[sheet.name] = forms
        real = {name: forms for name, forms in found.items() if not ASIDE.search(name)}
        if not any(self.words.is_form(form) for forms in real.values() for form in forms):
            real = found
        forms, notes = joined(real, self.words)
        self.notes += notes
        return tuple(RawForm(source, tuple(entries), self._noted()) for entries in forms)

    def _noted(self) -> tuple[str, ...]:
        """What was not read, each thing once."""
        named = list(dict.fromkeys(self.hidden))
        more = [f"{len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
        said = [HIDDEN.format(", ".join([*named[:MOST_NAMED], *more]))] if named else []
        if "xl/vbaProject.bin" in self.container.parts:
            said.append(MACROS)
        controls = [part for part in self.container.parts if part.startswith("xl/ctrlProps/")]
        if any(b'objectType="CheckBox"' in self.container.xml(part) for part in controls):
            said.append(BOXES)
        return tuple(dict.fromkeys([*said, *self.notes]))

    def _tree(self, part: str) -> Element:
        content = self.container.xml(part).replace(STRICT, TRANSITIONAL, 1)
        return fromstring(content)  # noqa: S314 - no document type, no entities (prescan)

    def _sheets(self) -> list[Sheet]:
        found = []
        for sheet in self.book.iterfind(f"{MAIN}sheets/{MAIN}sheet"):
            name = sheet.get("name", "")
            if sheet.get("state", "visible") != "visible":
                self.hidden.append(f"sheet {name}")
                continue
            relation = next((value for key, value in sheet.items() if RELATION_ID.match(key)), "")
            part = self.targets.get(relation, "")
            if "worksheets/" in part and part in self.container.parts:
                found.append(Sheet(name, part))
        return found[:MAX_SHEETS]

    def _strings(self) -> list[str]:
        part = self.targets.get(self.kinds.get("sharedStrings", ""), "xl/sharedStrings.xml")
        return string_table(self._tree(part)) if part in self.container.parts else []

    def _formats(self) -> list[str]:
        """The number format of each cell style; fonts and colours nobody asked for."""
        part = self.targets.get(self.kinds.get("styles", ""), "xl/styles.xml")
        content = self.container.xml(part) if part in self.container.parts else b""
        own = dict(BUILTIN)
        for style in STYLE_FORMATS.findall(content):
            number, code = STYLE_NUMBER.search(style), STYLE_CODE.search(style)
            if number and code:
                own[int(number[1])] = unescape(code[1].decode("utf-8", "replace"))
        styles = CELL_STYLES.search(content)
        numbers = [STYLE_NUMBER.search(style) for style in STYLE.findall(styles.group())] if styles else []
        return [own.get(int(number[1]), "") if number else "" for number in numbers]

    def _read(self, sheet: Sheet, prefix: str) -> Iterator[list[Entry]]:
        """The entries of a sheet, one list a form."""
        tree = self._tree(sheet.part)
        try:
            shown = shown_cells(tree, self.look)
        except ValueError as damage:
            raise ValueError(f"the cells of its sheet {sheet.name} are damaged") from damage
        where = f" of {prefix.removesuffix(', ')}" if prefix else ""
        self.hidden += [f"{thing}{where}" for thing in shown.hidden]
        self.notes += [BEYOND] if shown.beyond else []
        bare = {
            f"{prefix}cell {column_letters(at)}{number}": held.text
            for number, cells in shown.rows.items()
            for at, held in cells.items()
            if held.bare
        }
        for entries in read_rows(self._rows(shown, prefix), self.words):
            yield [self._dated(entry, bare) for entry in entries]

    def _dated(self, entry: Entry, bare: Mapping[str, str]) -> Entry:
        """An entry whose date has lost its format: a bare number of days where a date is asked for."""
        if bare.get(entry.place) == entry.value and self.words.labels.key(entry.label) in DATED:
            day = day_of(entry.value, mac=self.look.mac)
            return Entry(entry.label, day or entry.value, entry.place)
        return entry

    def _rows(self, shown: Shown, prefix: str) -> list[Row]:
        """The cells of a sheet, column by column; columns with nothing in them are left out."""
        blank = Held("")
        texts = [(at, held.text) for cells in shown.rows.values() for at, held in cells.items()]
        used = sorted({at for at, text in texts if self.words.answer(text)})
        if used and any(at == used[-1] and self.words.known(text) for at, text in texts):
            used.append(used[-1] + 1)  # the column of the answers, while there is none
        columns = [(at, f"{prefix}cell {column_letters(at)}") for at in used]
        rows: list[Row] = []
        last = 0
        for number, cells in shown.rows.items():
            if number > last + 1:
                rows.append([])
            last = number
            rows.append(
                [
                    Cell(at, held.text, f"{place}{number}", (), (), held.unreadable)
                    for at, place in columns
                    if (number, at) not in shown.covered
                    for held in (cells.get(at, blank),)
                ]
            )
        return rows


def _part(target: str) -> str:
    """The part that a relation of the workbook points to."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
