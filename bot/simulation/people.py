"""People: whoever gets letters and writes mails.

Its one rule: nobody answers like a machine. Some answer late, some twice, some wrongly, some never, and some
are away; what they answer comes from the letter in their hands.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count

from bot.intake.form import FieldTable
from bot.office.office import Office
from bot.office.people import Address
from bot.simulation.chance import Chance
from bot.simulation.habits import DAYS, HOURS, SLIPS, Habit, Scribe, When
from bot.simulation.reading import Offer, Seen, seen
from bot.simulation.time import Planned
from bot.simulation.writing import File, Mail

READ_AFTER: tuple[tuple[float, tuple[timedelta, timedelta]], ...] = (
    (60, (0.1 * HOURS, 2 * HOURS)),
    (30, (2 * HOURS, 20 * HOURS)),
    (8, (1 * DAYS, 4 * DAYS)),
    (2, (5 * DAYS, 12 * DAYS)),
)
"""How long a letter lies before it is read."""
SLIP, TWICE, FORGET = 0.07, 0.04, 0.05
"""How often a line goes wrong, is sent twice, and is forgotten."""
AWAY_SOON = 80
"""Days between two absences, about."""
JUST_OVER = 6 * DAYS
"""For so long after a Monthly Meeting what came of it is recorded at once."""
AGAIN = 5 * DAYS
"""For so long nobody does the same thing again by themselves."""


@dataclass(slots=True)
class Around:
    """What there is around people: the office (as it is now), the form's table, what is planned, the post."""

    office: Office
    table: FieldTable
    planned: Planned
    now: Callable[[], datetime]
    send: Callable[[Mail], None]
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    calm: bool = False
    """True once nobody does anything any more."""

    def day(self, ahead: int) -> str:
        """The business day so many ahead, as people write it."""
        calendar = self.office.calendar
        return f"{calendar.add_business_days(calendar.local_date(self.now()), ahead):%m/%d/%Y}"

    def local(self, ahead: int, at: time) -> datetime:
        """An hour of the business day so many ahead (aware)."""
        calendar = self.office.calendar
        return datetime.combine(calendar.add_business_days(calendar.local_date(self.now()), ahead), at, calendar.zone)


class Somebody:
    """One address, with its owner's habits."""

    habits: Mapping[str, Habit]

    def __init__(self, who: Address, around: Around, chance: Chance) -> None:
        self.who, self.around, self.chance = who, around, chance
        self.scribe = Scribe(chance, around.office, around.day)
        self.wrote: deque[str] = deque(maxlen=20)
        """The first lines of what they wrote lately."""
        self._did: dict[tuple[str, str], datetime] = {}
        self._away_from = around.now() + chance.wait(1 * DAYS, 2 * AWAY_SOON * DAYS)
        self._away_until = self._away_from + chance.wait(1 * DAYS, 10 * DAYS)

    def get(self, wire: bytes) -> None:
        """A letter has come. Whoever is away has a notice sent back by their mail program."""
        if self.around.calm:
            return
        now = self.around.now()
        if now >= self._away_until:
            self._away_from = now + self.chance.wait(1 * DAYS, 2 * AWAY_SOON * DAYS)
            self._away_until = self._away_from + self.chance.wait(1 * DAYS, 10 * DAYS)
        read = now + self.chance.wait(*self.chance.weighed(READ_AFTER))
        if self._away_from <= now < self._away_until:
            self._notice(wire)
            read = max(read, self._away_until)
        self.around.planned.at(read, lambda: self._read(wire))

    def came_back(self, mail: Mail) -> None:
        """A mail of theirs was not delivered: they send it again some day."""
        later = self.around.now() + self.chance.wait(1 * HOURS, 3 * DAYS)
        self.plan(later, lambda: self.write(mail.subject, mail.text, mail.in_reply_to, mail.files))

    def write(self, subject: str, text: str, answers: str = "", files: tuple[File, ...] = (), **more: object) -> Mail:
        """Send a mail now."""
        around = self.around
        self.wrote.append(text.partition("\n")[0][:60])
        mail = Mail(
            next(around.numbers), self.who, around.office.organisation.address, subject, text, around.now(), answers,
            files, **more,  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip
        if not around.calm:
            around.send(mail)
        return mail

    def read(self, letter: Seen) -> None:
        """Do something about a letter, or nothing."""
        self.take_up(letter.offers)

    def take_up(self, offers: tuple[Offer, ...]) -> None:
        """Of what a letter offers about each change request, do the first thing that is a habit."""
        done: set[str] = set()
        for offer in offers:
            habit = self.habits.get(offer.verb)
            if habit is None or offer.number in done or not self.chance.hits(habit.share):
                continue
            done.add(offer.number)
            if self._fresh(offer):
                self.plan(self.when(habit, offer), lambda offer=offer, habit=habit: self.answer(offer, habit))  # type: ignore[misc]

    def plan(self, at: datetime, act: Callable[[], object]) -> None:
        """Do something later."""
        self.around.planned.at(at, lambda: None if self.around.calm else void(act()))

    def when(self, habit: Habit, offer: Offer) -> datetime:
        """When they do what an offer is for."""
        now = self.around.now()
        if habit.when is When.MEETING:
            calendar = self.around.office.calendar
            today = calendar.local_date(now)
            meeting = calendar.meeting_from(today)
            just_over = calendar.meeting_after(today - JUST_OVER)
            if just_over >= today:
                at = datetime.combine(meeting, time(11), calendar.zone)
                return max(now, at) + self.chance.wait(timedelta(0), 3 * HOURS)
        least, most = habit.when.value
        return now + self.chance.wait(least, most)

    def answer(self, offer: Offer, habit: Habit) -> None:
        """Take up an offer: write its line out, rightly or not, and send it, once or twice."""
        chance = self.chance
        if chance.hits(FORGET):
            return
        line = habit.write(offer.lines, self.scribe)
        if chance.hits(SLIP):
            line = chance.weighed(SLIPS)(line, chance)
        code = f"\n\n# {offer.code}" if offer.code and not chance.hits(0.1) else ""
        self.write(offer.subject, f"{line}{code}\n", offer.answers)
        if chance.hits(TWICE):
            self.plan(self.around.now() + chance.wait(0.1 * HOURS, 2 * DAYS), lambda: self.write(offer.subject, line))

    def _fresh(self, offer: Offer) -> bool:
        """Whether they have not just done, or planned, the same."""
        key, now = (offer.number, offer.verb), self.around.now()
        if now - self._did.get(key, now - 2 * AGAIN) < AGAIN:
            return False
        self._did[key] = now
        return True

    def _read(self, wire: bytes) -> None:
        if not self.around.calm:
            self.read(seen(self.who.email, wire))

    def _notice(self, wire: bytes) -> None:
        letter = seen(self.who.email, wire)
        self.write(
            f"Automatic reply: {letter.subject}",
            f"I am out of the office until {self._away_until:%m/%d/%Y}, with no access to my mail.\n",
            letter.message_id,
            headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
            machine=True,
        )


def void(_: object) -> None:
    """Nothing."""
