"""The phase of a change request: since when it is in it, and that its history names it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.workflow.change import ChangeRequest, Disposition, Phase, Response, Step
from bot.workflow.effect import Fate
from tests.workflow.offices import LENA, at_step, obeyed

TODAY, BEFORE = date(2026, 12, 1), date(2026, 11, 23)
DRAFT = Response(Disposition.ACCEPTED, "Yes.", "ab" * 32, "anita", TODAY, position="Yes.", approved_by="grace")
ISSUED = replace(DRAFT, issued_on=BEFORE, notice="CMPR.11.23.26.F.00001.CR_Responses")
ANSWERED: dict[str, Any] = {"responses": (ISSUED,), "disposition": Disposition.ACCEPTED}


@pytest.mark.parametrize(
    ("change", "line", "phase", "since"),
    [
        (at_step(Step.RESPONSE, draft=DRAFT), "RESPOND", Phase.PRESENTED, TODAY),
        (at_step(Step.PRESENTATION, **ANSWERED), "OUTCOME REVISE Say when.", Phase.PRESENTED, BEFORE),
        (at_step(Step.REVISION, draft=DRAFT, **ANSWERED), "RESPOND", Phase.PRESENTED, BEFORE),
        (at_step(Step.CHANGE, **ANSWERED), "ANNOUNCE 01/15/2027", Phase.DEVELOPMENT, BEFORE),
        (at_step(Step.ANNOUNCEMENT, announced=BEFORE, **ANSWERED), "PRODUCTION", Phase.CLEC_TEST, TODAY),
        (at_step(Step.ACCEPTED, **ANSWERED), "OUTCOME ACCEPTED ANSWERED", Phase.CLEC_TEST, BEFORE),
        (at_step(Step.NOT_ACCEPTED, **ANSWERED), "DEFER", Phase.DEFERRED, TODAY),
        (at_step(Step.NOT_ACCEPTED, Phase.DEFERRED, **ANSWERED), "DEFER UNTIL 02/01/2027", Phase.DEFERRED, BEFORE),
    ],
)
def test_the_status_date_is_that_of_the_phase(change: ChangeRequest, line: str, phase: Phase, since: date) -> None:
    """A phase may have several steps: going from one of them to another leaves the day on which it began."""
    decision = obeyed(change, line, LENA)
    assert decision.fate is Fate.OBEYED
    assert decision.change is not None
    assert (decision.change.phase, decision.change.status_date) == (phase, since)


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (at_step(Step.SME_ASSIGNMENT), "SME Joe Castle", "SMEs assigned: Joe Castle; status is Clarification"),
        (at_step(Step.RESPONSE, draft=DRAFT), "RESPOND", "Response posted to the CMP web site; status is Presented"),
        (at_step(Step.NOT_ACCEPTED, **ANSWERED), "DEFER", "Deferred; no date is set; status is Deferred"),
        (at_step(Step.RESPONSE), "WITHDRAW Not needed.", "as Lena Brook was told): Not needed. Status is Withdrawn."),
    ],
)
def test_a_row_names_the_phase_that_it_leads_into(change: ChangeRequest, line: str, told: str) -> None:
    """Whatever the verb, one public row says what the status is from then on: once, and behind what was written."""
    decision = obeyed(change, line, LENA)
    naming = [row.description for row in decision.rows if "tatus is" in row.description]
    assert [row for row in naming if row.endswith(told)] == naming
    assert len(naming) == 1


def test_of_several_rows_that_of_the_status_names_the_phase() -> None:
    """That the response was presented is another matter."""
    decision = obeyed(at_step(Step.PRESENTATION, **ANSWERED), "OUTCOME ACCEPTED PLAN", LENA)
    assert [(row.action, "status is Development" in row.description) for row in decision.rows] == [
        ("Discussed at Monthly CMP Meeting", False),
        ("Status Changed", True),
    ]


def test_no_row_names_a_phase_that_stays() -> None:
    """Going from 5 to 5A is no change of status."""
    decision = obeyed(at_step(Step.PRESENTATION, **ANSWERED), "OUTCOME REVISE Say when.", LENA)
    assert not any("tatus is" in row.description for row in decision.rows)
