"""Status: where a change request stands, and what somebody's open work is.

Its one rule: what is due inside the office is said to the staff alone.
"""

from collections.abc import Iterator
from datetime import date, datetime
from operator import attrgetter

from bot.intake.verify import Standing
from bot.office.office import Office
from bot.workflow.answers.answer import MOST, answered, named, next_of, stands, unknown
from bot.workflow.carry.words import names, us
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision
from bot.workflow.event import Ordered
from bot.workflow.invitation import booked, who_comes
from bot.workflow.offer import offers
from bot.workflow.party import Party, parties

FEW = 4
"""Verbs that a line about a change request names."""
WORKERS = (("CRPM", "crpm"), ("Director", "director"), ("SMEs", "smes"))


def status(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Where a change request stands; without one, the sender's open work."""
    if change is None and not named(event):
        return answered(event, None, _work(event, office, now))
    if change is None:
        return unknown(event)
    return answered(event, change, _status(change, event, office, now))


def _status(change: ChangeRequest, event: Ordered, office: Office, now: datetime) -> Iterator[str]:
    staff = event.standing.person is not None
    yield f"{change.number}, {change.title}"
    yield f"  Company: {change.company}"
    yield f"  It is {stands(change)} since {us(change.status_date)}"
    if change.disposition or change.reaction:
        answer, taken = change.disposition or "none yet", change.reaction or "open"
        yield f"  {office.organisation.name}'s response: {answer}; the CLECs' reaction: {taken}"
    if people := [f"{word}: {names(ids, office)}" for word, key in WORKERS if (ids := change.people.get(key))]:
        yield f"  {'; '.join(people)}"
    for place, due in enumerate(sorted(event.running, key=attrgetter("by"))):
        yield f"  {'Then' if place else 'Next'}: {_due(change, due, office, now)}"
    if change.agenda and change.open:
        yield f"  On the agenda of the Monthly Meeting on {us(change.agenda)}"
    if change.planned:
        if not any(due.kind is DeadlineKind.CLARIFY for due in event.running):
            yield f"  The meeting {booked(change.planned, office, now)}"
        yield from (f"  {who}: {said}" for who, said in (who_comes(change, office) if staff else ()))
    for item in change.actions if staff else ():
        if item.done_on is None:
            yield f"  Action item {item.n}, {names((item.person,), office)}, by {us(item.due)}: {item.text}"
    yield from _verbs(change, event.standing, office, office.calendar.local_date(now))


def _verbs(change: ChangeRequest, standing: Standing, office: Office, today: date) -> Iterator[str]:
    """What the sender may do about it now."""
    if standing.sender is None:
        return
    found = offers(change, standing.sender, office, today)
    for offer in found.prominent:
        yield f"  You may write {offer.written} ({offer.does[:1].lower()}{offer.does[1:]})"
    if found.others:
        yield f"  You may use {'also ' if found.prominent else ''}{', '.join(found.others)}"


def _work(event: Ordered, office: Office, now: datetime) -> Iterator[str]:
    """The open work of whoever asks, the next date first."""
    person, today = event.standing.person, office.calendar.local_date(now)
    dated = ((change, next_of(change, clocks, person)) for change, clocks in event.work)
    work = sorted(dated, key=lambda each: (each[1].by if each[1] else date.max, each[0].received_at))
    if not work:
        yield "Nothing is open that waits for you, or that you sent. STATUS and a number says where one stands."
        return
    yield f"{len(work)} open, the next date first:"
    for change, due in work[:MOST]:
        yield f"{change.number}, {stands(change)}{f': {_due(change, due, office, now)}' if due else ''}"
        yield f"  \u201c{change.title}\u201d, {change.company}{_mine(change, event.standing, office, today)}"
        if event.standing.sender and (may := offers(change, event.standing.sender, office, today).prominent):
            yield f"  You may use {', '.join([*dict.fromkeys(offer.verb for offer in may)][:FEW])}"
    if len(work) > MOST:
        yield f"{len(work) - MOST} more are not listed here."


def _mine(change: ChangeRequest, standing: Standing, office: Office, today: date) -> str:
    """What the sender is to it, where that is something of its own."""
    who = parties(change, standing, office, today) & {Party.CRPM, Party.DIRECTOR, Party.SME}
    found = [party.value for party in Party if party in who]
    return f"; you are {', '.join(found)}" if found else ""


def _due(change: ChangeRequest, due: Deadline, office: Office, now: datetime) -> str:
    """What is due by when; of the clarification meeting also for when it is planned."""
    today = office.calendar.local_date(now)
    late = " (overdue)" if due.by < today else " (today)" if due.by == today else ""
    said = f"which missed {us(due.missed)}, by" if due.missed else "extended to" if due.extended_to else "by"
    planned = change.planned if due.kind is DeadlineKind.CLARIFY else None
    at = f"; it {booked(planned, office, now)}" if planned else ""
    return f"{due.kind.value}, {said} {us(due.by)}{late}{at}"
