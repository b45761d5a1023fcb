"""Closing: consent and objection, withdrawal, crossover and reopening (seed step 11).

Its one rule: nothing closes by silence.
"""

from bot.workflow.case import Case
from bot.workflow.change import Step
from bot.workflow.effect import Decision

REOPENED_TO = (
    Step.SME_ASSIGNMENT,
    Step.CLARIFICATION,
    Step.RESPONSE,
    Step.PRESENTATION,
    Step.NOT_ACCEPTED,
    Step.ACCEPTED,
    Step.CHANGE,
    Step.TEST,
)
"""Where a closed change request may be taken up again."""


def close(case: Case) -> Decision:
    """Close."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def consent(case: Case) -> Decision:
    """Consent."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def object_to(case: Case) -> Decision:
    """Object to."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def withdraw(case: Case) -> Decision:
    """Withdraw."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def cross_over(case: Case) -> Decision:
    """Cross over."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def reopen(case: Case) -> Decision:
    """Reopen."""
    return case.done((case.says(case.args.text or case.order.line.line),))
