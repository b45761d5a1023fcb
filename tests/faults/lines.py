"""Lines that are cut or freeze: an office in this very process, with a proxy before its mail server and its relay.

Its one rule: what a turn does under harm is done by the arcs of the daemon; patience is short, so that a silence
costs half a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

from bot.config import load
from bot.daemon import give_out as room
from bot.daemon.desk import Desk, open_desk
from bot.daemon.give_out import give_out
from bot.daemon.loop import turn_once
from bot.daemon.take_in import take_in, tidy
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.errors import Trouble
from tests.faults.audit import faults
from tests.faults.life import FIRST, PATIENT, START
from tests.faults.proxy import Deed, Harm, Proxy
from tests.house import House
from tests.mixed import written
from tests.servers import Dovecot, Sink

PATIENCE, LITTLE = 10.0, 0.4  # seconds; little where a silence is meant to come
WAVERING = 100  # bytes by which sessions differ: Dovecot says how long each command took, in two figures or three


@dataclass
class Office:
    """An opened office; `imap` and `smtp` are the proxies on its lines."""

    house: House
    desk: Desk
    relay: Sink
    imap: Proxy
    smtp: Proxy
    sent: list[bytes] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(FIRST))

    def fill(self, *mails: bytes) -> None:
        """Let mails come."""
        self.house.fill(*mails)
        self.sent += mails

    def notice(self) -> bytes:
        """A small mail that costs little: somebody is away."""
        number = next(self._numbers)
        body = "I am out of the office.\n"
        made = written(number, body, "bench05.example", Auto_Submitted="auto-replied").as_bytes()
        return made.replace(b"\n", b"\r\n")

    def fetch(self) -> bool:
        """Take in what came, and move it, on a new connection; False where there was trouble."""
        self.desk.mailbox.close()
        self.imap.connections = 0
        try:
            for _ in take_in(self.desk):
                pass
            tidy(self.desk)
        except Trouble as trouble:
            assert trouble.temporary, trouble
            return False
        return True

    def work(self) -> bool:
        """Take in, move and send; False where there was trouble."""
        if not self.fetch():
            return False
        try:
            give_out(self.desk, Weather())
        except Trouble as trouble:
            assert trouble.temporary, trouble
            return False
        return True

    def session(self) -> tuple[int, int]:
        """How much a session with one small mail is: pieces from us, bytes from the server."""
        for _ in range(2):  # the first one makes a folder, too
            self.fill(self.notice())
            self.imap.begin()
            assert self.fetch()
        return len(self.imap.asked), self.imap.answered

    def survives(self, harm: Harm) -> list[str]:
        """What is wrong after a session that harm came to, and one to which none came."""
        self.fill(self.notice())
        self.imap.begin(harm)
        with self.little_patience() if harm.deed is Deed.FREEZE else nullcontext():
            self.fetch()
        self.imap.thaw()
        found = [] if harm.done or self._ended_before(harm) else [f"{harm} was never done"]
        self.imap.begin()
        if not self.fetch():
            found.append(f"after {harm} the next session fails, too")
        if self.desk.mailbox.look().uids:
            found.append(f"after {harm} a mail lies in the inbox still")
        return found

    def _ended_before(self, harm: Harm) -> bool:
        """True where a session was over a few bytes before the place of its harm, which an earlier one had reached."""
        return harm.command < 0 and 0 < harm.answered - self.imap.answered <= WAVERING

    @contextmanager
    def little_patience(self) -> Iterator[None]:
        """For a while, a silent server is soon given up."""
        box, out = self.desk.mailbox, self.desk.outbox
        accounts = box.account, out.account
        box.close()
        out.close()
        box.account = replace(box.account, read_timeout=LITTLE, connect_timeout=LITTLE)
        out.account = replace(out.account, timeout=LITTLE, last_timeout=LITTLE)
        yield
        out.close()
        box.account, out.account = accounts

    def recover(self) -> None:
        """What the loop does first after trouble."""
        with suppress(Trouble):
            self.desk.store.give_back()

    def settle(self) -> None:
        """Turn the arcs until nothing is left to do."""
        self.recover()
        turn_once(self.desk, Weather())

    def later(self) -> None:
        """Let the time pass after which a letter is tried again."""
        self.desk.clock.turn_to(self.desk.clock.now() + timedelta(hours=1))

    def faults(self) -> list[str]:
        """What is not as promised."""
        return faults(self.house, self.sent, self.relay.taken)


@contextmanager
def office(folder: Path, dovecot: Dovecot, store: str = "", *, limits: str = "") -> Iterator[Office]:
    """An office in a folder of its own; all it opens is closed in the end. `limits` are further words of that line
    of its configuration."""
    with Sink() as relay, Proxy(dovecot.imap) as imap, Proxy(relay.port) as smtp:
        house = House.build(folder, dovecot.new_user(), dovecot.imap, relay.port, store, PATIENT + limits)
        settings = load(folder / "config.yaml", START)
        settings = replace(
            settings,
            imap=replace(settings.imap, port=imap.port, connect_timeout=PATIENCE, read_timeout=PATIENCE),
            smtp=replace(settings.smtp, port=smtp.port, timeout=PATIENCE, last_timeout=PATIENCE),
        )
        with patch.object(room, "INSIST_EVERY", LITTLE / 10), open_desk(settings, Clock(START)) as desk:
            yield Office(house, desk, relay, imap, smtp)


def drops(pieces: int) -> Iterator[Harm]:
    """The line cut at every command, before the server has heard it and after; and silent at every second."""
    for nth in range(1, pieces + 1):
        yield Harm(Deed.CUT, command=nth)
        yield Harm(Deed.CUT, command=nth, handed_on=True)
        if nth % 2:
            yield Harm(Deed.FREEZE, command=nth, handed_on=True)


def cuts(size: int, every: int = 1) -> Iterator[Harm]:
    """The line cut after every byte that the server says, or every so manieth."""
    return (Harm(Deed.CUT, answered=at) for at in range(0, size, every))
