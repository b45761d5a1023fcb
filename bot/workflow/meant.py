"""Meant: prose that all but orders something, or comes where its writer was asked to order something.

Its one rule: nothing of it is ever obeyed. Its writer reads that nothing was done, and how it is written
(DESIGN section 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.intake.command import TABLE
from bot.intake.near import nearly
from bot.intake.request import CommandLine
from bot.mail.letter import Kind
from bot.office.office import Office
from bot.workflow.change import ChangeRequest
from bot.workflow.draft import waits
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Commented
from bot.workflow.letters import answer
from bot.workflow.offer import Offer, offers
from bot.workflow.party import Party, for_originator, parties
from bot.workflow.rights import usable
from bot.workflow.transition import Place, place_of

TALK = frozenset({"COMMENT", "NOTE", "FOLLOW", "UNFOLLOW", "STOP"})
"""Verbs with which sentences open, and of which no deadline depends."""
ANSWERED_BY: Mapping[str, tuple[str, ...]] = {
    "APPROVE": ("APPROVE", "DISAPPROVE"),
    "SME": ("SME",),
    "ASSIGN": ("ASSIGN",),
    "CONSENT": ("CONSENT", "OBJECT"),
    "ESCALATE": ("ESCALATE", "DEFER", "WITHDRAW"),
}
"""How each question of ours may be answered; its first verb stands for it."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the writer of prose is told: the `line` as they wrote it and how it, or the answer that is
    still open, is `written`. `ordered`: the line itself reads like an order."""

    line: str
    written: tuple[str, ...]
    ordered: bool


def with_advice(
    decision: Decision, change: ChangeRequest | None, event: Commented, office: Office, now: datetime
) -> Decision:
    """What was decided about prose, with the letter to its writer, where it needs one; `change` is the change
    request that it met."""
    if change is None or decision.fate is not Fate.COMMENTED or (said := advice(change, event, office, now)) is None:
        return decision
    context: dict[str, object] = {
        "change": change,
        "line": said.line,
        "written": said.written,
        "ordered": said.ordered,
    }
    letter = answer(event, Kind.MEANT, change.number, context)
    return replace(decision, effects=(*decision.effects, *letter))


def advice(change: ChangeRequest, event: Commented, office: Office, now: datetime) -> Advice | None:
    """How prose of a proven sender about an open change request would be written as an order; None where it
    opens with nothing that they may do there, and they were not asked for just one thing."""
    standing = event.standing
    if standing.sender is None or not standing.vouched or not change.open:
        return None
    today = office.calendar.local_date(now)
    who = parties(change, standing, office, today)
    verbs = {row.verb for row in usable(change, who)} - TALK
    offered = offers(change, standing.sender, office, today).prominent
    if line := nearly(event.text, verbs):
        return Advice(line.line, (_written(line, offered),), ordered=True)
    asked = _asked(change, event, who)
    if len(asked) != 1 or asked[0] not in ANSWERED_BY:
        return None
    written = tuple(offer.written for offer in offered if offer.verb in ANSWERED_BY[asked[0]])
    return Advice(event.text.strip().split("\n", 1)[0], written, ordered=False) if written else None


def _written(line: CommandLine, offered: tuple[Offer, ...]) -> str:
    """A line as it is written: with its own arguments where they can be some, else as it is offered."""
    verb, args = TABLE[line.verb], line.args.strip(" .!?")
    if args and (verb.text or verb.more or verb.reads(args)):
        return f"{line.verb} {args}"
    return next((offer.written for offer in offered if offer.verb == line.verb), verb.usage)


def _asked(change: ChangeRequest, event: Commented, who: frozenset[Party]) -> list[str]:
    """What is asked of somebody now, each by the first verb that answers it; ASK by plain words."""
    place, closing = place_of(change), change.closing
    owns, directs = Party.ORIGINATOR in who, Party.DIRECTOR in who
    assigned = change.people.get("crpm") and change.people.get("director")
    questions = (
        ("APPROVE", directs and waits(change.draft)),
        ("SME", directs and place is Place.SMES),
        ("ASSIGN", Party.GROUP_MANAGER in who and place is Place.SMES and not assigned),
        ("CONSENT", owns and closing is not None and not closing.objection),
        ("ESCALATE", owns and place is Place.NOT_ACCEPTED),
        ("ASK", bool(change.asked_by) and for_originator(change, event.standing)),
    )
    return [verb for verb, open_now in questions if open_now]
