"""The life of an office under faults: mails come, the program dies at a point, starts again, and is examined.

Its one rule: time passes between a death and the next start, as much as frees what the dead one held.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench.mails import mail
from bot.config import load
from bot.mail.letter import Kind
from tests.automatic.bounces import Report
from tests.faults.audit import faults
from tests.faults.points import Point, Scene
from tests.house import House
from tests.servers import Dovecot, Sink
from tests.warm import Warm

PAUSE, REST = timedelta(minutes=1), timedelta(minutes=31)
"""Between a death and the next start; where many workers share a database, until what the dead one held is free."""
PATIENT = ", attempts: 100"
"""Of a house: a mail that is in work at every death would be set aside."""
FIRST, PLAIN, WORD = 100_000, 2, 0
"""The numbers of bench mails by three: from where on, in plain text, as a Word file."""
START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@contextmanager
def begun(folder: Path, server: Dovecot, warm: Warm, store: str = "", limits: str = PATIENT) -> Iterator["Life"]:
    """An office with something in it, whose SMTP server takes one command at a time, so that each can be told apart."""
    with Sink(pipelining=False) as relay:
        life = Life(House.build(folder, server.new_user(), server.imap, relay.port, store, limits), warm, relay)
        life.arrange(Scene.PLAIN)
        assert life.turn() == 0, life.house.log()[-2000:]
        yield life


@dataclass
class Life:
    """One office, and everything that was sent to it."""

    house: House
    warm: Warm
    relay: Sink
    sent: list[bytes] = field(default_factory=list)
    moment: datetime = START
    _numbers: "count[int]" = field(default_factory=lambda: count(FIRST))
    _bounced: set[str] = field(default_factory=set)

    def dies_at(self, point: Point) -> int:
        """Set the scene of a point, run a turn that dies there, and give how that ended."""
        self.arrange(point.scene)
        return self.turn(point)

    def turn(self, point: Point | None = None) -> int:
        """A turn of everything, some time after the last one."""
        return self.warm.run(self.later(), "once", point=point)

    def start(self, *words: str, wait: Path | None = None) -> int:
        """Start a command, some time after the last one; gives its process. `wait` is the fifo that it waits for."""
        return self.warm.begin(self.later(), *words, wait=wait)

    def later(self) -> House:
        """The office some time after the last start."""
        self.moment += PAUSE if self.house.store.startswith("sqlite") else REST
        return self.house.at(self.moment)

    def arrange(self, scene: Scene) -> None:
        """Let come what a scene asks for."""
        if scene is Scene.FILE:
            self.fill(WORD, 1)
        elif scene is Scene.BOUNCE:
            self.send(self.bounce())
        else:
            self.fill(PLAIN, 2)
        if scene is Scene.REMINDER:
            self.rest()

    def rest(self) -> None:
        """Let days go by, until it is a working morning."""
        hours = load(self.house.folder / "config.yaml").office.calendar
        self.moment = (self.moment + timedelta(days=2)).replace(hour=16, minute=30)
        while not hours.in_hours(self.moment):
            self.moment += timedelta(days=1)

    def fill(self, kind: int, mails: int) -> None:
        """Let so many forms come."""
        self.send(*(mail(3 * next(self._numbers) + kind) for _ in range(mails)))

    def send(self, *mails: bytes) -> None:
        """Let mails come."""
        self.house.fill(*mails)
        self.sent += mails

    def bounce(self) -> bytes:
        """The report that an acknowledgement could not be delivered, each time another one's."""
        with self.house.open_store() as store:
            told = (each for each in store.letters() if each.kind is Kind.ACKNOWLEDGEMENT)
            letter = next(each for each in told if each.recipient not in self._bounced)
        self._bounced.add(letter.recipient)
        return Report(letter.recipient, letter.message_id, name=f"dsn{len(self._bounced)}").raw

    def faults(self) -> list[str]:
        """What is not as promised."""
        return faults(self.house, self.sent, self.relay.taken)
