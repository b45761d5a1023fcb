"""Answer: what all answers share.

Its one rule: whoever is not of the staff reads what the page of a change request says too, and nothing
of a form without a number that is not theirs.
"""

from collections.abc import Iterable
from operator import attrgetter

from bot.intake.arguments import Arguments
from bot.office.people import Person
from bot.workflow.change import ROLES, ChangeRequest
from bot.workflow.deadline import OWNERS, Deadline
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Ordered

MOST = 60
"""Change requests that one answer names."""
DEEPER = "  "


def answered(event: Ordered, change: ChangeRequest | None, lines: Iterable[str]) -> Decision:
    """An answer; whatever people wrote in it, each line of it is one line."""
    told = tuple(DEEPER * line.startswith(DEEPER) + " ".join(line.split()) for line in lines)
    return Decision(Fate.OBEYED, event.line.verb, change, answer=told)


def named(event: Ordered) -> str:
    """The number that a line names, in front of its verb or behind it."""
    return event.line.number or (event.args.number if isinstance(event.args, Arguments) else "")


def unknown(event: Ordered) -> Decision:
    """What is said of a change request that is not there, or that the sender may not know of."""
    return Decision(Fate.REFUSED, f"We know of no change request {named(event) or 'here'}. Is the number right?")


def nearest(clocks: Iterable[Deadline]) -> Deadline | None:
    """The open deadline that is due next."""
    return min((due for due in clocks if due.met_on is None), key=attrgetter("by"), default=None)


def next_of(change: ChangeRequest, clocks: Iterable[Deadline], person: Person | None) -> Deadline | None:
    """What is due next of somebody: of what they answer for, else of all; nothing of who is not of the
    staff, for CLECs are never reminded of what the carrier owes."""
    if person is None:
        return None
    roles = {role for key, role in ROLES.items() if person.id in change.people.get(key, ())}
    roles |= {role for role in person.roles if role not in ROLES.values()}
    clocks = tuple(clocks)
    return nearest(due for due in clocks if roles & {*OWNERS[due.kind]}) or nearest(clocks)


def stands(change: ChangeRequest) -> str:
    """Where it stands, in a few words that go on a sentence."""
    if change.logged:
        return f"in step {change.step.value} ({change.phase.value})"
    return f"a form that waits for {change.waits_for}" if change.open else "a form that was dropped"
