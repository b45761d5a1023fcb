"""The look at a zip container before anything opens it. Its one rule: what a form never has is
refused by its directory and its first bytes, in well under a millisecond.

Limits are those of reliability.md T36, T37 and T39; they are far above any real form. The
directory is read here and not by zipfile, which costs ten times as much and accepts overlaps.
"""

import re
import zlib
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError  # noqa: N812 - the module calls its exception `error`

MAX_ENTRIES = 1_000
MAX_ENTRY = 64 * 2**20
MAX_TOTAL = 200 * 2**20
MAX_RATIO = 100
SMALL = 256 * 2**10
"""Parts below this size may be packed as tightly as they like."""
MAX_PART = 16 * 2**20
MAX_ELEMENTS = 100_000
"""Tags in one part that is read; a long real form has 6,000."""

PADDING = b"\0\t\r\n "
"""What mail programs and disks leave behind the end of a file."""
ENCRYPTED_PARTS = "its parts are encrypted"
DAMAGED = "the list of what is in it is damaged; it was probably changed on its way"

STORED, DEFLATED = 0, 8
ENCRYPTED = 0x0001
UTF8_NAMES = 0x0800
WIDE = 0xFFFFFFFF

DIRECTORY_END = Struct("<4s4H2IH")
DIRECTORY_ENTRY = Struct("<4s6H3I5H2I")
LOCAL_HEADER = Struct("<4s5H3I2H")
XML_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the directory: where it lies, how long it is packed and unpacked. `record`
    is the directory's own record of it, for whoever writes the file anew."""

    name: str
    offset: int
    packed: int
    size: int
    method: int
    record: bytes


@dataclass(frozen=True, slots=True)
class Container:
    """A zip file that passed; its parts by name, in the order of the directory."""

    content: bytes
    parts: dict[str, Part]
    directory: int

    def read(self, name: str) -> bytes:
        """The unpacked bytes of a part. Raises ValueError for a part that is damaged or lies
        about its size, KeyError for one that is not there."""
        part = self.parts[name]
        start = self._start(part)
        packed = self.content[start : start + part.packed]
        if part.method == STORED:
            return packed
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            unpacked = unpacker.decompress(packed, part.size + 1)
        except zlib.error as damage:
            raise ValueError(f"its part {name} is damaged and does not unpack") from damage
        if len(unpacked) != part.size:
            raise ValueError(f"its part {name} is not as long as the file says")
        return unpacked

    def _start(self, part: Part) -> int:
        """Where the bytes of a part begin. Its own header must call it as the directory does: readers
        that go by the one would see another file than readers that go by the other."""
        header = LOCAL_HEADER.unpack_from(self.content, part.offset)
        at = part.offset + LOCAL_HEADER.size
        named = self.content[at : at + header[9]] == part.record[DIRECTORY_ENTRY.size :][: header[9]]
        if header[0] != b"PK\x03\x04" or header[3] != part.method or not named:
            raise ValueError(f"the file says two things about its part {part.name[:80]}")
        return at + int(header[9]) + int(header[10])

    def xml(self, name: str) -> bytes:
        """The bytes of an XML part that is about to be parsed; ValueError for one that declares a
        document type or entities, or has more text or elements than any form."""
        if self.parts[name].size > MAX_PART:
            raise ValueError(f"its part {name} is too long for a form")
        content = self.read(name)
        if b"\0" in content[:64]:
            content = XML_DECLARATION.sub(b"", content.decode("utf-16").encode())
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise ValueError(f"its part {name} holds declarations (DOCTYPE, ENTITY) that no form has")
        if len(content) > 2 * MAX_ELEMENTS and content.count(b"<") > 2 * MAX_ELEMENTS:  # a count costs 1 ns a byte
            raise ValueError(f"its part {name} has too many elements for a form")
        return content


def prescan(content: bytes) -> Container:
    """Check a zip file's directory against the limits; nothing is unpacked.

    Raises ValueError saying what is wrong with a file that no reader may open.
    """
    try:
        return _directory(content)
    except StructError as damage:
        raise ValueError(DAMAGED) from damage


def _directory(content: bytes) -> Container:
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - DIRECTORY_END.size - 0xFFFF))
    if end < 0:
        raise ValueError("the file ends too early; it was probably cut off on its way")
    _, disk, _, _, count, length, start, comment = DIRECTORY_END.unpack_from(content, end)
    if count > MAX_ENTRIES:
        raise ValueError(f"it is made of {count} parts, far more than a form")
    if disk or WIDE in (length, start):
        raise ValueError("it is one piece of a split file, or packed as only huge files are")
    if start + length != end or content[end + DIRECTORY_END.size + comment :].strip(PADDING):
        raise ValueError("something was added in front of the file or at its end")
    parts: dict[str, Part] = {}
    folded: set[str] = set()
    at = start
    for _ in range(count):
        part, after = _part(content, at)
        if reason := _wrong(part, folded):
            raise ValueError(reason)
        parts[part.name] = part
        folded.add(part.name.lower())
        at = after
    if at != end:
        raise ValueError(DAMAGED)
    if sum(part.size for part in parts.values()) > MAX_TOTAL:
        raise ValueError("unpacked it is larger than any form")
    if _overlap(parts, start):
        raise ValueError("its parts overlap, as no program writes them")
    return Container(content, parts, start)


def _part(content: bytes, at: int) -> tuple[Part, int]:
    """The directory's record at an offset, and where the next one starts."""
    fields = DIRECTORY_ENTRY.unpack_from(content, at)
    if fields[0] != b"PK\x01\x02":
        raise ValueError(DAMAGED)
    flags, method, packed, size, name_length = fields[3], fields[4], fields[8], fields[9], fields[10]
    after = at + DIRECTORY_ENTRY.size + name_length + fields[11] + fields[12]
    raw = content[at + DIRECTORY_ENTRY.size : at + DIRECTORY_ENTRY.size + name_length]
    name = raw.decode("utf-8" if flags & UTF8_NAMES else "cp437", "replace")
    return Part(name, fields[16], packed, size, method, content[at:after]), after


def _wrong(part: Part, earlier: set[str]) -> str:
    """What is wrong with one part by its record and the names before it, or an empty text. Names are
    compared as Office does it, where capitals do not count."""
    if int.from_bytes(part.record[8:10], "little") & ENCRYPTED:
        return ENCRYPTED_PARTS
    if part.name.lower() in earlier:
        return f"two of its parts have one name, {part.name[:80]}"
    if "\0" in part.name:
        return "the name of one of its parts is damaged"
    if part.method not in (STORED, DEFLATED) or WIDE in (part.size, part.packed, part.offset):
        return "it is packed in a way that Word and Excel do not use"
    if part.size > MAX_ENTRY or (part.size > SMALL and part.size > MAX_RATIO * part.packed):
        return f"its part {part.name[:80]} is {part.size:,} bytes long unpacked, far more than in a form"
    if part.method == STORED and part.size != part.packed:
        return DAMAGED
    return ""


def _overlap(parts: dict[str, Part], directory: int) -> bool:
    """True when two parts share bytes, or one reaches into the directory."""
    spans = sorted((part.offset, part.offset + LOCAL_HEADER.size + part.packed) for part in parts.values())
    starts = [start for start, _ in spans[1:]] + [directory]
    return any(stop > start for (_, stop), start in zip(spans, starts, strict=True))
