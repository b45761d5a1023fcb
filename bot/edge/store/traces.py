"""Traces: does a file speak of somebody? A mail, its parts, what is packed in them, in any encoding.

Its one rule: it looks, and opens nothing that could run. What a PDF compresses it does not see.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from io import BytesIO
from itertools import chain
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile

LARGEST = 64 * 1024 * 1024
"""Octets of one packed part."""
DEEPEST = 4
HEAD = 65_536
"""Octets of a mail in which its head lies."""
MARKUP = re.compile(r"<[^<>]{0,2000}>")
DAMAGED = (BadZipFile, zlib.error, LZMAError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)
"""What reading an archive raises that is cut, altered or locked."""
ODD = (MessageError, ValueError, LookupError, TypeError, AttributeError)
"""What the standard library raises on mails that no program should have written."""


def speaks_of(content: bytes, pattern: re.Pattern[str], depth: int = 0) -> bool:
    """True where a pattern matches in a mail or a file."""
    if any(pattern.search(text) for text in _texts(content)):
        return True
    if depth >= DEEPEST:
        return False
    return any(speaks_of(part, pattern, depth + 1) for part in chain(_packed(content), _parts(content)))


def name_in(mail: bytes, address: str) -> str:
    """What the sender of a mail calls themselves, where it is from this address (lower case); else nothing."""
    try:
        head = message_from_bytes(mail[:HEAD], policy=policy.default)
        written = [*getattr(head["From"], "addresses", ())]
    except ODD:
        return ""
    return next((" ".join(each.display_name.split()) for each in written if each.addr_spec.lower() == address), "")


def _texts(content: bytes) -> list[str]:
    """The content as text, and without its markup, which may part a word from the next."""
    text = content.decode("utf-8", "replace")
    plain = [text, MARKUP.sub("", text), MARKUP.sub(" ", text)] if "<" in text else [text]
    wide = content.decode("utf-16-le", "replace") if content[:2] in (b"\xff\xfe",) or b"\0" in content[:200] else ""
    return [*plain, wide] if wide else plain


def _packed(content: bytes) -> Iterator[bytes]:
    """What lies in an archive, such as a workbook, a part in memory at a time. One that is damaged hides no other."""
    if content[:2] != b"PK":
        return
    with suppress(*DAMAGED), ZipFile(BytesIO(content)) as archive:
        for each in archive.infolist():
            if each.file_size <= LARGEST:
                with suppress(*DAMAGED):
                    yield archive.read(each)


def _parts(content: bytes) -> Iterator[bytes]:
    """The head of a mail, decoded, and its parts, each without the encoding of the wire. What is odd about one of
    them hides no other."""
    head = content.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    if not re.match(rb"[!-9;-~]{1,60}:", head):
        return
    with suppress(*ODD):
        mail = message_from_bytes(content, policy=policy.default)
        for name, value in mail.raw_items():
            with suppress(*ODD):
                yield f"{name}: {mail.policy.header_fetch_parse(name, value)}".encode("utf-8", "replace")
        for part in mail.walk():
            yield from _of_part(part)


def _of_part(part: Message) -> Iterator[bytes]:
    """The name of a part, and its content as it is and in the words of its charset."""
    with suppress(*ODD):
        if name := part.get_filename():
            yield name.encode("utf-8", "replace")
    with suppress(*ODD):
        if isinstance(payload := part.get_payload(decode=True), bytes) and payload:
            yield payload
            yield payload.decode(part.get_content_charset() or "utf-8", "replace").encode("utf-8", "replace")
