"""Files on the posting: by what they are, under our own names, and nothing that could run."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from inspect import getsource
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.intake.paper.blank import CONTENT_TYPES, blank
from bot.posting.documents import ENDINGS, offered
from bot.posting.pages import page_of
from bot.posting.public import Record, Shown, posting
from bot.workflow import revision, submission
from bot.workflow.change import Document
from tests.edge.test_templates import WORDS
from tests.posting.lived import lived
from tests.posting.samples import OFFICE, TABLE
from tests.posting.samples import change as change_of

AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF"


def package(*names: str) -> bytes:
    """A zip with files of these names."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


WORD = package("[Content_Types].xml", "word/document.xml")
BOOK = package("[Content_Types].xml", "xl/workbook.xml")
TEXT = b"Minutes.\nCall me at 303-555-0142.\n"


def paths(*files: tuple[bytes, str, str], endings: tuple[str, ...] = ENDINGS, contacts: bool = False) -> list[str]:
    """Where documents with this content, title and content type are offered."""
    documents = tuple(
        Document(sha256(content).hexdigest(), "..\\<b>run.exe", kind, title, AT) for content, title, kind in files
    )
    kept = {sha256(content).hexdigest(): content for content, _, _ in files}
    change = replace(change_of(), documents=documents)
    return [one.path for _, one in offered(change, endings, contacts, kept.get)]


def test_each_kind_gets_its_own_ending_and_our_name() -> None:
    """By its bytes alone: neither the sender's name nor what they said it was matters."""
    files = (
        (PDF, "Response", "text/html"),
        (WORD, "Revised minutes of the meeting of 11/20/2026", ""),
        (BOOK, "Response", "image/png"),
        (TEXT, "Response", "text/plain; charset=utf-8"),
    )
    names = ("1-response.pdf", "2-revised-minutes.docx", "3-response.xlsx", "4-response.txt")
    assert paths(*files) == [f"cr/{change_of().number}/{name}" for name in names]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00",
        b"\x89PNG\r\n",
        b"",
        b"GIF89a/*%PDF-*/",
        package("word/document.xml", "word/vbaProject.bin"),
        package("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        package("word/document.xml", "word/embeddings/oleObject1.bin"),
        package("index.html"),
        PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Type"),
        PDF.replace(b"/Type", b"/AA<</O<</S/Launch/F(x)>>>>/Type"),
        PDF.replace(b"/Type", b"/Names << /EmbeddedFiles 3 0 R >> /Type"),
    ],
)
def test_what_could_run_or_is_none_of_the_kinds_is_not_offered(content: bytes) -> None:
    """Pages, programs, pictures, macros, active PDFs."""
    assert paths((content, "Response", "application/pdf")) == []


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfe\x00", b"\x1b[2J"])
def test_a_text_is_a_text(content: bytes) -> None:
    """What says it is one and is not, is not offered."""
    assert paths((content, "Response", "text/plain")) == []


def test_a_text_goes_through_the_filter_of_all_texts() -> None:
    """Telephone numbers are withheld in it as on the page."""
    change = replace(change_of(), documents=(Document(sha256(TEXT).hexdigest(), "x", "text/plain", "Response", AT),))
    ((place, file),) = offered(change, ENDINGS, False, {sha256(TEXT).hexdigest(): TEXT}.get)
    assert (place, file.content) == (0, b"Minutes.\nCall me at [phone number withheld].\n")


def test_only_what_is_allowed_and_public_and_there() -> None:
    """No ending, no file; what is inside stays inside; a file that is missing breaks nothing."""
    assert paths((PDF, "Response", ""), endings=()) == []
    assert paths((PDF, "Response", ""), (WORD, "Response", ""), endings=("docx",)) == [
        f"cr/{change_of().number}/2-response.docx"
    ]
    inside = Document(sha256(PDF).hexdigest(), "x.pdf", "application/pdf", "Draft response", AT, public=False)
    gone = replace(inside, public=True)
    change = replace(change_of(), documents=(inside, gone))
    assert list(offered(change, ENDINGS, True, lambda _: None)) == []
    assert [place for place, _ in offered(change, ENDINGS, True, {inside.sha256: PDF}.get)] == [1]


def test_forms_only_where_contacts_are_shown() -> None:
    """They hold the contact details of persons."""
    form = (WORD, "Change Request form, as received and numbered", "")
    assert paths(form) == []
    assert len(paths(form, contacts=True)) == 1


def test_the_titles_of_forms_are_known() -> None:
    """Every form is kept under a title by which it is told from other documents."""
    for module in (submission, revision):
        assert '"Change Request form, ' in getsource(module)


def test_the_page_links_what_is_offered_and_shows_contacts_where_asked() -> None:
    """By default neither."""
    change = replace(change_of(), documents=(Document("0" * 64, "a.pdf", "application/pdf", "Response", AT),))
    record = Record(change)
    assert posting(record, OFFICE).contact == ()
    assert [paper.path for paper in posting(record, OFFICE).documents] == [""]
    shown = posting(record, OFFICE, (), Shown(True, {0: "cr/x/1-response.pdf"}))
    assert shown.contact == tuple(filter(None, (change.text("originator_email"), change.text("originator_phone"))))
    assert [paper.path for paper in shown.documents] == ["cr/x/1-response.pdf"]
    assert page_of(posting(record, OFFICE)).path == f"cr/{change.number}.html"


def test_the_files_of_a_response_are_published_with_it() -> None:
    """They bear the day on which it was issued, not that of the draft, and the response leads to them."""
    drafted, issued = Document("a" * 64, "a.pdf", "application/pdf", "Response", AT), date(2026, 12, 9)
    inside = replace(drafted, sha256="b" * 64, title="Draft response", public=False)
    change = replace(lived().change, documents=(drafted, inside, replace(drafted, sha256="c" * 64, title="Minutes")))
    change = replace(change, responses=(replace(change.responses[0], files=(drafted.sha256,), issued_on=issued),))
    shown = posting(Record(change), OFFICE, (), Shown(papers={0: "cr/x/1-response.pdf", 2: "cr/x/3-minutes.pdf"}))
    assert [(paper.title, paper.on) for paper in shown.documents] == [
        ("Response", issued),
        ("Minutes", OFFICE.calendar.local_date(AT)),
    ]
    assert [one.papers for one in shown.responses] == [("cr/x/1-response.pdf",)]
    page = page_of(shown)
    assert WORDS.page(page.template, page.context).count('href="../cr/x/1-response.pdf"') == 2


def test_our_own_blank_forms_would_pass() -> None:
    """The commonest documents of all are of the kinds that can be offered."""
    assert (
        len(paths(*((blank(TABLE, shape), f"Response {shape}", CONTENT_TYPES[shape]) for shape in ("docx", "xlsx"))))
        == 2
    )
