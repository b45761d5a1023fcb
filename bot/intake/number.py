"""CR numbers as people and mail clients write them. Its one rule: tolerant in, canonical out."""

import re

NUMBER = re.compile(r"\b(PC|IN)\s{0,3}(\d{6})\s{0,3}-\s{0,3}0{0,3}(\d{1,5})(?:CM|EX|ES|IG|RG|X){0,6}\b", re.IGNORECASE)
"""Case, spaces, zero padding, flags, and a number wrapped at its hyphen (domain.md section 6)."""


def numbers_in(text: str) -> tuple[str, ...]:
    """Every CR number (PC) and intake number (IN) in a text, canonical, each once.

    >>> numbers_in("Re: [pc112226 - 01ES]")
    ('PC112226-1',)
    """
    return tuple(dict.fromkeys(_canonical(found) for found in NUMBER.finditer(text)))


def leading_number(line: str) -> tuple[str, str]:
    """The CR number that leads a line, and the rest of the line: `PC112226-1: CLOSE` gives
    `("PC112226-1", "CLOSE")`; without a number, an empty text and the line."""
    found = NUMBER.match(line, pos=1 if line.startswith("[") else 0)
    if found is None:
        return "", line
    return _canonical(found), line[found.end() :].lstrip(" ]:\u2013-\t")


def _canonical(found: re.Match[str]) -> str:
    return f"{found[1].upper()}{found[2]}-{int(found[3])}"
