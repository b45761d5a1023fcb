"""Delivery: dates that are announced and kept, the test, and what goes back to work."""

from datetime import date, timedelta

import pytest

from bot.intake.arguments import Arguments
from bot.mail.letter import Kind
from bot.workflow.change import Closing, Milestone, Phase, Reached, Step, Way
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Fate, Open
from tests.workflow.carry.test_reaction import MEETING, TODAY, left, reached, said
from tests.workflow.offices import LENA, MORNING, at_step, ended, letters_of, obeyed, opened, running, told

JANUARY, FEBRUARY = date(2027, 1, 15), date(2027, 2, 15)
STAFF = ("grace.holt", "anita.vale", "joe.castle")


def test_an_announcement_goes_to_all_clecs_with_a_number() -> None:
    """Step 8: the date, its notice and its clock; the milestone is of today, not of the date ahead."""
    decision = obeyed(at_step(Step.CHANGE, way=Way.PLAN), "ANNOUNCE 01/15/2027", LENA, number="2")
    change = left(decision)
    assert (change.step, change.phase, change.announced) == (Step.ANNOUNCEMENT, Phase.DEVELOPMENT, JANUARY)
    assert reached(change) == [(Milestone.CLEC_NOTIFIED, TODAY)]
    assert opened(decision) == {DeadlineKind.PRODUCE: JANUARY}
    notice = "PROS.12.01.26.F.00002.Implementation"
    expected = f"Notice {notice} sent to all CLECs: implementation on 01/15/2027"
    assert said(decision) == [("Communicator Issued", expected)]
    assert told(decision) == {(Kind.IMPLEMENTATION, who) for who in ("orders", "pat", *STAFF)}
    assert {letter.context["notice"] for letter in letters_of(decision)} == {notice}


@pytest.mark.parametrize(
    ("step", "line"), [(Step.CHANGE, "ANNOUNCE 01/15/2027"), (Step.ANNOUNCEMENT, "PRODUCTION ON 11/30/2026")]
)
def test_a_notice_is_held_for_everybody_alike(step: Step, line: str) -> None:
    """As long as UNDO is to be free, neither a CLEC nor anybody of the staff has the letter."""
    decision = obeyed(at_step(step, way=Way.PLAN), line, LENA, number="2")
    assert {letter.not_before for letter in letters_of(decision)} == {MORNING + timedelta(minutes=10)}


def test_a_new_date_stands_beside_the_first() -> None:
    """Planned and extended are both kept: they are the adherence report."""
    promised = at_step(Step.ANNOUNCEMENT, announced=JANUARY, milestones=(Reached(Milestone.CLEC_NOTIFIED, TODAY),))
    clocks = running((DeadlineKind.PRODUCE, JANUARY))
    decision = obeyed(promised, "ANNOUNCE 02/15/2027", LENA, running=clocks, number="3")
    assert (left(decision).step, left(decision).announced) == (Step.ANNOUNCEMENT, FEBRUARY)
    (clock,) = [effect.deadline for effect in decision.effects if isinstance(effect, Open)]
    assert clock == Deadline(DeadlineKind.PRODUCE, JANUARY, extended_to=FEBRUARY)
    assert said(decision)[0][1].endswith("implementation on 02/15/2027, in place of 01/15/2027")
    assert {letter.context["first"] for letter in letters_of(decision)} == {JANUARY}
    back = obeyed(left(decision), "ANNOUNCE 01/15/2027", LENA, running=(clock,), number="4")
    (again,) = [effect.deadline for effect in back.effects if isinstance(effect, Open)]
    assert again == Deadline(DeadlineKind.PRODUCE, JANUARY)


def test_a_date_is_announced_once_and_ahead() -> None:
    """Neither the date that stands already nor one that has passed is a notice to anybody."""
    refused = obeyed(at_step(Step.ANNOUNCEMENT, announced=JANUARY), "ANNOUNCE 01/15/2027", LENA)
    assert (refused.fate, "announced already" in refused.reason) == (Fate.REFUSED, True)
    passed = obeyed(at_step(Step.CHANGE), "ANNOUNCE 01/15/2027", LENA, args=Arguments(on=date(2026, 11, 30)))
    assert (passed.fate, "PRODUCTION" in passed.reason) == (Fate.REFUSED, True)


def test_production_opens_the_test_at_once() -> None:
    """8 to 9 to 10: Test Ready, everybody is told, and it is talked over at the next meeting."""
    promised = at_step(Step.ANNOUNCEMENT, announced=TODAY)
    clocks = running((DeadlineKind.PRODUCE, TODAY))
    decision = obeyed(promised, "PRODUCTION ON 11/30/2026", LENA, running=clocks, number="9")
    change = left(decision)
    assert (change.step, change.phase, change.agenda) == (Step.TEST, Phase.CLEC_TEST, MEETING)
    assert reached(change) == [(Milestone.TEST_READY, date(2026, 11, 30))]
    assert ended(decision) == {DeadlineKind.PRODUCE}
    assert told(decision) == {(Kind.TEST_OPEN, who) for who in ("orders", "pat", *STAFF)}
    assert [action for action, _ in said(decision)] == ["Status Changed", "Communicator Issued"]
    assert "PROS.12.01.26.F.00009.CLEC_Test" in said(decision)[1][1]


@pytest.mark.parametrize("on", ["11/30/2026", "10/12/2026"])
def test_what_is_recorded_late_goes_to_a_meeting_that_is_to_come(on: str) -> None:
    """The first Monthly Meeting after the day of production may be over when it is recorded."""
    decision = obeyed(at_step(Step.ANNOUNCEMENT, announced=TODAY), f"PRODUCTION ON {on}", LENA, number="9")
    assert left(decision).agenda == MEETING


def test_rework_goes_back_to_development() -> None:
    """Administrative: the plan goes on, flags stay, a question about closing lapses, a date is set anew."""
    tested = at_step(
        Step.TEST,
        way=Way.ANSWERED,
        flags=("IG",),
        announced=TODAY,
        closing=Closing("done", TODAY, "lena"),
    )
    decision = obeyed(
        tested, "REWORK Rejects still come without it.", LENA, running=running((DeadlineKind.CONSENT, MEETING))
    )
    change = left(decision)
    assert (change.step, change.phase, change.way) == (Step.CHANGE, Phase.DEVELOPMENT, Way.PLAN)
    assert (change.flags, change.announced, change.closing) == (("IG",), None, None)
    assert ended(decision) == {DeadlineKind.CONSENT}
    assert said(decision)[0][1].startswith("Administrative: rework")
    assert told(decision) == {(Kind.REWORK, who) for who in ("pat", *STAFF)}
