"""Package: the agenda of a Monthly Meeting as it was mailed, and the question what came of it.

Its one rule: what was mailed once stays as it was; whatever came later is told apart from it
(domain.md 1.5; DESIGN section 4).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.intake.command import TABLE as VERBS
from bot.mail.letter import Kind, Letter, Thread
from bot.office.office import Office
from bot.office.people import Address, Person, Role
from bot.workflow.agenda import BEFORE_CONSENSUS, Agenda, Group, Item, Paper, letters
from bot.workflow.carry.words import us
from bot.workflow.change import Step
from bot.workflow.effect import Decision, Effect, Fate, Send, Settle
from bot.workflow.event import Adjourned, Packaged
from bot.workflow.party import Party, people_of
from bot.workflow.results import lines_of, unrecordable

FROZEN, ASKED = "agenda/", "outcomes/"
"""Under which keys the office's matters hold, by the date of the meeting, the agenda as it was mailed and
when the CRPMs were asked what came of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a mailed agenda: the key of its change request, its part, what its attachments are, and
    the local date on which it was added, for one that came after the package."""

    key: str
    group: Group
    papers: tuple[str, ...] = ()
    added: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A change request that the package names as not on the agenda, and why."""

    number: str
    why: str
    goes_to: date


@dataclass(frozen=True, slots=True)
class Frozen:
    """The agenda as it was mailed at an instant (aware, UTC), with what was added since."""

    at: datetime
    places: tuple[Place, ...] = ()
    missing: tuple[Missing, ...] = ()


def frozen(agenda: Agenda, at: datetime) -> Frozen:
    """The agenda as it is mailed at an instant."""
    missing = tuple(Missing(one.change.number, one.why, one.goes_to) for one in agenda.absent)
    return Frozen(at, tuple(_place(item) for item in agenda.items), missing)


def with_added(before: Frozen, agenda: Agenda, today: date) -> Frozen:
    """The same with what has come onto the agenda since; itself where nothing has."""
    known = {place.key for place in before.places}
    added = tuple(replace(_place(item), added=today) for item in agenda.items if item.change.key not in known)
    return replace(before, places=(*before.places, *added)) if added else before


def as_mailed(agenda: Agenda, kept: Frozen, today: date) -> tuple[Agenda, dict[str, date]]:
    """An agenda whose package was mailed, with the attachments and their letters as they went out, and by the
    numbers of the change requests that were added since when each was."""
    names_, of = letters(), {item.change.key: item for item in agenda.items}
    items: dict[str, Item] = {}
    added: dict[str, date] = {}
    for place in with_added(kept, agenda, today).places:
        papers = tuple(Paper(next(names_), is_) for is_ in place.papers)
        if place.key in of:
            items[place.key] = replace(of[place.key], papers=papers)
            if place.added:
                added[of[place.key].change.number] = place.added
    return replace(agenda, items=tuple(items[item.change.key] for item in agenda.items)), added


def _place(item: Item) -> Place:
    return Place(item.change.key, item.group, tuple(paper.is_ for paper in item.papers))


def to_text(kept: Frozen) -> str:
    """A mailed agenda as it is kept: JSON, always the same for the same."""
    told = {
        "at": kept.at.isoformat(),
        "places": [
            [each.key, each.group.name, list(each.papers), each.added.isoformat() if each.added else None]
            for each in kept.places
        ],
        "missing": [[each.number, each.why, each.goes_to.isoformat()] for each in kept.missing],
    }
    return json.dumps(told, separators=(",", ":"))


@lru_cache(maxsize=64)  # every turn of the posting asks for the same ones
def of_text(text: str) -> Frozen:
    """A mailed agenda as it was kept. Raises ValueError or KeyError for a text of anything else."""
    told = json.loads(text)
    places = tuple(
        Place(key, Group[group], tuple(papers), date.fromisoformat(added) if added else None)
        for key, group, papers, added in told["places"]
    )
    missing = tuple(Missing(number, why, date.fromisoformat(goes_to)) for number, why, goes_to in told["missing"])
    return Frozen(datetime.fromisoformat(told["at"]), places, missing)


def agendas(matters: Mapping[str, str]) -> dict[date, Frozen]:
    """The mailed agendas by the dates of their meetings, of the matters that are settled."""
    return {
        date.fromisoformat(key.removeprefix(FROZEN)): of_text(text)
        for key, text in matters.items()
        if key.startswith(FROZEN)
    }


def package(event: Packaged, office: Office, now: datetime) -> Decision:
    """Mail the distribution package, one letter each, and keep the agenda as it is."""
    agenda = event.agenda
    told: dict[str, object] = {"change": None, "agenda": agenda, "mailed": True, "mailed_on": None, "added": {}}
    owed: list[Effect] = [
        Send(Letter(event.cause, Kind.AGENDA, to, "", told, Thread(), event.files)) for to in recipients(agenda, office)
    ]
    kept = Settle(f"{FROZEN}{agenda.meeting}", to_text(frozen(agenda, now)))
    return Decision(Fate.OBEYED, f"the package of {us(agenda.meeting)}", effects=(*owed, kept))


def recipients(agenda: Agenda, office: Office) -> tuple[Address, ...]:
    """Who gets the package: all CLECs, the originators concerned, the CRPMs and SMEs of what is on it, and
    the CMP Manager; each address once."""
    concerned = [item.change for item in agenda.items] + [one.change for one in agenda.absent]
    originators = [change.originator for change in concerned]
    staff: list[Person] = [
        person
        for item in agenda.items
        for party in (Party.CRPM, Party.SME)
        for person in people_of(item.change, party, office)
    ]
    reached = office.reached((*staff, *office.holders(Role.CMP_MANAGER)))
    found = (*office.distribution(), *originators, *(person.address for person in reached))
    return tuple({each.email: each for each in found if each.email}.values())


def ask(event: Adjourned, office: Office, now: datetime) -> Decision:
    """Ask each CRPM what came of the items of theirs that have no result yet, with one prefilled reply; what no
    result can be recorded of is named, with what to do first."""
    of_person: dict[str, tuple[Person, list[Item]]] = {}
    for item in event.agenda.items:
        for person in _asked(item, office):
            of_person.setdefault(person.id, (person, []))[1].append(item)
    owed: list[Effect] = [
        Send(Letter(event.cause, Kind.OUTCOMES, person.address, "", _question(event.agenda.meeting, items, office)))
        for person, items in of_person.values()
    ]
    kept = Settle(f"{ASKED}{event.agenda.meeting}", now.isoformat())
    return Decision(Fate.OBEYED, f"asked what came of {us(event.agenda.meeting)}", effects=(*owed, kept))


def _asked(item: Item, office: Office) -> tuple[Person, ...]:
    return office.reached(people_of(item.change, Party.CRPM, office) or office.holders(Role.CMP_MANAGER))


def _question(meeting: date, items: list[Item], office: Office) -> dict[str, object]:
    lines = {item.change.key: tuple(_dated(line, meeting) for line in lines_of(item)) for item in items}
    open_ones = [item for item in items if lines[item.change.key]]
    return {
        "change": None,
        "meeting": meeting,
        "choices": tuple((item, lines[item.change.key]) for item in open_ones),
        "others": tuple((item, unrecordable(item)) for item in items if not lines[item.change.key]),
        "testing": any(item.group is not Group.CLOSURE and item.change.step is Step.TEST for item in open_ones),
        "until": office.calendar.add_business_days(meeting, office.intervals.carry_over),
        "reply": "\n".join(_prefilled(meeting, open_ones)),
        "codes": {item.change.key: "" for item in open_ones},  # filled in when the letter is composed
    }


def _dated(line: str, on: date) -> str:
    """A line that records on a later day what was on a local date, where its verb takes one."""
    verb, _, rest = line.partition(" ")
    if f"{verb} [ON date]" not in VERBS[verb].usage:
        return line
    return f"{verb} ON {us(on)} {rest}".rstrip()


def _prefilled(meeting: date, items: Iterable[Item]) -> Iterator[str]:
    """The reply to complete, a line a change request: the result with which it goes on. Consent is never
    prefilled: nothing closes by a mail that nobody has read (DESIGN section 4)."""
    yield f"# Monthly Meeting of {us(meeting)}. Complete the lines, and delete those of what was not talked over."
    for item in items:
        number = item.change.number
        if item.group is Group.CLOSURE:
            yield f"# {number}: {_dated('CONSENT', meeting)}, or {_dated('OBJECT reason', meeting)}"
        elif item.change.step is Step.CLARIFICATION:
            yield f"# {number}: write what was agreed behind it. Without consensus: {_dated('PRESENTED', meeting)}"
            yield f"{number}: {_dated('ALIGNED', meeting)} "
        elif item.change.step in BEFORE_CONSENSUS:
            yield f"{number}: {_dated('PRESENTED', meeting)}"
        elif item.change.step is Step.TEST:
            yield f"# {number}: {', or '.join(lines_of(item))}"
        else:
            yield f"{number}: {_dated('OUTCOME', meeting)} "
