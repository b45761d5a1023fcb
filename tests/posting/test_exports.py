"""The register as files: independent readers find in them what the pages say, and nothing else."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook

from bot.intake.form import Value
from bot.office.office import Office
from bot.posting.exports import COLUMNS, as_csv, as_json, listed, received_on
from bot.posting.public import Record, posting
from bot.posting.withhold import NO_EMAIL
from bot.posting.words import FLAGS
from bot.posting.workbook import DATES, HEADS, as_xlsx
from bot.workflow.answers.spreadsheet import LEADS
from bot.workflow.change import Disposition, Milestone, Phase, Step
from tests.posting.lived import lived
from tests.posting.payloads import ALL as PAYLOADS
from tests.posting.samples import OFFICE, TEMPLATES, advanced, change, record, register

SCHEMA = json.loads((TEMPLATES / "site/register.schema.json").read_text("utf-8"))
RECORDS = (lived(), *register(12)[::-1], advanced())
NOWHERE = replace(OFFICE, organisation=replace(OFFICE.organisation, site_url=""))


def found(*records: Record) -> list[dict[str, Any]]:
    """Change requests as the exports have them."""
    return [listed(posting(one, OFFICE), one.change.step) for one in records]


def rows(*records: Record, office: Office = OFFICE) -> list[dict[str, str]]:
    """The CSV as a script reads it."""
    text = as_csv(found(*records), office).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def sheet(*records: Record, office: Office = OFFICE) -> Any:
    """The workbook's sheet as openpyxl reads it."""
    return load_workbook(io.BytesIO(as_xlsx(found(*records), office))).active


def told(text: str) -> Record:
    """A change request that says one thing wherever people may write."""
    base = lived(text)
    keys = ("title", "company", "originator_name", "description", "areas_other", "business_reason")
    fields: dict[str, Value] = {**base.change.fields, **dict.fromkeys(keys, text), "products_impacted": (text, text)}
    fields["areas_impacted"] = ("Ordering", "Other")
    return replace(base, change=replace(base.change, fields=fields, company=text))


def test_the_json_is_what_its_schema_says() -> None:
    """The schema is a schema; the file obeys it, dates and all, whatever is in it."""
    Draft202012Validator.check_schema(SCHEMA)
    judge = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    for records in ((), RECORDS, tuple(told(text) for text in PAYLOADS[:60])):
        document = json.loads(as_json(found(*records), OFFICE))
        judge.validate(document)
        assert document["count"] == len(document["change_requests"]) == len(records)
    one = json.loads(as_json(found(*RECORDS), OFFICE))
    one["change_requests"][0]["originator_email"] = "pat@cedarloop.example"
    assert not judge.is_valid(one)


def test_the_schema_knows_the_words_of_the_process() -> None:
    """Phases, steps, flags, milestones and dispositions are those of the code, and each field is explained."""
    fields = SCHEMA["$defs"]["change_request"]["properties"]
    assert fields["phase"]["enum"] == [phase.value for phase in Phase]
    assert fields["step"]["enum"] == [step.value for step in Step]
    assert set(fields["flags"]["items"]["enum"]) == set(FLAGS)
    assert set(fields["disposition"]["enum"]) == {each.value for each in Disposition}
    names = fields["milestones"]["items"]["properties"]["name"]["enum"]
    assert set(names) == {each.value for each in Milestone if each is not Milestone.RESOLVED}
    assert all(field.get("description") for field in fields.values() if "$ref" not in field)


def test_every_export_says_what_the_page_says() -> None:
    """Number, words, people and dates are those of the posting, in the same order in each file."""
    shown = [posting(one, OFFICE) for one in RECORDS]
    document = json.loads(as_json(found(*RECORDS), OFFICE))["change_requests"]
    table, cells = rows(*RECORDS), list(sheet(*RECORDS).iter_rows(min_row=2))
    for one, each, row, line in zip(shown, document, table, cells, strict=True):
        following = one.line.next
        cell = dict(zip(COLUMNS, line, strict=True))
        assert each["number"] == row["number"] == cell["number"].value == one.line.number
        assert each["title"] == row["title"] == cell["title"].value == one.line.title
        assert each["phase"] == row["phase"] == cell["phase"].value == one.line.phase
        assert "; ".join(each["products_impacted"]) == row["products_impacted"] == "; ".join(one.line.products)
        assert "; ".join(each["people"]["smes"]) == row["smes"] == (cell["smes"].value or "") == one.owner
        assert "; ".join(each["people"]["crpm"]) == row["crpm"] == one.line.crpm
        assert each["status_date"] == row["status_date"] == f"{cell['status_date'].value:%Y-%m-%d}"
        assert (each["next"] or {}).get("step", "") == row["next_step"] == (following.step if following else "")
        assert date.fromisoformat(each["received_on"]) == received_on(one)
        assert row["page"] == cell["number"].hyperlink.target == f"https://cmp.meridell.example/{each['page']}"


def test_the_workbook_is_one_to_work_with() -> None:
    """Real dates, a head that stays, a filter on every column, widths, links, and print set-up."""
    made = sheet(*RECORDS)
    assert made.freeze_panes == "B2"
    last = chr(ord("A") + len(COLUMNS) - 1)
    assert made.auto_filter.ref == made.dimensions == f"A1:{last}{len(RECORDS) + 1}"
    assert [cell.value for cell in made[1]] == [HEADS[key][0] for key in COLUMNS]
    assert all(cell.font.bold for cell in made[1])
    assert [made.column_dimensions[cell.column_letter].width for cell in made[1]] == [HEADS[key][1] for key in COLUMNS]
    for row in made.iter_rows(min_row=2):
        for key, cell in zip(COLUMNS, row, strict=True):
            if cell.value is not None:
                assert isinstance(cell.value, datetime if key in DATES else str)
                assert cell.data_type == ("d" if key in DATES else "s")
    assert made["H2"].number_format == "mm/dd/yyyy"
    assert made.print_title_rows == "$1:$1"
    assert made.print_area == f"'Register'!$A$1:$K${len(RECORDS) + 1}"


@pytest.mark.parametrize("count", [0, 1])
def test_a_workbook_of_next_to_nothing_opens(count: int) -> None:
    """An empty register is a head and no row; no link leads nowhere."""
    made = sheet(*RECORDS[:count])
    assert [row[0].value for row in made.iter_rows(min_row=2) if row[0].value] == [
        one.change.number for one in RECORDS[:count]
    ]
    assert sum(bool(cell.hyperlink) for row in made.iter_rows() for cell in row) == count
    assert rows(*RECORDS[:count]) == rows(*RECORDS)[:count]


@pytest.mark.parametrize("payload", [*PAYLOADS, *(f"{lead}cmd|' /C calc'!A0" for lead in LEADS), "a;=1+1", "_x003D_1"])
def test_no_text_is_a_formula(payload: str) -> None:
    """Three readers find text: in the CSV nothing begins like a formula, whatever separates the cells; in the
    workbook every text is typed as one, and there is no formula in its parts."""
    one = told(payload)
    text = as_csv(found(one), OFFICE).decode("utf-8-sig")
    (row,) = rows(one)
    assert not [value for value in row.values() if value.startswith(LEADS)]
    assert text.count("\r\n") == 2
    for cell in text.replace('"', "").replace("\r\n", ";").split(";"):
        assert not cell.startswith(LEADS)
    content = as_xlsx(found(one), OFFICE)
    made = load_workbook(io.BytesIO(content)).active
    assert made is not None
    assert {cell.data_type for line in made.iter_rows() for cell in line if cell.value is not None} <= {"s", "d"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in archive.namelist())
        assert archive.testzip() is None


def test_nothing_stands_in_an_export_that_the_pages_do_not_say() -> None:
    """No address, no telephone number, no internal row, no draft, no file name, no letter of a form."""
    written = told("Ask pat@cedarloop.example or (303) 555-0142; room A")
    everything = (as_json(found(written), OFFICE) + as_csv(found(written), OFFICE)).decode()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(found(written), OFFICE))) as archive:
        everything += "".join(archive.read(name).decode() for name in archive.namelist())
    for secret in ("pat@", "555-0142", "INTERNAL", "Process Manager", "CL-26-017", "docx", "lena@"):
        assert secret not in everything
    assert NO_EMAIL in everything


def test_the_same_register_gives_the_same_bytes() -> None:
    """Made twice, at other times, each file is the same; no clock leaves a mark in a workbook."""
    for make in (as_json, as_csv, as_xlsx):
        assert make(found(*RECORDS), OFFICE) == make(found(*RECORDS), OFFICE)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(found(*RECORDS), OFFICE))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_a_site_without_an_address_names_its_pages_from_its_root() -> None:
    """A link then works where the file lies beside the pages."""
    page = "cr/PC112226-1.html"
    assert rows(record(change()), office=NOWHERE)[0]["page"] == page
    assert sheet(record(change()), office=NOWHERE)["A2"].hyperlink.target == page


def test_odd_characters_do_not_break_a_file() -> None:
    """Lone surrogates, controls and noncharacters are left out or replaced; line breaks stay on the line."""
    odd = told("a\ud800b\x00\x0b\ufffe_x0041_\r\n\u2028c")
    assert json.loads(as_json(found(odd), OFFICE))["count"] == 1
    assert "\n" not in rows(odd)[0]["title"]
    assert "_x0041_" in sheet(odd)["C2"].value
