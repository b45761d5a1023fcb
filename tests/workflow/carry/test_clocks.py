"""The clocks that are optional, and that of the action items."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.workflow.change import ActionItem, Disposition, Phase, Response, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Meet
from tests.workflow.offices import LENA, PAT, STAFFED, at_step, ended, obeyed, opened, running

SET = replace(STAFFED, intervals=replace(STAFFED.intervals, settle=5, review=20, test=15))
ISSUED = Response(
    Disposition.ACCEPTED, "We do it.", "f" * 64, "anita", date(2026, 11, 24), issued_on=date(2026, 11, 25)
)
STANDS: dict[str, Any] = {"responses": (ISSUED,), "disposition": Disposition.ACCEPTED}


@pytest.mark.parametrize(
    ("line", "at", "kind", "due"),
    [
        ("ESCALATE Pine Telecom LLC: no answer", Step.NOT_ACCEPTED, DeadlineKind.SETTLE, date(2026, 12, 8)),
        ("DEFER", Step.NOT_ACCEPTED, DeadlineKind.RESUME, date(2026, 12, 29)),
        ("OUTCOME ACCEPTED ANSWERED", Step.PRESENTATION, DeadlineKind.TEST, date(2026, 12, 22)),
    ],
)
def test_an_optional_deadline_runs_where_it_is_set(line: str, at: Step, kind: DeadlineKind, due: date) -> None:
    """And nowhere else: the seed leaves these figures to be determined."""
    change = at_step(at, **STANDS)
    assert opened(obeyed(change, line, LENA, office=SET)).get(kind) == due
    assert kind not in opened(obeyed(change, line, LENA))


def test_the_optional_deadlines_are_met_by_what_they_wait_for() -> None:
    """RESOLVE, RESUME and CLOSE; and the choice at 5B by ESCALATE or DEFER."""
    some = running(
        *((kind, date(2026, 12, 8)) for kind in (DeadlineKind.SETTLE, DeadlineKind.RESUME, DeadlineKind.TEST))
    )
    react = running((DeadlineKind.REACT, date(2026, 12, 8)))

    def met(step: Step, line: str, phase: Phase | None = None, clocks: object = some) -> set[DeadlineKind]:
        change = at_step(step, phase, deferred_until=date(2026, 11, 25), **STANDS)
        done = obeyed(change, line, LENA, office=SET, running=clocks)
        return {effect.kind for effect in done.effects if isinstance(effect, Meet)}

    assert met(Step.ESCALATED, "RESOLVE TO 6 it holds") == {DeadlineKind.SETTLE}
    assert met(Step.NOT_ACCEPTED, "RESUME", Phase.DEFERRED) == {DeadlineKind.RESUME}
    assert met(Step.TEST, "CLOSE it works") >= {DeadlineKind.TEST}
    assert met(Step.NOT_ACCEPTED, "ESCALATE Pine Telecom LLC: no", clocks=react) == {DeadlineKind.REACT}
    assert met(Step.NOT_ACCEPTED, "DEFER UNTIL 01/20/2027", clocks=react) == {DeadlineKind.REACT}


def test_the_clock_of_the_action_items_runs_for_the_next_one() -> None:
    """A later one changes nothing, an earlier one takes it over; done, the next one follows."""
    first = ActionItem(1, "lena", date(2026, 12, 10), "Ask")
    change = at_step(Step.CLARIFICATION, actions=(first,))
    assert opened(obeyed(change, "ACTION anita.vale@meridell.example 12/15/2026 Read", LENA)) == {}
    sooner = obeyed(change, "ACTION anita.vale@meridell.example 12/04/2026 Read", LENA)
    assert opened(sooner) == {DeadlineKind.ACT: date(2026, 12, 4)}
    both = replace(change, actions=(first, ActionItem(2, "anita", date(2026, 12, 4), "Read")))
    done = obeyed(both, "DONE 2", LENA)
    assert (opened(done), ended(done)) == ({DeadlineKind.ACT: date(2026, 12, 10)}, {DeadlineKind.ACT})
    last = obeyed(change, "DONE 1", LENA)
    assert (opened(last), ended(last)) == ({}, {DeadlineKind.ACT})


def test_action_items_run_on_through_an_escalation_and_are_not_extended() -> None:
    """They are no deadlines of the process."""
    clocks = running((DeadlineKind.ACT, date(2026, 12, 4)), (DeadlineKind.MINUTES, date(2026, 12, 3)))
    change = at_step(Step.NOT_ACCEPTED, **STANDS)
    done = obeyed(change, "ESCALATE no answer", PAT, running=clocks, office=SET)
    assert DeadlineKind.ACT not in ended(done)
    refused = obeyed(change, "EXTEND action items 12/20/2026 it takes longer", LENA, running=clocks)
    assert "Nothing that is due is called" in refused.reason
