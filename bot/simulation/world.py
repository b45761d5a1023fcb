"""World: one office, from its first day to its last, from one seed.

Its one rule: time jumps from one thing to the next; after each the laws are looked at, and the first that does
not hold ends the run.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text

from bot.daemon.loop import remind_once, turn_once
from bot.daemon.matters import frozen, paused
from bot.daemon.weather import Weather
from bot.errors import Trouble
from bot.simulation import whole
from bot.simulation.chance import Chance
from bot.simulation.faults import Faults, Killed
from bot.simulation.laws import NO_BUG, Broken, Laws
from bot.simulation.people import Around, void
from bot.simulation.plan import CALM, MONTH, Outcome, Plan, Sums
from bot.simulation.post import Post
from bot.simulation.premises import Premises, WatchedDesk
from bot.simulation.time import Planned, StandingClock
from bot.simulation.town import Town
from bot.simulation.trace import Trace
from bot.simulation.writing import Mail
from bot.workflow.effect import Remind

LOOKS = (time(8, 5), time(13, 5))
"""When the daemon looks for what is due; the real one does every quarter of an hour."""
POSTING_EVERY = 240 * 3600.0
"""Seconds between two times at which pages are written; the real daemon does at once."""
RETRY, MOST_RETRIES = timedelta(minutes=5), 12
"""After so long the daemon turns again that had trouble; each time later, but for so many times."""
STUCK = 400
"""Turns at one instant after which nobody believes that it gets on."""
DOWN: tuple[tuple[float, tuple[timedelta, timedelta]], ...] = (
    (85, (timedelta(minutes=1), timedelta(minutes=20))),
    (12, (timedelta(hours=1), timedelta(hours=15))),
    (3, (timedelta(days=1), timedelta(days=8))),
)
"""How long nobody starts the program again after it was killed: weights, and from when to when."""


class World:
    """An office, its people, the post between them, and the faults of the world."""

    def __init__(self, plan: Plan, premises: Premises, folder: Path) -> None:
        self.plan, self._premises = plan, premises
        self.chance = Chance(f"seed {plan.seed}")
        self.clock = StandingClock(plan.start.astimezone(UTC))
        self.planned = Planned()
        self.settings = premises.moved(folder)
        office = self.settings.office
        self.trace = Trace(office.calendar.zone)
        self.faults = Faults(self.chance.of("faults"), plan.kinds, self.clock.now)
        self.faults.tell = lambda words: self.trace.world(self.clock.now(), words)
        host = next(iter(sorted(office.trust.authserv_ids)), "localhost")
        self.post = Post(self.chance.of("post"), self.faults, self.planned, self.clock.now, host)
        self.post.ring = self._ring
        self.laws = Laws(self.post)
        self.counts: Counter[str] = Counter()
        self.around = Around(office, self.settings.table, self.planned, self.clock.now, self.post.take)
        self.town = Town(office, self.around, self.post, self.chance)
        self._keys, self._spread = self.chance.of("keys"), self.chance.of("spread")
        self._desk: WatchedDesk | None = None
        self._weather = Weather()
        self._posts_at = 0.0
        self._wake_at: datetime | None = None
        self._turned: tuple[datetime, int] = self.clock.now(), 0

    def live(self, told: Callable[[int], None] = lambda months: None) -> Outcome:
        """Live until the end, or until a law is broken; `told` hears of each month that is over."""
        outcome = Outcome(self.plan)
        with _Bugs(self.laws.bugs):
            try:
                self._begin(told)
                self._until(self.plan.ends + CALM)
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

    def _begin(self, told: Callable[[int], None]) -> None:
        begins, ends = self.clock.now(), self.plan.ends
        self._start()
        self._look_again(0)
        for n in range(1, self.plan.months + 1):
            self.planned.at(begins + n * MONTH, lambda n=n: self._month(n, told))  # type: ignore[misc]
        self.town.live(begins, ends)
        self.planned.at(ends, self._rest)

    def _until(self, ends: datetime) -> None:
        while (found := self.planned.next(ends)) is not None:
            moment, act = found
            self.clock.turn_to(moment)
            act()

    def _rest(self) -> None:
        """Nobody writes any more, and nothing fails."""
        self.trace.world(self.clock.now(), "from now on nobody writes, and nothing fails")
        self.faults.over = True
        self.town.rest()

    def _month(self, n: int, told: Callable[[int], None]) -> None:
        """Another month is over; what takes long is looked at every so many months."""
        told(n)
        every = self.plan.whole_every
        if every and n % every == 0 and n < self.plan.months and self._desk is not None and not frozen(self._desk):
            self.faults.over = True
            with suppress(Trouble):
                whole.verified(self._desk, self.laws.checked)
                whole.posted(self._desk, self.laws.checked)
                self._step()
            self.faults.over = False

    def _ring(self, mail: Mail, mail_id: str) -> None:
        """A mail lies in the inbox: the daemon turns soon."""
        self.laws.came(mail_id, forged=mail.forged)
        self.counts["mails"] += 1
        more = " (forged)" if mail.forged else "" if mail.vouched else " (unproven)"
        with_files = f" with {', '.join(file.name for file in mail.files)}" if mail.files else ""
        self.trace.mail(self.clock.now(), mail.sender.email, mail.subject, mail.text, f"{more}{with_files} ({mail_id})")
        self._wake(self.clock.now() + timedelta(seconds=2))

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
        self.planned.at(datetime.combine(day, at, calendar.zone), lambda: self._look_again(n + 1))

    def _turn(self, *, due: bool) -> None:
        """One turn of the daemon's arcs, and a look at the laws."""
        desk, weather = self._desk, self._weather
        if desk is None:
            return
        self._count_turn()
        self.post.renumber()
        to_tell: tuple[Remind, ...] = ()
        try:
            turn = turn_once(desk, weather, whole=False)
            if turn.pages and not weather.troubled("site"):
                self._posts_at = weather.not_before["site"] = weather.monotonic() + POSTING_EVERY
            if due:
                to_tell = whole.to_be_told(desk)
                remind_once(desk, weather, turn)
        except Killed:
            self._step()
            self._killed()
            return
        except Trouble as trouble:
            raise Broken(NO_BUG, f"the daemon ended: {trouble}") from trouble
        self._step()
        if weather.failures:
            self._wake(self.clock.now() + min(max(weather.failures.values()), MOST_RETRIES) * RETRY)
        elif not frozen(desk):
            self.laws.at_rest()
            whole.all_told(desk, to_tell, self.laws.checked)
        self._wake_for_letters(desk)

    def _count_turn(self) -> None:
        """Count a turn, and see that time goes on."""
        self.counts["turns"] += 1
        moment, count = self._turned
        now = self.clock.now()
        self._turned = now, count + 1 if moment == now else 0
        if count > STUCK:
            raise Broken(NO_BUG, f"the daemon turns on and on at {now:%Y-%m-%d %H:%M}")

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
        self.counts["change requests"] = sum(seen.state["number"].startswith("PC") for seen in laws.changes.values())
        outcome.sums = Sums(
            fates=Counter(str(fate) for fate in laws.fates.values() if fate),
            letters=laws.letters,
            faults=Counter({str(kind): count for kind, count in self.faults.counts.items()}),
            places=Counter(str(seen.places[-1]) for seen in laws.changes.values() if seen.places),
            checked=laws.checked,
            counts=self.counts,
        )


_NEXT = text("SELECT min(next_try) FROM letter WHERE next_try IS NOT NULL AND state = 'owed' AND next_try > :now")


class _Bugs(logging.Handler):
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
