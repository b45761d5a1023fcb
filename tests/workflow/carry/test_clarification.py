"""Options, presentation, consensus, and which Monthly Meeting it stands on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.mail.letter import Kind
from bot.workflow.change import Milestone, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Fate, Meet, Stop
from tests.workflow.offices import ANITA, LENA, MANAGER, at_step, ended, letters_of, obeyed, opened, running, told

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 16), date(2027, 1, 20), date(2027, 2, 17)
CHANGE = at_step(Step.CLARIFICATION, agenda=DECEMBER)
DAY_OF_MEETING = datetime(2026, 12, 16, 20, 0, tzinfo=UTC)
DUE = running((DeadlineKind.PRESENT, DECEMBER), (DeadlineKind.OPTIONS, date(2026, 12, 14)))


def test_options_stay_inside() -> None:
    """An internal row, and a letter to the CRPM; without any there is nothing to record."""
    decision = obeyed(CHANGE, "OPTIONS One: a table. Two: a message.", ANITA, running=DUE)
    assert ended(decision) == {DeadlineKind.OPTIONS}
    assert [row.public for row in decision.rows] == [False]
    assert told(decision) == {(Kind.OPTIONS, "lena.brook")}
    assert "behind OPTIONS" in obeyed(CHANGE, "OPTIONS", ANITA).reason


def test_presented_without_consensus_comes_up_again() -> None:
    """The presentation is dated; until ALIGNED the CR stands on the next agenda (DESIGN section 4)."""
    decision = obeyed(CHANGE, "PRESENTED", LENA, now=DAY_OF_MEETING, running=DUE)
    assert decision.change is not None
    assert (decision.change.presented_on, decision.change.agenda) == (DECEMBER, JANUARY)
    assert decision.change.step is Step.CLARIFICATION
    assert ended(decision) == {DeadlineKind.PRESENT}
    assert opened(decision) == {DeadlineKind.PRESENT: JANUARY}
    assert letters_of(decision) == []


def test_it_may_be_presented_before_the_smes_are_named() -> None:
    """The meeting waits for nobody (domain.md section 8, 9): the CR stays in step 2 and comes up again, and the SMEs
    are named for that meeting."""
    waits = at_step(Step.SME_ASSIGNMENT, people={"crpm": ("lena",), "director": ("grace",)})
    decision = obeyed(waits, "PRESENTED", LENA, now=DAY_OF_MEETING, running=DUE)
    assert decision.change is not None
    assert (decision.change.step, decision.change.presented_on) == (Step.SME_ASSIGNMENT, DECEMBER)
    assert opened(decision) == {DeadlineKind.PRESENT: JANUARY}
    assert "once SME has named the SMEs" in decision.answer[0]
    named = obeyed(decision.change, "SME Anita Vale", LENA, now=DAY_OF_MEETING)
    assert named.change is not None
    assert (named.change.step, named.change.agenda) == (Step.CLARIFICATION, JANUARY)


def test_consensus_settles_the_clarification_meeting() -> None:
    """Whoever agrees has clarified: from the day of the consensus nobody is reminded of a meeting to be held."""
    due = (*DUE, *running((DeadlineKind.CLARIFY, date(2026, 12, 4))))
    line = "ALIGNED ON 12/16/2026 Name the field in the notice."
    decision = obeyed(CHANGE, line, LENA, now=datetime(2026, 12, 18, 16, 0, tzinfo=UTC), running=due)
    met = {effect.kind: effect.at.date() for effect in decision.effects if isinstance(effect, Meet)}
    assert met[DeadlineKind.CLARIFY] == DECEMBER
    again = obeyed(replace(CHANGE, presented_on=DECEMBER), line, LENA, running=due, now=DAY_OF_MEETING)
    assert DeadlineKind.CLARIFY in {effect.kind for effect in again.effects if isinstance(effect, Meet)}


def test_consensus_opens_the_response() -> None:
    """Its wording and date; the response is due a week before the first meeting after this one, its draft two
    business days before that (domain.md section 8, 13 and 33)."""
    decision = obeyed(CHANGE, "ALIGNED Name the field in the notice.", LENA, now=DAY_OF_MEETING, running=DUE)
    assert decision.change is not None
    assert (decision.change.step, decision.change.agenda) == (Step.RESPONSE, JANUARY)
    assert decision.change.presented_on == DECEMBER
    assert decision.change.milestones[-1].milestone is Milestone.ALIGNMENT_COMPLETED
    assert ended(decision) == {DeadlineKind.PRESENT, DeadlineKind.OPTIONS}
    assert opened(decision) == {
        DeadlineKind.DRAFT: date(2027, 1, 11),
        DeadlineKind.RESPOND: date(2027, 1, 13),
        DeadlineKind.PRESENT_RESPONSE: JANUARY,
    }
    assert "Name the field in the notice." in decision.rows[0].description
    roles = {letter.to.email.partition("@")[0]: letter.context["you"] for letter in letters_of(decision)}
    assert roles == {"anita.vale": "SME", "joe.castle": "SME", "pat": "colleague", "grace.holt": "colleague"}


def test_consensus_recorded_later_counts_from_its_day() -> None:
    """What was agreed on in December and recorded in January is due for January."""
    late = datetime(2027, 1, 5, 17, 0, tzinfo=UTC)
    decision = obeyed(CHANGE, "ALIGNED ON 12/16/2026 Name the field.", LENA, now=late, running=DUE)
    assert decision.change is not None
    assert (decision.change.agenda, decision.change.presented_on) == (JANUARY, DECEMBER)
    assert decision.change.milestones[-1].on == DECEMBER
    other_day = obeyed(CHANGE, "ALIGNED Name the field.", LENA, now=late)
    assert "not the day of a Monthly Meeting" in other_day.answer[-1]


def test_what_was_presented_is_not_presented_by_the_consensus() -> None:
    """PRESENTED opens the next meeting; ALIGNED of the same day ends that unmet: it never took place there."""
    again = running((DeadlineKind.PRESENT, JANUARY), (DeadlineKind.OPTIONS, date(2026, 12, 14)))
    change = replace(CHANGE, presented_on=DECEMBER, agenda=JANUARY)
    decision = obeyed(change, "ALIGNED Name the field.", LENA, now=DAY_OF_MEETING, running=again)
    assert [effect.kind for effect in decision.effects if isinstance(effect, Meet)] == [DeadlineKind.OPTIONS]
    assert [effect.kind for effect in decision.effects if isinstance(effect, Stop)] == [DeadlineKind.PRESENT]


def test_the_response_is_presented() -> None:
    """At step 5 the milestone, and the deadline is met; the reaction is recorded by OUTCOME."""
    change = at_step(Step.PRESENTATION, agenda=JANUARY)
    due = running((DeadlineKind.PRESENT_RESPONSE, JANUARY))
    decision = obeyed(change, "PRESENTED", LENA, now=datetime(2027, 1, 20, 20, 0, tzinfo=UTC), running=due)
    assert decision.change is not None
    assert decision.change.milestones[-1].milestone is Milestone.RESPONSE_PRESENTED
    assert decision.change.step is Step.PRESENTATION
    assert ended(decision) == {DeadlineKind.PRESENT_RESPONSE}
    assert "OUTCOME" in decision.answer[0]


@pytest.mark.parametrize("line", ["PRESENTED ON 11/18/2026", "ALIGNED ON 11/18/2026 Yes."])
def test_nothing_is_presented_before_it_came_in(line: str) -> None:
    """A day before the receipt is a slip of the pen."""
    assert "before the request came in" in obeyed(CHANGE, line, LENA).reason


def test_a_walk_on_moves_what_is_bound_to_the_meeting() -> None:
    """At step 3 presentation and options move to the earlier meeting, and all are told; nothing else changes."""
    change = replace(CHANGE, agenda=JANUARY)
    due = running((DeadlineKind.PRESENT, JANUARY), (DeadlineKind.OPTIONS, date(2027, 1, 18)))
    decision = obeyed(change, "WALKON", MANAGER, running=due)
    assert decision.change == replace(change, agenda=DECEMBER)
    assert opened(decision) == {DeadlineKind.PRESENT: DECEMBER, DeadlineKind.OPTIONS: date(2026, 12, 14)}
    assert {name for _, name in told(decision)} == {"pat", "lena.brook", "anita.vale", "joe.castle", "grace.holt"}
    assert decision.rows[0].description == "Walk-on: on the agenda of 12/16/2026 instead of 01/20/2027"


def test_a_walk_on_never_moves_when_the_response_is_due() -> None:
    """At step 4 only its presentation moves."""
    change = at_step(Step.RESPONSE, agenda=FEBRUARY)
    due = running((DeadlineKind.RESPOND, date(2027, 2, 10)), (DeadlineKind.PRESENT_RESPONSE, FEBRUARY))
    decision = obeyed(change, "WALKON 1/20/2027", MANAGER, running=due)
    assert opened(decision) == {DeadlineKind.PRESENT_RESPONSE: JANUARY}


def test_a_walk_on_brings_the_date_of_a_revised_response_forward() -> None:
    """At step 5A it goes along, and those who write it read until when they have; the originator does not."""
    change = at_step(Step.REVISION, agenda=FEBRUARY)
    due = running((DeadlineKind.REVISE, date(2027, 2, 10)))
    near = datetime(2027, 1, 15, 16, tzinfo=UTC)
    decision = obeyed(change, "WALKON 1/20/2027", MANAGER, running=due, now=near)
    assert opened(decision) == {DeadlineKind.REVISE: date(2027, 1, 18)}
    dates = {letter.to.email.partition("@")[0]: letter.context["due"] for letter in letters_of(decision)}
    assert dates.pop("pat") == ()
    assert set(dates.values()) == {(("issue the revised response", "Monday, January 18, 2027"),)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("WALKON 12/9/2026", "no Monthly Meeting on 12/09/2026. The next one is on 12/16/2026"),
        ("WALKON 12/16/2026", "12/16/2026 is not earlier"),
        ("WALKON 1/20/2027", "01/20/2027 is not earlier"),
    ],
)
def test_what_is_no_walk_on(line: str, words: str) -> None:
    """Only an earlier Monthly Meeting that is to come; the refusal names the next one."""
    decision = obeyed(CHANGE, line, MANAGER)
    assert decision.fate is Fate.REFUSED
    assert words in decision.reason
