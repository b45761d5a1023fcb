"""World: one office, from its first day to its last, from one seed.

Its one rule: time jumps from one thing to the next; after each the laws are looked at, and the first that does
not hold ends the run.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text

from bot.daemon.loop import remind_once, turn_once
from bot.daemon.matters import frozen, paused
from bot.daemon.weather import Weather
from bot.errors import Trouble
from bot.office.people import Role
from bot.simulation import whole
from bot.simulation.chance import Chance
from bot.simulation.clec import Contact
from bot.simulation.faults import ALL, Fault, Faults, Killed
from bot.simulation.laws import NO_BUG, Broken, Laws
from bot.simulation.people import Around, Somebody, void
from bot.simulation.post import Post
from bot.simulation.premises import Premises, WatchedDesk
from bot.simulation.staff import Member
from bot.simulation.time import Planned, StandingClock
from bot.simulation.trace import Trace
from bot.simulation.writing import Mail

START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
MONTH = timedelta(days=365.25 / 12)
LOOKS = (time(8, 5), time(11, 35), time(15, 5))
"""When the daemon looks for what is due; the real one does every quarter of an hour."""
POSTING_EVERY = 160 * 3600.0
"""Seconds between two times at which pages are written; the real daemon does at once."""
CALM = timedelta(days=9)
"""At the end nobody writes any more, and all servers are there: longer than a letter is tried."""
DOWN: tuple[tuple[float, tuple[timedelta, timedelta]], ...] = (
    (85, (timedelta(minutes=1), timedelta(minutes=20))),
    (12, (timedelta(hours=1), timedelta(hours=15))),
    (3, (timedelta(days=1), timedelta(days=8))),
)
"""How long nobody starts the program again after it was killed."""
REQUESTS, MUSINGS, FORGERIES, DEATHS = 3.0, 6.0, 1.0, 0.25
"""Of a kind in a month, about: forms, mails of the staff's own accord, forged mails, addresses that die."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: a seed, how many months from when on (aware), the kinds of faults, and every how many months
    the laws that take long are looked at in between (0: only in the end)."""

    seed: int
    months: int
    kinds: frozenset[Fault] = ALL
    whole_every: int = 6
    start: datetime = START


@dataclass(slots=True)
class Outcome:
    """What became of a run. `broken` is empty where every law held."""

    plan: Plan
    broken: str = ""
    about: tuple[str, ...] = ()
    at: str = ""
    fates: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    hashes: dict[str, str] = field(default_factory=dict)
    dialogue: str = ""


class World:
    """An office, its people, the post between them, and the faults of the world."""

    def __init__(self, plan: Plan, premises: Premises, folder: Path) -> None:
        self.plan, self._premises = plan, premises
        self.chance = Chance(f"seed {plan.seed}")
        self.clock = StandingClock(plan.start.astimezone(UTC))
        self.planned = Planned()
        self.settings = premises.moved(folder)
        office = self.settings.office
        self.faults = Faults(self.chance.of("faults"), plan.kinds, self.clock.now)
        host = next(iter(sorted(office.trust.authserv_ids)), "localhost")
        self.post = Post(self.chance.of("post"), self.faults, self.planned, self.clock.now, host)
        self.trace = Trace(office.calendar.zone)
        self.laws = Laws(self.post, office.calendar.zone)
        self.counts: Counter[str] = Counter()
        self.around = Around(office, self.settings.table, self.planned, self.clock.now, self.post.take)
        self.people: dict[str, Somebody] = {}
        self._members: list[Member] = []
        self._contacts: list[Contact] = []
        self._desk: WatchedDesk | None = None
        self._weather = Weather()
        self._posts_at = 0.0
        self._wake_at: datetime | None = None
        self._begins = self.clock.now()
        self._ends = self._begins + plan.months * MONTH
        self._keys = self.chance.of("keys")
        self._spread = self.chance.of("spread")

    def live(self, told: Callable[[int], None] = lambda months: None) -> Outcome:
        """Live until the end, or until a law is broken; `told` hears of each month that is over."""
        outcome = Outcome(self.plan)
        with _bugs(self.laws.bugs):
            try:
                self._begin(told)
                self._until(self._ends + CALM)
                self._end(outcome)
            except Broken as broken:
                outcome.broken, outcome.about = str(broken), broken.about
                outcome.at = f"{self.clock.now():%Y-%m-%d %H:%M} UTC"
                outcome.dialogue = self.trace.dialogue(broken.about)
            finally:
                self._close()
                self.clock.close()
        self._sum_up(outcome)
        return outcome

    # --- what happens

    def _begin(self, told: Callable[[int], None]) -> None:
        office, post = self.settings.office, self.post
        self.faults.tell = lambda words: self.trace.world(self.clock.now(), words)
        post.hand_over, post.come_back, post.ring = self._hand_over, self._come_back, self._ring
        for person in office.directory.people:
            self._members.append(Member(person, self.around, self.chance.of(person.id)))
        for company in office.directory.companies:
            for who in company.contacts:
                self._contacts.append(Contact(who, company, self.around, self.chance.of(who.email)))
        self.people = {each.who.email: each for each in (*self._contacts, *self._members)}
        self._start()
        self._look_again(0)
        for n in range(1, self.plan.months + 1):
            self.planned.at(self._begins + n * MONTH, lambda n=n: self._month(n, told))  # type: ignore[misc]
        self._now_and_then("requests", REQUESTS, lambda chance: chance.one(self._contacts).muse())
        self._now_and_then("musings", MUSINGS, lambda chance: chance.one(self._members).muse())
        self._now_and_then("forgeries", FORGERIES, self._forge)
        self._now_and_then("deaths", DEATHS, self._die)
        self.planned.at(self._ends, self._calm)

    def _now_and_then(self, name: str, a_month: float, act: Callable[[Chance], object]) -> None:
        """Let something happen so often, about, in business hours."""
        chance = self.chance.of(name)
        moment = self._begins
        while True:
            moment += 2 * chance.spread() * MONTH / a_month
            if moment >= self._ends - timedelta(days=1):
                return
            local = self.settings.office.calendar.opening_from(moment)
            self.planned.at(local + chance.wait(timedelta(0), timedelta(hours=9)), lambda: self._do(act, chance))

    def _do(self, act: Callable[[Chance], object], chance: Chance) -> None:
        if not self.around.calm:
            act(chance)

    def _until(self, ends: datetime) -> None:
        while (found := self.planned.next(ends)) is not None:
            moment, act = found
            self.clock.turn_to(moment)
            act()

    def _calm(self) -> None:
        """Nobody writes any more, and nothing fails."""
        self.trace.world(self.clock.now(), "from now on nobody writes, and nothing fails")
        self.faults.over = self.around.calm = True
        self.post.dead.clear()
        manager = self.settings.office.holders(Role.CMP_MANAGER)[0].address
        house = self.settings.office.organisation.address
        self.post.take(Mail(next(self.around.numbers), manager, house, "Go on", "UNFREEZE\n", self.clock.now()))

    def _month(self, n: int, told: Callable[[int], None]) -> None:
        """Another month is over; what takes long is looked at every so many months."""
        told(n)
        every = self.plan.whole_every
        if every and n % every == 0 and n < self.plan.months and self._desk is not None and not frozen(self._desk):
            over, self.faults.over = self.faults.over, True
            with suppress(Trouble):
                whole.verified(self._desk, self.laws.checked)
                whole.posted(self._desk, self.laws.checked)
                self._step()
            self.faults.over = over

    def _forge(self, chance: Chance) -> None:
        """Somebody writes in the name of somebody else, and the border says so, or says nothing."""
        member = chance.one(self._members)
        verb = chance.one(("APPROVE", "RESPOND", "OUTCOME ACCEPTED PLAN", "CLOSE now", "DROP it", "UNDO", "FREEZE"))
        house = self.settings.office.organisation.address
        mail = Mail(
            next(self.around.numbers), member.who, house, f"[{member.about()}]", f"{verb}\n", self.clock.now(),
            vouched=chance.hits(0.6), forged=True,
        )  # fmt: skip
        self.post.take(mail)

    def _die(self, chance: Chance) -> None:
        """An address takes nothing for some time: a full mailbox, a wrong entry."""
        who = chance.one(self._contacts).who
        self.post.dead[who.email] = self.clock.now() + chance.wait(timedelta(days=2), timedelta(days=30))

    # --- mail

    def _ring(self, mail: Mail, mail_id: str) -> None:
        self.laws.came(mail_id, forged=mail.forged)
        self.counts["mails"] += 1
        more = " (forged)" if mail.forged else "" if mail.vouched else " (unproven)"
        with_files = f" with {', '.join(file.name for file in mail.files)}" if mail.files else ""
        self.trace.mail(self.clock.now(), mail.sender.email, mail.subject, mail.text, f"{more}{with_files} ({mail_id})")
        self._wake(self.clock.now() + timedelta(seconds=2))

    def _hand_over(self, to: str, wire: bytes) -> None:
        self.counts["letters delivered"] += 1
        if (reader := self.people.get(to)) is not None:
            reader.get(wire)

    def _come_back(self, mail: Mail) -> None:
        if (writer := self.people.get(mail.sender.email)) is not None and not self.around.calm:
            writer.came_back(mail)

    # --- the daemon

    def _start(self) -> WatchedDesk:
        """Start the program, as after a reboot."""
        desk = self._desk = self._premises.open(self.settings, self.clock, self.post, self.faults, self._keys)
        self._weather = Weather(self.clock.seconds, self._spread.spread, not_before={"site": self._posts_at})
        self.counts["starts"] += 1
        self._wake(self.clock.now())
        return desk

    def _close(self) -> None:
        if self._desk is not None:
            self._desk.store.close()
        self._desk = None

    def _killed(self) -> None:
        """The process is gone; its letter that was on its way may have been taken."""
        self.post.book.unknown[self.post.last] += 1
        self._close()
        chance = self.chance.of(f"down {self.counts['starts']}")
        self.planned.at(self.clock.now() + chance.wait(*chance.weighed(DOWN)), lambda: void(self._start()))

    def _wake(self, at: datetime) -> None:
        """Let the daemon turn at an instant, if it does not sooner."""
        if self._wake_at is None or at < self._wake_at:
            self._wake_at = at
            self.planned.at(at, lambda: self._woken(at))

    def _woken(self, at: datetime) -> None:
        if self._wake_at == at:
            self._wake_at = None
            self._turn(due=False)

    def _look_again(self, n: int) -> None:
        """The daemon looks for what is due, at fixed hours of every day."""
        calendar = self.settings.office.calendar
        if n:
            self._turn(due=True)
        local = self.clock.now().astimezone(calendar.zone)
        day, at = local.date(), next((each for each in LOOKS if each > local.time()), None)
        if at is None:
            day, at = day + timedelta(days=1), LOOKS[0]
        self.planned.at(datetime.combine(day, at, calendar.zone).astimezone(UTC), lambda: self._look_again(n + 1))

    def _turn(self, *, due: bool) -> None:
        """One turn of the daemon's arcs, and a look at the laws."""
        desk, weather = self._desk, self._weather
        if desk is None:
            return
        self.counts["turns"] += 1
        self.post.renumber()
        try:
            turn = turn_once(desk, weather, whole=False)
            if turn.pages and not weather.troubled("site"):
                self._posts_at = weather.not_before["site"] = weather.monotonic() + POSTING_EVERY
            if due:
                remind_once(desk, weather, turn)
        except Killed:
            self._step()
            self._killed()
            return
        except Trouble as trouble:
            raise Broken(NO_BUG, f"the daemon ended: {trouble}") from trouble
        self._step()
        if weather.failures:
            self._wake(self.clock.now() + min(max(weather.failures.values()), 12) * timedelta(minutes=5))
        elif not frozen(desk):
            self.laws.at_rest(desk.store)
        self._wake_for_letters(desk)

    def _wake_for_letters(self, desk: WatchedDesk) -> None:
        """Turn again when the next letter may go out."""
        with desk.store.engine.connect() as connection:
            found = connection.execute(_NEXT, {"now": self.clock.now().isoformat(timespec="microseconds")}).scalar()
        if found:
            self._wake(datetime.fromisoformat(found))

    def _step(self) -> None:
        desk = self._desk
        if desk is not None:
            self.counts["steps"] += 1
            self.trace.desk(self.clock.now(), self.laws.step(desk.store, desk.composed))

    # --- the end

    def _end(self, outcome: Outcome) -> None:
        desk = self._desk or self._start()
        self._weather.not_before.clear()
        self._turn(due=True)
        self.laws.settled(desk.store, paused(desk))
        whole.posted(desk, self.laws.checked)
        outcome.hashes["journal"] = whole.verified(desk, self.laws.checked)
        self._step()
        pages = sha256()
        for path, content in whole.files_of(desk.site.root):
            pages.update(path.encode() + sha256(content).digest())
        outcome.hashes["posting"] = pages.hexdigest()

    def _sum_up(self, outcome: Outcome) -> None:
        laws = self.laws
        outcome.hashes["trace"] = self.trace.digest
        outcome.fates = Counter(str(fate) for fate in laws.fates.values() if fate)
        outcome.letters, outcome.checked, outcome.counts = laws.letters, laws.checked, self.counts
        outcome.faults = Counter({str(kind): count for kind, count in self.faults.counts.items()})
        outcome.places = Counter(str(seen.places[-1]) for seen in laws.changes.values() if seen.places)
        outcome.counts["change requests"] = sum(seen.state["number"].startswith("PC") for seen in laws.changes.values())


_NEXT = text("SELECT min(next_try) FROM letter WHERE next_try IS NOT NULL AND state = 'owed' AND next_try > :now")


class _bugs(logging.Handler):  # noqa: N801 - it reads as what it is used for: with _bugs(...)
    """Keeps what the daemon logs of its own bugs: everything with a traceback."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            self._found.append(f"{record.getMessage()}: {type(error).__name__}: {error}")

    def __enter__(self) -> None:
        logging.getLogger("bot").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("bot").removeHandler(self)
