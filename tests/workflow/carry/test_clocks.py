"""The clocks that are optional, and that of the action items."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.workflow.change import ActionItem, ChangeRequest, Disposition, Phase, Response, Step
from bot.workflow.deadline import SET_FOR, DeadlineKind
from bot.workflow.effect import Meet
from tests.workflow.offices import GRACE, LENA, MANAGER, PAT, STAFFED, at_step, ended, obeyed, opened, running

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


@pytest.mark.parametrize(
    ("change", "line", "day", "due", "agenda"),
    [
        (at_step(Step.RESPONSE, Phase.WITHDRAWN), "REOPEN TO 4 asked again", date(2027, 1, 15),
         {DeadlineKind.DRAFT: date(2027, 2, 8), DeadlineKind.RESPOND: date(2027, 2, 10),
          DeadlineKind.PRESENT_RESPONSE: date(2027, 2, 17)}, date(2027, 2, 17)),
        (at_step(Step.CLARIFICATION, Phase.WITHDRAWN), "REOPEN TO 3 asked again", date(2026, 12, 15),
         {DeadlineKind.OPTIONS: date(2027, 1, 18), DeadlineKind.PRESENT: date(2027, 1, 20)}, date(2027, 1, 20)),
        (at_step(Step.ESCALATED, **STANDS), "RESOLVE TO 5A name it in full", date(2027, 2, 12),
         {DeadlineKind.REVISE: date(2027, 2, 15)}, date(2027, 2, 17)),
        (at_step(Step.PRESENTATION, **STANDS), "OUTCOME REVISE ON 01/20/2027 name it", date(2027, 2, 16),
         {DeadlineKind.REVISE: date(2027, 2, 17)}, date(2027, 2, 17)),
        (at_step(Step.SME_ASSIGNMENT), "SME anita.vale@meridell.example", date(2026, 12, 15),
         {DeadlineKind.OPTIONS: date(2026, 12, 16)}, date(2026, 12, 16)),
    ],
)  # fmt: skip
def test_nothing_is_overdue_when_its_clock_starts(
    change: ChangeRequest, line: str, day: date, due: dict[DeadlineKind, date], agenda: date
) -> None:
    """What prepares a meeting is due on the next business day at the earliest, and what is taken up again goes to the
    first meeting that it can still be ready for."""
    person = {"REOPEN": MANAGER, "SME": GRACE}.get(line.split(maxsplit=1)[0], LENA)
    decision = obeyed(change, line, person, now=datetime.combine(day, time(16), UTC))
    assert {kind: by for kind, by in opened(decision).items() if kind in SET_FOR} == due
    assert decision.change is not None
    assert decision.change.agenda == agenda
