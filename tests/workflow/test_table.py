"""The table of the workflow: every place, every verb, every role is answered, and the seed's way is in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.intake.arguments import Arguments
from bot.intake.verbs import VERBS
from bot.intake.verify import Standing
from bot.workflow.change import (
    PHASE_OF,
    ChangeRequest,
    Closing,
    Disposition,
    Escalation,
    Inquiry,
    Meeting,
    Phase,
    Response,
    Step,
    Way,
)
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.order import obey
from bot.workflow.party import parties
from bot.workflow.rights import entitled
from bot.workflow.step import ROWS, TABLE, TRANSITION_VERBS, row_for
from bot.workflow.transition import Place, place_of
from tests.workflow.offices import (
    ANITA,
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    PINE,
    STAFFED,
    STRANGER,
    TOBY,
    at_step,
    by,
    ended,
    opened,
    ordered,
)

LINES = (
    "HELP",
    "HELP MEETING",
    "STATUS",
    "HISTORY",
    "COMMENT We see this every day.",
    "NOTE Ask Joe.",
    "ASK Which orders?",
    "ACTION Anita Vale 12/11/2026 Find three examples",
    "DONE 1",
    "FOLLOW",
    "UNFOLLOW",
    "STOP",
    "LOG",
    "RETURN Please name your company.",
    "DROP spam",
    "ASSIGN CRPM Toby Marsh DIRECTOR Nils Aker",
    "SME Joe Castle",
    "MEETING 12/03/2026 10:00",
    "MEETING CANCEL",
    "HELD",
    "MINUTES All agreed.",
    "OPTIONS Two of them.",
    "EXTEND clarification meeting 12/11/2026 agreed with the CLEC",
    "AMEND Title: Another one",
    "PRESENTED",
    "WALKON",
    "ALIGNED They want the name.",
    "DRAFT ACCEPTED Position: Yes.",
    "DRAFT DENIED Basis: No. Reference: Section 3",
    "APPROVE",
    "DISAPPROVE Say when.",
    "RESPOND",
    "OUTCOME ACCEPTED ANSWERED",
    "OUTCOME ACCEPTED ANSWERED NO TEST",
    "OUTCOME ACCEPTED PLAN",
    "OUTCOME ACCEPTED DENIAL",
    "OUTCOME REJECTED",
    "OUTCOME REVISE Say when.",
    "ESCALATE The basis is wrong.",
    "DEFER",
    "DEFER UNTIL 02/01/2027",
    "RESUME",
    "RESOLVE TO 5 A new response.",
    "RESOLVE TO 5A A new response.",
    "RESOLVE TO 6 It stands.",
    "RESOLVE TO 7 A plan.",
    "RESOLVE TO 11 Closed.",
    "ANNOUNCE 01/15/2027",
    "PRODUCTION",
    "REWORK It failed.",
    "CLOSE Nothing is open.",
    "CONSENT",
    "OBJECT Not yet.",
    "WITHDRAW No longer needed.",
    "CROSSOVER SCR112326-01",
    "REOPEN TO 3 A mistake.",
    "CORRECT title: Another one -- a typing error",
    "RELATE PC112226-4",
    "UNDO",
    "AWAY UNTIL 12/18/2026 DEPUTY Nils Aker",
    "AGENDA",
    "REPORT",
    "FREEZE",
    "UNFREEZE",
)

ROLES: dict[str, Standing] = {
    "CMP Manager": by(MANAGER),
    "Group Manager": by(GROUP),
    "its CRPM": by(LENA),
    "another CRPM": by(TOBY),
    "its Director": by(GRACE),
    "its SME": by(ANITA),
    "originator": PAT,
    "known CLEC": Standing(PINE.contacts[0], company=PINE, verified=True),
    "stranger": STRANGER,
    "originator, unproven": replace(PAT, verified=False),
    "its CRPM, unproven": replace(by(LENA), verified=False),
}

DRAFT = Response(Disposition.ACCEPTED, "Yes.", "ab" * 32, "anita", date(2026, 11, 30), position="Yes.")
APPROVED = replace(DRAFT, approved_by="grace", approved_on=date(2026, 11, 30))
ISSUED = replace(APPROVED, issued_on=date(2026, 11, 30), notice="CMPR.11.30.26.F.00001.CR_Responses")
DENIED = replace(ISSUED, disposition=Disposition.DENIED)
RUNNING = tuple(Deadline(kind, date(2026, 12, 9)) for kind in DeadlineKind)


def intake() -> ChangeRequest:
    """A form that waits for the CMP Manager."""
    return at_step(Step.REQUEST, key="IN112326-1", number="IN112326-1", people={}, inquiry=Inquiry(to=PAT.sender))


def standing_at(place: Place) -> Iterator[ChangeRequest]:
    """Change requests as they stand at a place: plain ones, and with all that can have gathered."""
    match place:
        case Place.INTAKE:
            yield intake()
            yield replace(intake(), step=Step.OWN_REQUEST)
            return
        case Place.ENDED:
            yield at_step(Step.CLARIFICATION, Phase.WITHDRAWN, ended="withdrawn")
            yield replace(intake(), step=Step.CLOSED, phase=Phase.COMPLETION, inquiry=None)
            return
        case Place.DEFERRED:
            plain = at_step(Step.NOT_ACCEPTED, Phase.DEFERRED)
        case _:
            plain = at_step(Step(place.value))
    yield plain
    yield replace(
        plain,
        meeting=Meeting(MORNING, held_on=date(2026, 11, 30)),
        draft=APPROVED if place in (Place.RESPONSE, Place.REVISION) else None,
        responses=(ISSUED,),
        disposition=Disposition.ACCEPTED,
        way=Way.PLAN,
        agenda=date(2026, 12, 16),
        presented_on=date(2026, 11, 30),
        closing=Closing("done", date(2026, 11, 30), "lena"),
        escalation=Escalation(1, date(2026, 11, 30), "pat", "no", Step.NOT_ACCEPTED),
        announced=date(2026, 12, 7),
    )
    planned = Meeting(MORNING + timedelta(days=2))
    yield replace(plain, draft=DRAFT, responses=(DENIED,), disposition=Disposition.DENIED, meeting=planned)
    yield replace(plain, people={})


def meets(change: ChangeRequest, line: str, standing: Standing) -> Decision:
    """What a line comes to."""
    return obey(change, ordered(line, standing, running=RUNNING), STAFFED, MORNING)


def test_every_verb_of_the_grammar_is_carried_out() -> None:
    """A verb is a row of the table or an enquiry; CONFIRM and DRY RUN concern the mail."""
    assert {verb.name for verb in VERBS} == TRANSITION_VERBS | set(ENQUIRIES) | {"CONFIRM", "DRY RUN"}
    assert {line.split()[0] for line in LINES} == TRANSITION_VERBS | set(ENQUIRIES)


def test_no_two_rows_answer_the_same_line() -> None:
    """A verb, its word and a place name one row."""
    assert len(ROWS) == sum(len(row.at) for row in TABLE)


def test_rows_say_what_the_seed_says() -> None:
    """A row that leads to a step has that step's phase, but for the two that the seed has more than one for."""
    odd = {row.word for row in TABLE if row.to and row.phase and row.phase is not PHASE_OF[row.to]}
    assert odd == {"ACCEPTED DENIAL", ""}
    assert {row.verb for row in TABLE if row.to and row.phase is Phase.DEFERRED} == {"DEFER"}


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("role", list(ROLES))
def test_every_line_of_every_role_is_answered_everywhere(place: Place, role: str) -> None:
    """It is done as the table says, or refused with a reason; whoever is no party to a row never gets it."""
    standing = ROLES[role]
    for change in standing_at(place):
        assert place_of(change) is place
        who = parties(change, standing, STAFFED, date(2026, 12, 1))
        for line in LINES:
            decision = meets(change, line, standing)
            verb = line.split()[0]
            if verb in ENQUIRIES:
                assert decision.reason or decision.answer, line
                continue
            args = ordered(line, standing).args
            row = row_for(verb, args, place) if isinstance(args, Arguments) else None
            if row is None or not entitled(row, who):
                assert (decision.fate, decision.change, decision.effects) == (Fate.REFUSED, change, ()), line
            if decision.fate in (Fate.REFUSED, Fate.PARKED):
                assert decision.reason, line
                continue
            assert row is not None
            assert entitled(row, who), line
            assert standing.verified, line
            assert decision.rows or decision.answer, line


def test_what_is_done_moves_as_the_table_says() -> None:
    """Step, phase and milestone of the row are those of the change request afterwards."""
    seen = set()
    for place in Place:
        for change in standing_at(place):
            for standing in ROLES.values():
                for line in LINES:
                    verb = line.split()[0]
                    args = ordered(line, standing).args
                    row = row_for(verb, args, place) if isinstance(args, Arguments) else None
                    decision = meets(change, line, standing) if row else None
                    if row is None or decision is None or decision.fate is not Fate.OBEYED or verb == "UNDO":
                        continue
                    after = decision.change
                    assert after is not None
                    seen.add((row.verb, row.word))
                    if row.to is not None:
                        assert after.step is row.to, line
                    if row.milestone is not None:
                        assert row.milestone in {one.milestone for one in after.milestones}, line
    missing = {(row.verb, row.word) for row in TABLE} - seen
    assert {verb for verb, _ in missing} <= {"UNDO", "AMEND", "RELATE", "LOG", "REOPEN", "DONE"}


def test_what_ends_leaves_no_clock() -> None:
    """Whatever line closes, withdraws or hands over a change request ends all deadlines that run, action items too."""
    enders = set()
    for place in set(Place) - {Place.INTAKE}:
        for change in standing_at(place):
            for standing in ROLES.values():
                for line in LINES:
                    decision = meets(change, line, standing)
                    if change.open and decision.change and not decision.change.open:
                        enders.add(line.split()[0])
                        assert ended(decision) == set(DeadlineKind), line
                        assert opened(decision) == {}, line
    assert enders == {"CONSENT", "RESOLVE", "WITHDRAW", "CROSSOVER"}


def test_no_place_is_a_dead_end() -> None:
    """From every place where something is open somebody can lead it on, and to CR Closed in the end."""
    leads: dict[Place, set[Place]] = {place: set() for place in Place}
    for row in TABLE:
        if row.to is not None:
            target = Place.DEFERRED if row.phase is Phase.DEFERRED else Place(row.to.value)
            for place in row.at:
                leads[place].add(target)
    leads[Place.INTAKE].add(Place.SMES)
    for place in Place:
        reached, fresh = {place}, {place}
        while fresh:
            fresh = set().union(*(leads[each] for each in fresh)) - reached
            reached |= fresh
        assert Place.CLOSED in reached, place
