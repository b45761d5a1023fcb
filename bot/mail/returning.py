"""Return addresses: the envelope sender of a letter, signed, so that what comes back says which letter it was.

Its one rule: an address that we did not make is the address of no letter. It is the mailbox's own with a tag,
`cmpcr+b...@meridell.example`: 32 letters and digits of base 32 (RFC 4648 section 6), of the letter's id (12 octets)
and the first 8 of an HMAC-SHA-256 over it. Guessing one takes 2^63 mails.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable

from bot.mail.token import Key

ID, SIGNATURE = 12, 8  # octets
TAG = re.compile(r"\+b([a-z2-7]{32})@", re.IGNORECASE)
LONGEST_LOCAL = 64  # octets (RFC 5321 section 4.5.3.1.1)
MOST_TRIED = 20


def returning(address: str, letter_id: str, key: Key) -> str:
    """The return address of a letter (24 hex digits); the plain one where a tag would make it too long.

    Raises ValueError for an id that is not hex.
    """
    local, at, domain = address.rpartition("@")
    of = bytes.fromhex(letter_id)
    tagged = f"{local}+b{b32encode(of + _signature(key, of)).decode().lower()}"
    return f"{tagged}{at}{domain}" if len(tagged) <= LONGEST_LOCAL else address


def letters_in(written: str, keys: Iterable[Key]) -> tuple[str, ...]:
    """The ids of the letters whose return addresses stand in a text, each signed with one of these keys. Raises
    nothing."""
    known = tuple(keys)
    found = (b32decode(tag.upper()) for tag in TAG.findall(written)[:MOST_TRIED])
    return tuple(
        octets[:ID].hex()
        for octets in found
        if any(hmac.compare_digest(_signature(key, octets[:ID]), octets[ID:]) for key in known)
    )


def _signature(key: Key, of: bytes) -> bytes:
    return hmac.digest(key.secret, b"cmpbot return address 1\0" + of, "sha256")[:SIGNATURE]
