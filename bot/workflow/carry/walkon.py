"""Walk-on: which Monthly Meeting a change request stands on the agenda of.

Its one rule: the meeting follows from the seed's dates; only the CMP Manager puts it on an earlier one
(domain.md section 8, 9, 11, 12 and 34).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.agenda import BEFORE_CONSENSUS, WALKED_ON, in_test, starts_at
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import AT_MEETING, Deadline, DeadlineKind, due_ahead
from bot.workflow.effect import Decision, Effect, Open, Send
from bot.workflow.party import Party, people_of, spokesman

BOUND: Mapping[Step, tuple[DeadlineKind, ...]] = {
    Step.CLARIFICATION: (DeadlineKind.PRESENT, DeadlineKind.OPTIONS),
    Step.RESPONSE: (DeadlineKind.PRESENT_RESPONSE,),
    Step.PRESENTATION: (DeadlineKind.PRESENT_RESPONSE,),
    Step.REVISION: (DeadlineKind.PRESENT_RESPONSE, DeadlineKind.REVISE),
}
"""What is due at the meeting, or for it, and moves with it; when the first response is due does not."""

OUTSIDE: dict[str, object] = {"due": ()}
"""What a CLEC is not told of a letter about the agenda: what the carrier owes to itself, and by when."""


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
    clocks = [
        _put_forward(due, due_ahead(due.kind, case.office, case.today, meeting))
        for due in case.order.running
        if due.kind in BOUND.get(after.step, ())
    ]
    effects: list[Effect] = [Open(due) for due in clocks]
    told = item_told(case, after, clocks)
    effects += case.to_originator(Kind.AGENDA_ITEM, told | OUTSIDE, change=after)
    effects += case.to_staff(Kind.AGENDA_ITEM, told, change=after)
    instead = f" instead of {us(was)}" if was else ""
    done = case.done((case.says(f"{WALKED_ON.format(us(meeting))}{instead}"),), effects, after)
    return replace(done, answer=(f"Now on the agenda of {us(meeting)}{instead}.",))


def _put_forward(due: Deadline, to: date) -> Deadline:
    """A deadline for an earlier date; one that missed its own before stays one promise."""
    return due.carried_on(to) if due.missed else Deadline(due.kind, to)


def item_told(case: Case, after: ChangeRequest, moved: Iterable[Deadline] = ()) -> dict[str, object]:
    """What a letter about the agenda is told, for a line of a command mail."""
    why = "the CMP Manager has put it on as a walk-on" if case.row.verb == "WALKON" else ""
    return agenda_told(after, after.agenda or case.today, case.before.agenda, why, case.office, moved)


def agenda_told(
    after: ChangeRequest, meeting: date, was: date | None, why: str, office: Office, moved: Iterable[Deadline] = ()
) -> dict[str, object]:
    """What a letter about the agenda is told: the `meeting` and when it `starts` (aware, UTC), what is talked
    over there, the meeting that it `was` on before (None: none), `why` it is another one now (empty: it is
    the first), and what is `due` by when for it, as it has `moved` with it: those of the staff read that."""
    if in_test(after):
        of = "test"
    elif after.closing:
        of = "closing"
    elif after.step in BEFORE_CONSENSUS:
        of = "consensus" if after.presented_on else "request"
    else:
        of = "response"
    ahead = sorted((one for one in moved if one.kind not in AT_MEETING), key=lambda one: one.by)
    due = tuple((one.kind.value, in_words(one.by)) for one in ahead)
    return {"meeting": meeting, "starts": starts_at(meeting, office), "of": of, "was": was, "why": why, "due": due}


def agenda_letters(
    after: ChangeRequest, cause: str, told: Mapping[str, object], office: Office, *besides: Party
) -> list[Effect]:
    """To the originator and the CRPM (without one, the CMP Manager), and to those `besides`: on which agenda it
    stands now instead of which, and why."""
    context: dict[str, object] = {"change": after, **told, **OUTSIDE}
    outside = Send(Letter(cause, Kind.AGENDA_ITEM, spokesman(after, office), after.number, context))
    inside = agenda_letters_inside(after, cause, told, office, *besides)
    return [*{each.letter.to.email: each for each in (*inside, outside) if each.letter.to.email}.values()]


def agenda_letters_inside(
    after: ChangeRequest, cause: str, told: Mapping[str, object], office: Office, *besides: Party
) -> list[Send]:
    """The same to the staff alone."""
    first = people_of(after, Party.CRPM, office) or office.holders(Role.CMP_MANAGER)
    others = (person for party in besides for person in people_of(after, party, office))
    to = {person.address.email: person.address for person in office.reached((*first, *others))}
    context: dict[str, object] = {"change": after, **told}
    return [Send(Letter(cause, Kind.AGENDA_ITEM, each, after.number, context)) for each in to.values()]


def next_meeting(case: Case) -> date:
    """The first Monthly Meeting after the day on which something happened that is not over yet."""
    calendar = case.office.calendar
    return max(calendar.meeting_after(case.on), calendar.meeting_from(case.today))
