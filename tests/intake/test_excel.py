"""Excel forms: labels and values as the sheet shows them, wherever they stand."""

import time
from datetime import UTC, datetime
from datetime import time as clock_time

import pytest
from openpyxl import Workbook

from bot.intake.excel.reader import BEYOND, HIDDEN, MACROS, read_excel
from bot.intake.excel.worksheet import UNCALCULATED
from bot.intake.form import RawForm
from bot.intake.prescan import prescan
from tests.intake.forms import TABLE
from tests.intake.office_files import book, saved, values, zipped
from tests.intake.samples import assert_read_rightly

Value = bool | float | str | datetime | clock_time | None

FORM: list[tuple[Value, ...]] = [
    ("Company", "Saltmarsh"),
    ("Title of Change", "A change"),
    ("Products Impacted", "LNP"),
]
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> RawForm:
    """The one form in a workbook."""
    (form,) = read_excel(content, "form.xlsx", TABLE)
    return form


def test_labels_beside_values() -> None:
    """The usual form, with a place for each value, blank ones too."""
    form = read(book([("CHANGE REQUEST",), (), *FORM, ("Business Reason",)]))
    assert [(entry.label, entry.value, entry.place) for entry in form.entries] == [
        ("Company", "Saltmarsh", "cell B3"),
        ("Title of Change", "A change", "cell B4"),
        ("Products Impacted", "LNP", "cell B5"),
        ("Business Reason", "", "cell B6"),
    ]


def test_labels_above_values() -> None:
    """Each label over its value, down one column."""
    rows: list[tuple[Value, ...]] = [(text,) for row in FORM for text in row]
    assert values(read(book(rows))) == {
        "Company": "Saltmarsh",
        "Title of Change": "A change",
        "Products Impacted": "LNP",
    }


def test_an_empty_column_between_labels_and_values() -> None:
    """Columns with nothing in them do not count; neither do merged cells."""
    spaced: list[tuple[Value, ...]] = [(None, label, None, value) for label, value in FORM]
    assert [entry.value for entry in read(book(spaced)).entries] == ["Saltmarsh", "A change", "LNP"]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for number, (label, value) in enumerate(FORM, 1):
        sheet.cell(number, 1, str(label))
        sheet.cell(number, 3, str(value))
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=2)
    sheet.cell(5, 2, "a word elsewhere")
    assert [entry.value for entry in read(saved(workbook)).entries] == ["Saltmarsh", "A change", "LNP"]


def test_a_list_of_requests() -> None:
    """A header row and a request in each row below it, blank cells kept."""
    head = ("No.", "Company", "Title of Change", "Description of Change", "Products Impacted")
    forms = read_excel(book([head, (1, "A", "One", None, "LNP"), (2, "B", "Two", "Second", "UNE")]), "f", TABLE)
    assert [list(values(form).values()) for form in forms] == [
        ["A", "One", "", "LNP"],
        ["B", "Two", "Second", "UNE"],
    ]
    assert forms[1].entries[2].place == "cell D3"


def test_cells_as_they_are_shown() -> None:
    """Dates in ISO form, numbers without a fraction, leading zeros, truth as Yes and No."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    shown: list[tuple[Value, str, str]] = [
        (datetime(2026, 11, 25), "mm/dd/yyyy", "2026-11-25"),  # noqa: DTZ001 - a cell has no zone
        (datetime(2026, 11, 25, 9, 30), "m/d/yy h:mm", "2026-11-25 09:30"),  # noqa: DTZ001
        (clock_time(9, 30), "h:mm", "09:30"),
        (7015550118, "(###) ###-####", "7015550118"),
        (42.0, "General", "42"),
        (0.5, "0.0", "0.5"),
        (118, "00000", "00118"),
        (True, "General", "Yes"),
        ("two\nlines", "General", "two\nlines"),
    ]
    for row, (value, code, _) in enumerate(shown, 1):
        sheet.cell(row, 1, "Availability")
        sheet.cell(row, 2, value).number_format = code
    assert [entry.value for entry in read(saved(workbook)).entries] == [text for *_, text in shown]


def test_the_other_epoch() -> None:
    """Workbooks of old Macs count their days from 1904."""
    workbook = Workbook()
    workbook.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
    workbook.worksheets[0].append(("Date Submitted", datetime(2026, 11, 25, tzinfo=UTC).replace(tzinfo=None)))
    assert values(read(saved(workbook))) == {"Date Submitted": "2026-11-25"}


def test_hidden_sheets_rows_and_instructions() -> None:
    """What is hidden is not read, and said; a sheet of instructions is no second form."""
    workbook = Workbook()
    for row in FORM:
        workbook.worksheets[0].append(row)
    workbook.worksheets[0].append(("Company", "Hidden Telco"))
    workbook.worksheets[0].row_dimensions[4].hidden = True
    for title in ("Instructions", "Lists"):
        sheet = workbook.create_sheet(title)
        for label, _ in FORM:
            sheet.append((label, "what to write here"))
    workbook.worksheets[2].sheet_state = "hidden"
    form = read(saved(workbook))
    assert values(form)["Company"] == "Saltmarsh"
    assert form.notes == (HIDDEN.format("sheet Lists, row 4 of sheet Sheet"),)
    assert form.entries[0].place == "sheet Sheet, cell B1"


def test_two_forms_on_two_sheets() -> None:
    """Each visible sheet with a form on it is a change request."""
    workbook = Workbook()
    second = workbook.create_sheet("Second")
    for label, value in FORM:
        workbook.worksheets[0].append((label, value))
        second.append((label, f"{value} too"))
    forms = read_excel(saved(workbook), "f", TABLE)
    assert [form.entries[0].value for form in forms] == ["Saltmarsh", "Saltmarsh too"]


def test_a_formula_without_a_result_is_said() -> None:
    """A formula that was never calculated is no value and no blank: it cannot be read."""
    form = read(book([*FORM, ("Internal Ref #", '="A"&"B"')]))
    assert [(entry.value, entry.unreadable) for entry in form.entries[3:]] == [("", UNCALCULATED)]


def test_shared_strings_rich_text_and_macros() -> None:
    """Rich text is its letters, and macros are named, not run."""
    container = prescan(book([*FORM]))
    parts: dict[str, str | bytes] = {name: container.read(name) for name in container.parts}
    sheet = parts[SHEET]
    assert isinstance(sheet, bytes)
    rich = b'<c r="B1" t="inlineStr"><is><r><t>Salt</t></r><r><rPr><b/></rPr><t>marsh</t></r></is></c>'
    head, _, tail = sheet.partition(b'<c r="B1"')
    parts[SHEET] = head + rich + tail.partition(b"</c>")[2]
    parts["xl/vbaProject.bin"] = b"x"
    form = read(zipped(parts))
    assert values(form)["Company"] == "Saltmarsh"
    assert form.notes == (MACROS,)


def test_the_size_of_a_sheet_costs_nothing() -> None:
    """One cell in the last corner of a sheet, and a merge over all of it, are passed over."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in FORM:
        sheet.append(row)
    sheet.cell(1_048_576, 16_384, "far away")
    content = saved(workbook)
    container = prescan(content)
    parts: dict[str, str | bytes] = {name: container.read(name) for name in container.parts}
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="D5:XFD1048576"/></mergeCells>'
    parts[SHEET] = container.read(SHEET).replace(b"</sheetData>", merge)
    start = time.process_time()
    form = read(zipped(parts))
    assert time.process_time() - start < 1
    assert len(form.entries) == len(FORM)
    assert form.notes == (BEYOND,)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml"])
@pytest.mark.parametrize("damage", [b"", b"<", b"<a/>"])
def test_damage_is_a_value_error(part: str, damage: bytes) -> None:
    """A workbook with a damaged part is read without it or refused in words."""
    container = prescan(book([*FORM]))
    parts: dict[str, str | bytes] = {name: container.read(name) for name in container.parts}
    parts[part] = damage
    try:
        read_excel(zipped(parts), "f", TABLE)
    except ValueError as refused:
        assert "it" in str(refused)


@pytest.mark.parametrize("sample", ["s09", "s10"])
def test_samples(sample: str) -> None:
    """The sample workbooks are read as a careful person reads them."""
    assert_read_rightly(sample, ".xlsx", read_excel)
