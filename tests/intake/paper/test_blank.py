"""The blank form: what is put in reads back the same, and the shipped files are what is made now."""

from io import BytesIO
from textwrap import wrap
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.intake.file.attachment import open_attachment
from bot.intake.file.opened import Forms
from bot.intake.form import Code, Need, Problem, Submission, Value
from bot.intake.judge import judge
from bot.intake.labels import Labels
from bot.intake.paper.blank import FILES, blank
from bot.intake.paper.filled import SECTIONS
from bot.mail.message import Attachment
from bot.office.office import Organisation
from bot.office.people import Address
from tests.intake.forms import ROOT, SENDER, TABLE

FORMATS = ("docx", "xlsx", "txt")
HOUSE = Organisation("Meridell", Address("cmpcr@meridell.example"), "")
FULL: dict[str, Value] = {
    "originator_name": "Ida Vance",
    "originator_title": "Order Lead",
    "company": "Saltmarsh Telecom & Sons <LLC>",
    "originator_email": "ida.vance@saltmarsh.example",
    "originator_phone": "701-555-0118 x4",
    "date_submitted": "2026-11-20",
    "internal_ref": "=ST+7",
    "area_of_change": "product_process",
    "regulatory": True,
    "exception_requested": True,
    "title": "Tell us which line of the order was rejected",
    "description": "A reject names the order, but not the line.\nWe ask for the \u201cline\u201d & its <number>.",
    "business_reason": "We search for an hour.",
    "expected_deliverable": "A new reject text.",
    "desired_implementation_date": "Q2 2027",
    "areas_impacted": ("Ordering", "Maintenance & Repair", "Other"),
    "areas_other": "Directory Listings",
    "products_impacted": ("UNE-P", "EEL (UNE-C)"),
    "availability": ("12/01/2026 10:00 MT", "12/02/2026 14:00 MT"),
    "smes_requested": "The port desk",
}
PROBLEMS = (
    Problem("title", Code.INVALID, "cell B7", "Your title has 3 characters; it needs 5 to 200."),
    Problem("originator_phone", Code.MISSING, "", "The telephone number is missing."),
    Problem("", Code.UNREADABLE, "form.doc", "The file \u201cform.doc\u201d could not be read."),
)


def returned(content: bytes, shape: str) -> Submission:
    """A form as it is judged when it comes back."""
    opened = open_attachment(Attachment(f"form.{shape}", "", content), TABLE)
    assert isinstance(opened, Forms), opened
    (form,) = opened.forms
    return judge(form, TABLE, SENDER, opened.format)


def answers(submission: Submission) -> dict[str, Value]:
    """The fields without the flags that are not set."""
    return {key: value for key, value in submission.fields.items() if value is not False}


@pytest.mark.parametrize("shape", FORMATS)
def test_what_is_put_in_reads_back(shape: str) -> None:
    """A filled form comes back complete, every value as it was; the number is not read."""
    submission = returned(blank(TABLE, shape, FULL, number="PC112226-1"), shape)
    assert answers(submission) == FULL
    assert submission.complete
    assert submission.notes == ()


@pytest.mark.parametrize("shape", FORMATS)
def test_remarks_are_no_answers(shape: str) -> None:
    """Problems printed in a form are read by people only."""
    fields = {key: value for key, value in FULL.items() if key != "originator_phone"} | {"title": "DSL"}
    content = blank(TABLE, shape, fields, PROBLEMS, "IN112226-1")
    submission = returned(content, shape)
    assert answers(submission) == fields
    assert [problem.field for problem in submission.problems] == ["originator_phone", "title"]


@pytest.mark.parametrize("shape", FORMATS)
def test_a_blank_form_is_blank(shape: str) -> None:
    """Hints, prompts, headings and printed choices are no answers either."""
    submission = returned(blank(TABLE, shape), shape)
    assert answers(submission) == {}
    assert [problem.field for problem in submission.problems] == [field.key for field in TABLE.fields if field.blocks]


@pytest.mark.parametrize("shape", FORMATS)
@pytest.mark.parametrize("area", ["system", "both"])
def test_areas_of_change(shape: str, area: str) -> None:
    """The other areas of change read back as well."""
    assert returned(blank(TABLE, shape, FULL | {"area_of_change": area}), shape).fields["area_of_change"] == area


@pytest.mark.parametrize("shape", FORMATS)
def test_the_shipped_form_is_what_is_made_now(shape: str) -> None:
    """The files in forms/ are made from fields.yaml; whoever changes it makes them anew
    (`python -m bot.cli.forms`). Parts are compared, since compression differs by machine."""
    shipped, made = (ROOT / "forms" / FILES[shape]).read_bytes(), blank(TABLE, shape, house=HOUSE)
    if shape == "txt":
        assert shipped == made
        return
    with ZipFile(BytesIO(shipped)) as old, ZipFile(BytesIO(made)) as new:
        assert old.namelist() == new.namelist()
        for name in new.namelist():
            assert old.read(name) == new.read(name), name


@pytest.mark.parametrize("shape", FORMATS)
def test_the_same_form_has_the_same_bytes(shape: str) -> None:
    """Made twice, a form is the same file."""
    assert blank(TABLE, shape, FULL, PROBLEMS, "x") == blank(TABLE, shape, FULL, PROBLEMS, "x")


def test_every_answer_has_its_control() -> None:
    """Every field of the table has a content control of its key, required ones a star; the
    document opens in another program."""
    content = blank(TABLE, "docx")
    text = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    for field in TABLE.fields:
        shown = field.need is not Need.IGNORED or field.key in {"cr_number", "status"}
        assert (f'<w:tag w:val="{field.key}"/>' in text) == shown
    labels = [cell.text for row in Document(BytesIO(content)).tables[0].rows for cell in row.cells]
    assert "Title of Change *" in labels


def test_drop_downs_and_remarks_in_the_workbook() -> None:
    """Fixed choices are drop-downs, texts are texts whatever they begin with, remarks stand beside."""
    sheet = load_workbook(BytesIO(blank(TABLE, "xlsx", FULL, PROBLEMS))).worksheets[0]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert '"Product/Process,System"' in lists
    assert lists.count('"Yes,No"') == 3
    rows = {str(row[0].value): row for row in sheet.iter_rows()}
    assert rows["Internal Ref #"][1].data_type == "s"
    assert str(rows["Title of Change *"][2].value) == "\u25c4 Your title has 3 characters; it needs 5 to 200."


PARAGRAPHS = (
    "Today a reject names the order.\n\n# of orders a week: 300\nWe then search for an hour, every time anew,\nand"
    " guess.\n\nWe ask for:\n- the line\n- its number"
)


@pytest.mark.parametrize("shape", FORMATS)
def test_paragraphs_stay_apart(shape: str) -> None:
    """A long answer keeps its lines and its blank lines, whatever they begin with."""
    fields = FULL | {"description": PARAGRAPHS}
    assert answers(returned(blank(TABLE, shape, fields), shape)) == fields


def test_the_text_form_survives_a_mail_program() -> None:
    """Pasted into a mail and broken at 78 columns, remarks and help are still no answers."""
    lengthy = Problem("business_reason", Code.INVALID, "", "Your business reason " + "is very much too short " * 8)
    text = blank(TABLE, "txt", FULL, (*PROBLEMS, lengthy)).decode()
    broken = "\n".join(piece for line in text.split("\n") for piece in wrap(line, 78) or [""])
    assert answers(returned(broken.encode(), "txt")) == FULL


def test_headings_are_no_labels() -> None:
    """No heading of a part of the form could be taken for a label."""
    labels = Labels(TABLE)
    assert [heading for heading in (*SECTIONS.values(), "Carrier use only") if labels.key(heading)] == []


@pytest.mark.parametrize("shape", FORMATS)
def test_what_looks_like_markup_is_text(shape: str) -> None:
    """Whatever a format has a meaning for is a text like any other."""
    fields = FULL | {"title": "Show _x0041_ &amp; <b>bold</b> =1+1 'as' \"typed\"", "internal_ref": "_x005F_"}
    assert answers(returned(blank(TABLE, shape, fields), shape)) == fields


def test_no_line_of_the_text_form_is_long() -> None:
    """What the form prints itself has 72 columns at most, which no mail program breaks."""
    told = blank(TABLE, "txt", {}, PROBLEMS, house=HOUSE).decode().split("\n")
    assert max(map(len, told)) <= 72


@pytest.mark.parametrize("shape", FORMATS)
def test_whose_form_it_is(shape: str) -> None:
    """The form names the carrier and where to send it, on top and where nothing takes it for an answer."""
    content = blank(TABLE, shape, house=HOUSE)
    if shape != "txt":
        with ZipFile(BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Meridell Change Management Process" in content
    assert b"cmpcr@meridell.example" in content
    assert answers(returned(blank(TABLE, shape, house=HOUSE), shape)) == {}


def test_control_characters_do_no_harm() -> None:
    """A value that XML cannot carry is printed without what it cannot."""
    for shape in FORMATS:
        content = blank(TABLE, shape, FULL | {"title": "A \x00\x0b\ud800title"})
        assert returned(content, shape).fields["title"] == "A title"
