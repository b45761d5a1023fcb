"""Habits: what people do with what a letter offers them, how soon, and what they get wrong.

Its one rule: it is a table. A row says how often somebody takes up an offer, when, and how they write it;
offers stand in a letter in the order of their use, and the first that somebody takes up is the one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.office.office import Office
from bot.office.people import Role
from bot.simulation.chance import Chance

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


class When(Enum):
    """When somebody does it: after so long, or on a day that it is for."""

    SOON = (1 * HOURS, 6 * HOURS)
    LATER = (1 * DAYS, 6 * DAYS)
    WEEKS = (10 * DAYS, 35 * DAYS)
    MEETING = (0 * HOURS, 3 * HOURS)
    """On the day of the next Monthly Meeting."""
    HELD = (1 * HOURS, 30 * HOURS)
    """After the Clarification Meeting."""


Write = Callable[[str, "Scribe"], str]


@dataclass(frozen=True, slots=True)
class Scribe:
    """What whoever writes a line needs to know."""

    chance: Chance
    office: Office
    today: Callable[[int], str]
    """The business day so many days from now, as people write it."""

    def name(self, role: Role) -> str:
        """Somebody who holds a role, as people write names."""
        person = self.chance.one(self.office.holders(role))
        return self.chance.one((person.name, person.id, person.address.email))


def _as_it_is(line: str, who: Scribe) -> str:
    return line


def _ends(*texts: str) -> Write:
    return lambda line, who: f"{line.rstrip()} {who.chance.one(texts)}"


def _assign(line: str, who: Scribe) -> str:
    return f"ASSIGN CRPM {who.name(Role.CRPM)} DIRECTOR {who.name(Role.DIRECTOR)}"


def _smes(line: str, who: Scribe) -> str:
    names = dict.fromkeys(who.name(Role.SME) for _ in range(who.chance.whole(1, 3)))
    return f"SME {'; '.join(names)}"


def _meeting(line: str, who: Scribe) -> str:
    if line.startswith("MEETING CANCEL"):
        return f"{line.rstrip()} too many are away"
    at = (
        line.removeprefix("MEETING").strip()
        or f"{who.today(who.chance.whole(2, 7))} {who.chance.one(('10:00', '2 pm'))}"
    )
    return f"MEETING {at}{who.chance.one((' 1 hour', ' 45 min', ''))} bridge 303-555-01{who.chance.whole(10, 99)}"


def _draft(line: str, who: Scribe) -> str:
    if "DENIED" in line:
        basis = "It cannot be done with the present order edits."
        return f"DRAFT DENIED\nBasis: {basis}\nReference: Section {who.chance.whole(2, 9)} of the guide\nWe regret it."
    return f"DRAFT ACCEPTED\nPosition: It will be done in release {who.chance.whole(2, 40)}.\nThe notice says how."


def _later(least: int, most: int, words: str = "") -> Write:
    return lambda line, who: f"{line.rstrip()} {who.today(who.chance.whole(least, most))}{words}"


def _defer(line: str, who: Scribe) -> str:
    return f"DEFER UNTIL {who.today(who.chance.whole(15, 90))} until the release is planned"


def _amend(line: str, who: Scribe) -> str:
    return f"AMEND\nBusiness Reason: {who.chance.one(('Fewer calls', 'Fewer rejects', 'Orders in time'))}"


def _answers(line: str, who: Scribe) -> str:
    """The lines of a letter that asks for what is missing, filled in."""
    return "\n".join(f"{each} {who.chance.one(REASONS)}" if each.endswith(":") else each for each in line.splitlines())


REASONS = ("It saves a call for each order.", "Rejects cost two days.", "See the samples of last month.")


@dataclass(frozen=True, slots=True)
class Habit:
    """How often an offer is taken up, when, and how it is written."""

    share: float
    when: When = When.SOON
    write: Write = _as_it_is


STAFF: Mapping[str, Habit] = {
    "CONFIRM": Habit(0.9),
    "LOG": Habit(0.4, write=_ends("", "as agreed by telephone")),
    "RETURN": Habit(0.5, write=_ends("The title says nothing.", "Which products?")),
    "DROP": Habit(0.8, write=_ends("spam", "it came twice")),
    "ASSIGN": Habit(0.9, write=_assign),
    "SME": Habit(0.85, write=_smes),
    "HELD": Habit(0.9, When.HELD),
    "MINUTES": Habit(0.9, When.LATER, _ends("All agreed on what is meant.", "Two points stay open.")),
    "MEETING": Habit(0.45, When.SOON, _meeting),
    "OPTIONS": Habit(0.6, When.LATER, _ends("A code list, or a new field.", "One option only: the notice.")),
    "PRESENTED": Habit(0.25, When.MEETING),
    "ALIGNED": Habit(0.9, When.MEETING, _ends("The CLECs want it as it is written.", "Consensus on the first option.")),
    "APPROVE": Habit(0.85, When.SOON),
    "DISAPPROVE": Habit(0.6, When.SOON, _ends("The wording is not exact.", "Name the release.")),
    "RESPOND": Habit(0.95, When.SOON),
    "DRAFT": Habit(0.6, When.LATER, _draft),
    "OUTCOME": Habit(0.4, When.MEETING, _ends("", "")),
    "RESUME": Habit(0.3, When.WEEKS),
    "ESCALATE": Habit(0.03, When.LATER, _ends("No way was found.")),
    "DEFER": Habit(0.05, When.LATER, _defer),
    "RESOLVE": Habit(0.35, When.LATER, _ends("Both sides agreed.", "The managers decided so.")),
    "ANNOUNCE": Habit(0.75, When.LATER, _later(8, 30)),
    "PRODUCTION": Habit(0.9, When.WEEKS),
    "CLOSE": Habit(0.7, When.WEEKS, _ends("It works as asked.", "No open points.")),
    "CONSENT": Habit(0.08, When.LATER),
    "OBJECT": Habit(0.03, When.LATER, _ends("They called: one case is open.")),
    "REWORK": Habit(0.3, When.LATER, _ends("The field is empty in some notices.")),
    "REOPEN": Habit(0.0),
    "AMEND": Habit(0.05, When.LATER, _amend),
    "ASK": Habit(0.06, When.SOON, _ends("Which orders are meant?", "Can you send a sample?")),
    "DONE": Habit(0.7, When.LATER),
    "COMMENT": Habit(0.1, When.SOON, _ends("We are at it.")),
}
"""What the carrier's staff does, by verb."""

CLEC: Mapping[str, Habit] = {
    "CONFIRM": Habit(0.85),
    "CONSENT": Habit(0.75, When.LATER),
    "OBJECT": Habit(0.7, When.LATER, _ends("One notice in ten lacks it still.")),
    "RESUME": Habit(0.3, When.WEEKS),
    "ESCALATE": Habit(0.25, When.LATER, _ends("It costs us two orders a day.", "The basis does not hold.")),
    "DEFER": Habit(0.3, When.LATER, _defer),
    "AMEND": Habit(0.04, When.LATER, _amend),
    "COMMENT": Habit(0.015, When.LATER, _ends("We have the same trouble.", "This would help us, too.")),
    "FOLLOW": Habit(0.015, When.LATER),
    "UNFOLLOW": Habit(0.08, When.LATER),
    "WITHDRAW": Habit(0.008, When.LATER, _ends("It is solved otherwise.")),
    "ASK": Habit(0.0),
}
"""What CLECs do, by verb; ANSWER is what they do with lines that are to be filled in."""
ANSWER = Habit(0.5, When.LATER, _answers)


def _misspelt(body: str, chance: Chance) -> str:
    verb, _, rest = body.partition(" ")
    place = chance.whole(1, max(1, len(verb) - 2))
    return f"{verb[:place]}{verb[place + 1 :]} {rest}".rstrip()


def _no_verb(body: str, chance: Chance) -> str:
    return chance.one(("Thanks, will do.", "OK", "Fine with me. Best regards", "Who is that for?"))


def _past(body: str, chance: Chance) -> str:
    verb = body.partition(" ")[0]
    return f"{verb} 02/30/{chance.whole(1999, 2040)}"


SLIPS: tuple[tuple[float, Callable[[str, Chance], str]], ...] = (
    (3, _misspelt),
    (3, lambda body, chance: body.lower()),
    (2, lambda body, chance: body.partition(" ")[0].partition("\n")[0]),
    (2, _no_verb),
    (2, _past),
    (1, lambda body, chance: f"Dear all,\n\n{body}\n\nand please hurry, as I said on the telephone."),
    (1, lambda body, chance: f"PC010199-7 {body}"),
    (1, lambda body, chance: f"{body} nobody@nowhere.example"),
    (1, lambda body, chance: f"{body}\nHISTORY\nUNDO"),
    (1, lambda body, chance: f"DRY RUN\n{body}"),
    (
        1,
        lambda body, chance: chance.one(
            ("RESPOND", "APPROVE", "CLOSE done", "WITHDRAW it", "PRODUCTION", "LOG", "OUTCOME REJECTED")
        ),
    ),
    (1, lambda body, chance: ""),
)
"""How a line goes wrong, with weights."""
