"""Agenda: what stands on a Monthly Meeting, and with which lines its results are recorded.

Its one rule: a change request stands on it once, under what is done with it there (domain.md 1.5).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.intake.arguments import Arguments
from bot.intake.arguments.dates import in_words
from bot.office.office import Office
from bot.workflow.answers.answer import answered, due_date
from bot.workflow.change import ChangeRequest, Disposition, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision
from bot.workflow.event import Ordered

DAY = timedelta(days=1)
FOR_MEETINGS = (DeadlineKind.PRESENT, DeadlineKind.PRESENT_RESPONSE)
"""Deadlines that a Monthly Meeting is for."""
HEADS = (
    "To be presented by the CLECs",
    "Responses to be presented",
    "Revised responses to be presented",
    "To be closed",
    "Other change requests",
)
CLEC, RESPONSE, REVISED, CLOSURE, OTHER = HEADS


def meeting_asked(args: Arguments, office: Office, today: date) -> date:
    """The Monthly Meeting that AGENDA asks for: that of its month, else the next one, today's included."""
    calendar = office.calendar
    return calendar.meeting.date_in(*args.month) if args.month else calendar.meeting_after(today - DAY)


def agenda(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """What stands on a Monthly Meeting: a line to record each result with, to be copied into a reply."""
    args = event.args if isinstance(event.args, Arguments) else Arguments()
    return answered(event, None, _listed(event, meeting_asked(args, office, office.calendar.local_date(now))))


def on_agenda(change: ChangeRequest, clocks: tuple[Deadline, ...], meeting: date) -> str:
    """Under which head a change request stands on a Monthly Meeting; empty where it does not. Its own
    agenda counts before what is due there."""
    due = (due_date(clock) for clock in clocks if clock.met_on is None and clock.kind in FOR_MEETINGS)
    if change.agenda != meeting if change.agenda else meeting not in due:
        return ""
    if change.closing and not change.closing.objection:
        return CLOSURE
    if change.step in (Step.SME_ASSIGNMENT, Step.CLARIFICATION):
        return CLEC
    if change.step in (Step.RESPONSE, Step.PRESENTATION):
        return REVISED if len(change.responses) > 1 else RESPONSE
    return REVISED if change.step is Step.REVISION else OTHER


def _listed(event: Ordered, meeting: date) -> Iterator[str]:
    found = sorted(event.work, key=lambda each: each[0].received_at)
    heads = {change.key: on_agenda(change, clocks, meeting) for change, clocks in found}
    count = sum(bool(head) for head in heads.values())
    recorded = False
    yield f"Monthly Meeting on {in_words(meeting)}: {count or 'no'} change request{'' if count == 1 else 's'}"
    for head in HEADS:
        under = [change for change, _ in found if heads[change.key] == head]
        if under:
            yield f"{head}:"
        for change in under:
            yield f"  {change.number}, {change.title} ({change.company}), step {change.step.value}"
            if lines := _lines(head, change):
                recorded = True
                yield f"  To record it: {'; or '.join(f'{change.number}: {line}' for line in lines)}"
    if recorded:
        yield "One reply may hold a line for each: copy those that came true, one below the other."


def _lines(head: str, change: ChangeRequest) -> tuple[str, ...]:
    """With which lines the result is recorded."""
    if head == CLEC:
        return ("PRESENTED", "ALIGNED what was agreed") if change.step is Step.CLARIFICATION else ()
    if head == CLOSURE:
        return ("CONSENT", "OBJECT reason")
    if head == OTHER or change.step is not Step.PRESENTATION:
        return ()
    denied = change.disposition is Disposition.DENIED
    accepted = ("OUTCOME ACCEPTED DENIAL",) if denied else ("OUTCOME ACCEPTED ANSWERED", "OUTCOME ACCEPTED PLAN")
    return ("PRESENTED", *accepted, "OUTCOME REJECTED", "OUTCOME REVISE what is to change")
