"""EXTEND: which deadline, until when, and what no extension moves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.mail.letter import Kind
from bot.workflow.carry.extension import named
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Open
from tests.workflow.offices import LENA, STAFFED, at_step, letters_of, obeyed, opened, running, told

DECEMBER, JANUARY, FEBRUARY, MARCH = date(2026, 12, 16), date(2027, 1, 20), date(2027, 2, 17), date(2027, 3, 17)
CLARIFYING = running(
    (DeadlineKind.CLARIFY, date(2026, 12, 4)),
    (DeadlineKind.PRESENT, DECEMBER),
    (DeadlineKind.OPTIONS, date(2026, 12, 14)),
)
ANSWERING = running(
    (DeadlineKind.DRAFT, date(2027, 1, 11)),
    (DeadlineKind.RESPOND, date(2027, 1, 13)),
    (DeadlineKind.PRESENT_RESPONSE, JANUARY),
)
REVISING = running((DeadlineKind.REVISE, date(2027, 2, 10)))
CHANGE = at_step(Step.CLARIFICATION, agenda=DECEMBER)
RESPONSE = at_step(Step.RESPONSE, agenda=JANUARY)
REVISION = at_step(Step.REVISION, agenda=FEBRUARY)
LATE = datetime(2026, 12, 10, 16, tzinfo=UTC)


def clocks(decision: Decision) -> list[Deadline]:
    """The deadlines that a decision starts or moves."""
    return [effect.deadline for effect in decision.effects if isinstance(effect, Open)]


def test_the_planned_date_stays_beside_the_new_one() -> None:
    """An agreed later date is no miss; the originator and those who work on it are told, and history has both
    dates and the reason (domain.md section 8, 7)."""
    decision = obeyed(CHANGE, "EXTEND clarification meeting 12/9/2026 the CLEC is away", LENA, running=CLARIFYING)
    (effect,) = [effect for effect in decision.effects if isinstance(effect, Open)]
    assert effect.deadline == Deadline(DeadlineKind.CLARIFY, date(2026, 12, 4), extended_to=date(2026, 12, 9))
    assert (Kind.EXTENDED, "pat") in told(decision)
    (row,) = decision.rows
    assert all(word in row.description for word in ("12/09/2026", "12/04/2026", "the CLEC is away"))
    assert row.public


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("clarification meeting", DeadlineKind.CLARIFY),
        ("the clarification", DeadlineKind.CLARIFY),
        ("clarify", DeadlineKind.CLARIFY),
        ("hold the clarification meeting", DeadlineKind.CLARIFY),
        ("CLARIFICATON", DeadlineKind.CLARIFY),
        ("options", DeadlineKind.OPTIONS),
        ("Option deadline", DeadlineKind.OPTIONS),
        ("presentation", DeadlineKind.PRESENT),
        ("PRESENT", DeadlineKind.PRESENT),
    ],
)
def test_a_deadline_is_called_many_things(word: str, kind: DeadlineKind) -> None:
    """Its own words, parts of them, its verb, and slips of the pen."""
    found = named(word, CLARIFYING)
    assert isinstance(found, Deadline)
    assert found.kind is kind


def test_what_could_be_several_is_asked_back() -> None:
    """Never guessed: all that it could be are named with their dates, and so is all that is due."""
    assert named("response", ANSWERING) == (
        "response could be several. Which one: draft the response (01/11/2027); issue the response (01/13/2027); "
        "present the response (01/20/2027)?"
    )
    assert "Nothing that is due is called testing. What is due: draft the response" in str(named("testing", ANSWERING))
    assert "nothing to extend" in str(named("minutes", ()))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("EXTEND issue the response 1/15/2027 we are late", "no extension moves that"),
        ("EXTEND draft 1/14/2027 we are late", "no extension moves that"),
        ("EXTEND draft 1/11/2027 no reason", "is not later"),
        ("EXTEND present the response 1/27/2027 snow", "the next one is on 02/17/2027"),
    ],
)
def test_no_extension_moves_the_week_before_the_meeting(line: str, words: str) -> None:
    """Neither the response's line nor the meeting itself; the refusal says what can be done instead."""
    decision = obeyed(RESPONSE, line, LENA, running=ANSWERING)
    assert decision.fate is Fate.REFUSED
    assert words in decision.reason


def test_within_the_week_the_draft_may_be_later() -> None:
    """Until the day on which the response itself is due."""
    decision = obeyed(RESPONSE, "EXTEND draft 1/13/2027 tests take longer", LENA, running=ANSWERING)
    assert opened(decision) == {DeadlineKind.DRAFT: date(2027, 1, 13)}


def test_a_presentation_is_put_off_to_another_meeting() -> None:
    """The agenda and the options move with it; the planned dates stay in sight."""
    decision = obeyed(CHANGE, "EXTEND presentation 1/20/2027 the CLEC asked for it", LENA, running=CLARIFYING)
    assert decision.change is not None
    assert decision.change.agenda == JANUARY
    assert opened(decision) == {DeadlineKind.PRESENT: JANUARY, DeadlineKind.OPTIONS: date(2027, 1, 18)}
    planned = {effect.deadline.kind: effect.deadline.due for effect in decision.effects if isinstance(effect, Open)}
    assert planned == {DeadlineKind.PRESENT: DECEMBER, DeadlineKind.OPTIONS: date(2026, 12, 14)}


def test_what_is_set_for_the_meeting_of_the_response_moves_with_it() -> None:
    """Draft and response are due before the new meeting; the originator hears of what is not due inside."""
    decision = obeyed(RESPONSE, "EXTEND present the response 2/17/2027 he is ill", LENA, running=ANSWERING)
    assert opened(decision) == {
        DeadlineKind.PRESENT_RESPONSE: date(2027, 2, 17),
        DeadlineKind.DRAFT: date(2027, 2, 8),
        DeadlineKind.RESPOND: date(2027, 2, 10),
    }
    assert decision.answer[1] == "With it: draft the response by 02/08/2027; issue the response by 02/10/2027."
    along = {letter.to.email.partition("@")[0]: letter.context["along"] for letter in letters_of(decision)}
    issue = ("issue the response", "Wednesday, February 10, 2027")
    assert along["pat"] == (issue,)
    assert along["anita.vale"] == (("draft the response", "Monday, February 8, 2027"), issue)
    late = obeyed(
        RESPONSE,
        "EXTEND present the response 2/17/2027 ill",
        LENA,
        running=ANSWERING,
        now=datetime(2027, 1, 12, 16, tzinfo=UTC),
    )
    assert {clock.kind: clock.missed for clock in clocks(late) if clock.missed} == {
        DeadlineKind.DRAFT: date(2027, 1, 11)
    }


@pytest.mark.parametrize(("until", "agenda"), [("2/24/2027", MARCH), ("3/12/2027", MARCH), ("2/16/2027", FEBRUARY)])
def test_a_revised_response_is_put_off_with_its_meeting(until: str, agenda: date) -> None:
    """Past the meeting that it was for it goes to the first one by which it is issued; no week is asked of it
    (domain.md section 8, 24)."""
    decision = obeyed(REVISION, f"EXTEND revised response {until} it takes longer", LENA, running=REVISING)
    assert decision.fate is Fate.OBEYED
    assert decision.change is not None
    assert decision.change.agenda == agenda
    assert ("on the agenda of 03/17/2027" in decision.rows[0].description) is (agenda == MARCH)
    assert {letter.context["meeting"] for letter in letters_of(decision)} == {agenda if agenda == MARCH else None}


def test_a_draft_of_a_revised_response_goes_as_far_as_its_meeting() -> None:
    """The week before it is no bar to it; past the meeting the revised response itself is put off."""
    clocks = (*REVISING, *running((DeadlineKind.APPROVE, date(2027, 2, 9))))
    assert obeyed(REVISION, "EXTEND approval 2/12/2027 he is away", LENA, running=clocks).fate is Fate.OBEYED
    past = obeyed(REVISION, "EXTEND approval 2/19/2027 he is away", LENA, running=clocks)
    assert "EXTEND revised response" in past.reason


def test_a_date_that_is_over_stays_missed() -> None:
    """A later date that is agreed on after it is taken, and the answer says how it is counted."""
    decision = obeyed(CHANGE, "EXTEND clarification 12/14/2026 agreed", LENA, running=CLARIFYING, now=LATE)
    (clock,) = clocks(decision)
    assert (clock.by, clock.promised) == (date(2026, 12, 14), date(2026, 12, 4))
    assert decision.answer[1] == "That date was over already: the report counts it as missed."
    again = obeyed(CHANGE, "EXTEND clarification 12/15/2026 agreed", LENA, running=(clock,), now=LATE)
    assert clocks(again)[0].promised == date(2026, 12, 4)


def test_an_extension_needs_a_reason_and_a_date_ahead() -> None:
    """Without a reason, or until a day that is over, nothing was agreed."""
    assert obeyed(CHANGE, "EXTEND clarification 12/9/2026", LENA, running=CLARIFYING).fate is Fate.REFUSED
    assert obeyed(CHANGE, "EXTEND clarification 11/20/2026 late", LENA, running=CLARIFYING).fate is Fate.REFUSED


HOLIDAY = replace(STAFFED, calendar=replace(STAFFED.calendar, holidays=frozenset({date(2026, 12, 11)})))


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("12/11/2026", "12/11/2026 is a holiday. Write 12/10/2026 or 12/14/2026, the business days next to it."),
        ("12/13/2026", "12/13/2026 is a Sunday. Write 12/10/2026 or 12/14/2026, the business days next to it."),
    ],
)
def test_nothing_is_put_off_to_a_day_without_business(until: str, words: str) -> None:
    """The refusal names the days beside it; the day of a Monthly Meeting is the calendar's, not ours."""
    decision = obeyed(CHANGE, f"EXTEND clarification {until} late", LENA, running=CLARIFYING, office=HOLIDAY)
    assert (decision.fate, decision.reason) == (Fate.REFUSED, words)
    closed = replace(STAFFED, calendar=replace(STAFFED.calendar, holidays=frozenset({JANUARY})))
    put_off = obeyed(CHANGE, "EXTEND presentation 1/20/2027 asked", LENA, running=CLARIFYING, office=closed)
    assert put_off.fate is Fate.OBEYED


def test_what_is_for_a_meeting_is_not_put_off_past_it() -> None:
    """Options after the presentation serve nobody; on the day itself they still do. A clarification that the CLEC
    agreed to is taken (domain.md section 8, 7), and what comes before it is said."""
    past = obeyed(CHANGE, "EXTEND options 12/17/2026 later", LENA, running=CLARIFYING)
    assert past.fate is Fate.REFUSED
    assert past.reason.startswith("It is for the Monthly Meeting of 12/16/2026. EXTEND presentation")
    assert obeyed(CHANGE, "EXTEND options 12/16/2026 later", LENA, running=CLARIFYING).fate is Fate.OBEYED
    late = obeyed(CHANGE, "EXTEND clarification 12/17/2026 agreed", LENA, running=CLARIFYING)
    assert late.fate is Fate.OBEYED
    assert late.answer[1].startswith("The CLEC presents it before that, at the Monthly Meeting of 12/16/2026.")
    assert "EXTEND presentation 01/20/2027" in late.answer[1]
    in_time = obeyed(CHANGE, "EXTEND clarification 12/15/2026 agreed", LENA, running=CLARIFYING)
    assert len(in_time.answer) == 1


@pytest.mark.parametrize(
    ("change", "line", "clocks"),
    [
        (CHANGE, "EXTEND options 12/15/2026 tests take longer", CLARIFYING),
        (RESPONSE, "EXTEND draft 1/12/2027 tests take longer", ANSWERING),
    ],
)
def test_no_clec_hears_of_what_is_due_inside(change: ChangeRequest, line: str, clocks: tuple[Deadline, ...]) -> None:
    """Neither by a letter nor on the page; those who work on it do."""
    decision = obeyed(change, line, LENA, running=clocks)
    assert told(decision) == {(Kind.EXTENDED, name) for name in ("grace.holt", "anita.vale", "joe.castle")}
    assert [row.public for row in decision.rows] == [False]
