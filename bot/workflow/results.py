"""Results: with which lines the CRPM records what came of an item of an agenda, and where there are none, why.

Its one rule: only what the table of the workflow takes where the change request stands is asked for.
"""

from bot.workflow.agenda import BEFORE_CONSENSUS, Group, Item
from bot.workflow.change import Disposition, Step


def lines_of(item: Item) -> tuple[str, ...]:
    """With which lines of a reply the result of an item can be recorded."""
    change = item.change
    if item.group is Group.CLOSURE:
        return ("CONSENT", "OBJECT reason")
    if change.step is Step.CLARIFICATION:
        return ("ALIGNED what was agreed", "PRESENTED")
    if change.step in BEFORE_CONSENSUS:
        return ("PRESENTED",)
    if change.step is Step.TEST:
        return ("CLOSE reason", "REWORK reason", "COMMENT what was said")
    if change.step is not Step.PRESENTATION:
        return ()
    denied = change.disposition is Disposition.DENIED
    accepted = ("OUTCOME ACCEPTED DENIAL",) if denied else ("OUTCOME ACCEPTED ANSWERED", "OUTCOME ACCEPTED PLAN")
    return ("PRESENTED", *accepted, "OUTCOME REJECTED", "OUTCOME REVISE what is to change")


def unrecordable(item: Item) -> str:
    """Why no result of an item can be recorded where it stands, and what to do first."""
    change = item.change
    match change.step:
        case _ if change.closing:
            return "The originator objected to closing it; it leaves the agenda by itself. CLOSE asks anew."
        case Step.RESPONSE:
            return "Its response is not issued. RESPOND issues it; what came of it is recorded after that, by OUTCOME."
        case Step.REVISION:
            return "Its revised response is not issued. RESPOND issues it; OUTCOME comes after that."
    return f"Nothing is recorded of a meeting in step {change.step.value}; STATUS says what it waits for."
