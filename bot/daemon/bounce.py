"""Bounce: what becomes of a machine's mail that returns a letter of ours.

Its one rule: it concerns a letter only where it names the Message-ID of one that went out, or came to the signed
address of one; anything else is filed, and changes nothing.
"""

from bot.daemon.desk import Desk
from bot.edge.store import Unit
from bot.intake.bounce import Bounce, bounce_in
from bot.mail.letter import Fault
from bot.mail.message import Message
from bot.mail.returning import letters_in
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate
from bot.workflow.event import Undelivered
from bot.workflow.returned import key_of

RECEIVERS = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to")
"""Where a server says to which of our addresses a mail came."""


def reported(desk: Desk, unit: Unit, message: Message, reason: str) -> Decision:
    """What a machine's mail comes to; `reason` says how we know that it is one."""
    filed = Decision(Fate.AUTOMATIC, reason)
    signed = _signed(desk, message)
    bounce = bounce_in(message, certain=bool(signed))
    found = unit.returned(bounce.message_ids, signed) if bounce else None
    if bounce is None or found is None:
        return filed
    fault, tally = _weighed(desk, bounce, found.recipient, bool(signed)), unit.matter(key_of(found.recipient))
    most = desk.settings.limits.hard_bounces
    said = bounce.said or "no reason was given"
    event = Undelivered(found.id, found.kind, found.recipient, found.number, said, fault, tally, most)
    if fault is not Fault.FOR_NOW:
        unit.came_back(found.id, f"came back: {said}")
    return decide(None, event, desk.settings.office, desk.clock.now())


def _weighed(desk: Desk, bounce: Bounce, recipient: str, signed: bool) -> Fault:
    """The fault of a report. What it says of another address than the one we wrote to, to which that passes its
    mail on, says nothing of the one; nor, where our return addresses are signed, what came to another address."""
    if bounce.fault is not Fault.ADDRESS:
        return bounce.fault
    elsewhere = bool(bounce.about) and "@" in bounce.about and bounce.about != recipient
    unsigned = desk.settings.office.organisation.signed_bounces and not signed
    return Fault.LETTER if elsewhere or unsigned else Fault.ADDRESS


def _signed(desk: Desk, message: Message) -> tuple[str, ...]:
    """The letters to whose signed return addresses a mail came."""
    written = " ".join(value for name in RECEIVERS for value in message.headers.get(name, ()))
    return letters_in(written, desk.keys.live(desk.clock.now())) if "+" in written else ()
