"""Attachments: known by their content, answered in their sender's words."""

import json
import re
import time
from dataclasses import asdict

import pytest

from bot.intake.attachment import FileKind, Forms, NoForm, Opened, Unreadable, open_attachment, sniff
from bot.intake.wire import bodies, decoded, encoded, frame, table_of
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, TABLE
from tests.intake.office_files import book, document, word, zipped
from tests.intake.samples import attachment

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HTML = "<html><body><table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in GOOD.items()) + "</table>"
TEXT = "\n".join(f"{label}: {value}" for label, value in GOOD.items())


def opened(content: bytes, name: str = "form.docx") -> Opened:
    """A file, opened."""
    return open_attachment(Attachment(name, "application/octet-stream", content), TABLE)


KINDS: list[tuple[bytes, str, FileKind]] = [
    (document([*GOOD.items()]), "form.doc", FileKind.DOCX),
    (book([*GOOD.items()]), "form.txt", FileKind.XLSX),
    (zipped({"xl/workbook.bin": b"x"}), "form.xlsb", FileKind.BINARY_EXCEL),
    (zipped({"mimetype": "x", "META-INF/manifest.xml": "x"}), "form.odt", FileKind.OPEN_DOCUMENT),
    (zipped({"form.docx": b"x"}), "forms.zip", FileKind.ARCHIVE),
    (OLE + "WordDocument".encode("utf-16-le"), "form.docx", FileKind.OLD_WORD),
    (OLE + "Workbook".encode("utf-16-le"), "form.xls", FileKind.OLD_EXCEL),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "form.docx", FileKind.PROTECTED),
    (OLE, "mail.msg", FileKind.OTHER),
    (OLE, "form.doc", FileKind.DAMAGED),
    (b"{\\rtf1 form}", "form.doc", FileKind.RTF),
    (b"%PDF-1.7", "form.pdf", FileKind.PDF),
    (b"\x78\x9f\x3e\x22\0", "winmail.dat", FileKind.TNEF),
    (b"\x89PNG\r\n\x1a\n", "logo.docx", FileKind.OTHER),
    (HTML.encode(), "form.doc", FileKind.HTML),
    (b"<!-- a --><!-- b -->\n<HTML>", "form.htm", FileKind.HTML),
    (TEXT.encode(), "form.txt", FileKind.TEXT),
    (TEXT.encode("utf-16"), "form.txt", FileKind.TEXT),
    (b"\0\1\2\3", "form.docx", FileKind.DAMAGED),
    (b"\0\1\2\3", "noise.bin", FileKind.OTHER),
    (b"", "empty.txt", FileKind.OTHER),
    (b"", "empty.docx", FileKind.DAMAGED),
]


@pytest.mark.parametrize(("content", "name", "kind"), KINDS, ids=[f"{kind.name}-{name}" for _, name, kind in KINDS])
def test_the_content_decides(content: bytes, name: str, kind: FileKind) -> None:
    """The kind of a file is what its bytes say, whatever it is called."""
    assert sniff(content, name) is kind


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (document([*GOOD.items()]), "docx"),
        (book([*GOOD.items()]), "xlsx"),
        (TEXT.encode(), "txt"),
        (TEXT.encode("utf-16"), "txt"),
        (TEXT.replace("-", "\u2013").encode("cp1252"), "txt"),
        (HTML.encode(), "txt"),
    ],
)
def test_a_form_is_read_in_every_format(content: bytes, shape: str) -> None:
    """The same form in each format gives all of its labels, and what to send back."""
    found = opened(content, "x")
    assert isinstance(found, Forms)
    assert found.format == shape
    assert len(found.forms[0].entries) == len(GOOD)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "remove the password"),
        (OLE + "WordDocument".encode("utf-16-le"), r"save it as a \.docx"),
        (OLE + "Workbook".encode("utf-16-le"), r"save it as an \.xlsx"),
        (b"%PDF-1.7", r"as a \.docx or \.xlsx file"),
        (b"{\\rtf1", r"save it as \.docx or \.xlsx"),
        (zipped({"a/b.docx": b""}), "attach the form itself"),
        (document([*GOOD.items()])[:-40], "could not be read"),
        (zipped({"word/document.xml": b"<!DOCTYPE a><a/>"}), "document type"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "could not be read"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: bytes, words: str) -> None:
    """An unreadable file is named, with the way out, and no word of ours in it."""
    found = opened(content, "our form.docx")
    assert isinstance(found, Unreadable)
    assert "\u201cour form.docx\u201d" in found.message
    assert re.search(words, found.message)


@pytest.mark.parametrize("sample", [("s07", ".doc"), ("s08", ".odt")])
def test_samples_of_other_formats(sample: tuple[str, str]) -> None:
    """A .doc and an .odt come back with a kind request for .docx or .xlsx."""
    content, _ = attachment(*sample)
    found = opened(content, "form")
    assert isinstance(found, Unreadable)
    assert ".docx" in found.message


@pytest.mark.parametrize(
    "content",
    [
        document([("Agenda", "Monday"), ("Company", "Saltmarsh"), ("Phone", "701-555-0118")]),
        book([("Circuit", "Due"), ("A1", "Monday")]),
        b"Dear all,\nsee you on Monday.\n",
        b"\x89PNG\r\n",
    ],
)
def test_other_documents_are_no_forms(content: bytes) -> None:
    """A letter, a list of circuits, a logo: no form, and nothing to complain of."""
    assert opened(content) == NoForm()


def test_a_deeply_nested_document_is_refused() -> None:
    """A document nested deeper than any program writes is a damaged one."""
    found = opened(word("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000))
    assert found == NoForm() or isinstance(found, Unreadable)
    assert isinstance(opened(word("<w:p>" + "<w:ins>" * 5000 + "</w:ins>" * 5000 + "</w:p>")), Unreadable)


def test_names_are_made_fit_for_a_sentence() -> None:
    """A file name cannot break out of the sentence that names it."""
    found = opened(b"%PDF-", "a\r\nBcc: b" + "x" * 500)
    assert isinstance(found, Unreadable)
    assert "\n" not in found.message
    assert len(found.message) < 400


def test_sniffing_is_linear() -> None:
    """No bytes make the first look slow; it is taken in the process that holds the mail."""
    start = time.process_time()
    for content in (b"<!--" * 100_000, b"<!---->" * 100_000, b"<!-- --> --> " * 50_000, b" " * 500_000, OLE * 1000):
        sniff(content, "x")
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize(
    "answer",
    [opened(document([*GOOD.items()])), NoForm(), Unreadable("\u201ca\u201d is odd.")],
    ids=lambda answer: type(answer).__name__,
)
def test_answers_survive_the_wire(answer: Opened) -> None:
    """What a child says is what the parent hears, frame by frame."""
    incoming = bytearray(frame(encoded(answer)) * 2)
    incoming += frame({"none": True})[:5]
    assert [decoded(body) for body in bodies(incoming, 100_000)] == [answer, answer]
    assert len(incoming) == 5


@pytest.mark.parametrize("said", [{}, {"forms": 1}, {"forms": [{}]}, {"forms": [], "x": 1}, [], "forms", 3])
def test_nonsense_from_a_child_is_an_error(said: dict[str, object]) -> None:
    """An answer that no reader gives is one of three errors, whatever its shape."""
    (body,) = bodies(bytearray(frame(said)), 1000)
    with pytest.raises((ValueError, LookupError, TypeError)):
        decoded(body)
    with pytest.raises(ValueError, match="long"):
        list(bodies(bytearray(frame(said)), 0))


def test_the_table_survives_the_wire() -> None:
    """The child judges labels by the very table that the parent has."""
    assert table_of(json.loads(json.dumps(asdict(TABLE)))).fields == TABLE.fields
