"""Attachments: known by their content, answered in their sender's words."""

import json
import re
import time
from dataclasses import asdict

import pytest

from bot.intake.file.attachment import OUTSIDE, examine, open_attachment
from bot.intake.file.kind import FileKind, sniff
from bot.intake.file.opened import Contents, Convertible, Forms, NoForm, Opened, Unreadable
from bot.intake.file.wire import answers, decoded, encoded, frame, table_of
from bot.intake.form import RawForm
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, TABLE
from tests.intake.office_files import book, compound, directory_field, document, p, word, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FORM = document([*GOOD.items()])
DOC = compound({"WordDocument": b"\xec\xa5" + b"\0" * 4096})
LOCKED_DOC = compound({"WordDocument": b"\xec\xa5" + b"\0" * 9 + b"\x01" + b"\0" * 4096})
BOF = b"\x09\x08\x10\x00" + b"\0" * 16
XLS = compound({"Workbook": BOF + b"\x42\x00\x02\x00\xe4\x04" + b"\0" * 4096})
LOCKED_XLS = compound({"Workbook": BOF + b"\x86\x00\x00\x00" + b"\x2f\x00\x02\x00\x01\x00" + b"\0" * 4096})
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<a/>", "content.xml": "<a/>"}
MAIL = b"Received: by mx\r\nFrom: a@b.example\r\n\r\nHello\r\n"
SIGNED = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
HTML = "<html><body><table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in GOOD.items()) + "</table>"
TEXT = "\n".join(f"{label}: {value}" for label, value in GOOD.items())


def opened(content: bytes, name: str = "form.docx") -> Opened:
    """A file, opened."""
    return open_attachment(Attachment(name, "application/octet-stream", content), TABLE)


KINDS: list[tuple[bytes, str, FileKind]] = [
    (FORM, "form.doc", FileKind.DOCX),
    (book([*GOOD.items()]), "form.txt", FileKind.XLSX),
    (zipped({"xl/workbook.bin": b"x"}), "form.xlsb", FileKind.BINARY_EXCEL),
    (zipped(ODT), "form.doc", FileKind.OPEN_TEXT),
    (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, packed=False), "x", FileKind.OPEN_SHEET),
    (zipped({"a": "x", "META-INF/manifest.xml": "x"}), "form.ods", FileKind.OPEN_SHEET),
    (zipped({"form.docx": b"x"}), "forms.zip", FileKind.ARCHIVE),
    (zipped({"form.docx": FORM}, packed=False), "forms.zip", FileKind.ARCHIVE),
    (zipped({"password/list.txt": b"x"}), "forms.docx", FileKind.ARCHIVE),
    (zipped({"Index/Document.iwa": b"x"}), "form.pages", FileKind.FOREIGN),
    (zipped({}), "empty.zip", FileKind.ARCHIVE),
    (DOC, "form.docx", FileKind.OLD_WORD),
    (XLS, "form.xls", FileKind.OLD_EXCEL),
    (compound({"Book": b""}), "form.xls", FileKind.OLD_EXCEL),
    (compound({"EncryptedPackage": b""}), "form.docx", FileKind.PROTECTED),
    (compound({"__properties_version1.0": b""}), "mail.msg", FileKind.OUTLOOK),
    (compound({"Contents": b"WordDocument".decode().encode("utf-16-le")}), "notes", FileKind.OTHER),
    (OLE, "form.doc", FileKind.DAMAGED),
    (OLE, "thumbs.db", FileKind.OTHER),
    (b"{\\rtf1 form}", "form.doc", FileKind.RTF),
    (b"%PDF-1.7", "form.pdf", FileKind.PDF),
    (b"\x78\x9f\x3e\x22\0", "winmail.dat", FileKind.TNEF),
    (b"Rar!\x1a\x07\0", "forms.rar", FileKind.OTHER_ARCHIVE),
    (SIGNED + b"\x02\xa0", "smime.p7m", FileKind.SIGNED),
    (SIGNED + b"\x03\xa0", "smime.p7m", FileKind.ENCRYPTED),
    (MAIL, "form.txt", FileKind.MAIL),
    (b"\x89PNG\r\n\x1a\n", "logo.docx", FileKind.OTHER),
    (HTML.encode(), "form.doc", FileKind.HTML),
    (b"<!-- a --><!-- b -->\n<HTML>", "form.htm", FileKind.HTML),
    (TEXT.encode(), "form.txt", FileKind.TEXT),
    (b"Subject: Change\nTitle: Resend rejects\n", "form.txt", FileKind.TEXT),
    (TEXT.encode("utf-16"), "form.txt", FileKind.TEXT),
    (b"\0\1\2\3", "form.docx", FileKind.DAMAGED),
    (b"\0\1\2\3", "form.wps", FileKind.FOREIGN),
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
        (compound({"EncryptedPackage": b""}), "remove the password"),
        (LOCKED_DOC, "remove the password"),
        (zipped(ODT | {"META-INF/manifest.xml": "<a><m:encryption-data/></a>"}), "remove the password"),
        (directory_field(zipped({"form.docx": FORM}), "form.docx", 8, 0x80009), "remove the password"),
        (DOC, r"save it as a \.docx"),
        (XLS, r"save it as an \.xlsx"),
        (zipped({"xl/workbook.bin": b"x"}), r"binary Excel.* save it as an \.xlsx"),
        (b"%PDF-1.7", r"as a \.docx or \.xlsx file"),
        (b"{\\rtf1", r"save it as \.docx or \.xlsx"),
        (zipped(ODT), r"save it as \.docx or \.xlsx"),
        (zipped(ODT | {"content.xml": "<!DOCTYPE a><a/>"}), "DOCTYPE"),
        (compound({"__properties_version1.0": b""}), "Outlook message.*attach the form itself"),
        (b"7z\xbc\xaf\x27\x1c", "attach the form itself"),
        (SIGNED + b"\x03\xa0", "without encryption"),
        (zipped({f"{number}.docx": b"" for number in range(51)}), "it holds 51 files.*attach the form itself"),
        (zipped({"a.docx": b"x"})[:-9], "attach the form itself"),
        (word("", **{"word/vbaProject.bin": "x"}), "macros, which are never run.*attach the form itself"),
        (document([*GOOD.items()])[:-40], "could not be read"),
        (zipped({"word/document.xml": b"<!DOCTYPE a><a/>"}), "DOCTYPE"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "could not be read"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: bytes, words: str) -> None:
    """An unreadable file is named, with the way out, and no word of ours in it."""
    found = opened(content, "our form.docx")
    assert isinstance(found, Unreadable)
    assert "\u201cour form.docx\u201d" in found.message
    assert re.search(words, found.message)


@pytest.mark.parametrize(
    ("content", "kind", "locked"),
    [
        (DOC, FileKind.OLD_WORD, False),
        (XLS, FileKind.OLD_EXCEL, False),
        (LOCKED_XLS, FileKind.OLD_EXCEL, True),
        (zipped(ODT), FileKind.OPEN_TEXT, False),
        (b"{\\rtf1", FileKind.RTF, False),
    ],
)
def test_an_old_file_is_looked_at_before_it_is_converted(content: bytes, kind: FileKind, *, locked: bool) -> None:
    """The child says what it is and whether a password may stand before it, and reads no more of it."""
    assert examine(Attachment("form", "", content), TABLE) == Convertible(kind, locked)


def test_macros_of_an_old_file_are_told() -> None:
    """A document of the old Word says whether it holds macros, before a conversion loses them."""
    content = compound({"WordDocument": b"\xec\xa5" + b"\0" * 4096, "Macros": b""})
    assert examine(Attachment("form", "", content), TABLE) == Convertible(FileKind.OLD_WORD, macros=True)


@pytest.mark.parametrize("part", ["word/_rels/document.xml.rels", "word/_rels/settings.xml.rels"])
@pytest.mark.parametrize(("kind", "noted"), [("attachedTemplate", True), ("image", True), ("hyperlink", False)])
def test_what_lies_outside_is_noted(part: str, kind: str, *, noted: bool) -> None:
    """A template or picture that Word would fetch is named in a note; a link is only a link."""
    relation = f'<Relationship Id="r9" Type="http://x/{kind}" Target="http://a.example/b" TargetMode="External"/>'
    rows = "".join(p(f"{label}: {value}") for label, value in GOOD.items())
    found = opened(word(rows, **{part: f"<Relationships>{relation}</Relationships>"}))
    assert isinstance(found, Forms)
    assert (OUTSIDE in found.forms[0].notes) is noted


HIDDEN_RUN = (
    "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>not this</w:t></w:r>"
    "<w:r><w:t>All</w:t><w:br/><w:t>agreed.</w:t></w:r></w:p>"
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (document([("Agenda", "Monday"), ("Company", "Saltmarsh")]), "Agenda\nMonday\nCompany\nSaltmarsh"),
        (word(HIDDEN_RUN), "All\nagreed."),
        (book([("Circuit", "Due"), ("A1", "Monday")]), ""),
        (b"Dear all,\nsee you on Monday.\n", "Dear all,\nsee you on Monday.\n"),
        (b"\x89PNG\r\n", ""),
    ],
)
def test_other_documents_are_no_forms(content: bytes, says: str) -> None:
    """A letter, a list of circuits, a logo: no form, and nothing to complain of; what a text says is handed on."""
    found = opened(content)
    assert isinstance(found, NoForm)
    assert found.text.strip() == says.strip()


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
    [
        opened(FORM),
        NoForm(),
        Unreadable("\u201ca\u201d is odd."),
        Convertible(FileKind.OLD_EXCEL, True, True),
        Contents((Attachment("a: b", "text/plain", b"\0\xff"), Attachment("a: c", "", b"")), (RawForm("a", ()),), True),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_answers_survive_the_wire(answer: Opened | Convertible) -> None:
    """What a child says is what the parent hears, frame by frame."""
    incoming = bytearray(frame(*encoded(answer)) * 2)
    incoming += frame({"none": True})[:5]
    assert [decoded(*said) for said in answers(incoming, 100_000, 10)] == [answer, answer]
    assert len(incoming) == 5


NONSENSE: list[object] = [
    *({}, {"forms": 1}, {"forms": [{}]}, {"forms": [], "x": 1}, [], "forms", 3),
    {"convert": "../etc/passwd", "locked": False, "macros": False},
    {"convert": "PDF", "locked": False, "macros": False},
    {"files": [["a", "", 9]], "within": [], "wrapper": False},
]


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_from_a_child_is_an_error(said: dict[str, object]) -> None:
    """An answer that no reader gives is one of three errors, whatever its shape."""
    (answer,) = answers(bytearray(frame(said)), 1000, 0)
    with pytest.raises((ValueError, LookupError, TypeError)):
        decoded(*answer)
    with pytest.raises(ValueError, match="long"):
        list(answers(bytearray(frame(said)), 0, 0))
    with pytest.raises(ValueError, match="long"):
        list(answers(bytearray(frame(said, b"xx")), 1000, 1))


def test_the_table_survives_the_wire() -> None:
    """The child judges labels by the very table that the parent has."""
    assert table_of(json.loads(json.dumps(asdict(TABLE)))).fields == TABLE.fields
