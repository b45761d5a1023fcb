"""Delivery: announcement, production and rework (seed steps 7 to 10).

Its one rule: CLECs are told before and when it happens, in a numbered notice, and a date once
promised stays beside the one that replaces it.
"""

from dataclasses import replace

from bot.mail.letter import Kind
from bot.workflow.carry.notice import notice_number
from bot.workflow.carry.walkon import next_meeting
from bot.workflow.carry.words import us, with_words
from bot.workflow.case import Case
from bot.workflow.change import ChangeRequest, Way
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Open

CATEGORY = "PROS"
"""What a notice about a process is filed under (domain.md section 1.6)."""


def announce(case: Case) -> Decision:
    """ANNOUNCE: all CLECs learn the date of implementation, or the new one (seed step 8)."""
    on, first = case.args.on, case.before.announced
    if on is None or on < case.today:
        return case.refuse("Announce a date ahead, as in ANNOUNCE and the date; PRODUCTION records what is done.")
    if on == first:
        return case.refuse(f"{us(on)} is announced already. Another date replaces it: ANNOUNCE and that date.")
    notice = notice_number(CATEGORY, case.today, case.order.number, "Implementation")
    after = replace(case.change, announced=on)
    said = f"Notice {notice} sent to all CLECs: implementation on {us(on)}"
    said += f", in place of {us(first)}" if first else ""
    context: dict[str, object] = {"notice": notice, "first": first}
    row = case.says(with_words(said, case.args.text))
    return case.done(
        (row,), (Open(_promise(case, first is not None)), *_notices(case, Kind.IMPLEMENTATION, context, after)), after
    )


def produce(case: Case) -> Decision:
    """PRODUCTION: the change is in place, and the CLECs can test it at once (seed steps 9 and 10). It is
    talked over at the next Monthly Meeting (domain.md section 8, 30)."""
    meeting = next_meeting(case)
    notice = notice_number(CATEGORY, case.today, case.order.number, "CLEC_Test")
    after = replace(case.change, agenda=meeting)
    rows = (
        case.says("Change placed into production"),
        case.says(f"Notice {notice} sent to all CLECs: CLEC Test & Acceptance is open", "Communicator Issued"),
    )
    return case.done(rows, _notices(case, Kind.TEST_OPEN, {"notice": notice}, after), after)


def rework(case: Case) -> Decision:
    """REWORK: the test showed that it is not done yet; back to step 7, outside the steps of the seed."""
    after = replace(case.change, way=Way.PLAN, no_test=False, announced=None, agenda=None, closing=None)
    row = case.says(f"Administrative: rework, back to step 7: {case.args.text}")
    return case.done((row,), case.to_concerned(Kind.REWORK, change=after), after)


def _promise(case: Case, again: bool) -> Deadline:
    """The clock of the date of implementation; a later date stands beside the first, as an extension."""
    on = case.args.on or case.today
    kept = next((due for due in case.order.running if again and due.kind is DeadlineKind.PRODUCE), None)
    if kept is None or on < kept.due:
        return Deadline(DeadlineKind.PRODUCE, on)
    return Deadline(DeadlineKind.PRODUCE, kept.due, extended_to=on if on != kept.due else None)


def _notices(case: Case, kind: Kind, context: dict[str, object], after: ChangeRequest) -> list[Effect]:
    """The notice to all CLECs, and the same to those of the carrier who are concerned; all are held
    for as long as UNDO is free."""
    notices = case.to_all_clecs(kind, context, change=after)
    return notices + case.to_concerned(kind, context, change=after, besides=notices, held=True)
