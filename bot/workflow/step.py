"""The table of the workflow: every verb that does something with a change request, where it may be
used, by whom, and what follows (seed steps 1 to 11; DESIGN sections 4 and 5).

Its one rule: this table is the truth. Letters, help, the picture of the workflow and the tests are
derived from it; a verb that has no row for a place is refused there.
"""

from collections.abc import Callable, Iterable, Mapping

from bot.intake.arguments import Arguments
from bot.workflow.carry import (
    assignment,
    clarification,
    closing,
    delivery,
    extension,
    meeting,
    reaction,
    record,
    response,
    talk,
    walkon,
)
from bot.workflow.case import Case
from bot.workflow.change import Milestone, Phase, Step
from bot.workflow.deadline import STEPS, DeadlineKind
from bot.workflow.effect import Decision
from bot.workflow.party import Party
from bot.workflow.transition import Need, Place, Transition

CarryOut = Callable[[Case], Decision]

OPEN = frozenset(Place) - {Place.INTAKE, Place.CLOSED, Place.ENDED}
LOGGED = frozenset(Place) - {Place.INTAKE}
FROM_3 = OPEN - {Place.SMES}
ANYWHERE = frozenset(Place)
AMENDABLE = frozenset({Place.SMES, Place.CLARIFICATION, Place.RESPONSE, Place.PRESENTATION, Place.REVISION})
WAITING = frozenset({Place.ACCEPTED, Place.PRODUCTION, Place.TEST, Place.DEFERRED})
"""Where a change request may be closed from."""

CRPM = frozenset({Party.CRPM})
MANAGER = frozenset({Party.CMP_MANAGER})
WORKERS = frozenset({Party.SME, Party.CRPM})
OWNERS = frozenset({Party.ORIGINATOR, Party.CRPM})
READERS = frozenset({Party.CLEC, Party.STAFF})

ALL_CLOCKS = tuple(DeadlineKind)
RESPONSE_CLOCKS = (DeadlineKind.DRAFT, DeadlineKind.APPROVE, DeadlineKind.RESPOND, DeadlineKind.REVISE)
REACTION_CLOCKS = (DeadlineKind.PRESENT_RESPONSE, DeadlineKind.REACT)


def _row(verb: str, at: Iterable[Place], parties: frozenset[Party], carry_out: CarryOut, **more: object) -> Transition:
    return Transition(verb, frozenset(at), parties, carry_out, **more)  # type: ignore[arg-type]  # fields by name


def _respond(at: Place, milestone: Milestone | None = None) -> Transition:
    """RESPOND: the response of step 4 completes it; a revised one leaves the date on which that was, and
    stands with the deadlines of step 5."""
    return _row(
        "RESPOND",
        (at,),
        CRPM,
        response.respond,
        to=Step.PRESENTATION,
        milestone=milestone,
        action="{carrier} Response Issued",
        meets=RESPONSE_CLOCKS,
        opens=(DeadlineKind.PRESENT_RESPONSE,),
        series="NOTICE",
        needs=frozenset({Need.DRAFT}),
    )


def _accepted(way: str, to: Step, phase: Phase | None = None) -> Transition:
    """OUTCOME ACCEPTED with its way: from 5, late from 5B, or corrected at 6 (seed step 6)."""
    return _row(
        "OUTCOME",
        (Place.PRESENTATION, Place.NOT_ACCEPTED, Place.ACCEPTED),
        CRPM,
        reaction.accepted,
        word=f"ACCEPTED {way}",
        to=to,
        phase=phase,
        milestone=Milestone.RESPONSE_ACCEPTED,
        action="Status Changed",
        meets=REACTION_CLOCKS,
        stops=(DeadlineKind.CONSENT,),
        opens=(DeadlineKind.TEST,) if to is Step.TEST else (),
    )


def _resolved(to: Step, *opens: DeadlineKind) -> Transition:
    """RESOLVE TO one of the steps that a dispute can end in (seed step 5D; domain.md section 8, 28)."""
    return _row(
        "RESOLVE",
        (Place.ESCALATED, Place.RESOLVED),
        CRPM,
        reaction.resolve,
        word=to.value,
        to=to,
        milestone=Milestone.RESOLVED,
        action="Status Changed",
        meets=(DeadlineKind.SETTLE,),
        stops=ALL_CLOCKS if to is Step.CLOSED else (),
        opens=opens,
    )


def _reopened(to: Step, opens: tuple[DeadlineKind, ...]) -> Transition:
    return _row(
        "REOPEN",
        (Place.CLOSED, Place.ENDED),
        MANAGER,
        closing.reopen,
        word=to.value,
        to=to,
        action="Status Changed",
        opens=opens,
    )


TABLE: tuple[Transition, ...] = (
    # Step 1: what the CMP Manager does with an intake
    _row("LOG", (Place.INTAKE,), MANAGER, record.log, series="PC", needs=frozenset({Need.FORM})),
    _row("RETURN", (Place.INTAKE,), MANAGER, record.give_back, needs=frozenset({Need.FORM})),
    _row("DROP", (Place.INTAKE,), MANAGER, record.drop),
    # Step 2
    _row(
        "ASSIGN",
        OPEN,
        frozenset({Party.GROUP_MANAGER}),
        assignment.assign,
        meets=(DeadlineKind.ASSIGN,),
        needs=frozenset({Need.DRAFT}),
    ),
    _row(
        "SME",
        (Place.SMES,),
        frozenset({Party.DIRECTOR, Party.CRPM}),
        assignment.name_smes,
        to=Step.CLARIFICATION,
        milestone=Milestone.SME_ASSIGNED,
        action="Status Changed",
        meets=(DeadlineKind.NAME_SMES,),
        opens=(DeadlineKind.OPTIONS,),
    ),
    _row("SME", FROM_3, frozenset({Party.DIRECTOR, Party.CRPM}), assignment.name_smes),
    # Step 3
    _row("MEETING", OPEN, CRPM, meeting.meet, action="Clarification Meeting Scheduled"),
    _row("MEETING", OPEN, CRPM, meeting.cancel, word="CANCEL", action="Clarification Meeting Scheduled"),
    _row(
        "HELD",
        OPEN,
        CRPM,
        meeting.held,
        action="Clarification Meeting Held",
        meets=(DeadlineKind.CLARIFY,),
        opens=(DeadlineKind.MINUTES,),
    ),
    _row(
        "MINUTES",
        OPEN,
        CRPM,
        meeting.issue_minutes,
        action="Info Sent to CLEC",
        meets=(DeadlineKind.MINUTES,),
    ),
    _row("OPTIONS", (Place.CLARIFICATION,), WORKERS, clarification.options, meets=(DeadlineKind.OPTIONS,)),
    _row("EXTEND", OPEN, CRPM, extension.extend),
    _row("AMEND", AMENDABLE, OWNERS, record.amend),
    _row(
        "PRESENTED",
        (Place.SMES, Place.CLARIFICATION),
        CRPM,
        clarification.presented,
        action="Discussed at Monthly CMP Meeting",
        meets=(DeadlineKind.PRESENT,),
    ),
    _row(
        "ALIGNED",
        (Place.CLARIFICATION,),
        CRPM,
        clarification.aligned,
        to=Step.RESPONSE,
        milestone=Milestone.ALIGNMENT_COMPLETED,
        action="Discussed at Monthly CMP Meeting",
        meets=(DeadlineKind.PRESENT, DeadlineKind.OPTIONS, DeadlineKind.CLARIFY),
        opens=(DeadlineKind.DRAFT, DeadlineKind.RESPOND, DeadlineKind.PRESENT_RESPONSE),
    ),
    _row(
        "WALKON",
        (Place.CLARIFICATION, Place.RESPONSE, Place.PRESENTATION, Place.REVISION),
        MANAGER,
        walkon.walk_on,
    ),
    # Step 4, and 5A once more
    _row(
        "DRAFT",
        (Place.RESPONSE, Place.REVISION),
        WORKERS,
        response.draft,
        action="Draft Response Issued",
        meets=(DeadlineKind.DRAFT,),
        opens=(DeadlineKind.APPROVE,),
    ),
    _row(
        "APPROVE",
        (Place.RESPONSE, Place.REVISION),
        frozenset({Party.DIRECTOR}),
        response.approve,
        meets=(DeadlineKind.APPROVE,),
        needs=frozenset({Need.DRAFT}),
    ),
    _row(
        "DISAPPROVE",
        (Place.RESPONSE, Place.REVISION),
        frozenset({Party.DIRECTOR}),
        response.disapprove,
        meets=(DeadlineKind.APPROVE,),
    ),
    _respond(Place.RESPONSE, Milestone.RESPONSE_ISSUED),
    _respond(Place.REVISION),
    # Step 5 and what can come of it
    _row(
        "PRESENTED",
        (Place.PRESENTATION,),
        CRPM,
        clarification.presented,
        milestone=Milestone.RESPONSE_PRESENTED,
        action="Discussed at Monthly CMP Meeting",
        meets=(DeadlineKind.PRESENT_RESPONSE,),
    ),
    _accepted("ANSWERED", Step.TEST),
    _accepted("ANSWERED NO TEST", Step.ACCEPTED),
    _accepted("PLAN", Step.CHANGE),
    _accepted("DENIAL", Step.ACCEPTED, Phase.DECLINED),
    _row(
        "OUTCOME",
        (Place.PRESENTATION,),
        CRPM,
        reaction.rejected,
        word="REJECTED",
        to=Step.NOT_ACCEPTED,
        action="Status Changed",
        meets=(DeadlineKind.PRESENT_RESPONSE,),
        opens=(DeadlineKind.REACT,),
    ),
    _row(
        "OUTCOME",
        (Place.PRESENTATION,),
        CRPM,
        reaction.revise,
        word="REVISE",
        to=Step.REVISION,
        action="Discussed at Monthly CMP Meeting",
        meets=(DeadlineKind.PRESENT_RESPONSE,),
        opens=(DeadlineKind.REVISE,),
    ),
    _row(
        "ESCALATE",
        (Place.NOT_ACCEPTED, Place.DEFERRED, Place.ACCEPTED),
        frozenset({Party.ORIGINATOR, Party.CLEC, Party.CRPM}),
        reaction.escalate,
        to=Step.ESCALATED,
        action="Status Changed",
        meets=(DeadlineKind.REACT,),
        stops=STEPS,
        opens=(DeadlineKind.SETTLE,),
        series="ESCALATION",
        confirmed=frozenset({Party.ORIGINATOR, Party.CLEC}),
    ),
    _row(
        "ESCALATE",
        (Place.ESCALATED,),
        frozenset({Party.ORIGINATOR, Party.CLEC, Party.CRPM}),
        reaction.join,
        confirmed=frozenset({Party.ORIGINATOR, Party.CLEC}),
    ),
    _row(
        "DEFER",
        (Place.NOT_ACCEPTED, Place.DEFERRED),
        OWNERS,
        reaction.defer,
        to=Step.NOT_ACCEPTED,
        phase=Phase.DEFERRED,
        action="Status Changed",
        meets=(DeadlineKind.REACT,),
        stops=(DeadlineKind.RESUME, DeadlineKind.CONSENT),
    ),
    _row(
        "RESUME",
        (Place.DEFERRED,),
        OWNERS,
        reaction.resume,
        to=Step.NOT_ACCEPTED,
        action="Status Changed",
        meets=(DeadlineKind.RESUME,),
        stops=(DeadlineKind.CONSENT,),
        opens=(DeadlineKind.REACT,),
    ),
    _resolved(Step.PRESENTATION, DeadlineKind.PRESENT_RESPONSE),
    _resolved(Step.REVISION, DeadlineKind.REVISE),
    _resolved(Step.ACCEPTED),
    _resolved(Step.CHANGE),
    _resolved(Step.CLOSED),
    # Steps 7 to 10
    _row(
        "ANNOUNCE",
        (Place.CHANGE,),
        CRPM,
        delivery.announce,
        to=Step.ANNOUNCEMENT,
        milestone=Milestone.CLEC_NOTIFIED,
        action="Communicator Issued",
        series="NOTICE",
    ),
    _row("ANNOUNCE", (Place.ANNOUNCEMENT,), CRPM, delivery.announce, action="Communicator Issued", series="NOTICE"),
    _row(
        "PRODUCTION",
        (Place.ANNOUNCEMENT,),
        CRPM,
        delivery.produce,
        to=Step.TEST,
        milestone=Milestone.TEST_READY,
        action="Status Changed",
        meets=(DeadlineKind.PRODUCE,),
        opens=(DeadlineKind.TEST,),
        series="NOTICE",
    ),
    _row(
        "REWORK",
        (Place.TEST, Place.PRODUCTION),
        CRPM,
        delivery.rework,
        to=Step.CHANGE,
        action="Status Changed",
        meets=(DeadlineKind.TEST,),
        stops=(DeadlineKind.CONSENT,),
    ),
    # Step 11, and the ends outside the steps
    _row(
        "CLOSE",
        WAITING,
        CRPM,
        closing.close,
        action="Info Requested from CLEC",
        meets=(DeadlineKind.RESUME, DeadlineKind.TEST),
    ),
    _row(
        "CONSENT",
        WAITING,
        OWNERS,
        closing.consent,
        to=Step.CLOSED,
        milestone=Milestone.CR_CLOSED,
        action="Status Changed",
        meets=(DeadlineKind.CONSENT,),
        stops=ALL_CLOCKS,
    ),
    _row("OBJECT", WAITING, OWNERS, closing.object_to, meets=(DeadlineKind.CONSENT,)),
    _row(
        "WITHDRAW",
        OPEN,
        OWNERS,
        closing.withdraw,
        phase=Phase.WITHDRAWN,
        action="Status Changed",
        stops=ALL_CLOCKS,
        confirmed=frozenset({Party.ORIGINATOR}),
    ),
    _row(
        "CROSSOVER",
        OPEN,
        MANAGER,
        closing.cross_over,
        phase=Phase.CROSSOVER,
        action="Status Changed",
        stops=ALL_CLOCKS,
    ),
    *(_reopened(step, opens) for step, opens in closing.REOPENED_TO.items()),
    # At any step
    _row("COMMENT", OPEN, READERS, talk.comment, action="CLEC Provided Information"),
    _row("NOTE", ANYWHERE, frozenset({Party.STAFF}), talk.note, action="Additional Information"),
    _row("ASK", OPEN, WORKERS, talk.ask, action="Info Requested from CLEC"),
    _row("ACTION", OPEN, CRPM, talk.add_action, action="Action Item Created"),
    _row("DONE", OPEN, CRPM, talk.end_action),
    _row("FOLLOW", LOGGED, READERS, talk.follow),
    _row("UNFOLLOW", LOGGED, READERS, talk.unfollow),
    _row("STOP", LOGGED, READERS, talk.unfollow),
    _row("CORRECT", LOGGED, MANAGER, record.correct, needs=frozenset({Need.CORRECTED})),
    _row("RELATE", LOGGED, MANAGER, record.relate, needs=frozenset({Need.OTHER})),
    _row("UNDO", ANYWHERE, READERS, record.undo, needs=frozenset({Need.LATEST})),
)

ROWS: Mapping[tuple[str, str, Place], Transition] = {
    (row.verb, row.word, place): row for row in TABLE for place in row.at
}
"""Every row by its verb, the word that tells rows of one verb apart, and the place."""

TRANSITION_VERBS = frozenset(row.verb for row in TABLE)


def variant(verb: str, args: Arguments) -> str:
    """The word that tells rows of one verb apart, from what stands behind it."""
    match verb:
        case "OUTCOME":
            return " ".join(filter(None, (args.word, args.way, "NO TEST" if args.no_test else "")))
        case "RESOLVE" | "REOPEN":
            return args.step
        case "MEETING":
            return args.word
    return ""


def row_for(verb: str, args: Arguments, place: Place) -> Transition | None:
    """The row that a line asks for where a change request stands; None where there is none."""
    return ROWS.get((verb, variant(verb, args), place))


def rows_of(verb: str) -> tuple[Transition, ...]:
    """All rows of a verb."""
    return tuple(row for row in TABLE if row.verb == verb)


def rows_at(place: Place) -> tuple[Transition, ...]:
    """All rows that a place has, in the order of the table."""
    return tuple(row for row in TABLE if place in row.at)
