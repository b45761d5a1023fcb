"""Leftover: a change request whose Monthly Meeting has passed without a recorded result.

Its one rule: it goes on to the next meeting, and nothing is decided by that: a result recorded later,
with its date, counts as if it had been recorded at once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.office.office import Office
from bot.workflow.carry.walkon import BOUND
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import AT_MEETING, Deadline, due_on
from bot.workflow.effect import Decision, Fate, Open, Publish, Row
from bot.workflow.event import Missed

LEFT_OVER = "Nothing is recorded of the Monthly Meeting of {}"
"""How the row begins that says so."""


def left_over(change: ChangeRequest, clocks: Iterable[Deadline], meeting: date) -> bool:
    """True where a change request was to be talked over by a meeting, and nothing says that it was."""
    if not (change.open and change.logged):
        return False
    late = any(due.kind in AT_MEETING and due.by <= meeting for due in clocks if due.met_on is None)
    return change.agenda <= meeting if change.agenda else late


def miss(change: ChangeRequest | None, event: Missed, office: Office, now: datetime) -> Decision:
    """Move it to the next meeting, with what is due for that; the row is internal, for whoever was there
    may record the result any time. An objection to closing was a result: there is nothing to talk over."""
    meeting, today = event.meeting, office.calendar.local_date(now)
    if change is None or not left_over(change, event.running, meeting):
        return Decision(Fate.PARKED)
    settled = change.closing is not None and bool(change.closing.objection)
    later = max(office.calendar.meeting_after(meeting), office.calendar.meeting_from(today))
    bound = BOUND.get(change.step, AT_MEETING)
    moved = tuple(
        Open(Deadline(due.kind, due_on(due.kind, office, today, later)))
        for due in event.running
        if due.kind in bound and due.by <= meeting
    )
    to = None if settled else later
    after = replace(change, agenda=to) if change.agenda else change
    goes = "it leaves the agenda" if settled else f"it is on the agenda of {us(later)} until something is"
    row = Row("Record Update", f"{LEFT_OVER.format(us(meeting))}; {goes}", now, "bot", public=False)
    return Decision(Fate.OBEYED, f"{change.number}: to {us(later)}", after, (row,), (*moved, Publish()))
