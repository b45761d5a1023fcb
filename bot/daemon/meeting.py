"""Meeting: clock -> the Monthly Meeting -> workflow.decide -> store.

Its one rule: the package is mailed once, the CRPMs are asked once, and a change request is carried over
once, whatever is stopped, started or set back in between: each is one transaction with its mark.
"""

import logging
from datetime import date, datetime

from bot.daemon.desk import Desk
from bot.daemon.matters import as_of_now, frozen
from bot.daemon.papers import papers_of
from bot.edge.store import Unit
from bot.office.office import Office
from bot.posting.pages import HOME
from bot.workflow.agenda import Agenda, agenda_of, last_meeting
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Send, Settle
from bot.workflow.event import Adjourned, Missed, Packaged
from bot.workflow.leftover import cause_of, left_over
from bot.workflow.package import ASKED, FROZEN, of_text, to_text, with_added

PACKAGE, OUTCOMES, FIRST = "AGENDA", "OUTCOMES", "-1"
"""Series of which the first number is taken once a meeting: two workers cannot both have it."""

REMEMBERED = 4
"""Meetings, the latest and those before it."""

log = logging.getLogger(__name__)


def meet(desk: Desk) -> int:
    """What the Monthly Meeting asks for now, in business hours; gives how many letters were owed.

    Raises Trouble when the database does not answer. Nothing is done while everything is frozen.
    """
    desk = as_of_now(desk, anew=True)
    now, office = desk.clock.now(), desk.settings.office
    if frozen(desk) or not office.calendar.in_hours(now):
        return 0
    today = office.calendar.local_date(now)
    return _before(desk, now, today) + _after(desk, now, today)


def _before(desk: Desk, now: datetime, today: date) -> int:
    """Mail the package when its day has come, and note what comes onto the agenda afterwards."""
    office, calendar = desk.settings.office, desk.settings.office.calendar
    meeting = calendar.meeting_from(today)
    if today < calendar.add_business_days(meeting, -office.intervals.package):
        return 0
    there = (meeting, calendar.meeting_after(meeting))
    agenda = agenda_of(meeting, desk.store.gathered(there), office, today)
    mailed = desk.store.matters().get(f"{FROZEN}{meeting}")
    if mailed is not None:
        return _note_added(desk, mailed, agenda, now, today)
    # An agenda without an item is mailed to nobody; one that comes late is mailed until the meeting begins.
    if now >= agenda.starts or not agenda.items:
        return 0
    with desk.store.begin(now) as unit:
        if not unit.take(PACKAGE, meeting).endswith(FIRST):
            return 0
        agenda = agenda_of(meeting, unit.gathered(there), office, today)
        event = Packaged(f"{FROZEN}{meeting}", agenda, papers_of(desk.store.blob, agenda))
        return _record(desk, unit, decide(None, event, office, now), event.cause, meeting)


def _note_added(desk: Desk, mailed: str, agenda: Agenda, now: datetime, today: date) -> int:
    grown = to_text(with_added(of_text(mailed), agenda, today))
    if grown == mailed:
        return 0
    key = f"{FROZEN}{agenda.meeting}"
    with desk.store.begin(now) as unit:
        noted = Decision(Fate.OBEYED, "added to a mailed agenda", effects=(Settle(key, grown),))
        return _record(desk, unit, noted, key, agenda.meeting)


def _after(desk: Desk, now: datetime, today: date) -> int:
    """Ask the CRPMs what came of the meeting on the business day after it, and when some more are over carry
    over what nothing is recorded of."""
    office, calendar = desk.settings.office, desk.settings.office.calendar
    meeting = last_meeting(office, today)
    owed = 0
    cause = f"{ASKED}{meeting}"
    if cause not in desk.store.matters() and agenda_of(meeting, desk.store.gathered((meeting,)), office, today).items:
        with desk.store.begin(now) as unit:
            if unit.take(OUTCOMES, meeting).endswith(FIRST):
                agenda = agenda_of(meeting, unit.gathered((meeting,)), office, today)
                owed = _record(desk, unit, decide(None, Adjourned(cause, agenda), office, now), cause, meeting)
    if today > calendar.add_business_days(meeting, office.intervals.carry_over):
        for each in desk.store.left_over(_until(meeting, office)):
            if left_over(each.change, each.clocks, meeting):
                owed += _carry_over(desk, each.change.key, meeting, now)
    return owed


def _until(meeting: date, office: Office) -> tuple[date, ...]:
    """A meeting and those before it that something may still stand on, after a long rest of ours."""
    found = [meeting]
    while len(found) < REMEMBERED:
        found.append(last_meeting(office, found[-1]))
    return tuple(found)


def _carry_over(desk: Desk, key: str, meeting: date, now: datetime) -> int:
    """Move one on, once; gives how many letters are owed."""
    with desk.store.begin(now) as unit:
        change = unit.change(key)
        decision = decide(change, Missed(meeting, unit.running(key)), desk.settings.office, now)
        if decision.rows:
            unit.record(decision, cause_of(key, meeting), desk.compose, desk.message_id)
            log.info("carried over", extra={"change": key, "meeting": meeting.isoformat()})
    return sum(isinstance(effect, Send) for effect in decision.effects)


def _record(desk: Desk, unit: Unit, decision: Decision, cause: str, meeting: date) -> int:
    unit.record(decision, cause, desk.compose, desk.message_id)
    unit.pages.update((f"meeting/{meeting}", HOME))
    count = sum(isinstance(effect, Send) for effect in decision.effects)
    log.info("meeting", extra={"cause": cause, "letters": count})
    return count
