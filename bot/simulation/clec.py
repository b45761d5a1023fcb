"""CLECs: the offices that send forms, answer letters, and have mail programs of their own.

Its one rule: a form that was thought up once is what its sender means; whatever goes wrong on the way to us
is corrected to that, by those who answer at all.
"""

from collections.abc import Mapping
from datetime import time

from bot.intake.form import Value
from bot.office.people import Address, Company
from bot.simulation.chance import Chance
from bot.simulation.forms import SHAPES, fields_of, printed, spoilt
from bot.simulation.habits import ANSWER, CLEC, DAYS, HOURS, Habit
from bot.simulation.people import Around, Somebody
from bot.simulation.reading import Seen
from bot.simulation.writing import calendar_answer

INCOMPLETE, AGAIN, CORRECTS = 0.25, 0.05, 0.7
ROBOT = 0.02
"""In how many absences a mail program answers without any mark of a machine."""
PARTSTATS = ("ACCEPTED", "ACCEPTED", "ACCEPTED", "TENTATIVE", "DECLINED")


class Contact(Somebody):
    """Whom a company writes by."""

    habits: Mapping[str, Habit] = CLEC

    def __init__(self, who: Address, company: Company, around: Around, chance: Chance) -> None:
        super().__init__(who, around, chance)
        self.company = company
        self._meant: dict[str, dict[str, Value]] = {}
        self._robot = chance.hits(ROBOT)

    def muse(self) -> None:
        """Have a change request, and send its form: complete or not, once or again."""
        chance, meant = self.chance, self.meant_now()
        said = spoilt(chance, meant) if chance.hits(INCOMPLETE) else meant
        shape = chance.weighed(SHAPES)
        self.send_form(said, meant, shape)
        if chance.hits(AGAIN):
            self.plan(self.around.now() + chance.wait(1 * HOURS, 4 * DAYS), lambda: self.send_form(meant, meant, shape))

    def meant_now(self) -> dict[str, Value]:
        """A change request as they think it up."""
        chance, local = self.chance, self.around.local
        days = sorted(chance.whole(3, 8) for _ in range(2))
        slots = tuple(f"{local(day, time(chance.whole(9, 16))):%m/%d/%Y %H:%M}" for day in dict.fromkeys(days))
        return fields_of(chance, self.who, self.company.name, slots)

    def read(self, letter: Seen) -> None:
        """Answer what a letter asks for, if one answers at all."""
        chance = self.chance
        if letter.calendar and chance.hits(0.7):
            self.plan(self.around.now(), lambda: self._answer_invitation(letter))
        if letter.form:
            self._correct(letter)
        elif letter.offers and letter.offers[0].lines.endswith(":") and chance.hits(ANSWER.share):
            self.plan(self.when(ANSWER, letter.offers[0]), lambda: self.answer(letter.offers[0], ANSWER))
        elif " asks" in letter.subject and chance.hits(0.7):
            self.plan(
                self.around.now() + chance.wait(1 * HOURS, 3 * DAYS), lambda: self._say(letter, "All orders since May.")
            )
        elif self._robot and chance.hits(0.5):
            self._say(letter, "Thank you for your message. We have received it and will look at it soon.")
        elif chance.hits(0.01):
            self._say(letter, chance.one(("Thank you!", "What does that mean for us?", "When will it be done?")))
        else:
            self.take_up(letter.offers)

    def send_form(self, said: Mapping[str, Value], meant: dict[str, Value], shape: str, answers: str = "") -> None:
        """Send a form that `said` something, where they `meant` something."""
        text, files = printed(self.around.table, shape, said)
        mail = self.write("Re: your form" if answers else f"Change request: {meant['title']}", text, answers, files)
        self._meant[mail.message_id] = meant

    def _correct(self, letter: Seen) -> None:
        """Answer a letter with a form to correct."""
        chance, form = self.chance, letter.form
        meant = self._meant.get(letter.in_reply_to)
        if meant is None or form is None or not chance.hits(CORRECTS):
            return
        said = spoilt(chance, meant) if chance.hits(0.15) else meant
        shape = form[0].rpartition(".")[2] if chance.hits(0.6) else ""
        at = self.around.now() + chance.wait(1 * HOURS, 5 * DAYS)
        self.plan(at, lambda: self.send_form(said, meant, shape, letter.message_id))

    def _answer_invitation(self, letter: Seen) -> None:
        partstat = self.chance.one(PARTSTATS)
        file = calendar_answer(letter.calendar, self.who, partstat, self.around.now())
        self.write(
            f"{partstat.title()}: {letter.subject}", f"{self.who.name} has answered.\n", letter.message_id, (file,)
        )

    def _say(self, letter: Seen, text: str) -> None:
        self.write(f"Re: {letter.subject}", f"{text}\n", letter.message_id)
