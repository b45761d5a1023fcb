"""Town: everybody who writes to the office, and when they do.

Its one rule: how often something happens is a table; who does it, and what comes of it, is theirs.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.office.office import Office
from bot.office.people import Role
from bot.simulation.chance import Chance
from bot.simulation.clec import Contact
from bot.simulation.people import Around, Somebody
from bot.simulation.plan import MONTH
from bot.simulation.post import Post
from bot.simulation.staff import Member
from bot.simulation.writing import Mail

FORGED: tuple[tuple[Role | None, tuple[str, ...]], ...] = (
    (None, ("NOTE it is mine", "COMMENT it is settled", "AWAY BACK", "UNDO")),
    (Role.CRPM, ("OUTCOME ACCEPTED PLAN", "CLOSE now", "RESPOND", "HELD", "WITHDRAW it")),
    (Role.DIRECTOR, ("APPROVE", "SME pruitt")),
    (Role.GROUP_MANAGER, ("ASSIGN CRPM brandt DIRECTOR whitcomb",)),
    (Role.CMP_MANAGER, ("FREEZE", "DROP it", "CROSSOVER it", "CORRECT title Nothing")),
)
"""What a stranger writes in the name of somebody of a role (None: of anybody)."""


class Town:
    """The staff of the office, and the contacts of all CLECs."""

    def __init__(self, office: Office, around: Around, post: Post, chance: Chance) -> None:
        self._office, self._around, self._post, self._chance = office, around, post, chance
        self.members = tuple(Member(person, around, chance.of(person.id)) for person in office.directory.people)
        self.contacts = tuple(
            Contact(who, company, around, chance.of(who.email))
            for company in office.directory.companies
            for who in company.contacts
        )
        self._people: dict[str, Somebody] = {each.who.email: each for each in (*self.contacts, *self.members)}
        post.hand_over, post.come_back = self._hand_over, self._come_back

    def live(self, begins: datetime, ends: datetime) -> None:
        """Plan what happens of its own accord between two instants."""
        for name, a_month, act in HAPPENS:
            chance, moment = self._chance.of(name), begins
            while (moment := moment + 2 * chance.spread() * MONTH / a_month) < ends - timedelta(days=1):
                at = self._office.calendar.opening_from(moment) + chance.wait(timedelta(0), timedelta(hours=9))
                self._around.planned.at(at, lambda act=act, chance=chance: self._do(act, chance))  # type: ignore[misc]

    def rest(self) -> None:
        """Nobody writes any more, but for the CMP Manager, who lets everything go on."""
        self._post.dead.clear()
        self.thaw(self._chance)
        self._around.calm = True

    def request(self, chance: Chance) -> None:
        """Somebody sends a change request."""
        chance.one(self.contacts).muse()

    def muse(self, chance: Chance) -> None:
        """Somebody of the staff writes of their own accord."""
        chance.one(self.members).muse()

    def forge(self, chance: Chance) -> None:
        """Somebody writes in the name of somebody else, and the border says so, or says nothing."""
        member, vouched = chance.one(self.members), chance.hits(0.6)
        verb = chance.one([verb for role, verbs in FORGED if role in (None, *member.person.roles) for verb in verbs])
        house, now = self._office.organisation.address, self._around.now()
        number, subject = next(self._around.numbers), f"[{member.about()}]"
        self._post.take(Mail(number, member.who, house, subject, f"{verb}\n", now, vouched=vouched, forged=True))

    def thaw(self, chance: Chance) -> None:
        """The CMP Manager sees that everything stands still, whoever froze it."""
        manager = self._office.holders(Role.CMP_MANAGER)[0].address.email
        self._people[manager].write("Go on", "UNFREEZE\n")

    def die(self, chance: Chance) -> None:
        """An address takes nothing for some time: a full mailbox, a wrong entry."""
        who = chance.one(self.contacts).who
        self._post.dead[who.email] = self._around.now() + chance.wait(timedelta(days=2), timedelta(days=30))

    def _do(self, act: "Callable[[Town, Chance], None]", chance: Chance) -> None:
        if not self._around.calm:
            act(self, chance)

    def _hand_over(self, to: str, wire: bytes) -> None:
        if (reader := self._people.get(to)) is not None:
            reader.get(wire)

    def _come_back(self, mail: Mail) -> None:
        if (writer := self._people.get(mail.sender.email)) is not None and not self._around.calm:
            writer.came_back(mail)


HAPPENS: tuple[tuple[str, float, Callable[[Town, Chance], None]], ...] = (
    ("requests", 2.0, Town.request),
    ("musings", 5.0, Town.muse),
    ("forgeries", 3.0, Town.forge),
    ("thaws", 1.0, Town.thaw),
    ("deaths", 0.25, Town.die),
)
"""What happens how often in a month, about."""
