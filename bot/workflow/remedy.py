"""Remedies: the verbs with which somebody deals with what is due.

Its one rule: which verb meets a deadline is read off the table of the workflow; what stands here beside
it leads there.
"""

from collections.abc import Mapping

from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import DeadlineKind
from bot.workflow.step import TABLE, rows_at
from bot.workflow.transition import place_of

REMEDIES: Mapping[DeadlineKind, frozenset[str]] = {
    kind: frozenset(row.verb for row in TABLE if kind in row.meets) for kind in DeadlineKind
} | {
    DeadlineKind.FINISH_INTAKE: frozenset({"LOG", "RETURN", "DROP"}),
    DeadlineKind.CLARIFY: frozenset({"MEETING", "HELD"}),
    DeadlineKind.CONSENT: frozenset({"CLOSE", "CONSENT", "OBJECT"}),
    DeadlineKind.ACT: frozenset({"DONE"}),
}
"""The verbs that meet a deadline, by the table, and those on the way to it."""


def remedies(change: ChangeRequest, kind: DeadlineKind) -> tuple[str, ...]:
    """The verbs that deal with something due where a change request stands, whoever may use them, in the order
    of the table."""
    return tuple(dict.fromkeys(row.verb for row in rows_at(place_of(change)) if row.verb in REMEDIES[kind]))
