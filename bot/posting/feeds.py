"""Feeds: deadlines and meetings as calendars to subscribe to, for the public, a role and a person.

Its one rule: a feed is made of the state alone, its stamps too, so that the same state gives the same bytes;
the public one says nothing that the pages do not say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter

from bot.mail.ical import PRODUCT, day, escaped, instant, written
from bot.office.office import Office
from bot.office.people import Role
from bot.posting.pages import MEETINGS, path_of
from bot.posting.public import Posting, Record
from bot.posting.rows import recorded
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.agenda import starts_at
from bot.workflow.change import ROLES, ChangeRequest, Meeting
from bot.workflow.deadline import OWNERS, Deadline

PUBLIC_FEED = "feeds/public.ics"
AHEAD = 12
"""Monthly Meetings that a feed announces; the last one stays until the next."""
UNSAID = 60
"""Minutes that a Monthly Meeting is booked for where nobody has said how long it takes."""
ONE_DAY = timedelta(days=1)
AT_MEETINGS = frozenset({Role.CRPM, Role.SME})
"""Roles that attend the meetings about a change request."""
KINDS = {words: kind.name.lower() for kind, (_, words) in PUBLIC_DEADLINES.items()}
"""What an entry of the public's is called in its name, by its words; the staff's are called the same."""
LATER = "\nPlanned for {:%m/%d/%Y}; a later date was agreed on."
CARRIED = "\nPlanned for {:%m/%d/%Y}; it is carried on from there."
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


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry of calendars, in its lines: where it sorts, whether it is the public's, and in the calendars of
    which roles and of which of the people assigned it stands."""

    at: str
    lines: str
    public: bool = True
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def public_dates(record: Record, shown: Posting, office: Office) -> Iterator[Dated]:
    """What is planned for a change request and not met, as its page says it, whether its date is over or not: no clock
    decides here. All of it is stamped with when the last public row was recorded: no plan changes without one."""
    line, domain = shown.line, office.organisation.address.domain
    stamps = (recorded(row) for row in record.rows if row.public)
    stamp = max(stamps, default=record.change.received_at)
    plans = {plan.name: plan for stage in shown.stages for plan in stage.plans}
    for due in shown.ahead:
        if due.on is None:
            continue
        told, plan = f"{line.title} ({line.company})", plans.get(due.step)
        if plan and plan.extended == due.on:
            told += (CARRIED if plan.missed else LATER).format(plan.planned)
        meeting = next((one for one in shown.meetings if one.at and (one.what, one.on) == (due.step, due.on)), None)
        start: date | datetime = meeting.at if meeting and meeting.at else due.on
        end = start + (timedelta(minutes=meeting.minutes) if meeting else ONE_DAY)
        uid = f"{line.number}-{KINDS.get(due.step) or _file(due.step)}@{domain}"
        summary, page = f"{line.number}: {due.step}", _page(record.change, office)
        yield _dated(Event(uid, stamp, start, end, summary, told, page))


def staff_dates(entry: Entry, office: Office) -> Iterator[Dated]:
    """What runs about a change request or intake, for those of the staff whom it concerns."""
    change = entry.change
    told = f"{change.title} ({change.company}), step {change.step.value}"
    for each in entry.running:
        event = _due(change, each, f"{change.number}: {each.due.kind.value}", told, office)
        yield _dated(event, OWNERS[each.due.kind], change)
    if change.meeting and not change.meeting.cancelled:
        yield _dated(_gathering(change, change.meeting, told, office), AT_MEETINGS, change)


def public_feed(found: Iterable[Dated], office: Office, today: date) -> bytes:
    """The Monthly Meetings, and what is planned for every open change request as its page says it. Where they are
    is for those who attend: the number of a bridge is nobody else's."""
    name = f"{office.organisation.name} CMP"
    monthly = (replace(each, place="") for each in _monthly(office, today))
    return _calendar(name, [*map(_dated, monthly), *(each for each in found if each.public)])


def cr_calendar(record: Record, shown: Posting, office: Office) -> bytes:
    """What is planned for one change request; empty where nothing is. The entries are those of the public feed, so
    that nobody gets one twice."""
    found = [*public_dates(record, shown, office)]
    return _calendar(f"{office.organisation.name} CMP: {shown.line.number}", found) if found else b""


def staff_feeds(found: Iterable[Dated], office: Office, today: date) -> Iterator[tuple[str, bytes]]:
    """A feed of each role and of each member of the staff, one after the other, by its path: `crpm.ics`,
    `person/brandt.ics`. A person has what they are assigned to, and what their other roles answer for."""
    people, house = office.directory.people, office.organisation.name
    monthly = [*map(_dated, _monthly(office, today))]
    of_role: dict[str, list[Dated]] = {role.value: [*monthly] for role in STAFF}
    of_person = {person.id: [*monthly] for person in people}
    standing = {
        role.value: [person.id for person in people if role in person.roles and role not in ROLES.values()]
        for role in STAFF
    }
    for each in found:
        if not each.public:
            for role in each.roles:
                of_role[role].append(each)
            for person_id in {*each.people, *(one for role in each.roles for one in standing[role])}:
                if person_id in of_person:
                    of_person[person_id].append(each)
    for role, events in of_role.items():
        yield f"{_file(role)}.ics", _calendar(f"{house} CMP: {role}", events)
    for person in people:
        yield f"person/{_file(person.id)}.ics", _calendar(f"{house} CMP: {person.name}", of_person[person.id])


def _dated(event: Event, roles: Iterable[Role] = (), change: ChangeRequest | None = None) -> Dated:
    """An event in its lines; without a change request it is for everybody."""
    lines = written(_lines(event)).decode()
    if change is None:
        return Dated(_day(event.start), lines)
    assigned: Mapping[str, tuple[str, ...]] = change.people
    people = (one for key, role in ROLES.items() if role in roles for one in assigned.get(key, ()))
    names = tuple(role.value for role in STAFF if role in roles)
    return Dated(_day(event.start), lines, False, names, tuple(dict.fromkeys(people)))


def calendar_path(number: str) -> str:
    """Where the calendar of a change request lies: beside its page.

    >>> calendar_path("PC112226-1")
    'cr/PC112226-1.ics'
    """
    return path_of(f"cr/{number}").removesuffix("html") + "ics"


def _due(change: ChangeRequest, running: Running, summary: str, told: str, office: Office) -> Event:
    on = running.due.extended_to or running.due.due
    later = CARRIED if running.due.missed else LATER
    planned = later.format(running.due.due) if running.due.extended_to else ""
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
    rule, site = office.calendar.meeting, office.organisation.site_url.rstrip("/")
    first = today.year * 12 + today.month - 2
    for ordinal in range(first, first + AHEAD + 2):
        year, month = ordinal // 12, ordinal % 12 + 1
        starts = starts_at(rule.date_in(year, month), office)
        yield Event(
            f"monthly-{year:04}-{month:02}@{office.organisation.address.domain}",
            datetime(year - 1, month, 1, tzinfo=UTC),
            starts,
            starts + timedelta(minutes=rule.minutes or UNSAID),
            "Monthly CMP Meeting",
            url=f"{site}/{path_of(MEETINGS)}" if site else "",
            place=rule.place,
        )


def _calendar(name: str, found: Iterable[Dated]) -> bytes:
    """A calendar to subscribe to (RFC 5545), its entries by date; clients look again after an hour."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    head += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    head += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    lines = (each.lines for each in sorted(found, key=attrgetter("at", "lines")))
    return written(head) + "".join(lines).encode() + written(["END:VCALENDAR"])


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
