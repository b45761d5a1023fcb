"""Reaction: how the CLECs took the response, and disputes (seed steps 5, 5B to 5D and 6).

Its one rule: disposition, reaction and phase are three things.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def accepted(case: Case) -> Decision:
    """Accepted."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def rejected(case: Case) -> Decision:
    """Rejected."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def revise(case: Case) -> Decision:
    """Revise."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def escalate(case: Case) -> Decision:
    """Escalate."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def join(case: Case) -> Decision:
    """Join."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def defer(case: Case) -> Decision:
    """Defer."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def resume(case: Case) -> Decision:
    """Resume."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def resolve(case: Case) -> Decision:
    """Resolve."""
    return case.done((case.says(case.args.text or case.order.line.line),))
