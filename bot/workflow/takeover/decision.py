"""Decision: what taking over a row does: the change request with its history and the deadlines of its step.

Its one rule: time begins with the import. What was due before is not known and reminded of by nobody; no letter
is owed to anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.office.office import Office
from bot.workflow.carry.closing import REOPENED_TO, TALKED_OVER
from bot.workflow.carry.words import us
from bot.workflow.case import NOON
from bot.workflow.change import ChangeRequest, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind, due_on, first_meeting, runs
from bot.workflow.effect import Decision, Fate, Open, Publish, Row
from bot.workflow.takeover.row import Taken

TAKEN_OVER = "Taken Over"
"""The action of the row that says so; no news of the day."""
STARTS: Mapping[Step, tuple[DeadlineKind, ...]] = {
    **REOPENED_TO,
    Step.SME_ASSIGNMENT: (
        DeadlineKind.ASSIGN, DeadlineKind.NAME_SMES, DeadlineKind.CLARIFY, DeadlineKind.PRESENT,
    ),
    Step.REVISION: (DeadlineKind.REVISE,),
    Step.ESCALATED: (DeadlineKind.SETTLE,),
}  # fmt: skip
"""What is due at each step, counted from the day of the import."""


def taken_over(row: Taken, change: ChangeRequest, office: Office, now: datetime, *, posted: bool) -> Decision:
    """Take over the change request of a row. Its earlier history is `posted`, or stays inside."""
    today = office.calendar.local_date(now)
    change = replace(change, agenda=_meeting(change, office, today))
    status = datetime.combine(change.status_date, NOON, office.calendar.zone).astimezone(UTC)
    rows = [Row("CR Submitted", f"CR submitted by {change.company}", min(change.received_at, now), change.company)]
    if row.history:
        rows.append(Row("Earlier History", row.history, max(status, change.received_at), "bot", posted))
    said = f"Taken over from an earlier register; status is {change.phase} since {us(change.status_date)}"
    rows.append(Row(TAKEN_OVER, said, now, "bot"))
    if row.remarks:
        told = "\n".join(f"{remark.place}: {remark.message}" for remark in row.remarks)
        rows.append(Row("Additional Information", f"Remarks of the import:\n{told}", now, "bot", public=False))
    clocks = (Open(deadline) for deadline in _starting(change, office, today))
    return Decision(Fate.REGISTERED, f"taken over as {change.number}", change, tuple(rows), (*clocks, Publish()))


def _meeting(change: ChangeRequest, office: Office, today: date) -> date | None:
    """The Monthly Meeting whose agenda it is on from the import; None for what is talked over at none."""
    if not change.open or change.step not in (*TALKED_OVER, Step.REVISION):
        return None
    return first_meeting(STARTS[change.step], office, today)


def _starting(change: ChangeRequest, office: Office, today: date) -> Iterator[Deadline]:
    """The deadlines of an open change request."""
    if not change.open:
        return
    if change.step is Step.ANNOUNCEMENT and change.announced:
        yield Deadline(DeadlineKind.PRODUCE, max(change.announced, today))
    kinds = (DeadlineKind.RESUME,) if change.phase is Phase.DEFERRED else STARTS.get(change.step, ())
    assigned = {DeadlineKind.ASSIGN} if change.people.get("crpm") and change.people.get("director") else set()
    for kind in kinds:
        if kind not in assigned and runs(kind, office):
            yield Deadline(kind, due_on(kind, office, today, change.agenda))
