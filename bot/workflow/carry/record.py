"""Record: what corrects and completes the record itself.

Its one rule: what stood before stays in sight.
"""

from bot.workflow import by_hand
from bot.workflow.case import Case
from bot.workflow.effect import Decision


def log(case: Case) -> Decision:
    """Log."""
    return by_hand.log(case.before, case.order, case.office, case.now)


def give_back(case: Case) -> Decision:
    """Give back."""
    return by_hand.give_back(case.before, case.order, case.office, case.now)


def drop(case: Case) -> Decision:
    """Drop."""
    return by_hand.drop(case.before, case.order, case.office, case.now)


def amend(case: Case) -> Decision:
    """Amend."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def correct(case: Case) -> Decision:
    """Correct."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def relate(case: Case) -> Decision:
    """Relate."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def undo(case: Case) -> Decision:
    """Undo."""
    return case.done((case.says(case.args.text or case.order.line.line),))
