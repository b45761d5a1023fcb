"""CR numbers as people and mail clients write them. Its one rule: tolerant in, canonical out.

Ours are PC and a date. SCR stands where a register of systems CRs was imported, and figures alone where that
register was older than dated numbers (domain.md section 1.3); both are looked for, and never given.
"""

import re

FLAGS = ("CM", "EX", "ES", "IG", "MN", "RG", "X")
"""What may stand behind a number; what each says in words is in posting/words.py."""
_ANY = "|".join(FLAGS)
NUMBER = re.compile(
    rf"\b(PC|SCR|IN)\s{{0,3}}(\d{{6}})\s{{0,3}}-\s{{0,3}}0{{0,3}}(\d{{1,5}})((?:{_ANY}){{0,6}})\b", re.IGNORECASE
)
"""Case, spaces, zero padding, flags, and a number wrapped at its hyphen (domain.md section 6)."""
FIGURES = re.compile(r"(?<![\w.,/:+-])#?(\d{5,8})(?![\w/+-]|[.,:]\d)|\[(\d{4})\]")
"""A number from before the dated ones, standing alone: no part of a date, a time, an amount or a telephone number;
one of four figures, which would mostly be a year, in brackets as our letters have it."""
ALONE = re.compile(
    rf"(?:CR\s?)?#?\s?(\d{{4,8}})(?:\.0{{1,2}})?(?:[\s-]?((?:{_ANY}){{1,6}}))?", re.IGNORECASE | re.ASCII
)
"""A number of figures in a cell, as people write it, and as spreadsheets do that take it for an amount."""
TAG = re.compile(r"(?:\s{0,3}\w{2,4}\s?:){0,9}\s{0,3}\[(\d{4,8})\]")
LEADS = re.compile(r"(\d{4,8})\]?\s{0,3}[:\u2013](?=\s|[A-Z])")
FLAG = re.compile(_ANY)


def numbers_in(text: str) -> tuple[str, ...]:
    """Every CR number (PC) and intake number (IN) in a text, canonical, each once.

    >>> numbers_in("Re: [pc112226 - 01ES]")
    ('PC112226-1',)
    """
    return tuple(dict.fromkeys(_canonical(found) for found in NUMBER.finditer(text)))


def leading_number(line: str) -> tuple[str, str]:
    """The CR number that leads a line, and the rest of the line: `PC112226-1: CLOSE` gives
    `("PC112226-1", "CLOSE")`; without a number, an empty text and the line."""
    start = 1 if line.startswith("[") else 0
    found, earlier = NUMBER.match(line, pos=start), LEADS.match(line, pos=start)
    if found is None:
        return (earlier[1], line[earlier.end() :].lstrip(" \t")) if earlier else ("", line)
    return _canonical(found), line[found.end() :].lstrip(" ]:\u2013-\t")


def earlier_numbers_in(subject: str) -> tuple[str, ...]:
    """What could be a number from before the dated ones, in the subject of a mail; whether one is, only the
    store knows.

    >>> earlier_numbers_in("Re: [4302321] call 303-555-0142 on 11/22/2026")
    ('4302321',)
    """
    return tuple(dict.fromkeys(found[1] or found[2] for found in FIGURES.finditer(subject)))


def tags_in(subject: str) -> tuple[str, ...]:
    """The numbers that a subject names without a doubt: those of ours, and old ones in brackets at its beginning,
    where our letters have them.

    >>> tags_in("AW: Re: [4302321] Quotes"), tags_in("Quotes [4302321]")
    (('4302321',), ())
    """
    tag = TAG.match(subject)
    return (*((tag[1],) if tag else ()), *numbers_in(subject))


def register_number(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The number in a cell of an existing register, and the flags behind it; None for what is no number.

    >>> register_number(" PC022703-025X "), register_number("5236247"), register_number("AI031903-1")
    (('PC022703-25', ('X',)), ('5236247', ()), None)
    >>> register_number("#5579345"), register_number("5579346.0"), register_number("5608156EX")
    (('5579345', ()), ('5579346', ()), ('5608156', ('EX',)))
    """
    bare = text.strip().strip("[]")
    if found := NUMBER.fullmatch(bare):
        own = (_canonical(found), tuple(FLAG.findall(found[4].upper())))
        return own if found[1].upper() != "IN" else None
    figures = ALONE.fullmatch(bare)
    return (figures[1], tuple(FLAG.findall((figures[2] or "").upper()))) if figures else None


def _canonical(found: re.Match[str]) -> str:
    return f"{found[1].upper()}{found[2]}-{int(found[3])}"
