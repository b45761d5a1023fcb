"""Clarification: the meeting, its minutes, the options, the presentation and the consensus (seed step 3).

Its one rule: what was said is recorded by a person, never inferred.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def meet(case: Case) -> Decision:
    """Meet."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def cancel(case: Case) -> Decision:
    """Cancel."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def held(case: Case) -> Decision:
    """Held."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def issue_minutes(case: Case) -> Decision:
    """Issue minutes."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def options(case: Case) -> Decision:
    """Options."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def extend(case: Case) -> Decision:
    """Extend."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def presented(case: Case) -> Decision:
    """Presented."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def aligned(case: Case) -> Decision:
    """Aligned."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def walk_on(case: Case) -> Decision:
    """Walk on."""
    return case.done((case.says(case.args.text or case.order.line.line),))
