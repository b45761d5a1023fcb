"""Traces: does a file speak of somebody? A mail, its parts, what is packed in them, in any encoding.

Its one rule: it looks, and opens nothing that could run. What it cannot look into, such as a PDF that is compressed,
it says.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from io import BytesIO
from itertools import chain
from lzma import LZMAError
from typing import Protocol
from zipfile import BadZipFile, ZipFile

from bot.workflow.erasure import WORD, Traces
from bot.workflow.telephones import figures_of

LARGEST = 64 * 1024 * 1024
"""Octets of one packed part."""
MOST = 256 * 1024 * 1024
"""Octets of all that is packed in a file, at every depth."""
DEEPEST = 4
HEAD = 65_536
"""Octets of a mail in which its head lies."""
MARKUP = re.compile(r"<[^<>]{0,2000}>")
MAIL = re.compile(
    rb"(?:From |(?:From|To|Subject|Date|Sender|Received|Return-Path|Delivered-To|Message-ID|MIME-Version|Content-[\w-]+"
    rb"|DKIM-[\w-]+|ARC-[\w-]+|Authentication-Results|X-[\w-]+)[ \t]*:)",
    re.IGNORECASE,
)
"""How a mail begins; the text of a form has labels at its head as well."""
CLOSED = re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b\x08|BZh[1-9]|\xfd7zXZ\0")
"""How archives begin that are not looked into."""
PDF, HEAD_OF_PDF, PACKED = b"%PDF-", 1024, (b"/Filter", b"/Encrypt")
"""How a PDF begins, in how many octets, and what says that its words are packed or locked."""
OLE, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
"""How a Word or Excel file with a password begins, and what is in it."""
LOCKED = 0x1
"""The flag of a part of an archive that has a password."""
DAMAGED = (BadZipFile, zlib.error, LZMAError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)
"""What reading an archive raises that is cut, altered or locked."""
ODD = (MessageError, ValueError, LookupError, TypeError, AttributeError)
"""What the standard library raises on mails that no program should have written."""


class Sought(Protocol):
    """What is looked for in a text: a pattern, or one with a quick look before it."""

    def search(self, text: str, /) -> object:
        """Something true where it is found."""


class Sight:
    """A person looked for. A pattern with many ways takes its time at every letter, so a text is asked first whether
    it holds what no way can do without: the address, the longest word of a name, a number's figures in their order."""

    def __init__(self, traces: Traces, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self._words = {
            traces.address,
            *(max(WORD.findall(name), key=len, default=name).lower() for name in traces.names),
        }
        self._figures = {figures_of(phone) for phone in traces.phones}

    def search(self, text: str) -> object:
        """The first place where they stand, or None."""
        low = text.lower()
        if not any(word in low for word in self._words):
            figures = text.translate(NO_FIGURES) if text.isascii() else re.sub(r"\D", "", text)
            if not any(each in figures for each in self._figures):
                return None
        return self._pattern.search(text)


NO_FIGURES = {code: None for code in range(128) if not chr(code).isdigit()}


@dataclass(slots=True)
class Search:
    """One look through a mail or a file, for a person. It unpacks no more than so many octets, for a file may be made
    to last for hours; `whole` says afterwards whether everything in it was looked at, `closed` that something in it is
    packed or locked in a way that hides words."""

    sought: Sought
    left: int = MOST
    whole: bool = True
    closed: bool = False

    def finds(self, content: bytes, depth: int = 0) -> bool:
        """True where the file speaks of the person."""
        if any(self.sought.search(text) for text in _texts(content)):
            return True
        self.closed = self.closed or bool(CLOSED.match(content)) or _is_locked(content)
        if depth >= DEEPEST:
            self.closed = self.closed or content[:2] == b"PK"
            return False
        parts = chain(((each, True) for each in self._packed(content)), _parts(content))
        return any(self.finds(part, depth + 1 if is_file else DEEPEST) for part, is_file in parts)

    def _packed(self, content: bytes) -> Iterator[bytes]:
        """What lies in an archive, such as a workbook, a part in memory at a time. One that is damaged hides no
        other."""
        if content[:2] != b"PK":
            return
        with suppress(*DAMAGED), ZipFile(BytesIO(content)) as archive:
            for each in archive.infolist():
                if each.flag_bits & LOCKED:
                    self.closed = True
                    continue
                if each.file_size > min(self.left, LARGEST):
                    self.whole = False
                    continue
                self.left -= each.file_size
                with suppress(*DAMAGED):
                    yield archive.read(each)


def name_in(mail: bytes, address: str) -> str:
    """What the sender of a mail calls themselves, where it is from this address (lower case); else nothing."""
    try:
        head = message_from_bytes(mail[:HEAD], policy=policy.default)
        written = [*getattr(head["From"], "addresses", ())]
    except ODD:
        return ""
    return next((" ".join(each.display_name.split()) for each in written if each.addr_spec.lower() == address), "")


def _is_locked(content: bytes) -> bool:
    """True for a PDF whose words are packed, and for a document with a password."""
    if PDF in content[:HEAD_OF_PDF]:
        return any(sign in content for sign in PACKED)
    return content.startswith(OLE) and ENCRYPTED in content


def _texts(content: bytes) -> list[str]:
    """The content as text, and without its markup, which may part a word from the next."""
    text = content.decode("utf-8", "replace")
    plain = [text, MARKUP.sub("", text), MARKUP.sub(" ", text)] if "<" in text else [text]
    wide = content.decode("utf-16-le", "replace") if content[:2] in (b"\xff\xfe",) or b"\0" in content[:200] else ""
    return [*plain, wide] if wide else plain


def _parts(content: bytes) -> Iterator[tuple[bytes, bool]]:
    """The head of a mail, decoded, and its parts, each without the encoding of the wire; True for what may be a file
    with something in it. What is odd about one of them hides no other."""
    if not MAIL.match(content):
        return
    with suppress(*ODD):
        mail = message_from_bytes(content, policy=policy.default)
        for name, value in mail.raw_items():
            with suppress(*ODD):
                yield f"{name}: {mail.policy.header_fetch_parse(name, value)}".encode("utf-8", "replace"), False
        for part in mail.walk():
            yield from _of_part(part)


def _of_part(part: Message) -> Iterator[tuple[bytes, bool]]:
    """The name of a part, and its content as it is and in the words of its charset."""
    with suppress(*ODD):
        if name := part.get_filename():
            yield name.encode("utf-8", "replace"), False
    with suppress(*ODD):
        if isinstance(payload := part.get_payload(decode=True), bytes) and payload:
            yield payload, True
            if charset := part.get_content_charset():
                yield payload.decode(charset, "replace").encode("utf-8", "replace"), False
