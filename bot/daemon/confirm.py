"""Confirm: what a mail with commands comes to, and how a person vouches for one that nothing proves.

Its one rule: what counts once is looked at and noted in one transaction with what it did: the code of a
letter, a mail that comes again, and the code that confirms a parked mail, which then has its fate.
"""

from dataclasses import replace

from bot.daemon.context import context_of
from bot.daemon.desk import Desk
from bot.daemon.doubt import day, nobody_known, noted, ordered, park, refuse
from bot.daemon.obey import Errand, obey, rehearse
from bot.edge.store import Unit
from bot.intake.number import tags_in
from bot.intake.read import read as read_request
from bot.intake.request import Commands
from bot.intake.verify import Standing, verify
from bot.mail.parse import parse
from bot.mail.token import Code, Expired, Purpose, read, written_in
from bot.office.people import Address
from bot.workflow.effect import Decision, Fate
from bot.workflow.enquiry import ENQUIRIES

CONFIRM = "CONFIRM"
NOTHING_TO_TRY = "Below DRY RUN stands no line that could be tried. Write the lines with their verbs right below it."


def commanded(desk: Desk, unit: Unit, errand: Errand) -> list[Decision]:
    """What a mail with commands comes to: carried out, refused, or parked until somebody vouches for it.

    The codes that it carries count from here on as used for what they vouched for.
    """
    if any(line.verb == CONFIRM for line in errand.commands.lines):
        return _confirm(desk, unit, errand)
    errand = replace(errand, standing=unit.weighed(errand.standing))
    if reason := _said_before(desk, unit, errand) or _at_odds(errand):
        return refuse(desk, unit, errand, reason)
    done = rehearse(desk, unit, errand)
    fates = {decision.fate for decision, _ in done} or {Fate.REFUSED}
    if fates & {Fate.REFUSED, Fate.PARKED} and not (errand.standing.vouched or errand.standing.confirmed_by):
        return nobody_known(desk, unit, errand)
    if not done:
        return refuse(desk, unit, errand, NOTHING_TO_TRY)
    if Fate.PARKED in fates and Fate.REFUSED not in fates and not errand.dry:
        return park(desk, unit, errand)
    if not errand.dry and not fates & {Fate.REFUSED, Fate.PARKED}:
        unit.spend(errand.standing, ordered(unit, errand), errand.envelope.id)
    return noted(desk, unit, errand, obey(desk, unit, errand))


def _said_before(desk: Desk, unit: Unit, errand: Errand) -> str:
    """Why a mail that comes again is not obeyed again; empty for any other, and for mere questions."""
    if all(line.verb in ENQUIRIES and not ENQUIRIES[line.verb].proven for line in errand.lines):
        return ""
    at = unit.obeyed_before(errand.message.content_hash, errand.envelope.id)
    if at is None:
        return ""
    return f"This very mail was obeyed already, on {day(desk, at)}; nothing was done again."


def _at_odds(errand: Errand) -> str:
    """Why nobody knows what a mail is about: its thread leads to one change request, and its subject,
    which anybody can write over a mail of somebody else's, names another."""
    named, change = tags_in(errand.message.subject), errand.context
    if change is None or not named or {change.number, change.key} & set(named):
        return ""
    if all(line.number for line in errand.lines):
        return ""
    return (
        f"You answer our letter about {change.number}, but the subject names {named[0]}. "
        "Put the number in front of the line."
    )


def _confirm(desk: Desk, unit: Unit, errand: Errand) -> list[Decision]:
    """Carry out a parked mail for whom it names: they sent back the code that only their address got."""
    standing = errand.standing
    if standing.sender is None or not (standing.vouched or standing.confirmed_by):
        return nobody_known(desk, unit, errand)
    if errand.commands.doubtful or len(errand.commands.lines) > 1:
        return refuse(desk, unit, errand, "CONFIRM stands alone, in a mail whose text and HTML say the same.")
    match _code_in(desk, errand, standing.sender):
        case None:
            return refuse(desk, unit, errand, "This is no code that we sent to your address.")
        case Expired(code):
            errand = replace(errand, standing=_shown(desk, standing, standing.sender))
            ended = f"This code was good until {day(desk, code.expires)}. Please send the mail anew."
            return refuse(desk, unit, errand, ended)
        case Code() as code:
            errand = replace(errand, standing=_shown(desk, standing, standing.sender))
            return _parked(desk, unit, errand, standing.sender, code.of[: len(errand.envelope.id)])


def _parked(desk: Desk, unit: Unit, errand: Errand, sender: Address, mail_id: str) -> list[Decision]:
    """Carry out the parked mail of an id, unless it has another fate by now."""
    waiting = unit.decided(mail_id)
    if waiting is None or waiting.fate is not Fate.PARKED:
        when = f" on {day(desk, waiting.at)}" if waiting else ""
        return refuse(desk, unit, errand, f"That mail was dealt with already{when}; nothing was done again.")
    message = parse(waiting.raw)
    known = verify(message, desk.settings.office)
    if known.sender is None or known.sender.email != sender.email:
        return refuse(desk, unit, errand, "That mail does not carry your address.")
    parked = replace(errand, envelope=waiting.envelope, message=message, standing=_shown(desk, known, sender))
    return _vouched_for(desk, unit, errand, parked)


def _shown(desk: Desk, standing: Standing, sender: Address) -> Standing:
    """Somebody who has sent back a code that only their address got."""
    proof = f"confirmed on {day(desk, desk.clock.now())} with the code sent to {sender.email}"
    return replace(standing, verified=True, confirmed=True, proof=proof)


def _vouched_for(desk: Desk, unit: Unit, errand: Errand, parked: Errand) -> list[Decision]:
    """Carry out the lines of a parked mail, whose fate it becomes."""
    request = read_request(parked.message, desk.sandbox.open, desk.settings.table)
    if not isinstance(request, Commands):
        return refuse(desk, unit, errand, "That mail can no longer be read as commands.")
    context = context_of(unit, parked.envelope, parked.message, request)
    parked = replace(parked, commands=request, context=context)
    decisions = noted(desk, unit, parked, obey(desk, unit, parked))
    order = list(Fate)
    fate = min((decision.fate for decision in decisions), key=order.index)
    number = ", ".join(decision.change.number for decision in decisions if decision.change)
    unit.refile(parked.envelope.id, fate, f"confirmed by the mail {errand.envelope.id}", number)
    return decisions


def _code_in(desk: Desk, errand: Errand, sender: Address) -> Code | Expired | None:
    """The code behind CONFIRM, or else anywhere in the mail: of those for the sender the first that is
    still good."""
    now, message = desk.clock.now(), errand.message
    typed = "".join(errand.commands.lines[0].args.split())
    written = (typed, *written_in(f"{typed}\n{message.subject}\n{message.text}"))
    found = [read(each, desk.keys.live(now), sender.email, now) for each in written]
    ours = [each for each in found if each and _purpose(each) is Purpose.CONFIRM]
    return next((each for each in ours if isinstance(each, Code)), ours[0] if ours else None)


def _purpose(found: Code | Expired) -> Purpose:
    return (found.code if isinstance(found, Expired) else found).purpose
