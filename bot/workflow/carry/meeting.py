"""Meeting: the clarification meeting, planned, held and minuted (seed step 3).

Its one rule: everybody who attends is told of every change, and what took place is recorded for the day
on which it did.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.mail.letter import Kind
from bot.workflow.carry.words import us, when
from bot.workflow.case import NOON, Case
from bot.workflow.change import ChangeRequest, Meeting
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Keep, Meet, Open, Row
from bot.workflow.invitation import NAME, called, misgivings
from bot.workflow.letters import document_of, enclosed

USUAL = 60
"""Minutes that a meeting takes where nobody says how long."""
NO_MINUTES = "Write the minutes below MINUTES, or attach them as a file."


def meet(case: Case) -> Decision:
    """Plan the meeting, or move it; the invitations follow (workflow.invitation). The day is what was agreed
    on: one that is late or no business day is taken, and said so."""
    starts = datetime.combine(case.args.on or case.today, case.args.at or NOON, case.office.calendar.zone)
    if starts <= case.now:
        return case.refuse(_over(case, starts))
    old = case.before.planned
    meeting = _as_written(case, starts.astimezone(UTC), old)
    if old and (old.at, old.minutes, old.place) == (meeting.at, meeting.minutes, meeting.place):
        return case.refuse(f"It is planned for {when(old.at, case.office)} already; nothing would change.")
    after = replace(case.change, meeting=meeting)
    moved = f", moved from {when(old.at, case.office)}" if old else ""
    name = called(meeting, case.order.running)
    row = case.says(f"{name}: {when(meeting.at, case.office)}, {meeting.minutes} minutes{moved}")
    return replace(case.done((row,), (), after), answer=_planning(case, meeting))


def _over(case: Case, starts: datetime) -> str:
    """That a time is over, and until when a meeting should be held."""
    due = case.due_by(DeadlineKind.CLARIFY)
    until = f" It should be held by {us(due)}." if due else ""
    is_over = f"{when(starts, case.office)} is over; it is {when(case.now, case.office)} now."
    return f"{is_over} Write a date and time ahead.{until}"


def _as_written(case: Case, starts: datetime, old: Meeting | None) -> Meeting:
    """What a line does not say of a meeting that is moved stays as it was."""
    minutes, place = case.args.minutes, case.args.place
    if old:
        return replace(old, at=starts, minutes=minutes or old.minutes, place=place or old.place)
    return Meeting(starts, minutes or USUAL, place, n=_next_number(case.before))


def _next_number(change: ChangeRequest) -> int:
    return change.meeting.n + 1 if change.meeting else 1


def _planning(case: Case, meeting: Meeting) -> tuple[str, ...]:
    """When it is, in full, and what somebody should look at twice."""
    place = f", at {meeting.place}" if meeting.place else ""
    said = f"{when(meeting.at, case.office)}, {meeting.minutes} minutes{place}."
    return (said, *misgivings(meeting.at, case.office, case.order.running))


def cancel(case: Case) -> Decision:
    """Call the meeting off. It is still owed."""
    old = case.before.planned
    if old is None:
        return case.refuse("No meeting is planned. MEETING with date and time plans one.")
    after = replace(case.change, meeting=replace(old, cancelled=True))
    why = f": {case.args.text}" if case.args.text else ""
    name = called(old, case.order.running)
    row = case.says(f"{name} of {when(old.at, case.office)} cancelled{why}")
    due = case.due_by(DeadlineKind.CLARIFY)
    answer = (f"A {NAME} is still due by {us(due)}.",) if due else ()
    return replace(case.done((row,), (), after), answer=answer)


def held(case: Case) -> Decision:
    """It was held: the minutes are due. Another one after it is an ordinary meeting (domain.md 1.4)."""
    on = _day_held(case)
    if isinstance(on, str):
        return case.refuse(on)
    done_on = _on(case, on)
    after = replace(case.change, meeting=_as_held(done_on))
    action = "" if case.due_by(DeadlineKind.CLARIFY) else "General Meeting Held"
    row = done_on.says(f"Meeting held on {us(on)}", action)
    due = done_on.due(DeadlineKind.MINUTES).due
    answer = (f"Held on {us(on)}. The minutes are due by {us(due)}: MINUTES, with the text below or a file.",)
    return replace(done_on.done((row,), change=after), answer=answer)


def _on(case: Case, day: date) -> Case:
    """The line as if it had named the day."""
    return replace(case, args=replace(case.args, on=day))


def _day_held(case: Case) -> date | str:
    """On which local date the meeting took place: the one named, else the planned one, else today. A text
    says why it cannot be."""
    calendar, meeting, planned = case.office.calendar, case.before.meeting, case.before.planned
    day = case.args.on
    if day is None:
        if planned and planned.at > case.now:
            at = when(planned.at, case.office)
            verb = case.row.verb
            return f"It is planned for {at}. If it was held before that, write the day: {verb} ON {us(case.today)}."
        day = calendar.local_date(planned.at) if planned else case.today
    if day < calendar.local_date(case.before.received_at):
        return f"{us(day)} is before the request came in. Write the day on which it was held: {case.row.verb} ON date."
    if meeting and meeting.held_on == day:
        return (
            f"It is recorded already that a meeting was held on {us(day)}. For another one write its day: HELD ON date."
        )
    return day


def _as_held(case: Case) -> Meeting:
    planned = case.before.planned
    if planned:
        return replace(planned, held_on=case.on)
    return Meeting(case.happened(), n=_next_number(case.before), held_on=case.on)


def issue_minutes(case: Case) -> Decision:
    """The minutes go to the attendees and onto the page. They imply that the meeting was held."""
    text = case.args.text or case.order.file_text.strip()
    if not text and not case.order.files:
        return case.refuse(NO_MINUTES)
    meeting = case.before.meeting
    if meeting and meeting.held_on:
        return _issued(case, meeting, text)
    if meeting and case.due_by(DeadlineKind.MINUTES) and case.args.on is None:
        return _issued(case, meeting, text)  # of the one before; another one is planned already
    on = _day_held(case)
    if isinstance(on, str):
        return case.refuse(on)
    done_on = _on(case, on)
    due = Deadline(DeadlineKind.MINUTES, done_on.due(DeadlineKind.MINUTES).due, met_on=case.today)
    clocks: list[Effect] = [Open(due)]
    if case.due_by(DeadlineKind.CLARIFY):
        clocks.append(Meet(DeadlineKind.CLARIFY, done_on.happened()))
    row = done_on.says(f"Meeting held on {us(on)}", "Clarification Meeting Held")
    return _issued(replace(case, args=replace(case.args, on=None)), _as_held(done_on), text, (row,), clocks)


def _issued(
    case: Case, meeting: Meeting, text: str, rows: tuple[Row, ...] = (), clocks: Iterable[Effect] = ()
) -> Decision:
    """The minutes as document, public row and letters; minutes sent again are revised ones."""
    revised = meeting.minutes_on is not None
    of = f" of {us(meeting.held_on)}" if meeting.held_on else ""
    title = f"{'Revised minutes' if revised else 'Minutes'} of the meeting{of}"
    after = replace(case.change, meeting=replace(meeting, minutes_on=case.on) if meeting.held_on else meeting)
    kept = [Keep(document_of(file, title, case.now), file.content) for file in case.order.files]
    said = case.says(f"{title}\n{text}" if text else f"{title}, as a file")
    told: dict[str, object] = {"meeting": meeting, "text": case.args.text, "revised": revised}
    letters = case.to_assigned(Kind.MINUTES, told, enclosed(*case.order.files), change=after)
    return case.done((*rows, said), [*clocks, *kept, *letters], after)
