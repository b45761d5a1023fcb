"""Staff: the carrier's people, who do what letters ask of them, and some things of their own accord.

Its one rule: it is a table of moods; whoever has one writes a mail by themselves.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.office.people import Person, Role
from bot.simulation.chance import Chance
from bot.simulation.habits import DAYS, HOURS, STAFF, Habit, When
from bot.simulation.people import Around, Somebody
from bot.simulation.reading import Offer, Seen

STARTS = re.compile(rb"^DTSTART:(\d{8}T\d{6}Z)", re.MULTILINE)
SORRY = 0.04
"""How often somebody takes back what they did."""
CONFIRM, CARELESS = "CONFIRM", 0.03
"""How often somebody confirms what they never wrote."""
Mood = Callable[["Member"], tuple[str, str]]
"""What somebody writes: subject and text."""


class Member(Somebody):
    """A member of the staff."""

    habits: Mapping[str, Habit] = STAFF

    def __init__(self, person: Person, around: Around, chance: Chance) -> None:
        super().__init__(person.address, around, chance)
        self.person = person
        self.known: list[str] = []
        self._meets: dict[str, datetime] = {}

    def read(self, letter: Seen) -> None:
        """Do what a letter asks for; what was refused is tried again from another letter, if at all."""
        if letter.number and letter.number not in self.known:
            self.known.append(letter.number)
        if starts := STARTS.search(letter.calendar):
            self._meets[letter.number] = datetime.strptime(starts[1].decode(), "%Y%m%dT%H%M%S%z")
        confirms = any(offer.verb == CONFIRM for offer in letter.offers)
        if not confirms or any(line in letter.text for line in self.wrote) or self.chance.hits(CARELESS):
            self.take_up(letter.offers)

    def when(self, habit: Habit, offer: Offer) -> datetime:
        """When they do it; that a meeting was held is recorded once it is over."""
        at = super().when(habit, offer)
        if habit.when is When.HELD and offer.number in self._meets:
            return max(at, self._meets[offer.number] + self.chance.wait(1 * HOURS, 20 * HOURS))
        return at

    def answer(self, offer: Offer, habit: Habit) -> None:
        """Take up an offer; now and then they are sorry at once, or an hour later."""
        super().answer(offer, habit)
        if self.chance.hits(SORRY):
            later = self.chance.wait(0.05 * HOURS, self.chance.one((0.12 * HOURS, 4 * HOURS)))
            self.plan(self.around.now() + later, lambda: self.write(f"Re: [{offer.number}]", "UNDO\n"))

    def muse(self) -> None:
        """Do something that no letter asked for."""
        roles = self.person.roles
        fitting = [(weight, mood) for weight, role, mood in MOODS if role is None or role in roles]
        subject, text = self.chance.weighed(fitting)(self)
        self.write(subject, text)
        if text.startswith("FREEZE"):
            self.thaw()

    def thaw(self) -> None:
        """Let everything go on within a day, and say so once more, for mail may be lost."""
        for least, most in ((1 * HOURS, 1 * DAYS), (2 * DAYS, 4 * DAYS)):
            self.plan(self.around.now() + self.chance.wait(least, most), lambda: self.write("Go on", "UNFREEZE\n"))

    def about(self) -> str:
        """A change request that they have heard of lately."""
        return self.chance.one(self.known[-12:]) if self.known else "PC010199-1"

    def line(self, verb: str, text: str = "") -> tuple[str, str]:
        """A mail with a verb about something that they have heard of."""
        return f"[{self.about()}]", f"{verb} {text}".rstrip() + "\n"


def _away(who: Member) -> tuple[str, str]:
    deputy = who.scribe.name(who.chance.one(tuple(sorted(who.person.roles))))
    return "Away", f"AWAY UNTIL {who.around.day(who.chance.whole(2, 9))} DEPUTY {deputy}\n"


MOODS: tuple[tuple[float, Role | None, Mood], ...] = (
    (8, None, lambda who: who.line("STATUS")),
    (4, None, lambda who: who.line("HISTORY")),
    (6, None, lambda who: who.line("NOTE", "They called; all is well.")),
    (3, None, lambda who: ("Help", "HELP\n")),
    (3, None, lambda who: ("Which ones are mine?", "STATUS\n")),
    (5, None, _away),
    (2, None, lambda who: ("Back", "AWAY BACK\n")),
    (2, None, lambda who: ("The agenda", "AGENDA\n")),
    (2, None, lambda who: ("The report", "REPORT\n")),
    (6, None, lambda who: who.line("UNDO")),
    (
        5,
        None,
        lambda who: who.line("", who.chance.one(("Does anybody know whether this is done?", "See my last mail."))),
    ),
    (4, Role.CRPM, lambda who: who.line("ACTION", f"{who.scribe.name(Role.SME)} {who.around.day(6)} ask the desk")),
    (3, Role.CRPM, lambda who: who.line("EXTEND", f"minutes {who.around.day(9)} the CLEC asked for it")),
    (3, Role.CRPM, lambda who: who.line("EXTEND", f"draft {who.around.day(12)} the release is late")),
    (3, Role.CRPM, lambda who: who.line("HELD")),
    (3, Role.CRPM, lambda who: who.line("PRESENTED")),
    (2, Role.CRPM, lambda who: who.line("WITHDRAW", "The CLEC says so.")),
    (3, Role.GROUP_MANAGER, lambda who: who.line("ASSIGN", f"CRPM {who.scribe.name(Role.CRPM)}")),
    (3, Role.GROUP_MANAGER, lambda who: who.line("ASSIGN", f"DIRECTOR {who.scribe.name(Role.DIRECTOR)}")),
    (6, Role.CMP_MANAGER, lambda who: who.line("WALKON")),
    (6, Role.CMP_MANAGER, lambda who: who.line("CORRECT", "title Name the field at fault; the first one said less")),
    (4, Role.CMP_MANAGER, lambda who: who.line("RELATE", who.about())),
    (2, Role.CMP_MANAGER, lambda who: who.line("CROSSOVER", "SCR-1009")),
    (
        4,
        Role.CMP_MANAGER,
        lambda who: who.line("REOPEN", who.chance.one(("TO 2 once more", "TO 4 once more", "TO 7 rework"))),
    ),
    (1, Role.CMP_MANAGER, lambda who: ("Stop", "FREEZE\n")),
)
"""What comes to whom, with weights."""
