"""An attachment opened: what kind of file it is, and the forms in it.

Its one rule: the content decides, never the name or the claimed type; every file ends in one of
three values, and an unreadable one says in its sender's words what to do instead. Nothing is kept
between two files, so this runs in a child process that may die at any byte.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.intake.excel import read_excel
from bot.intake.form import FieldTable, RawForm
from bot.intake.lines import Vocabulary
from bot.intake.plain import read_html, read_text
from bot.intake.word import read_word
from bot.mail.charset import decode
from bot.mail.message import Attachment


class FileKind(StrEnum):
    """What a file is by its bytes; the value is how we name it to its sender."""

    DOCX = "a Word document"
    XLSX = "an Excel workbook"
    TEXT = "a text file"
    HTML = "a web page"
    PROTECTED = "protected with a password"
    OLD_WORD = "in the old Word format (.doc)"
    OLD_EXCEL = "in the old Excel format (.xls)"
    BINARY_EXCEL = "in the binary Excel format (.xlsb)"
    OPEN_DOCUMENT = "in the OpenDocument format"
    RTF = "in the rich text format (.rtf)"
    PDF = "a PDF file"
    TNEF = "packed by Outlook (winmail.dat)"
    ARCHIVE = "a zip archive"
    DAMAGED = "damaged"
    OTHER = "no document"


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one file; `format` (docx, xlsx or txt) is what to send back."""

    forms: tuple[RawForm, ...]
    format: str


@dataclass(frozen=True, slots=True)
class NoForm:
    """The file was read, or need not be: there is no form in it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file may be a form but cannot be read; `message` says so in words for its sender."""

    message: str


@dataclass(frozen=True, slots=True)
class Died:
    """The child that opened the file was killed by it or outran its limits; why, for staff."""

    reason: str


Opened = Forms | NoForm | Unreadable

RESAVE = "Please open it, save it as .docx or .xlsx, and send that file."
REMEDY: Mapping[FileKind, str] = {
    FileKind.PROTECTED: "Please remove the password and send it again.",
    FileKind.OLD_WORD: "Please save it as a .docx file (in Word: File, Save As, Word Document) and send that.",
    FileKind.OLD_EXCEL: "Please save it as an .xlsx file (in Excel: File, Save As, Excel Workbook) and send that.",
    FileKind.BINARY_EXCEL: "Please save it as an .xlsx file (in Excel: File, Save As, Excel Workbook) and send that.",
    FileKind.OPEN_DOCUMENT: RESAVE,
    FileKind.RTF: RESAVE,
    FileKind.PDF: "Please send the form as a .docx or .xlsx file, or write it into the mail as `Label: value` lines.",
    FileKind.TNEF: "Please send the mail as plain text or HTML, with the form attached as a .docx or .xlsx file.",
    FileKind.ARCHIVE: "Please attach the form itself, as a .docx or .xlsx file.",
    FileKind.DAMAGED: "Please open it, check it, save it again as .docx or .xlsx, and send that file.",
}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"{\\rtf", FileKind.RTF),
    (b"%PDF-", FileKind.PDF),
    (b"\x78\x9f\x3e\x22", FileKind.TNEF),
    (b"\x89PNG", FileKind.OTHER),
    (b"\xff\xd8\xff", FileKind.OTHER),
    (b"GIF8", FileKind.OTHER),
)
STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("EncryptedPackage", FileKind.PROTECTED),
    ("WordDocument", FileKind.OLD_WORD),
    ("Workbook", FileKind.OLD_EXCEL),
    ("Book", FileKind.OLD_EXCEL),
)
DOCUMENT_NAME = re.compile(r"\.(?:do[ct][xm]?|xl[st][xmb]?|od[ts]|rtf)$", re.IGNORECASE)
HTML = re.compile(rb"(?>\s*<!--.{0,4000}?-->)*+\s*<(?:!doctype html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
HEAD = 4096


def sniff(content: bytes, name: str) -> FileKind:
    """What a file is. The name decides only whether bytes that are no document at all were
    meant to be one: those are damaged."""
    if content.startswith(b"PK\x03\x04"):
        return _container(content)
    if content.startswith(OLE):
        for stream, kind in STREAMS:
            if stream.encode("utf-16-le") in content:
                return kind
    for magic, kind in MAGIC:
        if content.startswith(magic):
            return kind
    if HTML.match(content[:HEAD]):
        return FileKind.HTML
    if _is_text(content[:HEAD]):
        return FileKind.TEXT
    return FileKind.DAMAGED if DOCUMENT_NAME.search(name) else FileKind.OTHER


def _container(content: bytes) -> FileKind:
    """What a zip file holds, by the names in its directory."""
    names = content[content.rfind(b"PK\x03\x04") :]
    if b"xl/workbook.bin" in names:
        return FileKind.BINARY_EXCEL
    if b"xl/workbook.xml" in names:
        return FileKind.XLSX
    if b"word/" in names:
        return FileKind.DOCX
    opendocument = b"opendocument" in content[:128] or b"META-INF/manifest.xml" in names
    return FileKind.OPEN_DOCUMENT if opendocument else FileKind.ARCHIVE


def _is_text(head: bytes) -> bool:
    """True for bytes with no control characters but white space; UTF-16 needs its mark."""
    if head.startswith(UTF16_MARKS):
        return True
    return bool(head) and not CONTROLS.search(head)


def answer_without_reading(attachment: Attachment) -> Opened | None:
    """What can be said of a file by its first bytes alone, in the process that holds the mail;
    None for one that has to be read."""
    kind = sniff(attachment.content, attachment.name)
    if kind in REMEDY:
        return Unreadable(f"\u201c{_shown(attachment.name)}\u201d is {kind} and cannot be read. {REMEDY[kind]}")
    return None if kind in READERS else NoForm()


def open_attachment(attachment: Attachment, table: FieldTable) -> Opened:
    """Read the forms in an attachment. Never raises on odd bytes, but for MemoryError; what they
    do to the process (time, memory) is for the sandbox to bound."""
    if (answer := answer_without_reading(attachment)) is not None:
        return answer
    reader = READERS[sniff(attachment.content, attachment.name)]
    try:
        forms = reader.read(attachment.content, attachment.name, table)
    except ValueError as damage:
        return _damaged(attachment.name, str(damage))
    except MemoryError:
        raise
    except Exception as failure:  # noqa: BLE001 - a library's way to say that the file is odd; any type occurs
        return _damaged(attachment.name, f"it is not built as its kind should be ({type(failure).__name__})")
    words = Vocabulary(table)
    found = tuple(form for form in forms if words.is_form(form.entries))
    return Forms(found, reader.format) if found else NoForm()


def _damaged(name: str, why: str) -> Unreadable:
    return Unreadable(f"\u201c{_shown(name)}\u201d could not be read: {why}. {REMEDY[FileKind.DAMAGED]}")


def _shown(name: str) -> str:
    """A file name fit for a sentence."""
    return "".join(letter for letter in name if letter.isprintable())[:120] or "The attachment"


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-16 where its mark stands in front, else UTF-8 or what it must be."""
    return decode(content, "utf-16" if content.startswith(UTF16_MARKS) else "utf-8-sig")[0]


def _read_text(content: bytes, name: str, table: FieldTable) -> tuple[RawForm, ...]:
    return read_text(_decoded(content), table, name)


def _read_html(content: bytes, name: str, table: FieldTable) -> tuple[RawForm, ...]:
    return read_html(_decoded(content), table, name)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is read, and the format of the form that goes back."""

    read: Callable[[bytes, str, FieldTable], tuple[RawForm, ...]]
    format: str


READERS: Mapping[FileKind, Reader] = {
    FileKind.DOCX: Reader(read_word, "docx"),
    FileKind.XLSX: Reader(read_excel, "xlsx"),
    FileKind.TEXT: Reader(_read_text, "txt"),
    FileKind.HTML: Reader(_read_html, "txt"),
}
