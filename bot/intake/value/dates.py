"""Dates as people write them on forms. Its one rule: US order, and no date rather than a doubtful one."""

import re
from datetime import date
from enum import StrEnum

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BESIDE = re.compile(
    r"\([^()]{0,80}\)"
    r"|\b(?:revised|submitted|updated|rev)\b\.?"
    r"|[,;]?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*[a-z]{1,2}t\b)?"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?",
    re.IGNORECASE,
)
"""What may stand beside a date without changing it: a remark, a time of day, the day of the week."""

OURS = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t[\d:.]*z?)?", re.IGNORECASE)
FIGURES = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?[\s,-]+(\d{4}|\d{2})", re.IGNORECASE)
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?([a-z]{3,9})\.?[\s,-]+(\d{4}|\d{2})", re.IGNORECASE)
CENTURY = 2000
YEARS = range(1980, 2100)
LAST_MONTH = 12


class Order(StrEnum):
    """The order in which dates of mere figures were declared to be written."""

    MONTH_FIRST = "month-first"
    DAY_FIRST = "day-first"


def iso_date(text: str, order: Order | None = None) -> str | None:
    """A date as `yyyy-mm-dd`, or None for anything else and for anything doubtful; where an `order` was declared,
    figures are not.

    >>> iso_date("11-19-26 (Revised)"), iso_date("20-Nov-2026"), iso_date("soon")
    ('2026-11-19', '2026-11-20', None)
    >>> iso_date("1/2/2003"), iso_date("01.02.2003"), iso_date("01.02.2003", Order.DAY_FIRST)
    ('2003-01-02', None, '2003-02-01')
    """
    bare = " ".join(BESIDE.sub(" ", text[:200]).split()).strip(" ,;")
    if found := ISO.fullmatch(bare):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := FIGURES.fullmatch(bare):
        return _figures(int(found[1]), int(found[3]), found[2], _year(found[4]), order)
    if found := MONTH_FIRST.fullmatch(bare):
        return _date(_year(found[3]), _month(found[1]), int(found[2]))
    if found := DAY_FIRST.fullmatch(bare):
        return _date(_year(found[3]), _month(found[2]), int(found[1]))
    return None


def us_order(text: str) -> str:
    """A date of ours as US forms write it, `11/20/2026` for `2026-11-20`; any other text as it is."""
    found = OURS.fullmatch(text)
    return f"{found[2]}/{found[3]}/{found[1]}" if found else text


def _figures(first: int, second: int, separator: str, year: int, order: Order | None) -> str | None:
    """Month before day, as in the US; 25/11/2026 can only be meant the other way round, and
    11.12.2026 could be either."""
    if first > LAST_MONTH or (order is Order.DAY_FIRST and second <= LAST_MONTH):
        first, second = second, first
    elif order is None and separator == "." and second <= LAST_MONTH and first != second:
        return None
    return _date(year, first, second)


def _year(figures: str) -> int:
    return int(figures) + (CENTURY if len(figures) <= len("26") else 0)


def _month(word: str) -> int:
    """The number of a month by the first three letters of its name; 0 for no month."""
    short = word[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in YEARS else None
    except ValueError:
        return None
