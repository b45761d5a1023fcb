"""iCalendar as text (RFC 5545): escaping, folding, dates and instants.

Its one rule: no value can become a line of its own, for line ends are written as `\\n` and every other
control character is left out.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

LONGEST = 75
"""Octets of a line without its end (RFC 5545 section 3.1)."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
QUOTED = str.maketrans({'"': "'", "\n": " "})
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_END = re.compile("\r\n?|\x85|\u2028|\u2029")
PRODUCT = "-//cmpbot//Change Management Process//EN"


def escaped(text: str) -> str:
    r"""A text as the value of a property (section 3.3.11).

    >>> escaped("Moved; see 5A, or ask\nLena")
    'Moved\\; see 5A\\, or ask\\nLena'
    """
    return _plain(text).translate(ESCAPES)


def parameter(text: str) -> str:
    """A text as the value of a parameter, in quotes (section 3.2), which may hold no quote itself.

    >>> parameter('Ray "Skip" Moss; Sr.')
    '"Ray \\'Skip\\' Moss; Sr."'
    """
    return f'"{_plain(text).translate(QUOTED)}"'


def day(on: date) -> str:
    """A local date as a value of the type DATE.

    >>> day(date(2026, 12, 16))
    '20261216'
    """
    return f"{on:%Y%m%d}"


def instant(at: datetime) -> str:
    """An aware instant as a value of the type DATE-TIME, in UTC.

    >>> instant(datetime(2026, 12, 16, 16, 0, tzinfo=UTC))
    '20261216T160000Z'
    """
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def written(lines: Iterable[str]) -> bytes:
    """Content lines, folded between whole characters, each ended by CR LF (section 3.1)."""
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    octets = line.encode("utf-8", "replace")
    if len(octets) <= LONGEST:
        return octets + b"\r\n"
    pieces = []
    room = LONGEST
    while len(octets) > room:
        cut = room
        while octets[cut] & 0xC0 == 0x80:  # noqa: PLR2004 - a byte that goes on with a character
            cut -= 1
        pieces.append(octets[:cut])
        octets = octets[cut:]
        room = LONGEST - 1  # the blank that leads a line that goes on
    return b"\r\n ".join([*pieces, octets]) + b"\r\n"


def _plain(text: str) -> str:
    return CONTROL.sub("", LINE_END.sub("\n", text))
