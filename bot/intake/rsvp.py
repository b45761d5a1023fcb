"""RSVP: what a calendar answers to an invitation of ours (RFC 5546 sections 3.2.3 and 3.2.7).

Its one rule: whatever a calendar wrote is read within bounds, and what cannot be read is left out;
whether its sender may speak for the attendee is not asked here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime, timedelta

from bot.intake.request import Partstat, Rsvp
from bot.mail.charset import clean_body, one_line
from bot.mail.invite import read_uid
from bot.mail.message import Attachment, Message

CALENDARS = frozenset({"text/calendar", "application/ics"})
BESIDE = ("image/", "text/vcard", "application/pkcs7-signature", "application/pgp-signature")
"""What may come along with an answer; any other file makes the mail something else."""
ANSWERS = frozenset({"REPLY", "COUNTER"})
LARGEST = 64 * 1024
"""Octets; a long answer has three."""
MOST_LINES = 2_000
LONGEST_COMMENT = 1_000
LONGEST_SEQUENCE = 6
FOLD = re.compile(r"\n[ \t]")
LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:])*)*):(.*)')
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:])*)')
ESCAPE = re.compile(r"\\(.)")
LOCAL = re.compile(r"(\d{8}T\d{6})(Z?)")
OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?")
ORDINAL = re.compile(r"([+-]?[1-5])(SU|MO|TU|WE|TH|FR|SA)")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MONTHS = 12
OUTLOOK = "microsoft"
"""QUIRK: Outlook may leave the note of an attendee in the mail's text alone, where nothing else stands;
Google and Apple fill the text with words of their own."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One content line, unfolded: name and parameters in capitals, the value as written."""

    name: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class _Component:
    """A component with the lines and components directly in it."""

    name: str
    lines: list[_Line] = field(default_factory=list)
    parts: list["_Component"] = field(default_factory=list)

    def first(self, name: str) -> _Line | None:
        """The first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """The value of the first line of a name; empty where there is none."""
        line = self.first(name)
        return line.value.strip() if line else ""


def rsvp_in(message: Message) -> Rsvp | None:
    """The answer to an invitation of ours that a mail brings; None for any other mail, and for one with
    further files. Raises nothing for anything that a sender can do."""
    calendars = [file for file in message.attachments if file.content_type in CALENDARS]
    if not calendars or any(not _beside(file) for file in message.attachments):
        return None
    return next((rsvp for file in calendars if (rsvp := _read(file.content, message)) is not None), None)


def _beside(file: Attachment) -> bool:
    return file.content_type in CALENDARS or file.content_type.startswith(BESIDE)


def _read(content: bytes, message: Message) -> Rsvp | None:
    calendar = _calendar(content)
    if calendar is None or (method := calendar.value("METHOD").upper()) not in ANSWERS:
        return None
    event = next((part for part in calendar.parts if part.name == "VEVENT"), None)
    if event is None or read_uid(event.value("UID")) is None:
        return None
    attendee = _attendee(event, message.sender.email if message.sender else "")
    if attendee is None:
        return None
    sequence = event.value("SEQUENCE")
    partstat = attendee.parameters.get("PARTSTAT", "").upper()
    starts = event.first("DTSTART")
    proposes = method == "COUNTER"
    return Rsvp(
        uid=event.value("UID"),
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) <= LONGEST_SEQUENCE else 0,
        partstat=Partstat(partstat) if partstat in {*Partstat} else Partstat.NEEDS_ACTION,
        attendee=_address(attendee),
        comment=_comment(calendar, event, message),
        proposes=proposes,
        proposed=_instant(starts, calendar) if proposes and starts else None,
        delegate=_bare(attendee.parameters.get("DELEGATED-TO", "")),
    )


def _attendee(event: _Component, sender: str) -> _Line | None:
    """The attendee who answers: of several, as when one names another in their place, the sender."""
    named = [line for line in event.lines if line.name == "ATTENDEE"]
    return next((line for line in named if _address(line) == sender), named[0] if named else None)


def _address(line: _Line) -> str:
    """QUIRK: Apple may name an attendee by a `urn:uuid:` or a path, with the address beside it."""
    found = _bare(line.value)
    return found if "@" in found else _bare(line.parameters.get("EMAIL", ""))


def _bare(written: str) -> str:
    """`MAILTO:Kim@X.example` as `kim@x.example`."""
    return one_line(written).strip(' "').lower().removeprefix("mailto:").strip()


def _comment(calendar: _Component, event: _Component, message: Message) -> str:
    said = _plain(event.value("COMMENT"))
    if not said and OUTLOOK in calendar.value("PRODID").lower():
        said = message.own_text.strip()
    return said[:LONGEST_COMMENT]


def _plain(value: str) -> str:
    """A TEXT value without its escapes (RFC 5545 section 3.3.11)."""
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _instant(line: _Line, calendar: _Component) -> datetime | None:
    """The instant in a line; None for a mere day, and for a time whose zone the calendar does not explain."""
    found = LOCAL.fullmatch(line.value.strip())
    local = _local(found[1]) if found else None
    if found is None or local is None:
        return None
    if found[2]:
        return local.replace(tzinfo=UTC)
    wanted = line.parameters.get("TZID", "").strip('"')
    zone = next((each for each in calendar.parts if each.name == "VTIMEZONE" and each.value("TZID") == wanted), None)
    offset = _offset(zone, local) if zone else None
    try:
        return None if offset is None else (local - offset).replace(tzinfo=UTC)
    except OverflowError:
        return None


def _offset(zone: _Component, local: datetime) -> timedelta | None:
    """How far a zone is ahead of UTC at a local time, as the calendar itself explains it (section 3.6.5): so
    Windows' names of zones need no table. None where an explanation is beyond us."""
    latest: tuple[datetime, timedelta] | None = None
    for part in zone.parts:
        starts, offset = _local(part.value("DTSTART")), _ahead(part.value("TZOFFSETTO"))
        if starts is None or offset is None:
            return None
        rule = dict(piece.split("=", 1) for piece in part.value("RRULE").upper().split(";") if "=" in piece)
        if rule and not _yearly(rule):
            return None
        ends = _local(rule.get("UNTIL", "").removesuffix("Z"))
        found = [onset for year in (local.year - 1, local.year) if (onset := _onset(starts, rule, year))]
        for onset in found if rule else [starts]:
            passed = starts <= onset <= local and (ends is None or onset <= ends + timedelta(days=1))
            if passed and (latest is None or onset >= latest[0]):
                latest = onset, offset
    return latest[1] if latest else None


def _yearly(rule: Mapping[str, str]) -> bool:
    month, day = rule.get("BYMONTH", ""), rule.get("BYDAY", "")
    known = rule.keys() <= {"FREQ", "BYMONTH", "BYDAY", "UNTIL", "INTERVAL", "WKST"}
    readable = month.isdecimal() and len(month) <= len("12") and 1 <= int(month) <= MONTHS and ORDINAL.fullmatch(day)
    return known and rule.get("FREQ") == "YEARLY" and rule.get("INTERVAL", "1") == "1" and bool(readable)


def _onset(starts: datetime, rule: Mapping[str, str], year: int) -> datetime | None:
    """When a rule sets in in a year: `BYMONTH=11;BYDAY=1SU` is the first Sunday of November."""
    found = ORDINAL.fullmatch(rule.get("BYDAY", ""))
    if found is None or not 1 <= year < MAXYEAR:
        return None
    nth, weekday, month = int(found[1]), WEEKDAYS.index(found[2]), int(rule["BYMONTH"])
    if nth > 0:
        first = starts.replace(year=year, month=month, day=1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        after = starts.replace(year=year + month // MONTHS, month=month % MONTHS + 1, day=1)
        last = after - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return day if day.month == month else None


def _local(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local, as calendars write it
    except ValueError:
        return None


def _ahead(written: str) -> timedelta | None:
    found = OFFSET.fullmatch(written)
    if found is None:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -ahead if found[1] == "-" else ahead


def _calendar(content: bytes) -> _Component | None:
    """The VCALENDAR in a text, its components as deep as an answer needs them; None where there is none."""
    if len(content) > LARGEST:
        return None
    root = _Component("")
    open_ones = [root]
    for line in _lines(content):
        if line.name == "BEGIN":
            made = _Component(line.value.strip().upper())
            open_ones[-1].parts.append(made)
            open_ones.append(made)
        elif line.name == "END":
            if len(open_ones) > 1 and open_ones[-1].name == line.value.strip().upper():
                open_ones.pop()
        else:
            open_ones[-1].lines.append(line)
    return next((part for part in root.parts if part.name == "VCALENDAR"), None)


def _lines(content: bytes) -> Iterator[_Line]:
    for written in FOLD.sub("", _decoded(content)).split("\n", MOST_LINES)[:MOST_LINES]:
        if found := LINE.fullmatch(written):
            given = {name.upper(): value for name, value in PARAMETER.findall(found[2])}
            yield _Line(found[1].upper(), given, found[3])


def _decoded(content: bytes) -> str:
    """QUIRK: UTF-8 is the rule (RFC 5545 section 3.1.4); old Outlook wrote in the code page of Windows."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return clean_body(text)
