"""Returned: what follows when a letter of ours was refused or came back, and whom nothing is sent to any more.

Its one rule: one letter counts once, what may still arrive changes nothing, and whoever is paused is told of to
the staff; the tally of an address is a matter of the office, kept in the words of this module alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.mail.letter import Fault, Kind
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.effect import Decision, Effect, Fate, Settle
from bot.workflow.event import Undelivered, Withheld
from bot.workflow.letters import tell

BOUNCES = "bounces/"
FORGOTTEN = timedelta(days=60)
"""Failures so long ago are no row any more."""
NEVER = "-"


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of an address: failures in a row, delays, when the last failure was, and since when nothing is
    sent to it (aware)."""

    hard: int = 0
    soft: int = 0
    last: datetime | None = None
    paused: datetime | None = None


def key_of(address: str) -> str:
    """The key of the matter that holds an address's tally."""
    return f"{BOUNCES}{address}"


def tally_of(written: str) -> Tally:
    """The tally in a matter's value; nothing is known where that is empty."""
    if not written:
        return Tally()
    hard, soft, last, paused = written.split()
    return Tally(int(hard), int(soft), _instant(last), _instant(paused))


def tallies_in(matters: Mapping[str, str]) -> dict[str, Tally]:
    """All addresses of which something is known, of the matters that are settled."""
    return {key.removeprefix(BOUNCES): tally_of(value) for key, value in matters.items() if key.startswith(BOUNCES)}


def paused_in(matters: Mapping[str, str]) -> dict[str, Tally]:
    """The addresses to which nothing is sent."""
    return {address: tally for address, tally in tallies_in(matters).items() if tally.paused}


def unsent(event: Undelivered | Withheld, office: Office, now: datetime) -> Decision:
    """What follows when letters did not reach an address, or were not sent to it."""
    return undelivered(event, office, now) if isinstance(event, Undelivered) else withheld(event, office)


def undelivered(event: Undelivered, office: Office, now: datetime) -> Decision:
    """A letter was refused for good, or came back: the CMP Manager is told, of their own the Group Manager; never of
    such a report itself, in a circle. A failure of the address counts, and the last that it may have pauses it."""
    tally = _counted(tally_of(event.tally), event, now)
    pausing = tally.paused == now
    effects: list[Effect] = []
    if event.fault is not Fault.FOR_NOW and (event.kind is not Kind.UNDELIVERED or pausing):
        context: dict[str, object] = {
            "to_whom": event.recipient,
            "kind": event.kind.value,
            "reason": event.reason,
            "failures": tally.hard if pausing else 0,
        }
        effects += tell(office, _beside(event.recipient, office), event.letter, Kind.UNDELIVERED, event.number, context)
    if event.fault is not Fault.LETTER:
        effects.append(Settle(key_of(event.recipient), _written(tally)))
    return Decision(Fate.AUTOMATIC, _said(event, pausing), effects=tuple(effects))


def withheld(event: Withheld, office: Office) -> Decision:
    """Letters to an address were over its budget: perhaps a machine answers them. It is told once a day."""
    context: dict[str, object] = {"to_whom": event.recipient, "by": event.by}
    cause = f"withheld/{event.recipient}/{event.on}"
    letters = tell(office, _beside(event.recipient, office), cause, Kind.WITHHELD, "", context)
    return Decision(Fate.AUTOMATIC, effects=tuple(letters))


def _beside(address: str, office: Office) -> Role:
    """Who is told of an address: the CMP Manager, of their own the Group Manager."""
    own = address in {person.address.email for person in office.holders(Role.CMP_MANAGER)}
    return Role.GROUP_MANAGER if own else Role.CMP_MANAGER


def resumed(address: str) -> Decision:
    """An address is good again: its owner wrote, or the operator says so."""
    return Decision(Fate.AUTOMATIC, effects=(Settle(key_of(address)),))


def _counted(tally: Tally, event: Undelivered, now: datetime) -> Tally:
    match event.fault:
        case Fault.FOR_NOW:
            return replace(tally, soft=tally.soft + 1)
        case Fault.LETTER:
            return tally
        case Fault.ADDRESS:
            row = tally.hard if tally.last and now - tally.last < FORGOTTEN else 0
            counted = replace(tally, hard=row + 1, last=now)
            return replace(counted, paused=now) if not counted.paused and 0 < event.most <= counted.hard else counted


def _said(event: Undelivered, pausing: bool) -> str:
    if event.fault is Fault.FOR_NOW:
        return f"a letter to {event.recipient} is delayed: {event.reason}"
    stopped = "; nothing more is sent there" if pausing else ""
    return f"a letter to {event.recipient} was not delivered: {event.reason}{stopped}"


def _written(tally: Tally) -> str:
    instants = (each.isoformat() if each else NEVER for each in (tally.last, tally.paused))
    return " ".join((str(tally.hard), str(tally.soft), *instants))


def _instant(written: str) -> datetime | None:
    return None if written == NEVER else datetime.fromisoformat(written)
