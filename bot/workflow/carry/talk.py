"""Talk: comments, notes, questions, action items and followers.

Its one rule: prose is posted only where somebody says COMMENT.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def comment(case: Case) -> Decision:
    """Comment."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def note(case: Case) -> Decision:
    """Note."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def ask(case: Case) -> Decision:
    """Ask."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def add_action(case: Case) -> Decision:
    """Add action."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def end_action(case: Case) -> Decision:
    """End action."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def follow(case: Case) -> Decision:
    """Follow."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def unfollow(case: Case) -> Decision:
    """Unfollow."""
    return case.done((case.says(case.args.text or case.order.line.line),))
