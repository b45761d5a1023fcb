"""Assignment: who works on a change request (seed step 2).

Its one rule: nobody is assigned whom the directory does not hold.
"""

from bot.workflow.case import Case
from bot.workflow.effect import Decision


def assign(case: Case) -> Decision:
    """Assign."""
    return case.done((case.says(case.args.text or case.order.line.line),))


def name_smes(case: Case) -> Decision:
    """Name smes."""
    return case.done((case.says(case.args.text or case.order.line.line),))
