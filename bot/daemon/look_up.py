"""Look up: what the store knows for the answer to a question.

Its one rule: whoever is not of the staff gets what the pages say too, and no more is read than asked.
"""

from dataclasses import replace
from datetime import date

from bot.daemon.desk import Desk
from bot.daemon.papers import papers_of
from bot.edge.store import Unit
from bot.edge.store.lookups import Work
from bot.intake.arguments import Arguments
from bot.intake.verify import Standing
from bot.office.office import Office
from bot.office.people import Role
from bot.posting.strip import PUBLIC_DEADLINES
from bot.posting.withhold import public_rows
from bot.workflow.agenda import agenda_of
from bot.workflow.answers.adherence import bounds, month_asked
from bot.workflow.answers.agenda import meeting_asked
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import OWNERS
from bot.workflow.enquiry import Lookup
from bot.workflow.event import Ordered
from bot.workflow.package import FROZEN, as_mailed, of_text

RUNS_IT = frozenset({Role.CMP_MANAGER, Role.GROUP_MANAGER})
"""Roles whose holders answer for deadlines of every change request."""


def looked_up(desk: Desk, unit: Unit, change: ChangeRequest | None, event: Ordered, lookup: Lookup) -> Ordered:
    """The enquiry with what it asks for. Who is not of the staff gets what is public."""
    args, person = event.args, event.standing.person
    if not isinstance(args, Arguments):
        return event
    office = desk.settings.office
    today = office.calendar.local_date(desk.clock.now())
    match lookup:
        case Lookup.STANDING if change is not None:
            clocks = unit.running(change.key)
            return replace(event, running=tuple(due for due in clocks if person or due.kind in PUBLIC_DEADLINES))
        case Lookup.HISTORY if change is not None:
            rows = unit.history(change.key)
            return replace(event, history=rows if person else public_rows(change, rows))
        case Lookup.STANDING | Lookup.OWN_WORK if not event.line.number:
            return replace(event, work=_own_work(unit, event.standing, office, today))
        case Lookup.AGENDA if person:
            return _with_agenda(desk, unit, event, meeting_asked(args, office, today), today)
        case Lookup.ADHERENCE if person:
            return replace(event, promises=unit.fell_due(*bounds(month_asked(args, today))))
    return event


def _with_agenda(desk: Desk, unit: Unit, event: Ordered, meeting: date, today: date) -> Ordered:
    """The enquiry with what may stand on an agenda, or may be missed there, and the files that go with it."""
    office = desk.settings.office
    found = unit.gathered((meeting, office.calendar.meeting_after(meeting)))
    agenda, kept = agenda_of(meeting, found, office, today), desk.store.matters().get(f"{FROZEN}{meeting}")
    mailed = of_text(kept) if kept else None
    if mailed:
        agenda, _ = as_mailed(agenda, mailed, today)
    return replace(event, candidates=found, mailed=mailed, files=papers_of(desk.store.blob, agenda))


def _own_work(unit: Unit, standing: Standing, office: Office, today: date) -> Work:
    """The open work of a sender, and of those for whom they stand in."""
    if standing.person is None:
        return unit.work_of((), standing.sender.email if standing.sender else "", ())
    people = (standing.person.id, *office.stands_in_for(standing.person.id, today))
    known = [person for each in people if (person := office.directory.named(each))]
    roles = {role for person in known for role in person.roles} & RUNS_IT
    return unit.work_of(people, "", [kind for kind, owners in OWNERS.items() if roles & {*owners}])
