"""Documents: which files of a change request its page offers, and in which inert form.

Its one rule: a file is offered under a name of our own and by what its bytes are, never by what its sender
called it (reliability.md T47); what could run when it is opened is not offered.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.posting.slug import slug
from bot.posting.withhold import cleaner
from bot.workflow.change import ChangeRequest, Document

ENDINGS = ("pdf", "docx", "xlsx", "txt")
"""The endings that a page may offer: programs open them, and browsers take them for nothing else."""
FORM = "Change Request form"
"""How the titles of forms begin; they hold the contact details of persons."""
ZIP = b"PK\x03\x04"
# Names that stand in plain in a package, or in a PDF, that brings something to run.
MACROS = (b"vbaProject", b"vbaData", b"macrosheets/", b"activeX", b"oleObject", b"embeddings/")
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?=[\s()<>\[\]/%]|$)"
)
LEAST_PRINTABLE = 0x20


@dataclass(frozen=True, slots=True)
class Offered:
    """A document as the page offers it: its path under the root, and its bytes."""

    path: str
    content: bytes


def offered(
    change: ChangeRequest, endings: tuple[str, ...], contacts: bool, read: Callable[[str], bytes | None]
) -> Iterator[tuple[int, Offered]]:
    """The documents that the page of a change request offers, by their places among its documents. `endings`
    are those that the office allows; forms only where it shows `contacts`; `read` gives the bytes of a
    SHA-256, or None."""
    if not endings:
        return
    for place, document in enumerate(change.documents):
        if not document.public or (document.title.startswith(FORM) and not contacts):
            continue
        content = read(document.sha256)
        found = inert(content, document, cleaner(change)) if content else None
        if found and found[0] in endings:
            yield place, Offered(_path(change.number, place, document, found[0]), found[1])


def inert(content: bytes, document: Document, clean: Callable[[str], str]) -> tuple[str, bytes] | None:
    """What ending a document deserves by its bytes, and the bytes to offer; None where it is none of ours or
    could run something. A text goes through the filter of all texts."""
    if content.startswith(b"%PDF-"):
        return None if ACTIVE.search(content) else ("pdf", content)
    if content.startswith(ZIP):
        if any(name in content for name in MACROS):
            return None
        return next(((ending, content) for ending, part in PARTS.items() if part in content), None)
    if document.content_type.partition(";")[0].strip().lower() != "text/plain":
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(ord(sign) < LEAST_PRINTABLE and sign not in "\t\r\n\f" for sign in text):
        return None
    return "txt", clean(text).encode()


PARTS: Mapping[str, bytes] = {"docx": b"word/document.xml", "xlsx": b"xl/workbook.xml"}
"""The part of a package that makes it what it is; names of parts are not compressed."""


def _path(number: str, place: int, document: Document, ending: str) -> str:
    """Where a document lies.

    >>> from datetime import UTC, datetime
    >>> file = Document("0" * 64, "run me.exe", "application/pdf", "Response", datetime(2026, 11, 22, tzinfo=UTC))
    >>> _path("PC112226-1", 1, file, "pdf")
    'cr/PC112226-1/2-response.pdf'
    """
    what = re.split(r",| of ", document.title)[0]
    return f"cr/{number}/{place + 1}-{slug(what)}.{ending}"
