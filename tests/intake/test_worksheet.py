"""Worksheets: what each cell shows, in all the ways in which programs write cells."""

import pytest

from bot.intake.excel.cellnumber import NO_DATE, TOO_LONG, day_of, show
from bot.intake.excel.reader import BOXES, HIDDEN, read_excel
from bot.intake.excel.worksheet import IN_ERROR, SHOWN_AS_TEXT, UNCALCULATED
from bot.intake.form import Entry, RawForm
from bot.intake.judge import judge
from tests.intake.forms import SENDER, TABLE
from tests.intake.office_files import zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
LABELS = ("Company", "Title of Change", "Products Impacted")


def inline(ref: str, text: str) -> str:
    """A cell of text."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows_of(cell: str) -> str:
    """Three labels with values; the company's value is the cell."""
    first, *others = LABELS
    made = f'<row r="1">{inline("A1", first)}{cell}</row>'
    return made + "".join(
        f'<row r="{at}">{inline(f"A{at}", label)}{inline(f"B{at}", "A change")}</row>'
        for at, label in enumerate(others, 2)
    )


def workbook(
    data: str,
    *,
    settings: str = "",
    formats: str = "",
    strings: str = "",
    namespace: str = MAIN,
    more: str = "",
    **parts: str,
) -> bytes:
    """A workbook of one sheet, by hand."""
    names = f'xmlns="{namespace}" xmlns:r="{RELATIONS}"'
    codes = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(formats.split("|"))
    )
    styles = "".join(f'<xf xfId="0" numFmtId="{200 + at}"/>' for at in range(len(formats.split("|"))))
    return zipped(
        {
            "xl/workbook.xml": f"<workbook {names}>{settings}<sheets>"
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
            "xl/styles.xml": f"<styleSheet {names}><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
            "xl/sharedStrings.xml": f"<sst {names}>{strings}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {names}>{more}<sheetData>{data}</sheetData></worksheet>",
            **{name.replace("__", "/") + ".xml": part for name, part in parts.items()},
        }
    )


def read(content: bytes) -> RawForm:
    """The one form in a workbook."""
    (form,) = read_excel(content, "form.xlsx", TABLE)
    return form


def company(cell: str, **changes: str) -> Entry:
    """The entry that one cell makes beside the label Company."""
    return read(workbook(rows_of(cell), **changes)).entries[0]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B1" t="str"><f>A2&amp;"x"</f><v>Saltmarsh</v></c>', "Saltmarsh"),
        ('<c r="B1" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="B1"><f>Sheet2!B5</f><v>0</v></c>', ""),
        ('<c r="B1" t="b"><v>1</v></c>', "Yes"),
        ('<c r="B1" t="b"><f>TRUE()</f><v>0</v></c>', "No"),
        ('<c r="B1"><v>7.015550118E9</v></c>', "7015550118"),
        ('<c r="B1" t="n"><v>42.0</v></c>', "42"),
        ('<c r="B1"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="B1" t="d"><v>2026-11-25T00:00:00</v></c>', "2026-11-25"),
        ('<c r="B1" t="d"><v>2026-11-25T09:30:00</v></c>', "2026-11-25 09:30:00"),
        (inline("B1", "'0118"), "0118"),
        (inline("B1", "'Tis ours"), "'Tis ours"),
        (inline("B1", " two_x000D_\nlines "), "two\nlines"),
        (inline("B1", "a_x005F_x000D_b"), "a_x000D_b"),
        ('<c r="B1" t="inlineStr"><is><r><t>Salt</t></r><r><rPr><b/></rPr><t>marsh</t></r></is></c>', "Saltmarsh"),
        ('<c r="B1" t="s"><v>0</v></c>', "Saltmarsh"),
        ('<c t="inlineStr"><is><t>no place</t></is></c>', "no place"),
        ('<c r="B1"/>', ""),
    ],
)
def test_a_cell_is_what_it_shows(cell: str, text: str) -> None:
    """Results of formulas, numbers, dates, texts of every make read as Excel shows them."""
    strings = "<si><r><t>Salt</t></r><r><t>marsh</t></r><rPh><t>pronounced</t></rPh></si>"
    entry = company(cell, strings=strings)
    assert (entry.value, entry.unreadable) == (text, "")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ('<c r="B1"><f>A2</f></c>', UNCALCULATED),
        ('<c r="B1"><f>A2</f><v></v></c>', UNCALCULATED),
        ('<c r="B1"><f t="shared" si="0"/><v/></c>', UNCALCULATED),
        ('<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', IN_ERROR.format("#DIV/0!")),
        ('<c r="B1" t="e"><v>#REF!</v></c>', IN_ERROR.format("#REF!")),
        (inline("B1", "#N/A"), IN_ERROR.format("#N/A")),
        (inline("B1", "=A1"), SHOWN_AS_TEXT),
        (inline("B1", "='My sheet'!$B$7"), SHOWN_AS_TEXT),
        (inline("B1", "=VLOOKUP(A1,B:C,2)"), SHOWN_AS_TEXT),
        ('<c r="B1"><v>12345678901234567</v></c>', TOO_LONG),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(cell: str, why: str) -> None:
    """An error, a formula without a result and a number that Excel cut are no values and no blanks;
    the judge asks for them by place."""
    form = read(workbook(rows_of(cell)))
    assert (form.entries[0].value, form.entries[0].unreadable, form.entries[0].place) == ("", why, "cell B1")
    problem = next(problem for problem in judge(form, TABLE, SENDER, "xlsx").problems if problem.field == "company")
    assert (problem.code, problem.place) == ("unreadable", "cell B1")
    assert problem.message == f"The company cannot be read: {why}."


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("46351", "m/d/yy", "2026-11-25"),
        ("46351", "[$-409]d\\-mmm\\-yy;@", "2026-11-25"),
        ("46351.395833333336", "m/d/yyyy h:mm", "2026-11-25 09:30"),
        ("0.395833333333333", "h:mm AM/PM", "09:30"),
        ("1.5", "[h]:mm", "36:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("118", "00000", "00118"),
        ("42", '"QT-"0000', "QT-0042"),
        ("7015550118", "000\\-000\\-0000", "701-555-0118"),
        ("7015550118", "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "7015550118"),
        ("118", "_(* 00000_)", "00118"),
        ("46351", '0 "days"', "46351 days"),
        ("70155", "#,##0", "70155"),
        ("1e-7", "General", "0.0000001"),
        ("1e-999", "General", "0"),
        ("0.5", "0%", "50%"),
        ("42", ";;;", ""),
        ("nan", "General", ""),
        ("text", "General", "text"),
    ],
)
def test_numbers_by_their_formats(number: str, code: str, text: str) -> None:
    """Dates are ISO dates; patterns keep zeros and what is printed between digits."""
    assert show(number, code, mac=False) == (text, "")


def test_numbers_that_are_no_dates() -> None:
    """A date before all dates or after them is said to be none; the other epoch is four years off."""
    assert show("-5", "m/d/yy", mac=False) == ("-5", NO_DATE)
    assert show("99999999", "m/d/yy", mac=False) == ("99999999", NO_DATE)
    assert show("44889", "m/d/yy", mac=True) == ("2026-11-25", "")
    assert (day_of("46351", mac=False), day_of("44889", mac=True), day_of("12345", mac=False)) == (
        "2026-11-25",
    ) * 2 + ("",)


@pytest.mark.parametrize("mac", [False, True])
def test_a_date_that_lost_its_format(mac: bool) -> None:
    """A bare number of days beside a date's label is that date; beside another label it is a number."""
    serial = "44889" if mac else "46351"
    data = "".join(
        f'<row r="{at}">{inline(f"A{at}", label)}<c r="B{at}"><v>{serial}</v></c></row>'
        for at, label in enumerate(("Date Submitted", "Needed By", "Internal Ref #"), 1)
    )
    form = read(workbook(data, settings=f'<workbookPr date1904="{int(mac)}"/>'))
    assert [entry.value for entry in form.entries] == ["2026-11-25", "2026-11-25", serial]


def test_strict_and_prefixed_names() -> None:
    """The namespace of strict files, and a prefix before every name, change nothing."""
    data = rows_of(inline("B1", "Saltmarsh"))
    assert read(workbook(data, namespace=STRICT)).entries[0].value == "Saltmarsh"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
    prefixed = sheet.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    assert read(workbook("", xl__worksheets__sheet1=prefixed)).entries[0].value == "Saltmarsh"


def test_hidden_rows_and_columns() -> None:
    """What stands in a hidden row or column is not read, and is named once."""
    more = '<cols><col min="2" max="2" width="9"/><col min="3" max="4" hidden="1"/></cols>'
    data = rows_of(inline("B1", "Saltmarsh") + inline("C1", "Old Telecom"))
    data += f'<row r="9" hidden="true">{inline("A9", "Company")}{inline("B9", "Other")}</row><row r="10" hidden="1"/>'
    form = read(workbook(data, more=more))
    assert [entry.value for entry in form.entries] == ["Saltmarsh", "A change", "A change"]
    assert form.notes == (HIDDEN.format("column C, row 9"),)


def test_text_under_a_merged_range_is_not_shown() -> None:
    """Only the first cell of a merged range is seen."""
    data = (
        rows_of(inline("B1", "Saltmarsh") + inline("C1", "under")) + f'<row r="4">{inline("B4", "under as well")}</row>'
    )
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>'
    sheet += '<mergeCells><mergeCell ref="B1:D1"/><mergeCell ref="B3:B4"/></mergeCells></worksheet>'
    assert [entry.value for entry in read(workbook("", xl__worksheets__sheet1=sheet)).entries] == [
        "Saltmarsh",
        "A change",
        "A change",
    ]


def test_drawn_tick_boxes_are_said() -> None:
    """Tick boxes that float over the cells are not read, and the form says so."""
    control = '<formControlPr xmlns="x" objectType="CheckBox" checked="Checked" fmlaLink="$D$4"/>'
    assert read(workbook(rows_of(inline("B1", "A")), xl__ctrlProps__ctrlProp1=control)).notes == (BOXES,)
    button = '<formControlPr xmlns="x" objectType="Button"/>'
    assert read(workbook(rows_of(inline("B1", "A")), xl__ctrlProps__ctrlProp1=button)).notes == ()


@pytest.mark.parametrize(
    "row",
    [
        '<row r="-1"><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="-1"><v>1</v></c></row>',
        '<row r="1"/><row r="1"/>',
        '<row r="x"/>',
        '<row r="1"><c r="B1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="B1" t="s"><v>x</v></c></row>',
    ],
)
def test_cells_outside_every_sheet_are_damage(row: str) -> None:
    """A row, a cell or a string that cannot be is refused in words."""
    with pytest.raises(ValueError, match="damaged"):
        read_excel(workbook(row), "f", TABLE)
