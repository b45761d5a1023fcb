"""The step strip: the eleven steps of the process with their planned and actual dates.

Its one rule: planned comes from deadlines, actual from milestones and met deadlines; nothing is
guessed for a step that has neither.
"""

from dataclasses import dataclass
from datetime import date

from bot.workflow.change import ChangeRequest, Milestone, Step
from bot.workflow.deadline import Deadline, DeadlineKind

# The steps as the public reads them (seed, column Description); `{}` is the carrier's name.
NAMES: dict[Step, str] = {
    Step.REQUEST: "CLEC Request",
    Step.SME_ASSIGNMENT: "SME Assigned",
    Step.CLARIFICATION: "Clarification Meeting",
    Step.RESPONSE: "{} Response Issued",
    Step.PRESENTATION: "{} Response Presented",
    Step.ACCEPTED: "{} Response Accepted",
    Step.CHANGE: "Change Performed",
    Step.ANNOUNCEMENT: "Date Announced",
    Step.PRODUCTION: "Placed into Production",
    Step.TEST: "CLEC Test & Acceptance",
    Step.CLOSED: "CR Closed",
}

ORDER = tuple(NAMES)

# Where a CR stands on the strip while it is in a step that the strip does not show.
SIDE_STEPS: dict[Step, tuple[Step, str]] = {
    Step.OWN_REQUEST: (Step.REQUEST, "{}-originated change"),
    Step.REVISION: (Step.PRESENTATION, "Response requires revision"),
    Step.NOT_ACCEPTED: (Step.PRESENTATION, "Response not accepted"),
    Step.ESCALATED: (Step.PRESENTATION, "CR dispute escalated"),
    Step.RESOLVED: (Step.PRESENTATION, "CR dispute resolved"),
}

COMPLETES: dict[Step, Milestone] = {
    Step.REQUEST: Milestone.CR_RECEIVED,
    Step.SME_ASSIGNMENT: Milestone.SME_ASSIGNED,
    Step.CLARIFICATION: Milestone.ALIGNMENT_COMPLETED,
    Step.RESPONSE: Milestone.RESPONSE_ISSUED,
    Step.PRESENTATION: Milestone.RESPONSE_PRESENTED,
    Step.ACCEPTED: Milestone.RESPONSE_ACCEPTED,
    Step.ANNOUNCEMENT: Milestone.CLEC_NOTIFIED,
    Step.PRODUCTION: Milestone.TEST_READY,
    Step.CLOSED: Milestone.CR_CLOSED,
}

# The deadlines that the public may know of: the step they belong to and their name. Those of an
# intake are not public, and a page that can be read has been posted.
PUBLIC_DEADLINES: dict[DeadlineKind, tuple[Step, str]] = {
    DeadlineKind.ACKNOWLEDGE: (Step.REQUEST, "Acknowledgment"),
    DeadlineKind.ASSIGN: (Step.SME_ASSIGNMENT, "CRPM and Director assignment"),
    DeadlineKind.NAME_SMES: (Step.SME_ASSIGNMENT, "SME assignment"),
    DeadlineKind.CLARIFY: (Step.CLARIFICATION, "Clarification Meeting"),
    DeadlineKind.PRESENT: (Step.CLARIFICATION, "CLEC presentation at the Monthly CMP Meeting"),
}

PLANS = {
    step: {kind: name for kind, (where, name) in PUBLIC_DEADLINES.items() if where is step}
    for step in {where for where, _ in PUBLIC_DEADLINES.values()}
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step promised: planned, and (once it happened) actual, both local dates. An agreed
    later date stands beside the first one and never replaces it."""

    name: str
    planned: date
    extended: date | None
    actual: date | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the strip; `state` is done, current or ahead."""

    step: str
    name: str
    state: str
    note: str
    reached: date | None
    milestone: str
    plans: tuple[Plan, ...]


def stages(change: ChangeRequest, deadlines: tuple[Deadline, ...], carrier: str) -> tuple[Stage, ...]:
    """The eleven steps as they stand for one change request."""
    current, note = SIDE_STEPS.get(change.step, (change.step, ""))
    here = ORDER.index(current)
    reached = {one.milestone: one.on for one in change.milestones}
    made = []
    for place, step in enumerate(ORDER):
        milestone = COMPLETES.get(step)
        state = "done" if place < here or not change.open else "current" if place == here else "ahead"
        made.append(
            Stage(
                step=step.value,
                name=NAMES[step].format(carrier),
                state=state,
                note=note.format(carrier) if place == here else "",
                reached=reached.get(milestone) if milestone else None,
                milestone=milestone.value if milestone else "",
                plans=_plans(step, deadlines),
            )
        )
    return tuple(made)


def _plans(step: Step, deadlines: tuple[Deadline, ...]) -> tuple[Plan, ...]:
    kinds = PLANS.get(step)
    if kinds is None:
        return ()
    return tuple(Plan(kinds[due.kind], due.due, due.extended_to, due.met_on) for due in deadlines if due.kind in kinds)
