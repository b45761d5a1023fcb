"""A look into a compound file, the container of the old Office ([MS-CFB]): which streams it holds,
and how each begins.

Its one rule: a fixed number of steps, whatever the file claims about itself; the streams are not
read, their first sectors only say whether a password stands before them.
"""

from collections.abc import Iterator
from struct import Struct
from struct import error as StructError  # noqa: N812 - the module calls its exception `error`

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_SECTORS = 64
"""Of the directory; the file of a real form has two to ten."""
SHIFTS = (9, 12)  # sectors of 512 and of 4096 bytes
IN_HEADER = 109  # sectors of the allocation table that the header names: those of the first seven megabytes
SHORT = 4096  # a shorter stream lies inside another one, and its beginning is not looked for

HEADER = Struct("<30xH16xI24x109I")
ENTRY = Struct("<64sHB49xII4x")
WORD = Struct("<I")
RECORD = Struct("<HH")

WORD_MARK, WORD_FLAGS, WORD_ENCRYPTED = b"\xec\xa5", 11, 0x01  # [MS-DOC] FibBase.fEncrypted
FILE_PASS, FIRST_RECORDS = 0x002F, 4  # [MS-XLS] FilePass stands right behind BOF and WriteProtect
MACROS = frozenset({"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"})


def look_into(content: bytes) -> dict[str, bytes]:
    """The names of the streams and storages, each with its first 512 bytes where they can be told;
    empty for a file that is damaged."""
    try:
        shift, first, *table = HEADER.unpack_from(content)
        if shift not in SHIFTS:
            return {}
        return dict(_entries(content, shift, first, table))
    except (StructError, UnicodeDecodeError):
        return {}


def _entries(content: bytes, shift: int, first: int, table: list[int]) -> Iterator[tuple[str, bytes]]:
    for sector in _chain(content, shift, first, table):
        start = (sector + 1) << shift
        for at in range(start, min(start + (1 << shift), len(content)) - ENTRY.size + 1, ENTRY.size):
            name, length, kind, begins, size = ENTRY.unpack_from(content, at)
            if kind and length <= len(name):
                place = (begins + 1) << shift
                yield (
                    name[:length].decode("utf-16-le").rstrip("\0"),
                    content[place : place + 512] if size >= SHORT else b"",
                )


def _chain(content: bytes, shift: int, first: int, table: list[int]) -> Iterator[int]:
    """The sectors of the directory, by the allocation table; a ring ends by being counted."""
    a_sector = 1 << (shift - 2)
    sector = first
    for _ in range(MOST_SECTORS):
        if (sector + 1) << shift >= len(content):
            return
        yield sector
        place, offset = divmod(sector, a_sector)
        if place >= IN_HEADER:
            return
        (sector,) = WORD.unpack_from(content, ((table[place] + 1) << shift) + 4 * offset)


def has_password(streams: dict[str, bytes]) -> bool:
    """True where the text of an old Word or Excel file is encrypted."""
    text = streams.get("WordDocument", b"")
    if text.startswith(WORD_MARK):
        return bool(text[WORD_FLAGS] & WORD_ENCRYPTED)
    cells = streams.get("Workbook") or streams.get("Book") or b""
    at = 0
    for _ in range(FIRST_RECORDS):
        if at + RECORD.size > len(cells):
            break
        record, length = RECORD.unpack_from(cells, at)
        if record == FILE_PASS:
            return True
        at += RECORD.size + length
    return False


def has_macros(streams: dict[str, bytes]) -> bool:
    """True where an old Word or Excel file holds macros."""
    return not MACROS.isdisjoint(streams)
