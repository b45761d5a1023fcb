"""A cell's number as its format shows it. Its one rule: a date is an ISO date, a whole number has
neither fraction nor exponent, and digits that Excel did not keep are not made up.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from math import isfinite

BUILTIN = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), "h:mm"),
    **{9: "0%", 10: "0.00%", 22: "yyyy-mm-dd h:mm", 46: "[h]:mm"},
}
"""The formats that a workbook uses without spelling them out (ECMA-376 part 1, 18.8.30), as far as
they change what is read; 27 to 36 and 50 to 58 are East Asian dates."""

QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].')
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
BRACKETS = re.compile(r"\[[^\]]*\]")
PLAIN = re.compile("general|standard", re.IGNORECASE)
PIECE = re.compile(r'"[^"]*"|\\.|[_*].|.', re.DOTALL)
CONDITION = re.compile(r"\[[<>=]")
ELAPSED_TIME = "elapsed"
HIDING = ";;;"
MOST_DIGITS = 15
"""Significant digits that Excel keeps of a number; later ones have become zeros."""

TOO_LONG = "the cell holds a number of more than 15 digits, of which Excel keeps only 15"
NO_DATE = "the cell holds a number that is no date, although it is formatted as one"
DAY = 86_400
LAST_DAY = 1_000_000
"""In the year 4637."""
LEAP_BUG = 60
"""QUIRK: the epoch of 1900 counts a 29 February 1900 that never was; days before it are one off."""

BARE_SERIALS, DIGITS_OF_A_DAY, MAC_BEGAN = range(32_874, 73_051), 5, 1_462
"""Days of the years 1990 to 2099: what a bare number means that stands where a date is asked for."""


@lru_cache(maxsize=256)
def _letters(code: str) -> str:
    """What a format's first part asks for: `elapsed`, or the letters of its date, or nothing."""
    bare = QUOTED.sub("", code).split(";", maxsplit=1)[0]
    if ELAPSED.search(bare):
        return ELAPSED_TIME
    bare = PLAIN.sub("", BRACKETS.sub("", bare)).lower()
    return "".join(letter for letter in bare if letter in "dmyhs")


def show(number: str, code: str, *, mac: bool) -> tuple[str, str]:
    """A number of a cell as text, and why it cannot be read, or an empty text.

    `mac`: days are counted from 1904. What is no number at all is given as it stands.

    >>> show("46351", "m/d/yy", mac=False), show("118", "00000", mac=False), show("7.0155E9", "General", mac=False)
    (('2026-11-25', ''), ('00118', ''), ('7015500000', ''))
    """
    try:
        value = float(number)
    except ValueError:
        return number, ""
    if not isfinite(value) or code == HIDING:
        return "", ""
    if letters := _letters(code):
        text = _moment(value, letters, mac=mac)
        return (text, "") if text else (number, NO_DATE)
    if abs(value) >= 10**MOST_DIGITS:
        return number, TOO_LONG
    return (f"{_plain(value * 100)}%" if "%" in code else _patterned(_plain(value), code)), ""


def day_of(serial: str, *, mac: bool) -> str:
    """The date of a bare number that stands where a date is asked for; empty for any other number."""
    days = int(serial) if serial.isdecimal() and len(serial) == DIGITS_OF_A_DAY else 0
    epoch = MAC_BEGAN if mac else 0
    return _moment(days, "d", mac=mac) if days + epoch in BARE_SERIALS else ""


def _moment(days: float, letters: str, *, mac: bool) -> str:
    """A serial number as `yyyy-mm-dd`, with the time of day behind it where it has one, or as a
    time alone; empty for none."""
    if not 0 <= days < LAST_DAY:
        return ""
    seconds = round(days * DAY)
    if letters == ELAPSED_TIME:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
    first = datetime(1904, 1, 1) if mac else datetime(1899, 12, 31 if days < LEAP_BUG else 30)  # noqa: DTZ001 - no zone
    moment = first + timedelta(seconds=seconds)
    if days < 1 or ("h" in letters and not {"d", "y"} & set(letters)):
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if seconds % DAY == 0 else f"{moment:%Y-%m-%d %H:%M}"


def _plain(value: float) -> str:
    """A number without exponent and without what is only the error of binary fractions."""
    text = f"{value:.{MOST_DIGITS}g}"
    if "e" in text:
        text = f"{value:.{MOST_DIGITS}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _patterned(text: str, code: str) -> str:
    """A whole number by its pattern: leading zeros, and what is printed between the digits."""
    if not text.isdecimal() or "0" not in code or CONDITION.search(code) or PLAIN.search(code):
        return text
    pieces = PIECE.findall(BRACKETS.sub("", code.split(";", maxsplit=1)[0]))
    if not {".", "/", "E", "?"}.isdisjoint(pieces):
        return text
    first = min(pieces.index(place) for place in "0#" if place in pieces)
    shown, digits = "", text.zfill(pieces.count("0"))
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if piece in {"0", "#"}:
            kept = 0 if at == first else -1
            shown, digits = digits[kept:] + shown, digits[:kept]
        else:
            shown = _printed(piece) + shown
    return shown.strip()


def _printed(piece: str) -> str:
    """What a piece of a pattern prints that is no digit; a thousands separator prints nothing."""
    if piece[0] in "_*,":
        return ""
    return piece.strip('"') if piece[0] == '"' else piece[-1]
