"""Rescheduled: a Monthly Meeting that the configuration has put on another day.

Its one rule: whatever was set for the meeting of a month goes with it; nothing is missed by that, and nothing
stays on a day that has no meeting.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from bot.office.office import Office
from bot.workflow.carry.walkon import agenda_letters, agenda_told
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import AT_MEETING, PREPARED, SET_FOR, WEEK, Deadline, due_ahead, due_on
from bot.workflow.effect import Decision, Effect, Fate, Open, Publish, Row
from bot.workflow.event import Rescheduled
from bot.workflow.party import Party

WHY = "the Monthly Meeting has been moved"
TOO_NEAR = f"{WHY}, and no week is left before its new day"


def follows(change: ChangeRequest, clocks: Iterable[Deadline], office: Office, today: date) -> tuple[date, date] | None:
    """From which day that has no Monthly Meeting to which meeting a change request goes: that of the same
    month, or, with a response that can be issued no more a week before that, the first for which it can. None
    for one that stays."""
    if not (change.open and change.logged):
        return None
    calendar = office.calendar
    days = [due.by for due in clocks if due.kind in AT_MEETING and due.met_on is None]
    stands = [*([change.agenda] if change.agenda else []), *days]
    was = next((day for day in stands if calendar.meeting.date_in(day.year, day.month) != day), None)
    if was is None:
        return None
    now = calendar.meeting.date_in(was.year, was.month)
    while change.step is Step.RESPONSE and now - WEEK <= today:
        now = calendar.meeting_after(now)
    return was, now


def reschedule(change: ChangeRequest | None, event: Rescheduled, office: Office, now: datetime) -> Decision:
    """Move its place on the agenda and what is due for the meeting; the originator and the CRPM are told, and the
    SMEs where anything is due."""
    today = office.calendar.local_date(now)
    found = follows(change, event.running, office, today) if change else None
    if change is None or found is None:
        return Decision(Fate.PARKED)
    was, meeting = found
    after = replace(change, agenda=meeting) if change.agenda == was else change
    there = office.calendar.meeting.date_in(was.year, was.month)
    clocks = tuple(_moved(event.running, was, meeting, office, today))
    moved: list[Effect] = [Open(due) for due in clocks]
    told = agenda_told(after, meeting, was, WHY if meeting == there else TOO_NEAR, office, clocks)
    moved += agenda_letters(after, event.cause, told, office, *((Party.SME,) if told["due"] else ()))
    late = f". Its response cannot be issued a week before that any more; it goes to the meeting of {us(meeting)}"
    said = f"The Monthly Meeting of {us(was)} has been moved to {us(there)}{late if meeting != there else ''}"
    row = Row("Record Update", said, now, "bot")
    return Decision(Fate.OBEYED, f"{change.number}: to {us(meeting)}", after, (row,), (*moved, Publish()))


def _moved(running: Iterable[Deadline], was: date, meeting: date, office: Office, today: date) -> Iterator[Deadline]:
    """The deadlines that were computed from the day that the meeting was on, computed from its new one. What is
    to be done before it is due on the next business day at the earliest; what is late already stays."""
    for due in running:
        if due.kind not in SET_FOR or not _computed(due, was, office, today):
            continue
        if due.kind not in AT_MEETING and due.by < today:
            continue
        to = due_ahead(due.kind, office, today, meeting)
        yield replace(due, extended_to=to) if due.extended_to else Deadline(due.kind, to)


def _computed(due: Deadline, was: date, office: Office, today: date) -> bool:
    """True of a deadline that follows from the day of the meeting: as it is planned, or later, where there was too
    little time left. A date that was agreed on by itself stays."""
    planned = due_on(due.kind, office, today, was)
    squeezed = due.kind in PREPARED and due.extended_to is None and planned < due.by <= was
    return due.by == planned or squeezed
