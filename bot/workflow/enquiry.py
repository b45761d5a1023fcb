"""Enquiries: verbs that ask something, or settle something of the whole office; none of them
changes a change request.

Its one rule: whoever asks reads only what they may know; a stranger reads what is public.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.intake.arguments import Mistake
from bot.office.office import Office
from bot.workflow.answers.absence import away, freeze, unfreeze
from bot.workflow.answers.adherence import report
from bot.workflow.answers.agenda import agenda
from bot.workflow.answers.answer import answered
from bot.workflow.answers.guidance import explained
from bot.workflow.answers.history import history
from bot.workflow.answers.status import status
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Ordered
from bot.workflow.party import Party, may_see, parties
from bot.workflow.rights import unproven


class Lookup(StrEnum):
    """What the world has to look up before an enquiry can be answered."""

    NOTHING = ""
    STANDING = "the open deadlines of the change request, or else the open work of whoever asks"
    HISTORY = "the history of the change request"
    OWN_WORK = "the open change requests of whoever asks"
    AGENDA = "the open change requests"
    ADHERENCE = "all deadlines of a month"


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One row: who may, what is looked up, what is answered; `proven` where it takes a proof."""

    parties: frozenset[Party]
    answer: Callable[[ChangeRequest | None, Ordered, Office, datetime], Decision]
    lookup: Lookup = Lookup.NOTHING
    proven: bool = False


def enquire(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Answer an enquiry, or refuse it."""
    row = ENQUIRIES[event.line.verb]
    who = parties(change, event.standing, office, office.calendar.local_date(now))
    if change is not None and not may_see(change, event.standing):
        change = None
    if isinstance(event.args, Mistake):
        return Decision(Fate.REFUSED, event.args.message, change)
    if not row.parties & who:
        named = " or ".join(party for party in Party if party in row.parties)
        return Decision(Fate.REFUSED, f"{event.line.verb} is for {named}.", change)
    if row.proven and not event.standing.proves("", event.line.verb):
        return Decision(Fate.PARKED, unproven(event.standing), change)
    return row.answer(change, event, office, now)


def _help(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    open_to = {verb: row.parties for verb, row in ENQUIRIES.items()}
    return answered(event, change, explained(change, event, office, now, open_to))


ANYONE, STAFF, MANAGER = (frozenset({party}) for party in (Party.ANYONE, Party.STAFF, Party.CMP_MANAGER))
ENQUIRIES: Mapping[str, Enquiry] = {
    "HELP": Enquiry(ANYONE, _help),
    "STATUS": Enquiry(ANYONE, status, Lookup.STANDING),
    "HISTORY": Enquiry(ANYONE, history, Lookup.HISTORY),
    "AGENDA": Enquiry(STAFF, agenda, Lookup.AGENDA),
    "REPORT": Enquiry(STAFF, report, Lookup.ADHERENCE),
    "AWAY": Enquiry(STAFF, away, Lookup.OWN_WORK, proven=True),
    "FREEZE": Enquiry(MANAGER, freeze, proven=True),
    "UNFREEZE": Enquiry(MANAGER, unfreeze, proven=True),
}
