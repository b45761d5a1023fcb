"""Traces: does a file speak of somebody? A mail, its parts, what is packed in them, in any encoding.

Its one rule: it looks, and opens nothing that could run. What a PDF compresses it does not see.
"""

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from io import BytesIO
from zipfile import BadZipFile, ZipFile

LARGEST = 64 * 1024 * 1024
"""Octets of one packed part."""
DEEPEST = 4
HEAD = 65_536
"""Octets of a mail in which its head lies."""
MARKUP = re.compile(r"<[^<>]{0,2000}>")


def speaks_of(content: bytes, pattern: re.Pattern[str], depth: int = 0) -> bool:
    """True where a pattern matches in a mail or a file."""
    if any(pattern.search(text) for text in _texts(content)):
        return True
    if depth >= DEEPEST:
        return False
    return any(speaks_of(part, pattern, depth + 1) for part in (*_packed(content), *_parts(content)))


def name_in(mail: bytes, address: str) -> str:
    """What the sender of a mail calls themselves, where it is from this address (lower case); else nothing."""
    try:
        head = message_from_bytes(mail[:HEAD], policy=policy.default)
        written = [*getattr(head["From"], "addresses", ())]
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""
    return next((" ".join(each.display_name.split()) for each in written if each.addr_spec.lower() == address), "")


def _texts(content: bytes) -> list[str]:
    """The content as text, and without its markup, which may part a word from the next."""
    text = content.decode("utf-8", "replace")
    plain = [text, MARKUP.sub("", text), MARKUP.sub(" ", text)] if "<" in text else [text]
    wide = content.decode("utf-16-le", "replace") if content[:2] in (b"\xff\xfe",) or b"\0" in content[:200] else ""
    return [*plain, wide] if wide else plain


def _packed(content: bytes) -> list[bytes]:
    """What lies in an archive, such as a workbook."""
    if content[:2] != b"PK":
        return []
    try:
        with ZipFile(BytesIO(content)) as archive:
            return [archive.read(each) for each in archive.infolist() if each.file_size <= LARGEST]
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return []


def _parts(content: bytes) -> list[bytes]:
    """The head of a mail, decoded, and its parts, each without the encoding of the wire."""
    head = content.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    if not re.match(rb"[!-9;-~]{1,60}:", head):
        return []
    try:
        mail = message_from_bytes(content, policy=policy.default)
        found = [f"{name}: {value}".encode("utf-8", "replace") for name, value in mail.items()]
        for part in mail.walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                found.append(payload)
                charset = part.get_content_charset() or "utf-8"
                found.append(payload.decode(charset, "replace").encode("utf-8", "replace"))
            found += [name.encode("utf-8", "replace")] if (name := part.get_filename()) else []
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return []
    return found
