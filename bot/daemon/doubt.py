"""Doubt: what becomes of commands that nothing proves.

Its one rule: nobody is obeyed because a mail says who wrote it. Whom the directory knows is asked at the
address that stands there; everybody else waits for the CMP Manager. However often somebody's name is
used, they hear of it three times an hour at the most.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.daemon.context import thread_of
from bot.daemon.desk import Desk
from bot.daemon.obey import Errand, rehearse
from bot.edge.store import Unit
from bot.intake.command import TABLE
from bot.mail.letter import Kind, Letter
from bot.mail.message import Message
from bot.mail.parse import AN_ADDRESS
from bot.mail.token import Purpose, make
from bot.office.office import Office
from bot.office.people import Address, Role
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Effect, Fate, Row, Send
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.event import Held, Reported, Result
from bot.workflow.letters import review_of, tell

WAITS = timedelta(days=7)
"""How long a mail waits for its confirmation: longer than any week with holidays."""
MOST_NAMED = 3
"""People who are told of one mail that names them in its From."""
LONGEST_LINES = 300


def park(desk: Desk, unit: Unit, errand: Errand) -> list[Decision]:
    """Keep a mail until whom it names has vouched for it, and ask them; what they may not do anyway is
    refused at once."""
    standing, envelope = errand.standing, errand.envelope
    believed = replace(errand, standing=replace(standing, verified=True, confirmed=True))
    would = rehearse(desk, unit, believed)
    results = tuple(result for _, result in would)
    if any(decision.fate is Fate.REFUSED for decision, _ in would):
        return report(desk, unit, errand, results)
    proven = all(standing.proves(key, verb) for key, verb in ordered(unit, errand))
    to = standing.sender if proven or standing.verified else standing.confirmed_by
    if to is None:
        return nobody_known(desk, unit, errand)
    now = desk.clock.now()
    until = now + WAITS
    changes = _concerned(unit, errand)
    # No `change`: this letter offers no verbs and vouches for nothing but the mail that it asks about.
    context: dict[str, object] = {
        "results": results,
        "standing": standing,
        "proven": proven,
        "subject": errand.message.subject,
        "arrived": envelope.arrived,
        "code": make(desk.keys.live(now)[0], Purpose.CONFIRM, envelope.id, to.email, "", until),
        "until": until,
    }
    number = changes[0].number if changes else ""
    letter = Letter(envelope.id, Kind.CONFIRMATION, to, number, context, thread_of(errand.message))
    letters: list[Effect] = [Send(letter)] if unit.affords(letter) else _too_many(desk, errand, to)
    why = "it is asked back once" if proven else standing.proof
    said = f"Waits for a confirmation by {standing.name}, because {why}: {_lines(errand)}"
    return _recorded(desk, unit, errand, _of_each(desk, changes, Fate.PARKED, said, letters))


def _too_many(desk: Desk, errand: Errand, to: Address) -> list[Effect]:
    """Somebody's name is used too often for them to be told each time: the CMP Manager is, once an hour."""
    reason = f"more mails came in the name of {to} within an hour than we ask about, and nothing proves them"
    shown = review_of(None, errand.envelope.id, reason, errand.message.subject, errand.standing, None)
    cause = f"attempts {to.email} {desk.clock.now():%Y-%m-%d %H}"
    return tell(desk.settings.office, Role.CMP_MANAGER, cause, Kind.REVIEW, "", shown | {"answered": False})


def nobody_known(desk: Desk, unit: Unit, errand: Errand) -> list[Decision]:
    """Commands by somebody who cannot be asked: whoever is named in the From is told that their name was
    used; where nobody is, the mail waits for the CMP Manager."""
    office, standing = desk.settings.office, errand.standing
    changes = _concerned(unit, errand)
    named = _named_in(errand.message, office)
    if not named:
        reason = f"commands by a sender who is not in the directory ({_lines(errand)})"
        held = Held(errand.envelope.id, reason, errand.message.subject, standing, thread_of(errand.message))
        return _recorded(desk, unit, errand, [decide(next(iter(changes), None), held, office, desk.clock.now())])
    told: dict[str, object] = {"results": _results(errand, ""), "standing": standing, "in_place_of": None}
    sent = tuple(Send(Letter(errand.envelope.id, Kind.ATTEMPT, each, "", told)) for each in named)
    said = f"Refused: {_lines(errand)}: {standing.proof}"
    return _recorded(desk, unit, errand, _of_each(desk, changes, Fate.REFUSED, said, sent))


def _named_in(message: Message, office: Office) -> tuple[Address, ...]:
    """The people of the directory whose address stands anywhere in a From, defective or not."""
    directory = office.directory
    known = {person.address.email: person.address for person in directory.people}
    known |= {contact.email: contact for company in directory.companies for contact in company.contacts}
    written = [found.lower() for value in message.headers.get("from", ()) for found in AN_ADDRESS.findall(value)]
    return tuple(known[each] for each in dict.fromkeys(written) if each in known)[:MOST_NAMED]


def refuse(desk: Desk, unit: Unit, errand: Errand, reason: str) -> list[Decision]:
    """Refuse all lines of a mail for one reason."""
    return report(desk, unit, errand, _results(errand, reason))


def report(desk: Desk, unit: Unit, errand: Errand, results: Sequence[Result]) -> list[Decision]:
    """The transcript of a mail of which nothing was done."""
    event = Reported(errand.envelope.id, tuple(results), errand.standing, thread_of(errand.message), errand.dry)
    changes = _concerned(unit, errand)
    told = decide(changes[0] if len(changes) == 1 else None, event, desk.settings.office, desk.clock.now())
    return noted(desk, unit, errand, _recorded(desk, unit, errand, [told]))


def noted(desk: Desk, unit: Unit, errand: Errand, decisions: list[Decision]) -> list[Decision]:
    """Write a refusal that concerns several change requests into the journal of each."""
    changes = _concerned(unit, errand)
    refused = next((decision for decision in decisions if decision.fate is Fate.REFUSED), None)
    tried = errand.dry and errand.standing.vouched
    if refused is not None and len(changes) > 1 and not tried:
        by = errand.standing.name if errand.standing.vouched else "bot"
        row = Row("Additional Information", f"Refused: {refused.reason}", desk.clock.now(), by, public=False)
        unit.note({change.key: Decision(Fate.REFUSED, rows=(row,)) for change in changes}, errand.envelope.id)
    return decisions


def _results(errand: Errand, reason: str) -> tuple[Result, ...]:
    """The lines of a mail, refused for one reason."""
    context = errand.context
    return tuple(
        Result(
            line.line,
            line.number or (context.number if context else ""),
            context.title if context and not line.number else "",
            TABLE[line.verb].meaning if line.verb in TABLE else "",
            reason,
            left=line.left,
        )
        for line in errand.told
    )


def _of_each(
    desk: Desk, changes: Sequence[ChangeRequest], fate: Fate, said: str, effects: Sequence[Effect]
) -> list[Decision]:
    """One fate with a row in the journal of every change request concerned, and its effects once."""
    row = Row("Additional Information", said, desk.clock.now(), "bot", public=False)
    decisions = [Decision(fate, said, change, (row,)) for change in changes] or [Decision(fate, said)]
    return [replace(decisions[0], effects=tuple(effects)), *decisions[1:]]


def ordered(unit: Unit, errand: Errand) -> list[tuple[str, str]]:
    """The key of the change request (empty: none) and the verb of each line."""
    found: list[tuple[str, str]] = []
    for line in errand.lines:
        change = unit.change_numbered(line.number) if line.number else errand.context
        found.append((change.key if change and line.verb not in ENQUIRIES else "", line.verb))
    return found


def _concerned(unit: Unit, errand: Errand) -> list[ChangeRequest]:
    found = [unit.change_numbered(line.number) if line.number else errand.context for line in errand.lines]
    return list({change.key: change for change in found if change is not None}.values())


def day(desk: Desk, at: datetime) -> str:
    """The local date of an instant, as our letters write it."""
    return us(desk.settings.office.calendar.local_date(at))


def _lines(errand: Errand) -> str:
    return "; ".join(line.line for line in errand.told)[:LONGEST_LINES]


def _recorded(desk: Desk, unit: Unit, errand: Errand, decisions: list[Decision]) -> list[Decision]:
    for decision in decisions:
        unit.record(decision, errand.envelope.id, desk.compose, desk.message_id)
    return decisions
