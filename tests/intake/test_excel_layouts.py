"""Layouts of workbooks: wherever labels, answers and marks stand, the same form is read, and what
cannot be told is asked for."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from bot.intake.excel.reader import ASIDE, HIDDEN, read_excel
from bot.intake.excel.worksheet import IN_ERROR
from bot.intake.form import Code, RawForm, Submission
from bot.intake.judge import judge
from bot.intake.table.stacked import ASIDE as NOT_A_FORM
from bot.intake.table.stacked import REPEATED, UNFILLED
from tests.intake.forms import GOOD, SENDER, TABLE
from tests.intake.office_files import book, saved
from tests.libreoffice import LibreOffice

Rows = list[tuple[Any, ...]]

PAIRS: Rows = [pair for pair in GOOD.items() if pair[0] not in {"Title", "Availability"}]
LABELS, VALUES = zip(*PAIRS, strict=True)
AREAS = "Area(s) Impacted"
OTHERS = [pair for pair in PAIRS if pair[0] != AREAS]
CHOICES = ("Pre-Ordering", "Ordering", "Provisioning", "Billing", "Maintenance & Repair", "Other")
MEANT = ("Ordering", "Billing")
MARKS = [choice in MEANT for choice in CHOICES]
TICKS = list(zip(CHOICES, MARKS, strict=True))
SECOND = tuple("Another title" if label == "Title of Change" else value for label, value in PAIRS)
TITLES = [GOOD["Title of Change"], "Another title"]


def of(*sheets: tuple[str, Rows]) -> bytes:
    """A workbook of several sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(workbook)


def read(content: bytes) -> tuple[RawForm, ...]:
    """The forms in a workbook."""
    return read_excel(content, "form.xlsx", TABLE)


def judged(content: bytes) -> list[Submission]:
    """What the forms in a workbook amount to."""
    return [judge(form, TABLE, SENDER, "xlsx") for form in read(content)]


ALONE: dict[str, Rows] = {
    "a wide gap": [(label, None, None, None, None, value) for label, value in PAIRS],
    "a word in the gap": [("", "our form"), *((label, None, None, value) for label, value in PAIRS)],
    "one answer a column too far": [pair if at != 3 else (pair[0], None, pair[1]) for at, pair in enumerate(PAIRS)],
    "numbered labels": [(at, *pair) for at, pair in enumerate(PAIRS, 1)],
    "colons in a column": [(label, ":", value) for label, value in PAIRS],
    "help beside": [(*pair, f"Enter the {pair[0]} here") for pair in PAIRS],
    "an example between": [
        ("Field", "Example", "Your answer"),
        *((label, "e.g. jane@x.example", value) for label, value in PAIRS),
    ],
    "a description between": [
        ("Field", "Description", "Value"),
        *((label, f"What {label} is", value) for label, value in PAIRS),
    ],
    "what is required between": [("Field", "Required?", "Value"), *((label, "Yes", value) for label, value in PAIRS)],
    "what is required, unsaid": [
        (label, "Required" if at % 2 else "Optional", value) for at, (label, value) in enumerate(PAIRS)
    ],
    "one row with an example above": [LABELS, ("Example", *VALUES[1:]), VALUES],
    "options in rows below": [
        *OTHERS,
        (AREAS,),
        *((name, "x" if on else None) for name, on in TICKS),
    ],
    "options in rows beside, marks behind": [
        *OTHERS,
        *((None if at else AREAS, name, "X" if MARKS[at] else None) for at, name in enumerate(CHOICES)),
    ],
    "options in rows beside, marks before": [
        *OTHERS,
        *((None if at else AREAS, "X" if MARKS[at] else None, name) for at, name in enumerate(CHOICES)),
    ],
    "marks below a row of options": [*OTHERS, (AREAS, *CHOICES), (None, *("X" if on else None for on in MARKS))],
    "truth behind options": [*OTHERS, (AREAS, *(cell for pair in TICKS for cell in pair))],
    "truth before options": [*OTHERS, (AREAS, *(cell for pair in zip(MARKS, CHOICES, strict=True) for cell in pair))],
    "a box in each cell": [
        *OTHERS,
        (AREAS, *(f"[{'x' if on else ' '}] {name}" for name, on in TICKS)),
    ],
}


@pytest.mark.parametrize("layout", ALONE)
def test_one_form(layout: str) -> None:
    """Gaps, help, examples, and marks in cells of their own do not change what is read."""
    (submission,) = judged(book(ALONE[layout]))
    assert submission.complete, submission.problems
    assert len(submission.fields) == len(PAIRS)
    assert submission.fields["title"] == GOOD["Title of Change"]
    assert submission.fields["areas_impacted"] == MEANT


MORE = tuple("More of it." if label == "Description of Change" else None for label in LABELS)
SEVERAL: dict[str, bytes] = {
    "below each other": book([*PAIRS, (), *zip(LABELS, SECOND, strict=True)]),
    "the originator said once": book([*PAIRS, *list(zip(LABELS, SECOND, strict=True))[6:]]),
    "on two sheets": of(("One", PAIRS), ("Two", list(zip(LABELS, SECOND, strict=True)))),
    "in rows, with an example and a total": book(
        [("No.", *LABELS), ("Example", *VALUES), (1, *VALUES), (), (2, *SECOND), ("Total", 2)]
    ),
    "in rows, with what to enter": book([LABELS, tuple(f"Enter {label}" for label in LABELS), VALUES, SECOND]),
    "in rows, under headings": book([("Originator", None, "Contact", None, "Change"), LABELS, VALUES, SECOND]),
    "in rows, one going on": book([LABELS, VALUES, MORE, SECOND]),
    "in rows, one value worded like a label": book(
        [
            LABELS,
            VALUES,
            tuple(
                "Billing" if label == "Products Impacted" else text for label, text in zip(LABELS, SECOND, strict=True)
            ),
        ]
    ),
    "in columns": book([("", "CR 1", "CR 2"), *zip(LABELS, VALUES, SECOND, strict=True)]),
    "in rows, the originator on another sheet": of(
        ("Contact", PAIRS[:4]), ("Requests", [LABELS[4:], VALUES[4:], SECOND[4:]])
    ),
}


@pytest.mark.parametrize("layout", SEVERAL)
def test_several_forms(layout: str) -> None:
    """Each request is a form of its own; what is printed between them is none."""
    submissions = judged(SEVERAL[layout])
    assert [submission.fields["title"] for submission in submissions] == TITLES
    assert all(submission.complete for submission in submissions), submissions


def test_a_row_that_goes_on_belongs_to_the_request_above() -> None:
    """A row with nothing but more text is no request."""
    first, _ = judged(SEVERAL["in rows, one going on"])
    assert str(first.fields["description"]).endswith("\nMore of it.")


def test_columns_without_headings_are_asked_about() -> None:
    """Two columns of answers that no heading explains may be two requests or one and an example."""
    (submission,) = judged(book(list(zip(LABELS, VALUES, SECOND, strict=True))))
    (problem,) = submission.problems
    assert (problem.field, problem.code) == ("title", Code.CONTRADICTORY)
    assert "(cell B7)" in problem.message
    assert "(cell C7)" in problem.message


def test_two_cells_that_contradict_each_other() -> None:
    """Both are given, with their places; which one counts is the sender's to say."""
    (submission,) = judged(book([*PAIRS, ("Company", "Another Telecom")]))
    (problem,) = submission.problems
    assert (problem.field, problem.code) == ("company", Code.CONTRADICTORY)
    assert "(cell B2)" in problem.message
    assert "(cell B13)" in problem.message


def test_one_form_on_several_sheets() -> None:
    """Sheets that ask different questions are one form."""
    (submission,) = judged(of(("Contact", PAIRS[:5]), ("Change", PAIRS[5:])))
    assert submission.complete
    assert submission.places["company"] == "sheet Contact, cell B2"


def test_sheets_that_are_no_form() -> None:
    """Copies that nobody filled in or that repeat a form, and sheets of other things, are left out and
    said; a sheet of instructions is known by its name."""
    blank: Rows = [(label,) for label in LABELS]
    sheets = (("CR", PAIRS), ("CR (2)", blank), ("Print", PAIRS), ("Contacts", PAIRS[:4]), ("How to", PAIRS))
    (form,) = read(of(*sheets))
    assert form.notes == (
        UNFILLED.format("sheet CR (2), cell B1"),
        REPEATED.format("sheet Print, cell B1"),
    )
    assert [name for name in ("Instructions", "Read me", "Lists", "CR Form", "Change list") if ASIDE.search(name)] == [
        "Instructions",
        "Read me",
        "Lists",
        "Change list",
    ]
    (form,) = read(of(("CR", PAIRS), ("Old", [*PAIRS[1:4]])))
    assert NOT_A_FORM.format("Old") not in form.notes


def test_a_form_that_nobody_filled_in_is_blank() -> None:
    """What a template says beside its labels is no answer."""
    (submission,) = judged(book([(label, f"Enter the {label}") for label in LABELS]))
    assert submission.fields == {}


def test_help_is_no_answer_to_a_question_left_blank() -> None:
    """Beside a blank answer help stays help, where other rows have both."""
    rows = [(label, value if at % 3 else None, f"Enter the {label} here") for at, (label, value) in enumerate(PAIRS)]
    (submission,) = judged(book(rows))
    assert {problem.field for problem in submission.problems} == {"originator_name", "originator_phone", "title"}
    assert all(problem.code is Code.MISSING for problem in submission.problems)


def flags(row: tuple[Any, ...], *more: tuple[Any, ...]) -> tuple[object, object]:
    """Regulatory and Industry Guideline as a row of flags in a form with a column before its labels
    says them."""
    (submission,) = judged(book([*((None, label, value) for label, value in PAIRS), row, *more]))
    return submission.fields.get("regulatory"), submission.fields.get("industry_guideline")


def test_marks_before_flags() -> None:
    """A lone X in front of a label is its mark; behind it as well, and in between the label's that the
    row begins with."""
    assert flags(("X", "Regulatory", None, "Industry Guideline")) == (True, None)
    assert flags(("X", "Regulatory"), (None, "Industry Guideline")) == (True, None)
    assert flags((None, "Regulatory", "X", "Industry Guideline", None)) == (True, None)
    assert flags((None, "Regulatory", "X"), (None, "Industry Guideline", "")) == (True, None)


def test_marks_that_cannot_be_told_apart() -> None:
    """A mark between two options, with room for marks on both sides, is asked about."""
    rows = [*OTHERS, (AREAS, None, "Ordering", "X", "Billing", None), ("Comments of ours", "a", "b", "c", "d", "e")]
    (submission,) = judged(book(rows))
    assert [(problem.field, problem.code) for problem in submission.problems] == [("areas_impacted", Code.UNREADABLE)]
    (submission,) = judged(
        book(
            [
                *((None, *pair) for pair in PAIRS),
                ("n", None),
                (None, "Regulatory", "X", "Industry Guideline", None),
                ("a", "b", "c", "d", "e"),
            ]
        )
    )
    assert "regulatory" not in submission.fields
    assert any("Regulatory cannot be read" in note for note in submission.notes)


def test_a_date_and_its_time_in_two_cells() -> None:
    """A time beside a date belongs to it; a date beside a date is another slot."""
    rows: Rows = [
        *PAIRS,
        ("Availability 1", "12/01/2026", "10:00 MT"),
        ("Availability 2", "12/02/2026 9:00", "12/03/2026 9:00"),
    ]
    (submission,) = judged(book(rows))
    assert submission.fields["availability"] == ("12/01/2026 10:00 MT", "12/02/2026 9:00", "12/03/2026 9:00")


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_formats_as_libreoffice_converts_them(ending: str, tmp_path: Path) -> None:
    """A form that was an .xls or .ods reads the same: merged cells, dates, truth, results and errors of
    formulas, hidden sheets, rows and columns, and styles down to the last row."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "CR Form"
    sheet["A1"] = "CLEC Change Request"
    sheet.merge_cells("A1:D1")
    for at, (label, value) in enumerate(PAIRS, 3):
        sheet.cell(at, 1, label)
        sheet.cell(at, 3, value)
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=2)
    sheet.cell(2 + LABELS.index("Date Submitted") + 1, 3, datetime(2026, 11, 20)).number_format = "mm/dd/yyyy"  # noqa: DTZ001
    sheet.cell(2 + LABELS.index("Phone") + 1, 3, 7015550118)
    more: Rows = [("Regulatory", None, True), ("Internal Ref #", None, '="SM-"&7'), ("SMEs Requested", None, "=1/0")]
    for at, row in enumerate([*more, ("Company", None, "Hidden Telecom")], 20):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column, value)
    sheet.row_dimensions[23].hidden = True
    sheet["F3"], sheet.column_dimensions["F"].hidden = "hidden", True
    sheet.cell(60_000, 2).fill = PatternFill("solid", fgColor="EEEEEE")
    workbook.create_sheet("Instructions").append(("Company", "The name of your company"))
    workbook.create_sheet("Archive").append(("Company", "Old Telecom"))
    workbook["Archive"].sheet_state = "veryHidden"
    office = LibreOffice(tmp_path)
    old = office.saved_as(ending, saved(workbook), "xlsx")
    (form,) = read(office.saved_as("xlsx", old, ending))
    submission = judge(form, TABLE, SENDER, "xlsx")
    assert submission.complete, submission.problems
    assert submission.fields["title"] == GOOD["Title of Change"]
    assert submission.fields["company"] == "Saltmarsh Telecom"
    assert submission.fields["originator_phone"] == "7015550118"
    assert submission.fields["date_submitted"] == "2026-11-20"
    assert (submission.fields["regulatory"], submission.fields["internal_ref"]) == (True, "SM-7")
    assert form.entries[-1].unreadable == IN_ERROR.format("#DIV/0!")
    assert form.notes == (HIDDEN.format("sheet Archive, column F of sheet CR Form, row 23 of sheet CR Form"),)
