"""The step strip: the eleven steps of the process with their planned and actual dates.

Its one rule: planned comes from deadlines, actual from milestones and met deadlines; nothing is
guessed for a step that has neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.workflow.change import ChangeRequest, Milestone, Phase, Step, Way
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
# intake are not public, a page that can be read has been posted, and how the carrier comes to its
# response (options, draft, approval) is its own affair.
PUBLIC_DEADLINES: dict[DeadlineKind, tuple[Step, str]] = {
    DeadlineKind.ACKNOWLEDGE: (Step.REQUEST, "Acknowledgment"),
    DeadlineKind.ASSIGN: (Step.SME_ASSIGNMENT, "CRPM and Director assignment"),
    DeadlineKind.NAME_SMES: (Step.SME_ASSIGNMENT, "SME assignment"),
    DeadlineKind.CLARIFY: (Step.CLARIFICATION, "Clarification Meeting"),
    DeadlineKind.MINUTES: (Step.CLARIFICATION, "Meeting minutes"),
    DeadlineKind.PRESENT: (Step.CLARIFICATION, "CLEC presentation at the Monthly CMP Meeting"),
    DeadlineKind.RESPOND: (Step.RESPONSE, "Response issued"),
    DeadlineKind.PRESENT_RESPONSE: (Step.PRESENTATION, "Response presented at the Monthly CMP Meeting"),
    DeadlineKind.REVISE: (Step.PRESENTATION, "Revised response issued"),
    DeadlineKind.REACT: (Step.PRESENTATION, "Decision how it goes on"),
    DeadlineKind.RESUME: (Step.PRESENTATION, "Review of the deferral"),
    DeadlineKind.PRODUCE: (Step.PRODUCTION, "Placed into production"),
    DeadlineKind.CONSENT: (Step.CLOSED, "CLEC answers whether it may be closed"),
}

PLANS = {
    step: {kind: name for kind, (where, name) in PUBLIC_DEADLINES.items() if where is step}
    for step in {where for where, _ in PUBLIC_DEADLINES.values()}
}

# What a change request waits for where no date runs.
UNDATED: Mapping[Step, str] = {
    Step.REQUEST: "SME assignment",
    Step.OWN_REQUEST: "SME assignment",
    Step.SME_ASSIGNMENT: "SME assignment",
    Step.CLARIFICATION: "Consensus at the Monthly CMP Meeting",
    Step.RESPONSE: "Response issued",
    Step.PRESENTATION: "What the CLECs say of the response",
    Step.REVISION: "Revised response issued",
    Step.NOT_ACCEPTED: "Decision how it goes on",
    Step.ESCALATED: "Resolution of the escalation",
    Step.RESOLVED: "Resolution of the escalation",
    Step.ACCEPTED: "Closing, with the consent of the CLEC",
    Step.CHANGE: "Announcement of the date of implementation",
    Step.ANNOUNCEMENT: "Placed into production",
    Step.PRODUCTION: "CLEC Test & Acceptance",
    Step.TEST: "CLEC Test & Acceptance",
    Step.CLOSED: "Closing",
}
DEFERRED = "Deferred"

# The steps that an accepted response makes needless (seed step 6).
DELIVERY = frozenset({Step.CHANGE, Step.ANNOUNCEMENT, Step.PRODUCTION})
NEEDLESS: Mapping[Way, frozenset[Step]] = {
    Way.NONE: frozenset(),
    Way.ANSWERED: DELIVERY,
    Way.PLAN: frozenset(),
    Way.DENIAL: DELIVERY | {Step.TEST},
}
AFTER_REACTION = DELIVERY | {Step.ACCEPTED, Step.TEST}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step promised: planned, and (once it happened) actual, both local dates. A later date that was
    agreed on, or to which it was carried on (`missed`), stands beside the first one and never replaces it."""

    name: str
    planned: date
    extended: date | None
    actual: date | None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the strip; `state` is done, current, ahead, needless, or of a change request that
    ended outside the steps ended (here) or unreached. `note` names what the step's own name does not."""

    step: str
    name: str
    state: str
    note: str
    reached: date | None
    milestone: str
    plans: tuple[Plan, ...]


def stages(change: ChangeRequest, deadlines: tuple[Deadline, ...], carrier: str) -> tuple[Stage, ...]:
    """The eleven steps as they stand for one change request."""
    here, note = _here(change)
    needless = _needless(change)
    behind, at, beyond = _states(change)
    reached = {one.milestone: one.on for one in change.milestones}
    made = []
    for place, step in enumerate(ORDER):
        milestone = COMPLETES.get(step)
        state = behind if place < here else at if place == here else beyond
        if step in needless and place != here:
            state = "needless"
        made.append(
            Stage(
                step=step.value,
                name=NAMES[step].format(carrier),
                state=state,
                note=note.format(carrier) if place == here else "",
                # What was reached and lies ahead again is history.
                reached=reached.get(milestone) if milestone and place <= here else None,
                milestone=milestone.value if milestone else "",
                plans=_plans(step, deadlines),
            )
        )
    return tuple(made)


def undated(change: ChangeRequest) -> str:
    """What a change request waits for where no date runs; empty where nothing is asked of anybody."""
    if not change.open:
        return ""
    return "Taking it up again" if change.phase is Phase.DEFERRED else UNDATED[change.step]


def _here(change: ChangeRequest) -> tuple[int, str]:
    """The place on the strip where a change request stands, and what is to be said there."""
    current, note = SIDE_STEPS.get(change.step, (change.step, ""))
    if note:
        note = f"{change.step.value} {DEFERRED if change.phase is Phase.DEFERRED else note}"
    dispute = change.escalation
    if dispute and change.step in (Step.ESCALATED, Step.RESOLVED) and dispute.opened_from is Step.ACCEPTED:
        current = Step.ACCEPTED
    if change.phase in (Phase.WITHDRAWN, Phase.CROSSOVER):
        note = change.phase.value
    return ORDER.index(current), note


def _states(change: ChangeRequest) -> tuple[str, str, str]:
    """The states of the steps behind, of the one where it stands, and of those beyond."""
    if change.open:
        return "done", "current", "ahead"
    return ("done", "done", "done") if change.phase is Phase.COMPLETION else ("done", "ended", "unreached")


def _needless(change: ChangeRequest) -> frozenset[Step]:
    """The steps that do not have to be gone through; of a closed change request also those that it
    never came to."""
    if change.way is Way.NONE:
        return AFTER_REACTION if change.phase is Phase.COMPLETION else frozenset()
    return NEEDLESS[change.way] | {Step.TEST} if change.no_test else NEEDLESS[change.way]


def _plans(step: Step, deadlines: tuple[Deadline, ...]) -> tuple[Plan, ...]:
    kinds = PLANS.get(step)
    if kinds is None:
        return ()
    return tuple(
        Plan(kinds[due.kind], due.due, due.later, due.met_on, due.missed is not None and due.later == due.extended_to)
        for due in deadlines
        if due.kind in kinds
    )
