"""The post: mail on its way to us and from us, and the two servers that the daemon talks to.

Its one rule: it keeps a book of its own. What lay in the mailbox and what was taken for sending is known here
without asking the daemon, so that the two accounts can be held against each other.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

from bot.edge.mailbox import Fetched, ImapAccount, Mailbox
from bot.edge.mailbox.mailbox import Look
from bot.edge.outbox import UNCERTAIN, Outbox, SmtpAccount
from bot.errors import Trouble
from bot.mail.letter import Dead, Delivery, Later, Sent
from bot.simulation.chance import Chance
from bot.simulation.faults import Fault, Faults
from bot.simulation.time import Planned
from bot.simulation.writing import Mail, delivery_report

INBOX = "INBOX"
BATCH = 20
ON_THE_WAY: tuple[tuple[float, tuple[timedelta, timedelta]], ...] = (
    (80, (timedelta(seconds=2), timedelta(minutes=2))),
    (17, (timedelta(minutes=2), timedelta(hours=2))),
    (3, (timedelta(hours=2), timedelta(hours=20))),
)
"""How long a mail is on its way: weights, and from when to when."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A mail in a folder of the mailbox."""

    raw: bytes
    arrived: datetime


@dataclass(slots=True)
class Book:
    """What went over the counter: mails that were delivered, by their id; letters that were taken, by their
    Message-ID, and how often nobody could know whether one was."""

    delivered: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    touched: dict[str, None] = field(default_factory=dict)
    """What was taken since somebody looked."""


class Post:
    """Both directions. `hand_over` gives a letter to its reader, `ring` says that a mail has come."""

    def __init__(
        self, chance: Chance, faults: Faults, planned: Planned, now: Callable[[], datetime], host: str
    ) -> None:
        self._chance, self.faults, self._planned, self._now, self._host = chance, faults, planned, now, host
        self.folders: dict[str, dict[int, Lying]] = {INBOX: {}}
        self.uidvalidity, self._uid = 1, 0
        self.book = Book()
        self.dead: dict[str, datetime] = {}
        """Addresses that take nothing, until when."""
        self.last = ""
        """The Message-ID that was taken last: of this one our mark may be lost."""
        self.hand_over: Callable[[str, bytes], None] = lambda to, wire: None
        self.come_back: Callable[[Mail], None] = lambda mail: None
        self.ring: Callable[[Mail, str], None] = lambda mail, mail_id: None

    def take(self, mail: Mail) -> None:
        """A mail that somebody sends to us now: it comes in some time, once or twice, or not at all."""
        faults, now = self.faults, self._now()
        arrives = now + self._chance.wait(*self._chance.weighed(ON_THE_WAY))
        if faults.strikes(Fault.DELAYED):
            arrives += self._chance.wait(timedelta(days=1), timedelta(days=6))
        vouched = mail.vouched and not faults.strikes(Fault.UNVOUCHED)
        if not mail.machine and faults.strikes(Fault.LOST):
            self._planned.at(arrives, lambda: self.come_back(mail))
            return
        self._send(mail, vouched, arrives)
        if faults.strikes(Fault.TWICE):  # the very same bytes
            self._send(mail, vouched, arrives, later=self._chance.wait(timedelta(0), timedelta(hours=30)))
        if faults.strikes(Fault.RESENT):  # the same mail over another way
            self._send(mail, vouched, arrives + self._chance.wait(timedelta(0), timedelta(hours=30)), hop="relay-2")

    def _send(
        self, mail: Mail, vouched: bool, arrives: datetime, later: timedelta = timedelta(0), hop: str = "relay-1"
    ) -> None:
        received = f"from {hop} by {self._host} with ESMTP; {format_datetime(arrives)}"
        raw = mail.stamped(self._host if vouched else "", self._host, received)
        self._planned.at(arrives + later, lambda: self.put(mail, raw))

    def put(self, mail: Mail, raw: bytes) -> None:
        """A mail lies in the inbox."""
        self._uid += 1
        self.folders[INBOX][self._uid] = Lying(raw, self._now())
        mail_id = sha256(raw).hexdigest()[:12]
        self.book.delivered[mail_id] += 1
        self.ring(mail, mail_id)

    def renumber(self) -> None:
        """The server gives all mails in the inbox other UIDs, as after a repair."""
        if self.faults.strikes(Fault.RENUMBERED):
            self.uidvalidity += 1
            self.folders[INBOX] = dict(enumerate(self.folders[INBOX].values(), 1))
            self._uid = len(self.folders[INBOX])

    def send(self, return_path: str, to: str, message_id: str, wire: bytes) -> None:
        """A letter that our server has taken: its reader gets it in some time, or a report comes back."""
        self.book.taken[message_id] += 1
        self.book.touched[message_id] = None
        self.last = message_id
        arrives = self._now() + self._chance.wait(*self._chance.weighed(ON_THE_WAY))
        if self.faults.has(Fault.DEAD_ADDRESS) and self.dead.get(to, arrives) > arrives:
            self.faults.note(Fault.DEAD_ADDRESS)
            if return_path:
                report = delivery_report(to, return_path, wire, arrives, self._host)
                self._planned.at(arrives, lambda: self.put(report, report.stamped("", self._host, "")))
            return
        self._planned.at(arrives, lambda: self.hand_over(to, wire))


class Inbox(Mailbox):
    """The mailbox as the daemon sees it, on a server that is away at times."""

    def __init__(self, post: Post, account: ImapAccount) -> None:
        super().__init__(account)
        self._post = post

    def look(self) -> Look:
        """The UIDs of the mails in the inbox. Raises Trouble while the server is away."""
        self._reach()
        self._uidvalidity = self._post.uidvalidity
        return Look(self._uidvalidity, tuple(sorted(self._post.folders[INBOX])))

    def batches(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        """The mails of these UIDs, some at a time; the connection may break between two batches."""
        for start in range(0, len(uids), BATCH):
            self._reach()
            if self._post.faults.strikes(Fault.FETCH_CUT):
                raise Trouble("mailbox: the connection was closed")
            lying = self._post.folders[INBOX]
            yield tuple(
                Fetched(uid, lying[uid].arrived, lying[uid].raw) for uid in uids[start : start + BATCH] if uid in lying
            )

    def move(self, uids: Sequence[int], folder: str) -> tuple[int, ...]:
        """Move mails; some of them only, where the connection breaks in between."""
        self._reach()
        self._post.faults.may_kill("between the commit and the move")
        target, lying = self._post.folders.setdefault(folder, {}), self._post.folders[INBOX]
        broken = self._post.faults.strikes(Fault.MOVE_CUT)
        for uid in uids[: len(uids) // 2] if broken else uids:
            if uid in lying:
                target[len(target) + 1] = lying.pop(uid)
        if broken:
            raise Trouble("mailbox: the connection was closed")
        self._post.faults.may_kill("after the move")
        return ()

    def close(self) -> None:
        """There is no connection."""

    def _reach(self) -> None:
        if self._post.faults.away(Fault.IMAP):
            raise Trouble("mailbox: connection refused", public="The mailbox cannot be reached.")


class Line(Outbox):
    """The SMTP server as the daemon sees it."""

    def __init__(self, post: Post, account: SmtpAccount) -> None:
        super().__init__(account)
        self._post = post

    def send(self, return_path: str, to: str, wire: bytes) -> Delivery:
        """Hand over a letter, and say what the server says. Raises Trouble while it is away."""
        post, faults = self._post, self._post.faults
        if faults.away(Fault.SMTP):
            raise Trouble("outbox: connection refused")
        faults.may_kill("before a letter goes out")
        message_id = message_id_in(wire)
        if faults.strikes(Fault.SMTP_LATER):
            return Later("451 4.3.0 try again later")
        if faults.strikes(Fault.SMTP_NEVER):
            return Dead("554 5.7.1 refused by policy")
        if faults.strikes(Fault.SMTP_SILENT):
            post.book.unknown[message_id] += 1
            post.send(return_path, to, message_id, wire)
            return Later(f"{UNCERTAIN} (connection closed)")
        post.book.unknown[message_id] += 1
        faults.may_kill("before the server's last word")
        post.send(return_path, to, message_id, wire)
        faults.may_kill("after the server's last word, before our mark")
        post.book.unknown[message_id] -= 1
        return Sent()

    def close(self) -> None:
        """There is no connection."""


def message_id_in(wire: bytes) -> str:
    """The Message-ID of a letter of ours."""
    start = wire.index(b"\r\nMessage-ID: ") + len(b"\r\nMessage-ID: ")
    return wire[start : wire.index(b"\r\n", start)].decode("ascii")
