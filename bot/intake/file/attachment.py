"""An attachment read: the forms in it, the files in it, or why there are none (see opened.py).

Its one rule: nothing is kept between two files, so this runs in a child process that may die at any
byte; no other process needs it.
"""

import re
from collections.abc import Callable, Mapping

from bot.intake.excel.reader import read_excel
from bot.intake.file import richtext
from bot.intake.file.archive import files_in
from bot.intake.file.compound import has_macros, has_password, look_into
from bot.intake.file.enclosed import mail_in, outlook_mail_in, signed_mail_in
from bot.intake.file.kind import UTF16_MARKS, FileKind, sniff
from bot.intake.file.opened import (
    CONVERSIONS,
    FORMATS,
    Contents,
    Convertible,
    Forms,
    NoForm,
    Opened,
    Unreadable,
    answer_without_reading,
    damaged,
    noted,
    refusal,
)
from bot.intake.form import FieldTable, RawForm
from bot.intake.lines import Vocabulary
from bot.intake.prescan import ENCRYPTED_PARTS, Container, prescan
from bot.intake.text.plain import read_html, read_text
from bot.intake.word.reader import read_word, words_of
from bot.mail.charset import decode
from bot.mail.message import Attachment
from bot.mail.text import html_to_text

LONGEST_TEXT = 100_000
"""Characters; some thirty printed pages."""
LONGEST_HTML = 5 * LONGEST_TEXT
"""Octets that are looked at for so much text; a million cells cost two seconds."""
OUTSIDE = "The file refers to something outside of it; nothing was fetched."
MACRO_PART = "vbaProject.bin"
RELATIONS = ("word/_rels/document.xml.rels", "word/_rels/settings.xml.rels")
FETCHED = re.compile(rb'<Relationship\b(?![^>]*/hyperlink")[^>]*TargetMode="External"')
LINKED_BOOK = "xl/externalLinks/"
ENCRYPTED_ENTRY = b":encryption-data"


def open_attachment(attachment: Attachment, table: FieldTable) -> Opened:
    """The same as `examine` where nothing converts: an old file's sender is asked for a new one."""
    opened = examine(attachment, table)
    return Unreadable(refusal(attachment.name, opened.kind)) if isinstance(opened, Convertible) else opened


def examine(attachment: Attachment, table: FieldTable) -> Opened | Convertible:
    """Read the forms in an attachment. Never raises on odd bytes, but for MemoryError; what they
    do to the process (time, memory) is for the sandbox to bound."""
    if (answer := answer_without_reading(attachment)) is not None:
        return answer
    content, name = attachment.content, attachment.name
    kind = sniff(content, name, attachment.content_type)
    try:
        if kind in CONVERSIONS:
            return _convertible(kind, content, name)
        if kind in UNPACKERS:
            return UNPACKERS[kind](content, name, table)
        return _read(kind, content, name, table)
    except ValueError as damage:
        if str(damage) == ENCRYPTED_PARTS:
            return Unreadable(refusal(name, FileKind.PROTECTED))
        return Unreadable(damaged(name, str(damage), kind))
    except MemoryError:
        raise
    except Exception as failure:  # noqa: BLE001 - a library's way to say that the file is odd; any type occurs
        why = f"inside it is not as {kind} should be ({type(failure).__name__})"
        return Unreadable(damaged(name, why, kind))


def _read(kind: FileKind, content: bytes, name: str, table: FieldTable) -> Opened:
    forms = READERS[kind](content, name, table)
    words = Vocabulary(table)
    found = tuple(form for form in forms if words.is_form(form.entries))
    if kind not in PACKAGES:
        return Forms(found, FORMATS[kind]) if found else NoForm(_words(kind, content))
    container = prescan(content)
    if not forms and any(part.endswith(MACRO_PART) for part in container.parts):
        return Unreadable(refusal(name, FileKind.MACROS))
    return (
        Forms(noted(found, OUTSIDE) if _refers_outside(container) else found, FORMATS[kind])
        if found
        else NoForm(_words(kind, content))
    )


def _words(kind: FileKind, content: bytes) -> str:
    """What a file that is no form says: minutes or a response may come as one."""
    match kind:
        case FileKind.DOCX:
            text = words_of(content)
        case FileKind.TEXT:
            text = _decoded(content)
        case FileKind.HTML:
            text = html_to_text(_decoded(content[:LONGEST_HTML]))
        case _:
            text = ""
    return text[:LONGEST_TEXT]


def _refers_outside(container: Container) -> bool:
    """True for a template or other content that the file's program would fetch; links are not."""
    if any(name.startswith(LINKED_BOOK) for name in container.parts):
        return True
    return any(FETCHED.search(container.xml(name)) for name in RELATIONS if name in container.parts)


def _convertible(kind: FileKind, content: bytes, name: str) -> Convertible | Unreadable:
    """A look at a file before another program has it. Raises ValueError for one that it must not have.

    QUIRK: Excel encrypts a workbook whose structure is locked with a password that everybody knows,
    and opens it without asking; so does LibreOffice. Word has no such password.
    """
    if kind in (FileKind.OLD_WORD, FileKind.OLD_EXCEL):
        streams = look_into(content)
        locked = has_password(streams)
        if locked and kind is FileKind.OLD_WORD:
            return Unreadable(refusal(name, FileKind.PROTECTED))
        return Convertible(kind, locked, has_macros(streams))
    if kind is FileKind.RTF:
        richtext.check(content)
        return Convertible(kind)
    container = prescan(content)
    parts = {part: container.xml(part) for part in container.parts if part.endswith(".xml")}
    if ENCRYPTED_ENTRY in parts.get("META-INF/manifest.xml", b""):
        return Unreadable(refusal(name, FileKind.PROTECTED))
    return Convertible(kind, macros=any(part.startswith(("Basic/", "Scripts/")) for part in container.parts))


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-16 where its mark stands in front, else UTF-8 or what it must be."""
    return decode(content, "utf-16" if content.startswith(UTF16_MARKS) else "utf-8-sig")[0]


def _read_text(content: bytes, name: str, table: FieldTable) -> tuple[RawForm, ...]:
    return read_text(_decoded(content), table, name)


def _read_html(content: bytes, name: str, table: FieldTable) -> tuple[RawForm, ...]:
    return read_html(_decoded(content), table, name)


def _unpack_archive(content: bytes, name: str, table: FieldTable) -> Contents:
    return Contents(files_in(content, name))


def _unpack_mail(content: bytes, name: str, table: FieldTable) -> Contents:
    forms, files = mail_in(content, name, table)
    return Contents(files, forms)


def _unpack_signed(content: bytes, name: str, table: FieldTable) -> Contents:
    forms, files = signed_mail_in(content, name, table)
    return Contents(files, forms, wrapper=True)


def _unpack_outlook(content: bytes, name: str, table: FieldTable) -> Contents:
    forms, files = outlook_mail_in(content, name, table)
    return Contents(files, forms, wrapper=True)


READERS: Mapping[FileKind, Callable[[bytes, str, FieldTable], tuple[RawForm, ...]]] = {
    FileKind.DOCX: read_word,
    FileKind.XLSX: read_excel,
    FileKind.TEXT: _read_text,
    FileKind.HTML: _read_html,
}
PACKAGES = (FileKind.DOCX, FileKind.XLSX)
UNPACKERS: Mapping[FileKind, Callable[[bytes, str, FieldTable], Contents]] = {
    FileKind.ARCHIVE: _unpack_archive,
    FileKind.MAIL: _unpack_mail,
    FileKind.SIGNED: _unpack_signed,
    FileKind.TNEF: _unpack_outlook,
}
