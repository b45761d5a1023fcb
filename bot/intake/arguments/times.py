"""Times of day and durations: `10:00`, `2:30 PM`, `14h`, `noon MT`, `1h30`, `90 min`.

Its one rule: times are of the office's own zone. Another zone is asked back, and so is `2:30`, which
nobody means for the night and nobody wrote for the afternoon.
"""

import re
from datetime import date, time, tzinfo

from bot.intake.arguments.unclear import Unclear
from bot.office.zone import zone_name

FLAGS = re.ASCII | re.IGNORECASE
NOON = 12
HOUR = 60
DAY = 24 * HOUR
EARLIEST = 7
"""Hours before this one are written with a leading zero, or meant for the afternoon."""
SHORTEST, LONGEST = 5, 480
"""Minutes that a meeting may take."""

HALF = r"\s*([ap])\.?m\b\.?"
END = r"(?![\w-])(?!\.\d)"
LED_BY = re.compile(r"\A[\s,;]*(?:(?:at|from)\s+|@\s*|T(?=\d))?", FLAGS)
SPAN = re.compile(
    rf"(\d{{1,2}})(?:[:.](\d\d))?(?:{HALF})?\s*(?:-|\u2013|to\b|until\b|till\b)\s*(\d{{1,2}})(?:[:.](\d\d))?(?:{HALF})?{END}",
    FLAGS,
)
CLOCK = re.compile(rf"(\d{{1,2}})[:.](\d\d)(?:{HALF})?(?:\s*(?:h|hrs|hours))?{END}", FLAGS)
HOURS = re.compile(rf"(\d{{1,2}})(?:{HALF}|\s*o'clock{HALF}){END}", FLAGS)
FRENCH = re.compile(rf"(\d{{1,2}})\s?h(\d\d)?{END}", FLAGS)
FOUR = re.compile(rf"(\d\d)([0-5]\d)\s?(?:h|hrs|hours){END}", FLAGS)
MIDDAY = re.compile(rf"(?:12\s+)?(?:noon|midday){END}", FLAGS)

FAMILIES = {
    "eastern": frozenset({"et", "est", "edt"}),
    "central": frozenset({"ct", "cst", "cdt"}),
    "mountain": frozenset({"mt", "mst", "mdt"}),
    "pacific": frozenset({"pt", "pst", "pdt"}),
    "alaska": frozenset({"akt", "akst", "akdt"}),
    "hawaii": frozenset({"ht", "hst"}),
}
OTHERS = frozenset({"utc", "gmt", "cet", "cest", "bst", "ist", "jst", "wet", "eet", "msk", "aest", "z"})
ZONE = re.compile(
    rf"[\s,]*\(?((?:{'|'.join(sorted({*FAMILIES, *OTHERS, *frozenset().union(*FAMILIES.values())}))}))"
    rf"(?:\s+(?:standard\s+|daylight\s+)?time)?\)?{END}",
    FLAGS,
)
ELSEWHERE = re.compile(r"[\s,]*\(?([a-z]{2,20}(?:\s[a-z]{2,20})?)\s+time\b\)?", FLAGS)
"""`London time`; the zone of the office is a ZONE."""
STREET = r"(?!\s+(?:[\w.]+\s+){1,3}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|way|lane|ln|floor)\b)"
LENGTHS = (
    re.compile(rf"(?P<h>\d{{1,2}})\s?h(?P<m>\d\d){END}", FLAGS),
    re.compile(
        r"(?P<h>\d{1,2}(?:[.,]\d{1,2})?|half\s+an|an?)\s*-?\s*(?:hours?|hrs?|h)\b\.?"
        r"(?:[\s,]*(?:and\s+)?(?P<m>\d{1,2})\s*(?:minutes?|mins?|m)\b\.?)?",
        FLAGS,
    ),
    re.compile(r"(?P<m>\d{1,4})\s*-?\s*(?:minutes?|mins?|m)\b\.?", FLAGS),
    re.compile(rf"(?P<m>[1-9]\d?[05]|[1-9][05]){END}{STREET}", FLAGS),
)
"""The last is a bare number of minutes, as `60`; the number of a house is none."""
LED_BY_FOR = re.compile(r"\A[\s,;]*(?:for\s+)?\(?", FLAGS)


def take_time(text: str, day: date, zone: tzinfo) -> tuple[time, int | None, str] | None:
    """The time that opens a text, the minutes where it says when it ends (`10:00-11:30`), and what follows;
    None where none opens it. `day` is the date it is meant for. Raises Unclear."""
    text = LED_BY.sub("", text, count=1)
    span = SPAN.match(text)
    if span and (span[2] or span[3] or span[5] or span[6]):
        start, minutes = _span(span)
        return start, minutes, _past_zone(text, span, day, zone)
    if found := MIDDAY.match(text):
        return time(NOON), None, _past_zone(text, found, day, zone)
    for shape in (CLOCK, HOURS, FRENCH, FOUR):
        if found := shape.match(text):
            return _read(found, shape), None, _past_zone(text, found, day, zone)
    return None


def take_minutes(text: str) -> tuple[int, str] | None:
    """The duration that opens a text, in minutes, and what follows; None where none opens it."""
    text = LED_BY_FOR.sub("", text, count=1)
    for shape in LENGTHS:
        if found := shape.match(text):
            minutes = _hours(found.groupdict().get("h") or "0") + int(found["m"] or 0)
            if not SHORTEST <= minutes <= LONGEST:
                raise Unclear(f"A meeting of {found[0].strip()} is hardly meant: {SHORTEST} minutes to 8 hours.")
            return minutes, text[found.end() :].removeprefix(")")
    return None


def _read(found: re.Match[str], shape: re.Pattern[str]) -> time:
    if shape is HOURS:
        return _time(found[1], "0", found[2] or found[3], found[0])
    return _time(found[1], found[2] or "0", found[3] if shape is CLOCK else None, found[0], clear=shape is not CLOCK)


def _time(hour: str, minute: str, half: str | None, written: str, *, clear: bool = False) -> time:
    hours, minutes = int(hour), int(minute)
    if minutes >= HOUR or hours >= DAY // HOUR or (half and not 1 <= hours <= NOON):
        raise Unclear(f"There is no such time as {written.strip()}.")
    if half:
        return time(hours % NOON + (NOON if half.lower() == "p" else 0), minutes)
    if 0 < hours < EARLIEST and not hour.startswith("0") and not clear:
        raise Unclear(f"{written.strip()} could be {hours}:{minutes:02} AM or {hours}:{minutes:02} PM. Which one?")
    return time(hours, minutes)


def _span(span: re.Match[str]) -> tuple[time, int]:
    """From when, and for how many minutes. What is said once, AM or PM, counts for both, unless the end
    would then lie before the start: `11-1 PM` begins in the morning."""
    written = span[0]
    end = _time(span[4], span[5] or "0", span[6] or (span[3] if int(span[4]) >= int(span[1]) else None), written)
    start = _time(span[1], span[2] or "0", span[3] or span[6], written)
    if start >= end and span[6] and not span[3]:
        start = _time(span[1], span[2] or "0", "a", written)
    minutes = (end.hour - start.hour) * HOUR + end.minute - start.minute
    if not SHORTEST <= minutes <= LONGEST:
        raise Unclear(f"{written.strip()} is no time for a meeting: it must end after it begins, within 8 hours.")
    return start, minutes


def _past_zone(text: str, found: re.Match[str], day: date, zone: tzinfo) -> str:
    """What follows a time and its zone; Unclear where that is not the office's."""
    rest = text[found.end() :]
    named = ZONE.match(rest) or ELSEWHERE.match(rest)
    if named is None:
        return rest
    own = zone_name(zone, day)
    family = FAMILIES.get(own.split()[0].lower(), frozenset())
    word = named[1].lower()
    if word in family or word in {own.split()[0].lower(), own.lower()}:
        return rest[named.end() :]
    if word == "z":  # a single letter may open the place
        return rest
    raise Unclear(f"Times are {own} here, not {named[1]}. Please write {found[0].strip()} in {own}.")


def _hours(words: str) -> int:
    if words[0].isdigit():
        return round(float(words.replace(",", ".")) * HOUR)
    return HOUR // 2 if words.lower().startswith("half") else HOUR
