"""The strip and the next step at every step of the process, and outside the steps."""

from datetime import date

import pytest

from bot.posting.public import Due, Record, line, posting
from bot.posting.strip import PUBLIC_DEADLINES, stages
from bot.workflow.change import PHASE_OF, ChangeRequest, Escalation, Milestone, Phase, Reached, Step, Way
from bot.workflow.deadline import Deadline, DeadlineKind
from tests.workflow.offices import STAFFED, at_step

INSIDE = {
    DeadlineKind.ANSWER_INCOMPLETE,
    DeadlineKind.FINISH_INTAKE,
    DeadlineKind.CORRECT,
    DeadlineKind.POST,
    DeadlineKind.DRAFT,
    DeadlineKind.APPROVE,
    DeadlineKind.OPTIONS,
    DeadlineKind.SETTLE,
    DeadlineKind.TEST,
    DeadlineKind.ACT,
}
MEETING = date(2026, 12, 16)


def states(change: ChangeRequest) -> dict[str, str]:
    """The state of every step."""
    return {stage.step: stage.state for stage in stages(change, (), "Meridell")}


def note(change: ChangeRequest) -> str:
    """What is said at the step where it stands."""
    return " ".join(stage.note for stage in stages(change, (), "Meridell") if stage.note)


def test_how_the_carrier_comes_to_its_response_is_its_own_affair() -> None:
    """The public knows every deadline but those of an intake, of posting, and of the draft."""
    assert set(DeadlineKind) - set(PUBLIC_DEADLINES) == INSIDE


@pytest.mark.parametrize("step", list(Step))
def test_an_open_change_request_always_has_a_next_step(step: Step) -> None:
    """Where no date runs, the register says what it waits for; internal dates are not told."""
    change = at_step(step, PHASE_OF[step] if step is not Step.CLOSED else Phase.SUBMISSION)
    inside = tuple(Deadline(kind, MEETING) for kind in INSIDE)
    shown = line(Record(change, (), inside), STAFFED).next
    assert shown is not None
    assert shown.on is None
    assert shown.step


def test_the_agenda_is_a_date_where_nothing_else_is() -> None:
    """The Monthly Meeting is ahead unless what it is for has a date of its own, or took place."""
    test = at_step(Step.TEST, agenda=MEETING)
    assert line(Record(test), STAFFED).next == Due("Monthly CMP Meeting", MEETING, meets=True)
    asked = (Deadline(DeadlineKind.CONSENT, date(2026, 12, 10)),)
    assert [due.on for due in posting(Record(test, (), asked), STAFFED).ahead] == [date(2026, 12, 10), MEETING]
    early = at_step(Step.CLARIFICATION, agenda=MEETING)
    presents = (Deadline(DeadlineKind.PRESENT, MEETING),)
    assert [due.step for due in posting(Record(early, (), presents), STAFFED).ahead] == [
        "CLEC presentation at the Monthly CMP Meeting"
    ]
    presented = at_step(Step.PRESENTATION, agenda=MEETING)
    assert line(Record(presented), STAFFED).next == Due("What the CLECs say of the response", None)


@pytest.mark.parametrize(
    ("way", "no_test", "step", "needless"),
    [
        (Way.ANSWERED, False, Step.TEST, "7 8 9"),
        (Way.ANSWERED, True, Step.ACCEPTED, "7 8 9 10"),
        (Way.DENIAL, False, Step.ACCEPTED, "7 8 9 10"),
        (Way.PLAN, False, Step.CHANGE, ""),
        (Way.NONE, False, Step.PRESENTATION, ""),
        (Way.ANSWERED, False, Step.CLOSED, "7 8 9"),
        (Way.PLAN, False, Step.CLOSED, ""),
        (Way.NONE, False, Step.CLOSED, "6 7 8 9 10"),
    ],
)
def test_steps_that_are_not_required_are_marked(way: Way, no_test: bool, step: Step, needless: str) -> None:
    """By the way of an accepted response; one that was closed before never came to them."""
    shown = states(at_step(step, way=way, no_test=no_test))
    assert " ".join(step for step, state in shown.items() if state == "needless") == needless


@pytest.mark.parametrize(
    ("step", "phase", "place", "said"),
    [
        (Step.REVISION, Phase.PRESENTED, "5", "5A Response requires revision"),
        (Step.NOT_ACCEPTED, Phase.DECLINED, "5", "5B Response not accepted"),
        (Step.NOT_ACCEPTED, Phase.DEFERRED, "5", "5B Deferred"),
        (Step.ESCALATED, Phase.ESCALATED, "5", "5C CR dispute escalated"),
        (Step.RESOLVED, Phase.ESCALATED, "5", "5D CR dispute resolved"),
        (Step.TEST, Phase.CLEC_TEST, "10", ""),
    ],
)
def test_side_steps_are_named(step: Step, phase: Phase, place: str, said: str) -> None:
    """By number and name, at the step beside which they stand."""
    change = at_step(step, phase)
    assert note(change) == said
    assert [step for step, state in states(change).items() if state == "current"] == [place]


def test_a_dispute_stands_where_it_was_opened() -> None:
    """One opened at step 6 leaves step 5 done."""
    dispute = Escalation(1, MEETING, "Pine Telecom LLC", "Why", Step.ACCEPTED)
    shown = states(at_step(Step.ESCALATED, escalation=dispute))
    assert (shown["5"], shown["6"]) == ("done", "current")


@pytest.mark.parametrize("phase", [Phase.WITHDRAWN, Phase.CROSSOVER])
def test_an_end_outside_the_steps_is_shown_as_one(phase: Phase) -> None:
    """What lay behind is done, here it ended, and the rest was not reached."""
    change = at_step(Step.RESPONSE, phase)
    assert list(states(change).values()) == ["done"] * 3 + ["ended"] + ["unreached"] * 7
    assert note(change) == phase.value


def test_what_lies_ahead_again_has_no_date_of_having_been_reached() -> None:
    """After a rework the announcement that was made before is history."""
    milestones = (Reached(Milestone.RESPONSE_ACCEPTED, MEETING), Reached(Milestone.CLEC_NOTIFIED, MEETING))
    shown = stages(at_step(Step.CHANGE, milestones=milestones, way=Way.PLAN), (), "Meridell")
    assert {stage.step: stage.reached for stage in shown if stage.reached} == {"6": MEETING}
