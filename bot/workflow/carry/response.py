"""Response: draft, approval and issue (seed steps 4 and 5A).

Its one rule: an approval is of one text, and lapses with it.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def draft(case: Case) -> Decision:
    """Draft."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def approve(case: Case) -> Decision:
    """Approve."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def disapprove(case: Case) -> Decision:
    """Disapprove."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def respond(case: Case) -> Decision:
    """Respond."""
    return case.done((case.says(case.args.text or case.order.line.line),))
