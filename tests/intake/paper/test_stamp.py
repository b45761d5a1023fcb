"""The stamp: the number in the form, the form as it came."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from bot.intake.paper.blank import blank
from bot.intake.paper.stamp import stamp
from bot.intake.prescan import prescan
from bot.mail.message import Attachment
from tests.intake.forms import TABLE
from tests.intake.office_files import book, document, p, patched, r, saved, table, word, zipped
from tests.intake.samples import attachment

NUMBER = "PC112226-1"


def stamped(content: bytes) -> bytes:
    """A file with the number in it; it is a sound package that its programs open."""
    file = stamp(Attachment("form.docx", "application/msword", content), NUMBER)
    assert (file.name, file.content_type) == (f"{NUMBER} form.docx", "application/msword")
    with ZipFile(BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
    prescan(file.content)
    return file.content


def cells(content: bytes) -> list[str]:
    """The texts of the cells of a Word document, row by row, as python-docx sees them."""
    return [cell.text for grid in Document(BytesIO(content)).tables for row in grid.rows for cell in row.cells]


@pytest.mark.parametrize("beside", ["", "PC010101-9", "TBD"])
def test_the_cell_beside_the_label(beside: str) -> None:
    """The number goes into the cell behind CR #, instead of what the sender may have put there."""
    content = stamped(document([("CR #", beside), ("Status", ""), ("Company", "Saltmarsh")]))
    assert cells(content) == ["CR #", NUMBER, "Status", "", "Company", "Saltmarsh"]


def test_behind_the_label() -> None:
    """Where label and number share a cell, the number stands behind the label."""
    label = f"<w:p>{r('CR ', bold=True)}{r('# ', bold=True)}{r('PC111026-4')}</w:p>"
    content = stamped(word(table((label, p("Status: new")))))
    assert cells(content) == [f"CR # {NUMBER}", "Status: new"]
    assert cells(stamped(word(table(("CR Number:", "Status"), ("", ""))))) == [f"CR Number: {NUMBER}", "Status", "", ""]


def test_without_a_label_it_comes_first() -> None:
    """A form without CR # gets the number as its first line; a mention of a CR is no label."""
    content = stamped(word(p("The form") + p("CR # 7 was denied.")))
    assert [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs] == [
        f"CR # {NUMBER}",
        "The form",
        "CR # 7 was denied.",
    ]


def test_our_own_forms() -> None:
    """The number is in the control of our Word form, and beside the label in our workbook."""
    text = ZipFile(BytesIO(stamped(blank(TABLE, "docx")))).read("word/document.xml").decode()
    control = re.search(r'<w:tag w:val="cr_number"/>.*?</w:sdt>', text)
    assert control
    assert NUMBER in control.group()
    assert "showingPlcHdr" not in control.group()
    sheet = load_workbook(BytesIO(stamped(blank(TABLE, "xlsx")))).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows() if row[0].value == "CR #"] == [NUMBER]


def test_workbooks() -> None:
    """Beside the label, over merged cells, behind the label, in a new first row, or at its end."""
    rows = [("CR #",), ("Company", "Saltmarsh")]
    assert found(book(rows)) == {"B1": NUMBER}
    assert found(book([("Form",), ("CR #", "PC1", "x")])) == {"B2": NUMBER}
    assert found(book([("CR #: 17", "x")])) == {"A1": f"CR #: {NUMBER}"}
    assert found(book([("Company", "Saltmarsh")])) == {"C1": f"CR # {NUMBER}"}
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A3"], sheet["D3"] = "CR #", "x"
    sheet.merge_cells("A3:B3")
    assert found(saved(workbook)) == {"C3": NUMBER}
    lower = Workbook()
    lower.worksheets[0]["B4"] = "Company"
    assert found(saved(lower)) == {"A1": f"CR # {NUMBER}"}
    assert found(saved(Workbook())) == {"A1": f"CR # {NUMBER}"}


def found(content: bytes) -> dict[str, object]:
    """The cells of a stamped workbook that hold the number."""
    sheet = load_workbook(BytesIO(stamped(content))).worksheets[0]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if NUMBER in str(cell.value)}


def test_other_parts_keep_their_bytes() -> None:
    """Only the part with the number is packed anew."""
    content = document([("CR #", ""), ("Company", "Saltmarsh")])
    before, after = prescan(content), prescan(stamped(content))
    changed = [name for name, part in before.parts.items() if after.read(name) != before.read(name)]
    assert changed == ["word/document.xml"]
    assert {name: part.packed for name, part in before.parts.items() if name not in changed} == {
        name: part.packed for name, part in after.parts.items() if name not in changed
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Company: Saltmarsh",
        b"%PDF-1.7",
        zipped({"a.txt": b"x"}),
        zipped({"word/document.xml": b"<x:document/>"}),
        zipped({"word/document.xml": b"<!DOCTYPE a><a/>"}),
        zipped({"xl/worksheets/sheet1.xml": b"<x:worksheet/>"}),
        patched(word(p("CR #")), b"PK\x05\x06", b"PK\x05\x07"),
    ],
)
def test_odd_files_keep_their_bytes(content: bytes) -> None:
    """A file with no place for the number gets it in its name only."""
    assert stamp(Attachment("a.bin", "", content), NUMBER) == Attachment(f"{NUMBER} a.bin", "", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("form.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"CR #" * 200),
        ("form.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"CR #" * 200),
        ("form.rtf", b"{\\rtf1 CR #: \\par}"),
        ("form.odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a>CR #</a>"})),
        ("form.ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})),
    ],
)
def test_old_formats_go_back_as_they_came(name: str, content: bytes) -> None:
    """A form in a format that we do not write is returned byte for byte, the number in its name."""
    assert stamp(Attachment(name, "application/x", content), NUMBER) == Attachment(
        f"{NUMBER} {name}", "application/x", content
    )


@pytest.mark.parametrize("sample", ["s01", "s02", "s03", "s04", "s05", "s06", "s09", "s10", "s14"])
def test_samples(sample: str) -> None:
    """Every sample form takes the number once, and its own number is gone."""
    shape = ".xlsx" if sample in {"s09", "s10"} else ".docx"
    content, _ = attachment(sample, shape)
    after = prescan(stamped(content))
    text = b"".join(after.read(name) for name in after.parts if name.endswith(".xml"))
    assert text.count(NUMBER.encode()) == 1
    assert b"PC111026-4" not in text


def test_a_text_form_is_stamped_in_its_line() -> None:
    """The number stands where the form has room for it, else on top; nothing else changes."""
    blank_form = Attachment("cr.txt", "text/plain", b"CR #:\nTitle of Change: x\n")
    assert stamp(blank_form, "PC112226-1").content == b"CR #: PC112226-1\nTitle of Change: x\n"
    other = Attachment("cr.txt", "text/plain", b"Title of Change: x\n")
    assert stamp(other, "PC112226-1").content == b"CR #: PC112226-1\n\nTitle of Change: x\n"
