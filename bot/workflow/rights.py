"""Rights: who may use which row of the table.

Its one rule: a right is one of a party, in its own right or over the heads of others, never one of
a name (DESIGN section 5).
"""

from collections.abc import Callable, Mapping

from bot.intake.verify import Standing
from bot.office.people import Role
from bot.workflow.change import ChangeRequest
from bot.workflow.party import Party
from bot.workflow.step import rows_at
from bot.workflow.transition import Transition, place_of

OVERRIDDEN: Mapping[Party, Callable[[Transition], bool]] = {
    Party.CMP_MANAGER: lambda row: row.verb != "APPROVE",
    Party.GROUP_MANAGER: lambda row: Party.CRPM in row.parties,
}
"""Who else may use a row: the CMP Manager every verb but APPROVE, the Group Manager every verb of the
CRPM's, each noted in the journal (DESIGN section 5)."""

POSSIBLE = {
    Role.CRPM: Party.CRPM,
    Role.DIRECTOR: Party.DIRECTOR,
    Role.SME: Party.SME,
    Role.GROUP_MANAGER: Party.GROUP_MANAGER,
    Role.CMP_MANAGER: Party.CMP_MANAGER,
}
"""What a role of the directory can make of a person, on one change request or another."""


def entitled(row: Transition, who: frozenset[Party]) -> bool:
    """True where one of these parties may use a row, in its own right or over the heads of others."""
    return bool(row.parties & who) or any(party in who and may(row) for party, may in OVERRIDDEN.items())


def imaginable(standing: Standing) -> frozenset[Party]:
    """All that a sender could be to one change request or another."""
    who = {Party.ANYONE} | ({Party.CLEC, Party.ORIGINATOR} if standing.company else set())
    if standing.person:
        who |= {Party.STAFF, *(POSSIBLE[role] for role in standing.person.roles if role in POSSIBLE)}
    return frozenset(who)


def usable(change: ChangeRequest, who: frozenset[Party]) -> tuple[Transition, ...]:
    """The rows that these parties may use where a change request stands, one a verb and word."""
    return tuple(row for row in rows_at(place_of(change)) if row.parties & who)


def unproven(standing: Standing) -> str:
    """What is said to a sender whom nothing proves."""
    return f"Nothing proves that the mail is yours ({standing.proof or 'no proof'})."
