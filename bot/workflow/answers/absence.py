"""Absence: who is away and who stands in, and the switch that holds everything back.

Its one rule: both are matters of the whole office, kept under the keys and in the words of this module
alone.
"""

from collections.abc import Mapping
from datetime import date, datetime

from bot.intake.arguments import Arguments
from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind, Letter
from bot.office.office import Absence, Office
from bot.office.people import Role
from bot.workflow.answers.answer import MOST, next_of, stands
from bot.workflow.carry.words import us, when
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Effect, Fate, Send, Settle
from bot.workflow.event import Ordered

AWAY = "away/"
FROZEN = "frozen"
BACK = "BACK"


def away(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Somebody of the staff is away until a local date, that day included, or is back."""
    person, args = event.standing.person, event.args
    if person is None or not isinstance(args, Arguments):
        return Decision(Fate.REFUSED, "AWAY is for the staff.")
    key, today = f"{AWAY}{person.id}", office.calendar.local_date(now)
    if args.word == BACK:
        return _back(event, office.away(person.id, today), key, office)
    until, deputy = args.on or today, args.deputy
    if until < today:
        return Decision(Fate.REFUSED, f"{in_words(until)} is over.")
    if deputy is person:
        return Decision(Fate.REFUSED, "You cannot stand in for yourself. Name somebody else as the deputy, or nobody.")
    if deputy and (absent := office.away(deputy.id, today)):
        return Decision(
            Fate.REFUSED, f"{deputy.name} is away until {in_words(absent.until)}. Name somebody else as the deputy."
        )
    value = " ".join(filter(None, (until.isoformat(), deputy.id if deputy else "")))
    effects: list[Effect] = [Settle(key, value)]
    said = [f"You are away until {in_words(until)}, that day included. AWAY BACK ends it earlier."]
    if deputy:
        told = {"change": None, "person": person, "until": until, "back": False, "work": _work(event, office)}
        effects.append(Send(Letter(event.cause, Kind.AWAY, deputy.address, "", told)))
        said.append(f"{deputy.name} stands in for you: your verbs and letters are theirs too until then.")
    else:
        said.append(
            "Nobody stands in for you: your reminders go to you, and to the role above you too. AWAY UNTIL date DEPUTY "
            "person names somebody."
        )
    for one in office.stands_in_for(person.id, today):
        absent_one = office.directory.named(one)
        said.append(f"You stand in for {absent_one.name if absent_one else one}, who may want to name somebody else.")
    return Decision(Fate.OBEYED, "AWAY", effects=tuple(effects), answer=tuple(said))


def _back(event: Ordered, absent: Absence | None, key: str, office: Office) -> Decision:
    """Somebody is back; their deputy is told."""
    if absent is None:
        return Decision(Fate.OBEYED, "AWAY BACK", answer=("You were not away as far as we know.",))
    effects: list[Effect] = [Settle(key)]
    deputy, person = office.directory.named(absent.deputy), event.standing.person
    if deputy:
        told = {"change": None, "person": person, "until": absent.until, "back": True, "work": ()}
        effects.append(Send(Letter(event.cause, Kind.AWAY, deputy.address, "", told)))
    said = "Welcome back." + (f" {deputy.name} stands in for you no longer." if deputy else "")
    return Decision(Fate.OBEYED, "AWAY BACK", effects=tuple(effects), answer=(said,))


def _work(event: Ordered, office: Office) -> tuple[str, ...]:
    """The open work of whoever goes away, for the deputy: the next date first."""
    dated = ((change, next_of(change, clocks, event.standing.person)) for change, clocks in event.work)
    found = sorted(dated, key=lambda each: each[1].by if each[1] else date.max)
    return tuple(
        f"{change.number}, {stands(change)}"
        + (f": {due.kind.value} by {us(due.by)}" if due else "")
        + (f"; a meeting is planned for {when(change.planned.at, office)}" if change.planned else "")
        + f". {change.title}"
        for change, due in found[:MOST]
    )


def freeze(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """From now on mail is stored and nothing else: only the CMP Manager is obeyed and written to."""
    said = (
        "Mail is stored and waits; no letter is sent, nobody is reminded. Only you are obeyed and written to.",
        "UNFREEZE ends it: what waits is dealt with in the order in which it came.",
    )
    return Decision(Fate.OBEYED, "FREEZE", effects=(Settle(FROZEN, now.isoformat()),), answer=said)


def unfreeze(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """Everything goes on where it stopped."""
    said = "Everything goes on: the mail that waits is dealt with, and the letters that wait are sent."
    return Decision(Fate.OBEYED, "UNFREEZE", effects=(Settle(FROZEN),), answer=(said,))


def absences(matters: Mapping[str, str], today: date) -> tuple[Absence, ...]:
    """Those who are away on a local date, of the matters that are settled."""
    found = (_absence(key.removeprefix(AWAY), value) for key, value in matters.items() if key.startswith(AWAY))
    return tuple(absent for absent in found if today <= absent.until)


def _absence(person: str, value: str) -> Absence:
    until, _, deputy = value.partition(" ")
    return Absence(person, date.fromisoformat(until), deputy)


def switchers(office: Office) -> frozenset[str]:
    """The addresses of those who may freeze and unfreeze: alone they are obeyed and written to meanwhile."""
    return frozenset(person.address.email for person in office.reached(office.holders(Role.CMP_MANAGER)))
