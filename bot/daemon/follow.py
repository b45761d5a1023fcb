"""Follow: the calendar of the configuration -> what was set for a Monthly Meeting that is on another day now.

Its one rule: it is looked for at the first turn with another calendar, and once a day; each change request
moves in a transaction of its own, and the mark that all have moved comes last, so that a stop loses none.
"""

import logging
from datetime import date

from bot.daemon.desk import Desk
from bot.daemon.matters import frozen
from bot.edge.store import Store
from bot.errors import Trouble
from bot.office.office import Office
from bot.workflow.change import ChangeRequest
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Send, Settle
from bot.workflow.event import Rescheduled
from bot.workflow.rescheduled import follows

FOLLOWED = "meetings"
"""The matter of the office that says on which day everything followed which rule for the Monthly Meetings."""

log = logging.getLogger(__name__)


def follow(desk: Desk) -> int:
    """Let everything follow the days of the Monthly Meetings; gives how many letters were owed.

    Raises Trouble when the database does not answer. A bug of ours in one costs the others nothing. Nothing is
    done while everything is frozen.
    """
    office, now = desk.settings.office, desk.clock.now()
    today = office.calendar.local_date(now)
    mark = f"{today} {_rule(office)}"
    if frozen(desk) or desk.store.matters().get(FOLLOWED) == mark:
        return 0
    moved = [_guarded(desk, change.key, today) for change, _, _ in astray(desk.store, office, today)]
    if None not in moved:  # else the rest is tried again
        with desk.store.begin(now) as unit:
            settled = Decision(Fate.OBEYED, "the calendar", effects=(Settle(FOLLOWED, mark),))
            unit.record(settled, FOLLOWED, desk.compose, desk.message_id)
    return sum(count or 0 for count in moved)


def _rule(office: Office) -> str:
    meeting = office.calendar.meeting
    return " ".join((str(meeting.nth), str(meeting.weekday), *(day.isoformat() for day in sorted(meeting.moved))))


def astray(store: Store, office: Office, today: date) -> tuple[tuple[ChangeRequest, date, date], ...]:
    """The change requests that stand on a day without a Monthly Meeting: which day, and to which they go."""
    open_ones = ((each.change, each.deadlines) for each in store.changes(open_only=True))
    judged = ((change, follows(change, clocks, office, today)) for change, clocks in open_ones)
    return tuple((change, *found) for change, found in judged if found)


def _guarded(desk: Desk, key: str, today: date) -> int | None:
    try:
        return _move(desk, key, today)
    except Trouble:
        raise
    except Exception:
        log.exception("rescheduling failed", extra={"change": key})
        return None


def _move(desk: Desk, key: str, today: date) -> int:
    office, now = desk.settings.office, desk.clock.now()
    cause = f"rescheduled/{key}/{today}/{_rule(office)}"
    with desk.store.begin(now) as unit:
        decision = decide(unit.change(key), Rescheduled(cause, unit.running(key)), office, now)
        if decision.rows:
            unit.record(decision, cause, desk.compose, desk.message_id)
            log.info("rescheduled", extra={"change": key})
    return sum(isinstance(effect, Send) for effect in decision.effects)
