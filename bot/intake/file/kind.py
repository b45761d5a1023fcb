"""What kind of file an attachment is, and what its sender is told of one that cannot be read.

Its one rule: the bytes decide, never the name or the claimed type; those two decide only what bytes
that are nothing at all were meant to be.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.intake.file.compound import OLE, look_into


class FileKind(StrEnum):
    """What a file is by its bytes; the value is how we name it to its sender."""

    DOCX = "a Word document"
    XLSX = "an Excel workbook"
    TEXT = "a text file"
    HTML = "a web page"
    ARCHIVE = "a zip archive"
    MAIL = "an attached mail"
    TNEF = "packed by Outlook (winmail.dat)"
    SIGNED = "a signed mail"
    OLD_WORD = "in the old Word format (.doc)"
    OLD_EXCEL = "in the old Excel format (.xls)"
    OPEN_TEXT = "in the OpenDocument format (.odt)"
    OPEN_SHEET = "in the OpenDocument format (.ods)"
    RTF = "in the rich text format (.rtf)"
    PROTECTED = "protected with a password"
    MACROS = "a file of macros, which are never run,"
    BINARY_EXCEL = "in the binary Excel format (.xlsb)"
    OUTLOOK = "an Outlook message file (.msg)"
    PDF = "a PDF file"
    OTHER_ARCHIVE = "an archive of a kind that is not opened here"
    ENCRYPTED = "an encrypted mail"
    FOREIGN = "of a kind that is not read here"
    DAMAGED = "damaged"
    OTHER = "no document"


WORD_AGAIN = "Please save it as a .docx file (in Word: File, Save As, Word Document) and send that."
EXCEL_AGAIN = "Please save it as an .xlsx file (in Excel: File, Save As, Excel Workbook) and send that."
SAVE_AGAIN = "Please open it, save it as .docx or .xlsx, and send that file."
THE_FORM_ITSELF = "Please attach the form itself, as a .docx or .xlsx file."
REMEDY: Mapping[FileKind, str] = {
    FileKind.OLD_WORD: WORD_AGAIN,
    FileKind.OLD_EXCEL: EXCEL_AGAIN,
    FileKind.OPEN_TEXT: SAVE_AGAIN,
    FileKind.OPEN_SHEET: SAVE_AGAIN,
    FileKind.RTF: SAVE_AGAIN,
    FileKind.ARCHIVE: THE_FORM_ITSELF,
    FileKind.MAIL: THE_FORM_ITSELF,
    FileKind.TNEF: "Please send the mail as plain text or HTML, with the form attached as a .docx or .xlsx file.",
    FileKind.SIGNED: "Please send the mail again without a signature.",
    FileKind.MACROS: THE_FORM_ITSELF,
    FileKind.PROTECTED: "Please remove the password and send it again.",
    FileKind.BINARY_EXCEL: EXCEL_AGAIN,
    FileKind.OUTLOOK: THE_FORM_ITSELF,
    FileKind.PDF: "Please send the form as a .docx or .xlsx file, or write it into the mail as `Label: value` lines.",
    FileKind.OTHER_ARCHIVE: THE_FORM_ITSELF,
    FileKind.ENCRYPTED: "There is no key for it here. Please send the mail again without encryption.",
    FileKind.FOREIGN: SAVE_AGAIN,
    FileKind.DAMAGED: "Please open it, check it, save it again as .docx or .xlsx, and send that file.",
}
"""What a sender may do instead, of each kind that is not read, or not always."""

MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"{\\rtf", FileKind.RTF),
    (b"%PDF-", FileKind.PDF),
    (b"\x78\x9f\x3e\x22", FileKind.TNEF),
    (b"\x89PNG", FileKind.OTHER),
    (b"\xff\xd8\xff", FileKind.OTHER),
    (b"GIF8", FileKind.OTHER),
    (b"Rar!\x1a\x07", FileKind.OTHER_ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.OTHER_ARCHIVE),
    (b"\x1f\x8b\x08", FileKind.OTHER_ARCHIVE),
    (b"\xffWPC", FileKind.FOREIGN),
)
COMPOUNDS: tuple[tuple[str, FileKind], ...] = (
    ("EncryptedPackage", FileKind.PROTECTED),
    ("WordDocument", FileKind.OLD_WORD),
    ("Workbook", FileKind.OLD_EXCEL),
    ("Book", FileKind.OLD_EXCEL),
    ("__properties_version1.0", FileKind.OUTLOOK),
)
OPEN_DOCUMENTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", FileKind.OPEN_TEXT),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", FileKind.OPEN_SHEET),
)
DOCUMENT_NAME = re.compile(r"\.(?:do[ct][xm]?|xl[st][xmb]?|od[ts]|rtf)$", re.IGNORECASE)
FOREIGN_NAME = re.compile(r"\.(?:pages|numbers|key|wp[sd]|one|pub|vsdx?|od[gpb]|sx[wc]|mdb|accdb)$", re.IGNORECASE)
HTML = re.compile(rb"(?>\s*<!--.{0,4000}?-->)*+\s*<(?:!doctype html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FIELDS = rb"(?:From [^\n]{0,200}\n)?(?:[!-9;-~]{1,80}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n){0,50}){0,100}?"
MAIL = re.compile(
    FIELDS + rb"(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|DKIM-Signature):", re.IGNORECASE
)
CLAIMED_MAIL = re.compile(FIELDS + rb"(?:From|To|Subject|Date):", re.IGNORECASE)
MAIL_TYPE = "message/rfc822"
# ContentInfo of CMS (RFC 5652): a DER sequence that begins with one of these identifiers.
CMS = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", re.DOTALL
)
CMS_KINDS = {2: FileKind.SIGNED, 3: FileKind.ENCRYPTED}
HEAD = 4096
NAME_AT = 30  # in the first header of a zip file
START_AT = 16  # in the end of its directory


def sniff(content: bytes, name: str = "", claimed: str = "") -> FileKind:
    """What a file is. Its name and claimed content type decide only between kinds that its bytes
    leave open: damaged or no document, text or an attached mail."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _container(content, name)
    if content.startswith(OLE):
        return _compound(content, name)
    for magic, kind in MAGIC:
        if content.startswith(magic):
            return kind
    if found := CMS.match(content):
        return CMS_KINDS.get(content[found.end()], FileKind.OTHER)
    head = content[:HEAD]
    if HTML.match(head):
        return FileKind.HTML
    if MAIL.match(head) or (claimed == MAIL_TYPE and CLAIMED_MAIL.match(head)):
        return FileKind.MAIL
    return FileKind.TEXT if _is_text(head) else _nothing(name)


def _nothing(name: str) -> FileKind:
    """Bytes that are no document: what their name says they were meant to be."""
    if DOCUMENT_NAME.search(name):
        return FileKind.DAMAGED
    return FileKind.FOREIGN if FOREIGN_NAME.search(name) else FileKind.OTHER


def _container(content: bytes, name: str) -> FileKind:
    """What a zip file holds, by the names in its directory."""
    for magic, kind in OPEN_DOCUMENTS:
        if content.startswith(magic, NAME_AT):
            return kind
    names = _directory(content)
    if b"xl/workbook.bin" in names:
        return FileKind.BINARY_EXCEL
    if b"xl/workbook.xml" in names:
        return FileKind.XLSX
    if b"word/document" in names or (b"word/" in names and b"[Content_Types].xml" in names):
        return FileKind.DOCX
    if b"META-INF/manifest.xml" in names:
        return FileKind.OPEN_SHEET if name.lower().endswith(".ods") else FileKind.OPEN_TEXT
    return FileKind.FOREIGN if FOREIGN_NAME.search(name) else FileKind.ARCHIVE


def _directory(content: bytes) -> bytes:
    """The directory of a zip file, or of one that is cut short the last of its names. A file packed in
    it without compression has a directory as well, but never the last one."""
    end = content.rfind(b"PK\x05\x06")
    start = int.from_bytes(content[end + START_AT : end + START_AT + 4], "little") if end >= 0 else len(content)
    return content[start:end] if start < end else content[content.rfind(b"PK\x03\x04") :]


def _compound(content: bytes, name: str) -> FileKind:
    """What a compound file of the old Office holds, by the names of its streams."""
    streams = look_into(content)
    for stream, kind in COMPOUNDS:
        if stream in streams:
            return kind
    return _nothing(name)


def _is_text(head: bytes) -> bool:
    """True for bytes with no control characters but white space; UTF-16 needs its mark."""
    if head.startswith(UTF16_MARKS):
        return True
    return bool(head) and not CONTROLS.search(head)
