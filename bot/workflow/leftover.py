"""Leftover: a change request whose Monthly Meeting has passed without a recorded result.

Its one rule: it goes on to the next meeting, and nothing is decided by that: a result recorded later,
with its date, counts as if it had been recorded at once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.office.office import Office
from bot.workflow.agenda import LEFT_OVER, in_test
from bot.workflow.carry.walkon import BOUND, agenda_letters, agenda_letters_inside, agenda_told
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import AT_MEETING, Deadline, due_ahead
from bot.workflow.effect import Decision, Effect, Fate, Open, Publish, Row
from bot.workflow.event import Missed
from bot.workflow.party import Party

WHY = (
    "nothing is recorded of the meeting of {}. If it was talked over there, the CRPM can still record what came of "
    "it with that date, and then that counts"
)

WHY_TEST = "the test goes on: nothing else is recorded of the meeting of {}"


def goes_on(missed: date, later: date) -> str:
    """What history says of one that goes on from a meeting to a later one."""
    return f"{LEFT_OVER.format(us(missed))}; it is on the agenda of {us(later)} until something is"


def cause_of(key: str, meeting: date) -> str:
    """What the carrying over of a change request from a meeting is known by."""
    return f"missed/{key}/{meeting}"


def left_over(change: ChangeRequest, clocks: Iterable[Deadline], meeting: date) -> bool:
    """True where a change request was to be talked over by a meeting, and nothing says that it was."""
    if not (change.open and change.logged):
        return False
    late = any(due.kind in AT_MEETING and due.by <= meeting for due in clocks if due.met_on is None)
    return change.agenda <= meeting if change.agenda else late


def miss(change: ChangeRequest | None, event: Missed, office: Office, now: datetime) -> Decision:
    """Move it to the next meeting, with what is due for that, and tell the originator and the CRPM, and the SMEs
    where they write the response anew. An objection to closing was a result: there is nothing to talk over, and
    nobody has to know more. A test that goes on is on each agenda until it ends, and that is nobody's matter but the
    CRPM's."""
    meeting, today = event.meeting, office.calendar.local_date(now)
    if change is None or not left_over(change, event.running, meeting):
        return Decision(Fate.PARKED)
    missed = change.agenda or meeting
    testing = in_test(change)
    settled = change.closing is not None and bool(change.closing.objection) and not testing
    later = max(office.calendar.meeting_after(meeting), office.calendar.meeting_from(today))
    bound = BOUND.get(change.step, AT_MEETING)
    carried = [
        due.carried_on(due_ahead(due.kind, office, today, later))
        for due in event.running
        if due.kind in bound and due.by <= meeting
    ]
    moved: list[Effect] = [Open(due) for due in carried]
    after = replace(change, agenda=None if settled else later) if change.agenda else change
    if not settled:
        told = agenda_told(after, later, missed, (WHY_TEST if testing else WHY).format(us(missed)), office, carried)
        besides = (Party.SME,) if change.step is Step.REVISION else ()
        write = agenda_letters_inside if testing else agenda_letters
        moved += write(after, cause_of(change.key, meeting), told, office, *besides)
    said = f"{LEFT_OVER.format(us(missed))}; it leaves the agenda" if settled else goes_on(missed, later)
    row = Row("Record Update", said, now, "bot", public=not testing)
    return Decision(Fate.OBEYED, f"{change.number}: to {us(later)}", after, (row,), (*moved, Publish()))
