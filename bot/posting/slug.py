"""Slug: what a name is called in an address.

Its one rule: it is plain letters, figures and dashes of our making (reliability.md T47); names that differ in
more than case, spaces and points differ in it, and nobody's number or address gets into one.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

from bot.posting.withhold import NO_PHONE, withhold

LONGEST = 40  # characters
STORED = 500  # characters of a name that the store keeps to find it by
NOT_PLAIN = re.compile(r"[^a-z0-9]+")
MANY_DIGITS = re.compile(r"\d[\d .()/-]{5,}\d")


def public(name: str) -> str:
    """A company's name as the public reads it where nobody's telephone number is known: whatever could be one is
    withheld.

    >>> public("Call 3035550142"), public("Tin Cup 911")
    ('Call [phone number withheld]', 'Tin Cup 911')
    """
    return MANY_DIGITS.sub(NO_PHONE, withhold(name))


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """What a name is called in an address.

    >>> slug("CLEC Test"), slug("Tin Cup CLEC, Inc."), slug("Nordl\u00fds")
    ('clec-test', 'tin-cup-clec-inc', 'nordlys-c7d44b')
    """
    text = name[:STORED].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    lower = text.casefold()
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    made = "" if public(text) != text else NOT_PLAIN.sub("-", plain).strip("-")
    if made and lower.isascii() and len(made) <= LONGEST:
        return made
    return f"{made[: LONGEST - 7].strip('-')}-{sha256(lower.encode()).hexdigest()[:6]}".strip("-")
