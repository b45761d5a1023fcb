"""Feeds: deadlines and meetings as calendars to subscribe to, for the public, a role and a person.

Its one rule: a feed is made of the state alone, its stamps too, so that the same state gives the same bytes;
the public one says nothing that the pages do not say.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.mail.ical import PRODUCT, day, escaped, instant, written
from bot.office.office import Office
from bot.office.people import Person, Role
from bot.office.zone import zone_name
from bot.posting.pages import path_of
from bot.posting.public import Posting
from bot.posting.strip import PUBLIC_DEADLINES
from bot.posting.withhold import cleaner
from bot.workflow.change import ROLES, ChangeRequest, Meeting
from bot.workflow.deadline import OWNERS, Deadline

AHEAD = 12
"""Monthly Meetings that a feed announces; the last one stays until the next."""
NOON = 12
ONE_DAY = timedelta(days=1)
AT_MEETINGS = frozenset({Role.CRPM, Role.SME})
"""Roles that attend the meetings about a change request."""
STAFF = (Role.CMP_MANAGER, Role.GROUP_MANAGER, Role.CRPM, Role.DIRECTOR, Role.SME)


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline that runs, and the instant (aware) since which it does."""

    due: Deadline
    since: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An open change request or intake with the deadlines that run."""

    change: ChangeRequest
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar: a whole local day, or from one instant (aware) to another."""

    uid: str
    stamp: datetime
    start: date | datetime
    end: date | datetime
    summary: str
    description: str = ""
    url: str = ""
    place: str = ""


def public_feed(entries: Iterable[Entry], office: Office, today: date) -> bytes:
    """The Monthly Meetings, and what is due of every open change request as its page says it."""
    house = office.organisation
    events = [*_monthly(office, today)]
    for entry in entries:
        if entry.change.logged:
            clean = cleaner(entry.change)
            told = clean(f"{entry.change.title} ({entry.change.company})")
            events += [
                _due(entry.change, each, f"{entry.change.number}: {PUBLIC_DEADLINES[each.due.kind][1]}", told, office)
                for each in entry.running
                if each.due.kind in PUBLIC_DEADLINES
            ]
    return calendar(f"{house.name} CMP", events)


def cr_calendar(shown: Posting, stamp: datetime, office: Office) -> bytes:
    """What is ahead of one change request, as its page says it; empty where nothing is. The entries are those
    of the public feed, so that nobody gets one twice; `stamp` is when the last of it was recorded (aware)."""
    line = shown.line
    if not shown.ahead:
        return b""
    kinds = {words: kind.name.lower() for kind, (_, words) in PUBLIC_DEADLINES.items()}
    site, house = office.organisation.site_url.rstrip("/"), office.organisation
    url = f"{site}/{path_of(f'cr/{line.number}')}" if site else ""
    told = f"{line.title} ({line.company})"
    events = [
        Event(
            f"{line.number}-{kinds.get(due.step) or _file(due.step)}@{house.address.domain}",
            stamp,
            due.on,
            due.on + ONE_DAY,
            f"{line.number}: {due.step}",
            told,
            url,
        )
        for due in shown.ahead
        if due.on
    ]
    return calendar(f"{house.name} CMP: {line.number}", events) if events else b""


def calendar_path(number: str) -> str:
    """Where the calendar of a change request lies: beside its page.

    >>> calendar_path("PC112226-1")
    'cr/PC112226-1.ics'
    """
    return path_of(f"cr/{number}").removesuffix("html") + "ics"


def staff_feeds(entries: Iterable[Entry], office: Office, today: date) -> dict[str, bytes]:
    """A feed of each role and of each member of the staff, by its path: `crpm.ics`, `person/brandt.ics`."""
    found, monthly, house = tuple(entries), tuple(_monthly(office, today)), office.organisation.name
    made = {
        f"{_file(role)}.ics": calendar(f"{house} CMP: {role}", [*monthly, *_of(found, office, _owned_by(role))])
        for role in STAFF
    }
    for person in office.directory.people:
        events = [*monthly, *_of(found, office, _concerning(person))]
        made[f"person/{_file(person.id)}.ics"] = calendar(f"{house} CMP: {person.name}", events)
    return made


Chosen = Callable[[ChangeRequest], frozenset[Role]]
"""In which roles a change request concerns whoever a feed is for."""


def _owned_by(role: Role) -> Chosen:
    return lambda _: frozenset({role})


def _concerning(person: Person) -> Chosen:
    """The roles that a person has for a change request: those assigned, and those held for all."""
    standing = frozenset(role for role in person.roles if role not in ROLES.values())

    def roles(change: ChangeRequest) -> frozenset[Role]:
        return standing | {role for key, role in ROLES.items() if person.id in change.people.get(key, ())}

    return roles


def _of(entries: Iterable[Entry], office: Office, chosen: Chosen) -> Iterator[Event]:
    for entry in entries:
        change = entry.change
        roles = chosen(change)
        told = f"{change.title} ({change.company}), step {change.step.value}"
        for each in entry.running:
            if roles & {*OWNERS[each.due.kind]}:
                yield _due(change, each, f"{change.number}: {each.due.kind.value}", told, office)
        if change.meeting and not change.meeting.cancelled and roles & AT_MEETINGS:
            yield _gathering(change, change.meeting, told, office)


def _due(change: ChangeRequest, running: Running, summary: str, told: str, office: Office) -> Event:
    on = running.due.extended_to or running.due.due
    planned = (
        f"\nPlanned for {running.due.due:%m/%d/%Y}; a later date was agreed on." if running.due.extended_to else ""
    )
    uid = f"{change.number}-{running.due.kind.name.lower()}@{office.organisation.address.domain}"
    return Event(uid, running.since, on, on + ONE_DAY, summary, told + planned, _page(change, office))


def _gathering(change: ChangeRequest, meeting: Meeting, told: str, office: Office) -> Event:
    """A meeting about a change request. It has a stamp of its own: a week before it, as nobody knows the
    instant at which it was agreed."""
    return Event(
        f"{change.number}-meeting-{meeting.n}@{office.organisation.address.domain}",
        meeting.at - timedelta(days=7) + timedelta(seconds=meeting.sequence),
        meeting.at,
        meeting.at + timedelta(minutes=meeting.minutes),
        f"{change.number}: Clarification Meeting",
        told,
        _page(change, office),
        meeting.place,
    )


def _monthly(office: Office, today: date) -> Iterator[Event]:
    """The last Monthly Meeting and those ahead. Their rule is older than any of them: they are stamped with
    the first of their month, a year before."""
    rule, zone = office.calendar.meeting, office.calendar.zone
    at = f"{rule.at.hour % NOON or NOON}:{rule.at.minute:02} {'AM' if rule.at.hour < NOON else 'PM'}"
    first = today.year * 12 + today.month - 2
    for ordinal in range(first, first + AHEAD + 2):
        year, month = ordinal // 12, ordinal % 12 + 1
        on = rule.date_in(year, month)
        yield Event(
            f"monthly-{year:04}-{month:02}@{office.organisation.address.domain}",
            datetime(year - 1, month, 1, tzinfo=UTC),
            on,
            on + ONE_DAY,
            f"Monthly CMP Meeting, {at} {zone_name(zone, on)}",
            url=office.organisation.site_url,
        )


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A calendar to subscribe to (RFC 5545), its entries by date; clients look again after an hour."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    for event in sorted(events, key=lambda each: (_day(each.start), each.uid)):
        lines += _lines(event)
    return written([*lines, "END:VCALENDAR"])


def _day(start: date | datetime) -> str:
    return instant(start) if isinstance(start, datetime) else day(start)


def _lines(event: Event) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{instant(event.stamp)}")
    for name, at in (("DTSTART", event.start), ("DTEND", event.end)):
        yield f"{name}:{instant(at)}" if isinstance(at, datetime) else f"{name};VALUE=DATE:{day(at)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.place:
        yield f"LOCATION:{escaped(event.place)}"
    if event.url:
        yield f"URL:{event.url}"
    if not isinstance(event.start, datetime):
        yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _page(change: ChangeRequest, office: Office) -> str:
    site = office.organisation.site_url.rstrip("/")
    return f"{site}/{path_of(f'cr/{change.number}')}" if site and change.logged else ""


def _file(name: str) -> str:
    """A role or an id as the name of a file: letters, digits and dashes."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split()) or "nobody"
