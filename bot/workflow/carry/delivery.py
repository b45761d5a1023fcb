"""Delivery: announcement, production and rework (seed steps 7 to 10).

Its one rule: CLECs are told before and when it happens.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def announce(case: Case) -> Decision:
    """Announce."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def produce(case: Case) -> Decision:
    """Produce."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def rework(case: Case) -> Decision:
    """Rework."""
    return case.done((case.says(case.args.text or case.order.line.line),))
