"""Codes: short signed texts that our letters carry and their readers send back without knowing it.

Its one rule: a code proves that somebody has a letter which we sent to one person, and nothing else;
what that person may do is the workflow's question, and whether the code was used already is the
store's. Keys and times are arguments.

A code is `cmp` and 56 letters and digits of base 32 (RFC 4648 section 6), of 35 octets: purpose and key
(1), expiry in hours since 1970 (3), the letter or mail it is of (10), the change request it is about (5),
and the first 16 of an HMAC-SHA-256 (RFC 2104) over all of these and the person's address (reliability.md
T18). Base 32 has no marks that a mail program takes for markup, and needs no capitals.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from hashlib import sha256

PREFIX = "cmp"
LENGTH = 56
SIGNATURE = 16  # octets; 128 bits
OF, ABOUT = 10, 5  # octets
KEY_IDS = 128
SECRET = 32  # octets of a key
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEPARATOR = b"\0"
MOST_FOUND = 40
"""Codes looked at in one mail; a long thread quotes some ten letters of ours."""
MOST_TRIED = 2_000
"""Places where one may begin; a thread names our own address, which begins so too, some hundred times."""
LONGEST = 400_000
"""Characters of a mail in which codes are looked for."""
BREAK = r"(?:=?[ \t]*\r?\n[ \t>|]*)?"
"""A mail program may break a long word, and mark the rest of it as quoted."""
WRITTEN = re.compile(rf"(?<![a-z0-9]){PREFIX}((?:{BREAK}[a-z2-7]){{{LENGTH}}})(?![a-z0-9])")

SENT_BACK = re.compile(
    rf"(?:^[ \t>|]*#[ \t]*)?(?<![a-z0-9]){PREFIX}(?:{BREAK}[a-z2-7]){{{LENGTH}}}", re.IGNORECASE | re.MULTILINE
)


class Purpose(IntEnum):
    """What a code is for: to vouch for commands about what a letter is about, or for one parked mail."""

    LETTER = 0
    CONFIRM = 1


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of ours with its id, from 0 to 127, and when it was made (aware)."""

    id: int
    secret: bytes = field(repr=False)
    made: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A code that we made for the person who sent it back. `of` is 20 hex digits: those with which the
    letter's id begins, or the id of the parked mail and zeros."""

    purpose: Purpose
    of: str
    about: bytes
    expires: datetime

    def covers(self, change: str) -> bool:
        """True when it is about the change request of this key; an empty key is no change request."""
        return self.about == _digest(change)


@dataclass(frozen=True, slots=True)
class Expired:
    """A code of ours for its sender whose time is over."""

    code: Code


def make(key: Key, purpose: Purpose, of: str, person: str, change: str, expires: datetime) -> str:
    """The code for a letter or mail (an even number of hex digits; 20 of them count), for the person with
    an e-mail address, about the change request of a key (empty: none), until an instant, rounded up to
    the hour.

    Raises ValueError for an id that is not hex, and OverflowError for a time before 1970 or after 3883.
    """
    octets = bytes.fromhex(of)[:OF].ljust(OF, b"\0")
    hours = -((EPOCH - expires) // HOUR)
    said = bytes([purpose << 7 | key.id]) + hours.to_bytes(3) + octets + _digest(change)
    return PREFIX + b32encode(said + _signature(key, said, person)).decode().lower()


def read(written: str, keys: Iterable[Key], person: str, now: datetime) -> Code | Expired | None:
    """The code in a text that is one, for a sender's address; None for anything that we did not make for
    just that person with one of these keys. `now` is aware. Raises nothing."""
    bare = "".join(written.split()).lower()
    if len(bare) != len(PREFIX) + LENGTH or not bare.startswith(PREFIX):
        return None
    try:
        octets = b32decode(bare.removeprefix(PREFIX).upper())
    except ValueError:
        return None
    said, signature = octets[:-SIGNATURE], octets[-SIGNATURE:]
    key = next((key for key in keys if key.id == said[0] % KEY_IDS), None)
    if key is None or not hmac.compare_digest(_signature(key, said, person), signature):
        return None
    of, about = said[4 : 4 + OF].hex(), said[4 + OF :]
    code = Code(Purpose(said[0] >> 7), of, about, EPOCH + int.from_bytes(said[1:4]) * HOUR)
    return code if now < code.expires else Expired(code)


def written_in(text: str) -> tuple[str, ...]:
    """Whatever in a text looks like a code, each once, in its order, however it is quoted or broken.

    >>> written_in(f"> CONFIRM cmp{'ab' * 14}\\n> {'cd' * 14}, please")
    ('cmpababababababababababababababcdcdcdcdcdcdcdcdcdcdcdcdcdcd',)
    """
    low = text[:LONGEST].lower()
    found: list[str] = []
    at = low.find(PREFIX)
    tried = 0
    while at >= 0 and len(found) < MOST_FOUND and tried < MOST_TRIED:
        tried += 1
        if match := WRITTEN.match(low, at):
            found.append(PREFIX + re.sub(r"[^a-z0-9]", "", match[1]))
        at = low.find(PREFIX, at + 1)
    return tuple(dict.fromkeys(found))


def without_codes(text: str, instead: str = "") -> str:
    """A text without anything that looks like a code, for whoever it was not sent to; the `#` in front of
    one, where our links put it, goes too.

    >>> without_codes(f"We agree.\\n# cmp{'ab' * 28}")
    'We agree.'
    """
    found = PREFIX in text.lower() and SENT_BACK.search(text)
    return SENT_BACK.sub(instead, text).rstrip() if found else text


def _signature(key: Key, said: bytes, person: str) -> bytes:
    signed = b"cmpbot code 1" + SEPARATOR + said + SEPARATOR + person.encode("utf-8", "replace")
    return hmac.digest(key.secret, signed, "sha256")[:SIGNATURE]


def _digest(change: str) -> bytes:
    return sha256(change.encode()).digest()[:ABOUT]
