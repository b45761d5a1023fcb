"""winmail.dat, in which Outlook hides the files of a mail ([MS-OXTNEF]).

Its one rule: one pass over the attributes, each no longer than the file; what it does not know it
steps over. The rich text of the body is not unpacked: the mail beside it says the same in plain text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from bot.mail.charset import decode

ATTRIBUTE = Struct("<BII")
HEAD, CHECKSUM = 6, 2
LONG = Struct("<I")
PROPERTY = Struct("<HH")
BODY, ATTACHMENT_BEGINS, TITLE, FILE, FILE_PROPERTIES, PROPERTIES = 0x800C, 0x9002, 0x8010, 0x800F, 0x9005, 0x9003
LONG_NAME, TEXT_BODY, HTML_BODY = 0x3707, 0x1000, 0x1013
TEXT, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
SEVERAL, NAMED = 0x1000, 0x8000
MOST = 2_000
"""Attributes of a file, and properties of an attribute; Outlook writes some hundred."""


@dataclass(slots=True)
class _Packed:
    """A file while its attributes come in."""

    name: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was packed: the files by name, and the body as text and as HTML."""

    files: tuple[tuple[str, bytes], ...]
    text: str
    html: str


def unpack(content: bytes) -> Unpacked:
    """Take a winmail.dat apart. Raises ValueError for one that is damaged."""
    files: list[_Packed] = []
    body: dict[int, str] = {}
    for kind, value in _attributes(content):
        if kind == ATTACHMENT_BEGINS:
            files.append(_Packed())
        elif kind == BODY:
            body.setdefault(TEXT_BODY, _text(TEXT, value))
        elif kind == PROPERTIES:
            body |= {
                key: _text(shape, said) for key, shape, said in _properties(value) if key in (TEXT_BODY, HTML_BODY)
            }
        elif files and kind == TITLE:
            files[-1].name = files[-1].name or _text(TEXT, value)
        elif files and kind == FILE:
            files[-1].content = value
        elif files and kind == FILE_PROPERTIES:
            long = (_text(shape, said) for key, shape, said in _properties(value) if key == LONG_NAME)
            files[-1].name = next(long, files[-1].name)
    found = tuple((file.name, file.content) for file in files if file.content)
    return Unpacked(found, body.get(TEXT_BODY, ""), body.get(HTML_BODY, ""))


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = HEAD
    for _ in range(MOST):
        if at + ATTRIBUTE.size > len(content):
            return
        _, kind, length = ATTRIBUTE.unpack_from(content, at)
        start = at + ATTRIBUTE.size
        if start + length + CHECKSUM > len(content):
            raise ValueError("it is cut short")
        yield kind & 0xFFFF, content[start : start + length]
        at = start + length + CHECKSUM
    raise ValueError("it has too many parts")


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Key, type and first value of each property, up to one of a type that nobody writes."""
    if len(value) < LONG.size:
        return
    at = LONG.size
    for _ in range(min(LONG.unpack_from(value)[0], MOST)):
        if at + PROPERTY.size > len(value):
            return
        shape, key = PROPERTY.unpack_from(value, at)
        at = _behind_name(value, at + PROPERTY.size) if key >= NAMED else at + PROPERTY.size
        several, shape = shape & SEVERAL, shape & ~SEVERAL
        variable = shape in (TEXT, UNICODE, BINARY, OBJECT)
        count = 1
        if several or variable:
            count, at = _long(value, at), at + LONG.size
        first = b""
        for number in range(count):
            if at >= len(value):
                break
            length = _long(value, at) if variable else SIZES.get(shape, len(value))
            at += LONG.size if variable else 0
            first = value[at : at + length] if number == 0 else first
            at += _padded(length)
        yield key, shape, first


def _behind_name(value: bytes, at: int) -> int:
    """Where the value of a property with a name of its own starts."""
    named_by_text, number_or_length = _long(value, at + 16), _long(value, at + 20)
    return at + 24 + (_padded(number_or_length) if named_by_text else 0)


def _long(value: bytes, at: int) -> int:
    return int.from_bytes(value[at : at + LONG.size], "little")


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(shape: int, value: bytes) -> str:
    if shape == UNICODE:
        return value[: len(value) & ~1].decode("utf-16-le", "replace").rstrip("\0")
    return decode(value, "utf-8")[0].rstrip("\0")
