"""Walk-on: which Monthly Meeting a change request stands on the agenda of.

Its one rule: the meeting follows from the seed's dates; only the CMP Manager puts it on an earlier one
(domain.md section 8, 9, 11, 12 and 34).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.mail.letter import Kind
from bot.workflow.agenda import WALKED_ON, starts_at
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind, due_on
from bot.workflow.effect import Decision, Effect, Open

BOUND: Mapping[Step, tuple[DeadlineKind, ...]] = {
    Step.CLARIFICATION: (DeadlineKind.PRESENT, DeadlineKind.OPTIONS),
    Step.RESPONSE: (DeadlineKind.PRESENT_RESPONSE,),
    Step.PRESENTATION: (DeadlineKind.PRESENT_RESPONSE,),
    Step.REVISION: (DeadlineKind.PRESENT_RESPONSE,),
}
"""What is due at the meeting, or for it, and moves with it; when the response is due does not."""


def walk_on(case: Case) -> Decision:
    """Onto an earlier agenda, and nothing else (DESIGN section 5, WALKON)."""
    was, calendar = case.before.agenda, case.office.calendar
    meeting = case.args.on or calendar.meeting_from(case.today)
    if calendar.meeting.date_in(meeting.year, meeting.month) != meeting:
        there = calendar.meeting_from(case.today)
        return case.refuse(f"There is no Monthly Meeting on {us(meeting)}. The next one is on {us(there)}.")
    if meeting < case.today:
        return case.refuse(f"The Monthly Meeting of {us(meeting)} is over.")
    if was and meeting >= was:
        late = " If the response misses its week, WALKON behind RESPOND puts it back." if meeting == was else ""
        return case.refuse(f"It is on the agenda of {us(was)} already, and {us(meeting)} is not earlier.{late}")
    after = replace(case.change, agenda=meeting)
    running = {due.kind for due in case.order.running}
    moved = (kind for kind in BOUND.get(after.step, ()) if kind in running)
    effects: list[Effect] = [Open(Deadline(kind, due_on(kind, case.office, case.today, meeting))) for kind in moved]
    effects += case.to_assigned(Kind.AGENDA_ITEM, item_told(case, after), change=after)
    instead = f" instead of {us(was)}" if was else ""
    done = case.done((case.says(f"{WALKED_ON.format(us(meeting))}{instead}"),), effects, after)
    return replace(done, answer=(f"Now on the agenda of {us(meeting)}{instead}.",))


def item_told(case: Case, after: ChangeRequest) -> dict[str, object]:
    """What a letter about the agenda is told: the `meeting` and when it `starts` (aware, UTC), what is
    presented there, the meeting that it `was` on before (None: none), and whether it walks on."""
    meeting = after.agenda or case.today
    of = "request" if after.step is Step.CLARIFICATION else "response"
    walks_on = case.row.verb == "WALKON"
    starts = starts_at(meeting, case.office)
    return {"meeting": meeting, "starts": starts, "of": of, "was": case.before.agenda, "walks_on": walks_on}


def next_meeting(case: Case) -> date:
    """The first Monthly Meeting after the day on which something happened that is not over yet."""
    calendar = case.office.calendar
    return max(calendar.meeting_after(case.on), calendar.meeting_from(case.today))
