"""Remind: clock -> due deadlines -> workflow.decide -> store.

Its one rule: every stage of a deadline is one transaction, known by its cause; what was dealt with
once, before a kill or by another worker, is passed over.
"""

import logging
from datetime import datetime

from bot.daemon.context import form_back
from bot.daemon.desk import Desk
from bot.daemon.matters import as_of_now, frozen
from bot.errors import Trouble
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline
from bot.workflow.decide import decide
from bot.workflow.event import Elapsed
from bot.workflow.reminder import REMINDERS, cause_of, open_questions, stage

log = logging.getLogger(__name__)


def remind(desk: Desk) -> int:
    """Remind of everything that is due, in business hours; gives how many reminders were owed.

    Raises Trouble when the database does not answer. A bug of ours in one costs the others nothing.
    Nobody is reminded while everything is frozen: what they would answer is held.
    """
    desk = as_of_now(desk, anew=True)
    now, office = desk.clock.now(), desk.settings.office
    if frozen(desk) or not office.calendar.in_hours(now):
        return 0
    today = office.calendar.local_date(now)
    reached = [
        (record.change, due, at)
        for record in desk.store.due(today, tuple(REMINDERS))
        for due in record.deadlines
        if (at := stage(due, today, office))
    ]
    fresh = desk.store.unheard([cause_of(*each) for each in reached])
    count = 0
    for change, due, at in reached:
        if desk.clock.stopped:
            break
        if cause_of(change, due, at) in fresh:
            count += _guarded(desk, change, due, at, now)
    return count


def _guarded(desk: Desk, change: ChangeRequest, due: Deadline, at: int, now: datetime) -> bool:
    try:
        return _remind(desk, change, due, at, now)
    except Trouble:
        raise
    except Exception:
        log.exception("reminder failed", extra={"change": change.key, "deadline": due.kind.value})
        return False


def _remind(desk: Desk, found: ChangeRequest, due: Deadline, at: int, now: datetime) -> bool:
    """Deal with one stage; False where nobody has to be told."""
    cause = cause_of(found, due, at)
    inquiry = found.inquiry
    back = form_back(desk, open_questions(found, inquiry), found.number) if inquiry else ()
    event = Elapsed(cause, due, at, back)
    office = desk.settings.office
    if not decide(found, event, office, now).rows:
        return False
    with desk.store.begin(now) as unit:
        change = None if unit.change_caused_by(cause) else unit.change(found.key)
        decision = decide(change, event, office, now)
        if not decision.rows:
            return False
        unit.record(decision, cause, desk.compose, desk.message_id)
    log.info("reminded", extra={"change": found.number, "deadline": due.kind.value, "stage": at})
    return True
