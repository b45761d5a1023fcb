"""Dates as people write them behind a verb: `12/03/2026`, `Wed 3 Dec`, `tomorrow`, `next Wednesday`.

Its one rule: a date is read one way only, in US order; one that could be another, is impossible, or
contradicts its weekday is asked back with both readings. A year left out is the nearest on the side to
which the verb looks; where that is most of a year away while the other side is near, it is asked back.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum

from bot.intake.arguments.unclear import Unclear
from bot.intake.value.dates import CENTURY, LAST_MONTH, YEARS

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = 7
TOO_FAR = 300
"""Days. A date without a year that lies farther off was more likely meant for the year beside it."""
LEAP = 8
"""Years within which every date of the calendar comes at least once."""

Parts = tuple[int | None, int, int]
"""Year, if any, month and day as written."""

FLAGS = re.ASCII | re.IGNORECASE
END = r"(?=$|[\s,;)(]|[:.!](?:\s|$))"
YEAR = r"(?:(?:,?\s+|\s*-\s*)((?:19|20)\d\d)|(?:,\s*|\s*'|-)(\d\d)(?!\s*(?:[ap]\.?m\b|h\b|o'clock|noon)))?"
WORD = re.compile(rf"(today|tomorrow|yesterday){END}", FLAGS)
DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
WEEKDAY = re.compile(
    rf"(?:(next|this|last|coming)\s+)?(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?{END},?\s*",
    FLAGS,
)
BESIDE = re.compile(r"\s*\((mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?\)", FLAGS)
ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:{END}|(?=T\d))", FLAGS)
FIGURES = re.compile(rf"(\d{{1,2}})\s?([-/.])\s?(\d{{1,2}})(?:\s?\2\s?(\d{{4}}|\d\d))?{END}", FLAGS)
MONTH_FIRST = re.compile(rf"([a-z]{{3,9}})\.?[\s-]*(\d{{1,2}})(?:st|nd|rd|th)?(?!\d){YEAR}{END}", FLAGS)
DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?([a-z]{{3,9}})\.?{YEAR}{END}", FLAGS)
LED_BY = re.compile(r"\A[\s,]*(?:on\s+)?", FLAGS)
SCANNED = 200
"""Characters in which a date behind other words is looked for."""


class Looking(Enum):
    """Where a verb's date lies: a meeting is ahead, what is recorded lies back; today is both."""

    AHEAD = 1
    BACK = -1


def in_words(day: date) -> str:
    """A date in full.

    >>> in_words(date(2026, 12, 3))
    'Thursday, December 3, 2026'
    """
    return f"{WEEKDAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_number(word: str) -> int:
    """The number of a month by its name or the beginning of it; 0 for no month."""
    short = "sep" if word.lower() == "sept" else word.lower()
    return next((at for at, name in enumerate(MONTHS, 1) if name.lower().startswith(short)), 0) if short[2:] else 0


def take_date(text: str, today: date, looking: Looking) -> tuple[date, str] | None:
    """The date that opens a text, and what follows it; None where none opens it. Raises Unclear for a
    date that is none, could be two, or lies on the wrong side of today."""
    text = LED_BY.sub("", text, count=1)
    if word := WORD.match(text):
        return _on_its_side(today + timedelta(DAYS_FROM_TODAY[word[1].lower()]), today, looking), text[word.end() :]
    named = WEEKDAY.match(text)
    rest = text[named.end() :] if named else text
    found = _figures(rest)
    if found is None:
        if named is None:
            return None
        return _weekday(named, today, looking), text[named.end() :]
    readings, end = found
    written, rest = rest[:end], rest[end:]
    wanted = _index(named[2]) if named else None
    if beside := BESIDE.match(rest):
        wanted, rest = _index(beside[1]), rest[beside.end() :]
    return _on_its_side(_one(readings, written, wanted, today, looking), today, looking), rest


def split_at_date(text: str, today: date, looking: Looking) -> tuple[str, date, str] | None:
    """What stands before the first date in a text, the date, and what follows it; None without any."""
    for at in (0, *(space.end() for space in re.finditer(r"[\s:,]+", text[:SCANNED]))):
        if found := take_date(text[at:], today, looking):
            return text[:at].strip(" :,\n"), *found
    return None


def _index(short: str) -> int:
    return next(at for at, name in enumerate(WEEKDAYS) if name.lower().startswith(short[:3].lower()))


def _figures(text: str) -> tuple[list[Parts], int] | None:
    """The ways to read the date that opens a text, and where it ends."""
    if found := ISO.match(text):
        return [(int(found[1]), int(found[3]), int(found[4]))], found.end()
    if found := FIGURES.match(text):
        year = _year(found[4] or "")
        first, second = int(found[1]), int(found[3])
        doubtful = found[2] == "." and second <= LAST_MONTH and first != second
        if first > LAST_MONTH:
            return [(year, second, first)], found.end()
        return [(year, first, second), (year, second, first)][: 1 + doubtful], found.end()
    if (found := MONTH_FIRST.match(text)) and (month := month_number(found[1])):
        return [(_year(found[3] or found[4] or ""), month, int(found[2]))], found.end()
    if (found := DAY_FIRST.match(text)) and (month := month_number(found[2])):
        return [(_year(found[3] or found[4] or ""), month, int(found[1]))], found.end()
    return None


def _year(figures: str) -> int | None:
    return int(figures) + (CENTURY if len(figures) == len("26") else 0) if figures else None


def _one(readings: list[Parts], written: str, wanted: int | None, today: date, looking: Looking) -> date:
    """The one date that something written can be; Unclear where there is none or are two."""
    possible = [day for reading in readings if (day := _dated(reading, written, today, looking))]
    if not possible:
        raise Unclear(f"There is no such date as {written.strip()}.")
    fitting = possible if wanted is None else [day for day in possible if day.weekday() == wanted]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Unclear(f"{written.strip()} could be {_either(fitting)}. Which one?")
    (day, *_), weekday = possible, wanted or 0
    other = day + timedelta(weekday - day.weekday())
    raise Unclear(
        f"{written.strip()} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[weekday]}. Is it {_either([day, other])}?"
    )


def _dated(reading: Parts, written: str, today: date, looking: Looking) -> date | None:
    year, month, day = reading
    if year is not None:
        return _possible(year, month, day)
    near = [_possible(today.year + offset, month, day) for offset in range(-LEAP, LEAP + 1)]
    days = [one for one in near if one is not None]
    ahead, back = (one for one in days if one >= today), (one for one in reversed(days) if one <= today)
    meant, other = (next(way, None) for way in ((ahead, back) if looking is Looking.AHEAD else (back, ahead)))
    if meant and other and abs((meant - today).days) > TOO_FAR:
        raise Unclear(f"{written.strip()} could be {_either([other, meant])}. Please write the year.")
    return meant


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _weekday(named: re.Match[str], today: date, looking: Looking) -> date:
    """A weekday without a date: the nearest on its side. `next` and `last` may skip one or not, and the
    name of today's own weekday may mean today: asked back where that makes two dates."""
    which, wanted = (named[1] or "").lower(), _index(named[2])
    forward = (wanted - today.weekday()) % WEEK
    if which in {"next", "last"} and (which == "next") is not (looking is Looking.AHEAD):
        raise Unclear(f"{named[0].strip(' ,')} cannot be meant here: the date must {_must(looking)}.")
    week = timedelta(WEEK)
    if looking is Looking.AHEAD:
        near = today + timedelta(forward or WEEK)
        far = today + timedelta(wanted - today.weekday()) + week
    else:
        near = today - timedelta((-forward) % WEEK or WEEK)
        far = today + timedelta(wanted - today.weekday()) - week
    possible = {near, far} if which in {"next", "last"} else {near}
    if not forward and not which:
        possible.add(today)
    if len(possible) > 1:
        raise Unclear(f"{named[0].strip(' ,')} could be {_either(sorted(possible))}. Which one?")
    return today if which == "this" and not forward else near


def _on_its_side(day: date, today: date, looking: Looking) -> date:
    if (day - today).days * looking.value < 0:
        raise Unclear(f"{in_words(day)} {'has passed' if looking is Looking.AHEAD else 'is still to come'}.")
    return day


def _must(looking: Looking) -> str:
    return "be today or later" if looking is Looking.AHEAD else "not be in the future"


def _either(days: Iterable[date]) -> str:
    return " or ".join(map(in_words, days))
