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
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Ordered
from bot.workflow.party import Party, parties


class Lookup(StrEnum):
    """What the world has to look up before an enquiry can be answered."""

    NOTHING = ""
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
    if isinstance(event.args, Mistake):
        return Decision(Fate.REFUSED, event.args.message, change)
    if not row.parties & who:
        named = " or ".join(party for party in Party if party in row.parties)
        return Decision(Fate.REFUSED, f"{event.line.verb} is for {named}.", change)
    if row.proven and not event.standing.proves("", event.line.verb):
        reason = f"Nothing proves that the mail is yours ({event.standing.proof or 'no proof'})."
        return Decision(Fate.PARKED, reason, change)
    return row.answer(change, event, office, now)


def _say(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    return Decision(Fate.OBEYED, event.line.verb, None, answer=(event.line.verb,))


ANYONE, STAFF, MANAGER = (frozenset({party}) for party in (Party.ANYONE, Party.STAFF, Party.CMP_MANAGER))
ENQUIRIES: Mapping[str, Enquiry] = {
    "HELP": Enquiry(ANYONE, _say),
    "STATUS": Enquiry(ANYONE, _say, Lookup.OWN_WORK),
    "HISTORY": Enquiry(ANYONE, _say, Lookup.HISTORY),
    "AGENDA": Enquiry(STAFF, _say, Lookup.AGENDA),
    "REPORT": Enquiry(STAFF, _say, Lookup.ADHERENCE),
    "AWAY": Enquiry(STAFF, _say, proven=True),
    "FREEZE": Enquiry(MANAGER, _say, proven=True),
    "UNFREEZE": Enquiry(MANAGER, _say, proven=True),
}
