"""The sections of config.yaml that make the Office: organisation, process, people, companies,
trust, calendar and deadlines. Its one rule: whatever would make two people the same, or nobody
responsible, is a mistake here and not a surprise later.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.config import words
from bot.config.nodes import Part, one_of
from bot.office.calendar import Calendar, MeetingRule
from bot.office.office import Intervals, Office, Organisation, Reminding, Require, Trust
from bot.office.people import Address, Company, Directory, Person, Role

STAFF_ROLES = {role.value: role for role in Role if role is not Role.CLEC}
NEEDED = (Role.CMP_MANAGER, Role.GROUP_MANAGER)
NOBODY = Address("nobody@nowhere.invalid")
USUAL = "day after fourth Thursday of November"
"""The further day off of an office that names a country and no `extra` of its own (domain.md section 8, 8)."""
HolidayList = Callable[[str, tuple[int, ...]], frozenset[date]]


def office_of(top: Part, list_holidays: HolidayList, years: tuple[int, ...]) -> Office:
    """The office as the file describes it; `years` are those whose holidays will be needed."""
    organisation = _organisation(top)
    people = _people(top)
    companies = _companies(top, organisation, people)
    return Office(
        organisation,
        Directory(people, companies),
        _calendar(top.part("calendar"), list_holidays, years),
        _intervals(top.part("deadlines", required=False)),
        _trust(top.part("trust", required=False)),
        _reminding(top.part("reminders", required=False)),
    )


def _organisation(top: Part) -> Organisation:
    part, process = top.part("organisation"), top.part("process", required=False)
    address = part.read("address", words.address, NOBODY)
    name = part.text("name")
    return Organisation(
        name=name,
        address=address if address.name else Address(address.email, f"{name} CMP"),
        site_url=top.part("posting").read("url", words.web_address, ""),
        domains=frozenset(part.read_all("domains", words.domain, required=True)),
        process=process.text("name", "Change Management Process"),
        track=process.text("track", "Product/Process"),
        escalation_url=process.read("escalation_url", words.web_address, "", default=""),
        signed_bounces=part.choice("signed_bounces", ("true", "false"), "false") == "true",
    )


def _people(top: Part) -> tuple[Person, ...]:
    people: list[Person] = []
    for part in top.parts("people"):
        name = part.text("name")
        email = part.read("email", words.email, "")
        id_ = part.read("id", _person_id, "")
        roles = part.read_all("roles", one_of(STAFF_ROLES), required=True)
        for other in people:
            if email and other.address.email == email:
                part.note("email", f"`{email}` is already the address of {other.name}; an address is one person's")
            if id_ and other.id == id_:
                part.note("id", f"`{id_}` is already the id of {other.name}; every person needs an id of their own")
        people.append(Person(id_, name, Address(email, name), frozenset(STAFF_ROLES[role] for role in roles)))
    held = {role for person in people for role in person.roles}
    for role in NEEDED:
        if people and role not in held:
            top.note("people", f"nobody has the role `{role}`; its letters would reach nobody")
    return tuple(people)


def _person_id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,39}", text):
        raise ValueError(f"must be a short word of small letters, digits, `.` and `-`, not `{text}`")
    return text


def _companies(top: Part, organisation: Organisation, people: tuple[Person, ...]) -> tuple[Company, ...]:
    companies: list[Company] = []
    taken = dict.fromkeys(organisation.domains, organisation.name)
    taken |= {person.address.email: person.name for person in people if person.address.email}
    names: dict[str, None] = {}
    for part in top.parts("companies"):
        company = Company(
            part.text("name"),
            frozenset(part.read_all("domains", words.domain)),
            part.read_all("contacts", words.address),
        )
        if company.name.casefold() in names:
            part.note("name", f"`{company.name}` is listed twice")
        if not (part.has("domains") or part.has("contacts")):
            part.note(
                "name", f"`{part.path}` needs `domains` or `contacts`; without them no mail is known to be theirs"
            )
        names[company.name.casefold()] = None
        for key, claims in (("domains", sorted(company.domains)), ("contacts", [c.email for c in company.contacts])):
            for claim in claims:
                if claim in taken:
                    part.note(key, f"`{claim}` is given to {company.name}, but it already belongs to {taken[claim]}")
                taken.setdefault(claim, company.name)
        companies.append(company)
    return tuple(companies)


def _calendar(part: Part, list_holidays: HolidayList, years: tuple[int, ...]) -> Calendar:
    meeting = _monthly_meeting(part)
    moved = part.read_all("moved_meetings", words.day)
    opens = part.read("opens", words.clock_time, time(8), default=time(8))
    cutoff = part.read("cutoff", words.clock_time, time(17), default=time(17))
    if opens >= cutoff:
        part.note("cutoff", f"`{part.name('cutoff')}` must be later than `opens` ({opens:%H:%M})")
    return Calendar(
        zone=part.read("time_zone", words.zone, ZoneInfo("UTC")),
        holidays=_holidays(part.part("holidays", required=False), list_holidays, years),
        cutoff=cutoff,
        opens=opens,
        meeting=replace(meeting, moved=moved),
    )


def _monthly_meeting(part: Part) -> MeetingRule:
    """When the Monthly Meeting is, in one line; or, with lines of its own, how long and where too."""
    neutral = MeetingRule()
    if not part.is_part("monthly_meeting"):
        return part.read("monthly_meeting", words.meeting_rule, neutral)
    own = part.part("monthly_meeting")
    rule = own.read("when", words.meeting_rule, neutral)
    return replace(rule, minutes=own.whole("minutes", 0, least=1, most=1440), place=own.text("place", ""))


def _holidays(part: Part, list_holidays: HolidayList, years: tuple[int, ...]) -> frozenset[date]:
    american = part.has("country") and part.text("country").upper().startswith("US")
    usual = (words.day_rule(USUAL),) if american and not part.has("extra") else ()
    extra = _days((*usual, *part.read_all("extra", words.day_rule)), years)
    removed = _days(part.read_all("removed", words.day_rule), years)
    if not part.has("country"):
        return extra - removed
    listed = part.read("country", lambda text: list_holidays(text.upper(), years), frozenset[date]())
    return (listed | extra) - removed


def _days(rules: Iterable[words.DayRule], years: tuple[int, ...]) -> frozenset[date]:
    return frozenset(day for rule in rules for year in years if (day := rule(year)))


def _intervals(part: Part) -> Intervals:
    standard = Intervals()
    return Intervals(
        **{
            figure.name: part.whole(figure.name, getattr(standard, figure.name), most=365)
            for figure in fields(Intervals)
            if part.has(figure.name)
        }
    )


def _trust(part: Part) -> Trust:
    standard = Trust()
    days = part.whole("code_days", standard.code_days, least=1, most=365)
    key_days = part.whole("key_days", standard.key_days, least=1, most=3650)
    if key_days < days:
        part.note("key_days", f"`{part.name('key_days')}` must not be less than `code_days` ({days})")
    return Trust(
        frozenset(host.lower() for host in part.read_all("authserv_ids", str)),
        Require(part.choice("require", [each.value for each in Require], standard.require.value)),
        days,
        key_days,
    )


def _reminding(part: Part) -> Reminding:
    standard = Reminding()
    return Reminding(
        sender_every=part.whole("sender_every", standard.sender_every, least=1, most=365),
        sender_most=part.whole("sender_most", standard.sender_most, most=365),
        before=part.read_all("before", words.days) if part.has("before") else standard.before,
        overdue_every=part.whole("overdue_every", standard.overdue_every, least=1, most=365),
        escalate=part.whole("escalate", standard.escalate, least=1, most=365),
    )
