"""What comes of an attachment, and what can be said of one without reading it.

Its one rule: every file ends in one of five values, and an unreadable one says in its sender's words
what to do instead. Nothing is read here: the process that holds the mail needs no reader (see
attachment.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.intake.file.kind import REMEDY, FileKind, sniff
from bot.intake.form import RawForm
from bot.mail.message import Attachment

MACROS = "The file holds macros; they were not run."
LONGEST_NAME = 250  # a name of a file in a file


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one file; `format` (docx, xlsx or txt) is what to send back."""

    forms: tuple[RawForm, ...]
    format: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A file that holds files, each to be opened in its turn, and the forms of its own text. One that
    is only a `wrapper` round a mail's own files is no level of its own."""

    files: tuple[Attachment, ...]
    forms: tuple[RawForm, ...] = ()
    wrapper: bool = False


@dataclass(frozen=True, slots=True)
class NoForm:
    """The file was read, or need not be: there is no form in it. `text` is what it says to a person,
    where it is one of the kinds that say something."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file may be a form but cannot be read; `message` says so in words for its sender."""

    message: str


@dataclass(frozen=True, slots=True)
class Died:
    """The child that opened the file was killed by it or outran its limits; why, for staff."""

    reason: str


@dataclass(frozen=True, slots=True)
class Convertible:
    """A file that another program makes into a .docx or .xlsx first. One that is `locked` opens only
    where its password is the one that stands for none."""

    kind: FileKind
    locked: bool = False
    macros: bool = False


Opened = Forms | Contents | NoForm | Unreadable


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a file is called for the program that converts it, and what it becomes."""

    suffix: str
    target: str


CONVERSIONS: Mapping[FileKind, Conversion] = {
    FileKind.OLD_WORD: Conversion("doc", "docx"),
    FileKind.OLD_EXCEL: Conversion("xls", "xlsx"),
    FileKind.OPEN_TEXT: Conversion("odt", "docx"),
    FileKind.OPEN_SHEET: Conversion("ods", "xlsx"),
    FileKind.RTF: Conversion("rtf", "docx"),
}

FORMATS: Mapping[FileKind, str] = {
    FileKind.DOCX: "docx",
    FileKind.XLSX: "xlsx",
    FileKind.TEXT: "txt",
    FileKind.HTML: "txt",
}
"""The kinds that are read, each with the format of the form that goes back."""
HOLDERS = frozenset({FileKind.ARCHIVE, FileKind.MAIL, FileKind.SIGNED, FileKind.TNEF})
"""The kinds that are unpacked."""


def answer_without_reading(attachment: Attachment) -> Unreadable | NoForm | None:
    """What can be said of a file by its kind alone, in the process that holds the mail; None for one
    that has to be read, unpacked or converted."""
    kind = sniff(attachment.content, attachment.name, attachment.content_type)
    if kind in FORMATS or kind in HOLDERS or kind in CONVERSIONS:
        return None
    return Unreadable(refusal(attachment.name, kind)) if kind in REMEDY else NoForm()


def noted(forms: tuple[RawForm, ...], note: str) -> tuple[RawForm, ...]:
    """Forms with one more note."""
    return tuple(replace(form, notes=(*form.notes, note)) for form in forms)


def refusal(name: str, kind: FileKind) -> str:
    """What the sender is told of a file that is not read for its kind."""
    return f"\u201c{shown(name)}\u201d is {kind} and cannot be read. {REMEDY[kind]}"


def damaged(name: str, why: str, kind: FileKind = FileKind.DAMAGED) -> str:
    """What the sender is told of a file of a good kind that cannot be read."""
    remedy = REMEDY[kind if kind in HOLDERS else FileKind.DAMAGED]
    return f"\u201c{shown(name)}\u201d could not be read: {why}. {remedy}"


def shown(name: str) -> str:
    """A file name fit for a sentence."""
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "The attachment"
