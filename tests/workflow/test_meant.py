"""Meant: prose that all but orders something is answered, and never obeyed."""

from dataclasses import replace
from datetime import date

import pytest

from bot.intake.verify import Standing
from bot.mail.letter import Kind, Thread
from bot.workflow.change import ChangeRequest, Closing, Disposition, Response, Step
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Commented
from tests.workflow.offices import GRACE, LENA, MORNING, PAT, STAFFED, TOBY, UNPROVEN, at_step, by, letters_of

DRAFT = Response(Disposition.ACCEPTED, "We will.", "a1b2c3d4e5f6", "anita", date(2026, 11, 30))
DRAFTED = at_step(Step.RESPONSE, draft=DRAFT)
CLOSING = at_step(Step.TEST, closing=Closing("done", date(2026, 11, 30), "lena"))


def wrote(change: ChangeRequest, text: str, standing: Standing) -> Decision:
    """What comes of prose about a change request."""
    return decide(change, Commented("c", MORNING, text, standing, Thread()), STAFFED, MORNING)


def advised(change: ChangeRequest, text: str, standing: Standing) -> tuple[str, ...] | None:
    """How the writer reads that it is written; None where they read nothing."""
    decision = wrote(change, text, standing)
    assert (decision.fate, len(decision.rows)) == (Fate.COMMENTED, 1)
    assert decision.change == replace(change, asked_by=())
    found = [one for one in letters_of(decision) if one.kind is Kind.MEANT]
    assert all(one.to == standing.sender for one in found)
    written = found[0].context["written"] if found else None
    assert written is None or isinstance(written, tuple)
    return written


@pytest.mark.parametrize(
    ("change", "text", "standing", "written"),
    [
        (DRAFTED, "Approved.", by(GRACE), "APPROVE a1b2c3"),
        (DRAFTED, "Yes, I approve it", by(GRACE), "APPROVE a1b2c3"),
        (replace(DRAFTED, draft=replace(DRAFT, approved_by="grace")), "Respond!", by(LENA), "RESPOND"),
        (DRAFTED, "ask Could you send an example?", by(LENA), "ASK Could you send an example"),
        (CLOSING, "Consent!", PAT, "CONSENT"),
        (CLOSING, "I agree, please close it.", PAT, "CONSENT"),
        (at_step(Step.CLARIFICATION), "Amend Products Impacted: UNE-P", PAT, "AMEND Products Impacted: UNE-P"),
        (at_step(Step.PRESENTATION), "Rejected by all of them.", by(LENA), "OUTCOME REJECTED"),
    ],
)
def test_what_reads_like_an_order_is_kept_and_answered(
    change: ChangeRequest, text: str, standing: Standing, written: str
) -> None:
    """Nothing is done; its writer reads the line as it would be written, as far as they may use it."""
    assert advised(change, text, standing) == (written,)


@pytest.mark.parametrize(
    ("change", "standing", "written"),
    [
        (DRAFTED, by(GRACE), ("APPROVE a1b2c3", "DISAPPROVE reason")),
        (at_step(Step.SME_ASSIGNMENT), by(GRACE), ("SME name; name",)),
        (CLOSING, PAT, ("CONSENT", "OBJECT reason")),
        (replace(CLOSING, asked_by=("lena",)), PAT, None),
        (at_step(Step.NOT_ACCEPTED), PAT, ("ESCALATE reason", "DEFER UNTIL date", "WITHDRAW reason")),
    ],
)
def test_whoever_is_asked_one_thing_hears_that_it_is_open(
    change: ChangeRequest, standing: Standing, written: tuple[str, ...] | None
) -> None:
    """Prose is no answer to it; where they are asked in words as well, it may be one."""
    assert advised(change, "Sure, Anita Vale and Joe Castle will see to it.", standing) == written


@pytest.mark.parametrize(
    ("change", "text", "standing"),
    [
        (at_step(Step.CLARIFICATION), "We see the same on our side.", PAT),
        (at_step(Step.CLARIFICATION), "Note that we are away. Follow up next week?", PAT),
        (DRAFTED, "Approved.", by(LENA)),
        (DRAFTED, "It looks fine.", by(TOBY)),
        (DRAFTED, "Approved.", replace(by(GRACE), verified=False)),
        (CLOSING, "I agree", UNPROVEN),
        (at_step(Step.CLOSED), "I agree", PAT),
    ],
)
def test_other_prose_is_not_answered(change: ChangeRequest, text: str, standing: Standing) -> None:
    """Ordinary comments, verbs of others, mail that nothing proves, and what is over."""
    assert advised(change, text, standing) is None
