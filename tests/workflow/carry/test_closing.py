"""Ends: nothing closes by silence, and whatever ends can be opened again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.mail.letter import Enclosure, Kind
from bot.office.people import Address
from bot.workflow.change import Closing, Disposition, Milestone, Phase, Reached, Reaction, Step, Way
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Fate, Meet, Stop
from tests.workflow.carry.test_reaction import MEETING, TODAY, answered, left, reached, said
from tests.workflow.offices import (
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    PAT,
    PINE,
    at_step,
    ended,
    letters_of,
    obeyed,
    opened,
    running,
    told,
)

DUE = date(2026, 12, 15)
PAST = datetime(2026, 12, 16, 15, 0, tzinfo=UTC)
ASKED = Closing("All is done.", TODAY, "lena")
CLOCK = running((DeadlineKind.CONSENT, DUE))


def test_close_asks_the_originator() -> None:
    """The question, its clock, the next agenda; the others only hear of it (DESIGN section 4, closing)."""
    tested = answered(Step.TEST, followers=(PINE.contacts[0],))
    decision = obeyed(tested, "CLOSE All is done.", LENA)
    change = left(decision)
    assert (change.step, change.closing, change.agenda) == (Step.TEST, ASKED, MEETING)
    assert opened(decision) == {DeadlineKind.CONSENT: DUE}
    asked = {letter.to.email.partition("@")[0]: letter.context["asked"] for letter in letters_of(decision)}
    others = ("grace.holt", "anita.vale", "joe.castle", "orders")
    assert asked == {"pat": True, **dict.fromkeys(others, False)}
    again = left(obeyed(change, "CLOSE Really.", LENA, running=CLOCK))
    assert again.closing == Closing("Really.", TODAY, "lena")


def test_consent_closes() -> None:
    """Step 11, CR Closed, every clock stopped, everybody told why."""
    clocks = (*CLOCK, *running((DeadlineKind.RESUME, DUE)))
    decision = obeyed(answered(Step.TEST, closing=ASKED, agenda=MEETING), "CONSENT", PAT, running=clocks)
    change = left(decision)
    assert (change.step, change.phase, change.open, change.agenda) == (Step.CLOSED, Phase.COMPLETION, False, None)
    assert reached(change) == [(Milestone.CR_CLOSED, TODAY)]
    assert ended(decision) == {DeadlineKind.CONSENT, DeadlineKind.RESUME}
    assert said(decision) == [
        ("Status Changed", "Closed with the consent of the originator: All is done. Status is Completion.")
    ]
    people = ("lena.brook", "grace.holt", "anita.vale", "joe.castle")
    assert told(decision) == {(Kind.CLOSED, who) for who in people}
    on_word = obeyed(answered(Step.TEST, closing=ASKED), "CONSENT", LENA)
    assert "the originator (as Lena Brook was told)" in said(on_word)[0][1]


@pytest.mark.parametrize("line", ["CONSENT", "OBJECT Not yet."])
def test_nobody_answers_what_was_not_asked(line: str) -> None:
    """Without a question there is nothing to agree to; the way to one is named."""
    refused = obeyed(answered(Step.TEST), line, PAT)
    assert (refused.fate, "WITHDRAW" in refused.reason) == (Fate.REFUSED, True)


def test_an_objection_keeps_it_open_until_asked_again() -> None:
    """The CRPM reads why; the originator may still agree, and the CRPM may ask again."""
    decision = obeyed(answered(Step.TEST, closing=ASKED), "OBJECT Two rejects yesterday.", PAT, running=CLOCK)
    change = left(decision)
    assert (change.step, change.open) == (Step.TEST, True)
    assert change.closing == replace(ASKED, objection="Two rejects yesterday.")
    assert ended(decision) == {DeadlineKind.CONSENT}
    assert (Kind.OBJECTED, "lena.brook") in told(decision)
    assert not left(obeyed(change, "CONSENT", PAT)).open
    for who in (LENA, MANAGER):
        again = left(obeyed(change, "CLOSE It is repaired.", who, now=PAST))
        assert (again.open, again.closing and again.closing.objection) == (True, "")


def test_the_files_of_an_objection_go_to_its_crpm_alone() -> None:
    """Everybody concerned reads why; the followers of other companies get no file of the originator's."""
    paper = Enclosure("samples.xlsx", "", b"PK")
    follower = Address("kim@bare.example")
    change = answered(Step.TEST, closing=ASKED, followers=(follower,))
    letters = letters_of(obeyed(change, "OBJECT See the samples.", PAT, running=CLOCK, files=(paper,)))
    assert follower in [letter.to for letter in letters]
    for letter in letters:
        mine = letter.to == LENA.address
        assert (letter.enclosures, letter.context["files"]) == (((paper,), (paper.name,)) if mine else ((), ()))


def test_unanswered_the_cmp_manager_closes_with_a_reason() -> None:
    """Not before the originator had their time, and nobody else; the refusal says until when."""
    asked = answered(Step.TEST, closing=ASKED)
    refused = obeyed(asked, "CLOSE No answer.", MANAGER, running=CLOCK)
    assert (refused.fate, "12/15/2026" in refused.reason) == (Fate.REFUSED, True)
    longer = (replace(CLOCK[0], extended_to=date(2026, 12, 18)),)
    assert "12/18/2026" in obeyed(asked, "CLOSE No answer.", MANAGER, running=longer, now=PAST).reason
    crpm = left(obeyed(asked, "CLOSE No answer.", LENA, running=CLOCK, now=PAST))
    assert (crpm.open, crpm.closing and crpm.closing.asked_on) == (True, PAST.date())
    decision = obeyed(asked, "CLOSE No answer.", MANAGER, running=CLOCK, now=PAST)
    assert left(decision).step is Step.CLOSED
    assert reached(left(decision)) == [(Milestone.CR_CLOSED, PAST.date())]
    assert "has not answered: No answer." in decision.rows[0].description
    assert ended(decision) == {DeadlineKind.CONSENT}
    assert (Kind.CLOSED, "pat") in told(decision)


def test_a_deferred_one_is_closed_only_after_its_review() -> None:
    """The review date must have passed; without one it is set first (DESIGN section 4, closing)."""
    deferred = answered(Step.NOT_ACCEPTED, phase=Phase.DEFERRED, deferred_until=DUE)
    refused = obeyed(deferred, "CLOSE Nobody asks.", LENA)
    assert (refused.fate, "12/15/2026" in refused.reason) == (Fate.REFUSED, True)
    refused = obeyed(replace(deferred, deferred_until=None), "CLOSE Nobody asks.", LENA, now=PAST)
    assert (refused.fate, "DEFER UNTIL" in refused.reason) == (Fate.REFUSED, True)
    asked = left(obeyed(deferred, "CLOSE Nobody asks.", LENA, now=PAST))
    closed = left(obeyed(asked, "CONSENT", PAT, now=PAST))
    assert (closed.step, closed.phase, closed.deferred_until) == (Step.CLOSED, Phase.COMPLETION, None)


@pytest.mark.parametrize(("until", "due"), [("02/15/2027", date(2027, 2, 16)), ("02/13/2027", date(2027, 2, 15))])
def test_a_deferral_is_reviewed_on_the_first_day_on_which_it_can_be_closed(until: str, due: date) -> None:
    """What is due is possible on its day, and not before: the first business day after the one that was named."""
    deferred = obeyed(answered(Step.NOT_ACCEPTED), f"DEFER UNTIL {until}", LENA)
    clocks = running(*opened(deferred).items())
    assert opened(deferred) == {DeadlineKind.RESUME: due}
    day = datetime(due.year, due.month, due.day, 15, 0, tzinfo=UTC)
    assert obeyed(left(deferred), "CLOSE Nobody asks.", LENA, now=day - timedelta(days=3)).fate is Fate.REFUSED
    decision = obeyed(left(deferred), "CLOSE Nobody asks.", LENA, running=clocks, now=day)
    assert [(each.kind, each.at) for each in decision.effects if isinstance(each, Meet)] == [(DeadlineKind.RESUME, day)]


def test_who_closes_on_the_first_day_allowed_is_not_late() -> None:
    """The originator had their time, to its end; later it is a miss (DESIGN section 4, closing)."""
    asked = answered(Step.TEST, closing=ASKED)
    kept = obeyed(asked, "CLOSE No answer.", MANAGER, running=CLOCK, now=PAST)
    (met,) = (each for each in kept.effects if isinstance(each, Meet))
    assert (met.kind, met.at.date()) == (DeadlineKind.CONSENT, DUE)
    late = obeyed(asked, "CLOSE No answer.", MANAGER, running=CLOCK, now=PAST + timedelta(days=1))
    assert [each.kind for each in late.effects if isinstance(each, Stop)] == [DeadlineKind.CONSENT]


def test_a_withdrawal_ends_it_outside_the_steps() -> None:
    """Administrative: it keeps its step, all clocks stop, all concerned hear of it."""
    clocks = running((DeadlineKind.DRAFT, DUE), (DeadlineKind.RESPOND, DUE))
    pat = replace(PAT, confirmed=True)
    decision = obeyed(at_step(Step.RESPONSE, agenda=MEETING), "WITHDRAW No longer needed.", pat, running=clocks)
    change = left(decision)
    assert (change.step, change.phase, change.open) == (Step.RESPONSE, Phase.WITHDRAWN, False)
    assert (change.ended, change.agenda) == ("No longer needed.", None)
    assert ended(decision) == {DeadlineKind.DRAFT, DeadlineKind.RESPOND}
    assert said(decision)[0][1] == "Administrative: withdrawn by the originator: No longer needed. Status is Withdrawn."
    assert (Kind.WITHDRAWN, "lena.brook") in told(decision)
    assert obeyed(at_step(Step.RESPONSE), "WITHDRAW No longer needed.", PAT).fate is Fate.PARKED
    assert "as Lena Brook was told" in said(obeyed(at_step(Step.RESPONSE), "WITHDRAW On the phone.", LENA))[0][1]


def test_who_was_to_assign_hears_of_an_early_end() -> None:
    """Where nobody is assigned yet, the Group Manager has it on the desk."""
    early = at_step(Step.SME_ASSIGNMENT, people={})
    decision = obeyed(early, "WITHDRAW No longer needed.", replace(PAT, confirmed=True))
    assert told(decision) == {(Kind.WITHDRAWN, "hollis.reed")}


def test_a_crossover_goes_on_elsewhere() -> None:
    """Flag X and the other reference; here it has ended (domain.md section 8, 34)."""
    decision = obeyed(at_step(Step.CLARIFICATION), "CROSSOVER SCR112326-01 agreed today", MANAGER)
    change = left(decision)
    assert (change.phase, change.flags, change.ended) == (Phase.CROSSOVER, ("X",), "crossover to SCR112326-01")
    assert (
        said(decision)[0][1]
        == "Administrative: crossover; it goes on as SCR112326-01. agreed today; status is Crossover"
    )
    again = left(obeyed(change, "REOPEN TO 3 It is none.", MANAGER))
    assert (again.flags, again.phase, again.ended) == ((), Phase.CLARIFICATION, "")


@pytest.mark.parametrize(
    ("to", "phase", "reaction", "due"),
    [
        ("2", Phase.SUBMISSION, Reaction.NONE, {DeadlineKind.ASSIGN, DeadlineKind.NAME_SMES}),
        ("3", Phase.CLARIFICATION, Reaction.NONE, {DeadlineKind.CLARIFY, DeadlineKind.OPTIONS, DeadlineKind.PRESENT}),
        (
            "4",
            Phase.EVALUATION,
            Reaction.NONE,
            {DeadlineKind.DRAFT, DeadlineKind.RESPOND, DeadlineKind.PRESENT_RESPONSE},
        ),
        ("5", Phase.PRESENTED, Reaction.NONE, {DeadlineKind.PRESENT_RESPONSE}),
        ("5B", Phase.DECLINED, Reaction.REJECTED, {DeadlineKind.REACT}),
        ("6", Phase.CLEC_TEST, Reaction.ACCEPTED, set()),
        ("7", Phase.DEVELOPMENT, Reaction.ACCEPTED, set()),
        ("10", Phase.CLEC_TEST, Reaction.ACCEPTED, set()),
    ],
)
def test_what_is_closed_can_be_opened_again(to: str, phase: Phase, reaction: Reaction, due: set[DeadlineKind]) -> None:
    """At the step named, with the clocks of that step, labelled administrative."""
    closed = answered(
        Step.CLOSED,
        way=Way.ANSWERED,
        reaction=Reaction.ACCEPTED,
        closing=ASKED,
        milestones=(Reached(Milestone.RESPONSE_ISSUED, TODAY), Reached(Milestone.CR_CLOSED, TODAY)),
    )
    decision = obeyed(closed, f"REOPEN TO {to} It came back.", MANAGER)
    change = left(decision)
    assert (change.step.value, change.phase, change.reaction, change.open) == (to, phase, reaction, True)
    assert (change.closing, change.ended) == (None, "")
    assert reached(change) == [(Milestone.RESPONSE_ISSUED, TODAY)]
    assert set(opened(decision)) == due
    assert change.agenda == (MEETING if to in ("3", "4", "5", "10") else None)
    assert said(decision)[0][1] == f"Administrative: reopened to step {to}: It came back. Status is {phase}."
    assert (Kind.REOPENED, "pat") in told(decision)


def test_reopening_keeps_to_what_happened() -> None:
    """No step behind a response that was never issued, and no intake without a number."""
    withdrawn = at_step(Step.CLARIFICATION, Phase.WITHDRAWN, ended="No longer needed.")
    refused = obeyed(withdrawn, "REOPEN TO 5 It came back.", MANAGER)
    assert (refused.fate, "2, 3, 4" in refused.reason) == (Fate.REFUSED, True)
    assert left(obeyed(withdrawn, "REOPEN TO 3 It came back.", MANAGER)).open
    dropped = at_step(Step.CLOSED, key="IN112326-1", number="IN112326-1")
    refused = obeyed(dropped, "REOPEN TO 3 It came back.", MANAGER)
    assert (refused.fate, "send the form again" in refused.reason) == (Fate.REFUSED, True)
    denied = answered(Step.CLOSED, Disposition.DENIED, way=Way.DENIAL)
    again = left(obeyed(denied, "REOPEN TO 6 It came back.", MANAGER))
    assert (again.way, again.phase) == (Way.DENIAL, Phase.DECLINED)
    assert left(obeyed(denied, "REOPEN TO 7 It came back.", MANAGER)).way is Way.PLAN


@pytest.mark.parametrize("who", [LENA, GRACE, GROUP])
def test_the_ends_outside_the_steps_are_the_cmp_managers(who: object) -> None:
    """CROSSOVER and REOPEN change the track and undo an end: nobody else may."""
    for change, line in (
        (at_step(Step.RESPONSE), "CROSSOVER SCR112326-01"),
        (answered(Step.CLOSED), "REOPEN TO 3 It came back."),
    ):
        assert obeyed(change, line, who).fate is Fate.REFUSED  # type: ignore[arg-type]  # members of the staff


def test_no_place_of_waiting_is_a_dead_end() -> None:
    """From every place where it may be closed, a question and a consent do it."""
    for step in (Step.ACCEPTED, Step.PRODUCTION, Step.TEST):
        asked = left(obeyed(answered(step), "CLOSE All is done.", LENA))
        assert left(obeyed(asked, "CONSENT", PAT)).step is Step.CLOSED
