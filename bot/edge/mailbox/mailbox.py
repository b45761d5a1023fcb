"""Look, fetch, move, wait. Its one rule: after any Trouble the next call starts on a new connection."""

import re
import secrets
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from time import monotonic
from typing import Any

from bot.edge.certificate import certificate_ends
from bot.edge.mailbox.account import ImapAccount, is_loopback
from bot.edge.mailbox.line import ANSWER_BYTES, BROKEN, Client, cause, connect, shut
from bot.edge.mailbox.withheld import Withheld
from bot.errors import Trouble

from . import answers

BATCH = 50  # mails a FETCH: beyond it nothing is won (performance.md 2)
BLAMED = 3  # mails one after the other at which the connection breaks, before the server is to blame and not they
MOVE_BATCH = 500  # keeps a command line under 8 kB, which every server takes
MOST_UIDS = 20_000  # a SEARCH answer is one line, and imaplib reads no line over 1 MB
HEADER_BYTES = 262_144
LONGEST_IDLE = 540  # seconds; RFC 2177 asks for less than 29 minutes, NAT boxes for less than 10
LOOPBACK_POLL = 0.2  # seconds; nothing leaves the machine, and it costs a fifth of a percent of a core
REMOTE_POLL = 10.0  # seconds, where the server has no IDLE


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in the inbox: UIDs in ascending order, valid under `uidvalidity` only."""

    uidvalidity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server keeps it. `arrived` is the INTERNALDATE, aware, in UTC; a truncated
    mail was over the account's limit and holds its header only."""

    uid: int
    arrived: datetime
    raw: bytes
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What an account offers: the server's capabilities, the folders that are there, and those of
    ours that are neither there nor can be made."""

    capabilities: tuple[str, ...]
    folders: tuple[str, ...]
    refused: tuple[str, ...]


class Mailbox:
    """The bot's mailbox; connects when first used, and again after any Trouble.

    Every method may raise Trouble(temporary); the connection is then closed. While an answer is waited
    for, `waiting` is called again and again.
    """

    def __init__(self, account: ImapAccount, waiting: Callable[[], None] = lambda: None) -> None:
        self.account = account
        self._waiting = waiting
        self._client: Client | None = None
        self._selected = False
        self._uidvalidity = 0
        self._namespace: tuple[str, str] | None = None
        self._withheld = Withheld()

    def look(self) -> Look:
        """The UIDs of the mails in the inbox, at most the first 20,000 of them."""
        with self._talk() as client:
            found = self._select(client)
            uidvalidity = answers.number(found[b"UIDVALIDITY"])
            if uidvalidity != self._uidvalidity:
                self._uidvalidity, self._withheld = uidvalidity, Withheld()
            uids = answers.wanted(client, found[b"EXISTS"], MOST_UIDS)
            return Look(self._uidvalidity, tuple(sorted({answers.number(uid) for uid in uids})))

    def since(self, day: date) -> tuple[int, ...]:
        """The UIDs of the mails that came on a date or later, by the server's clock; none where the folder is
        missing."""
        with self._talk() as client:
            if not client.folder_exists(self._folder(client, self.account.inbox)):
                return ()
            self._uidvalidity = answers.number(self._select(client)[b"UIDVALIDITY"])
            return tuple(sorted({answers.number(uid) for uid in client.search(["SINCE", day])}))

    @property
    def uidvalidity(self) -> int:
        """That of the last look."""
        return self._uidvalidity

    def fetch(self, uids: Sequence[int]) -> tuple[Fetched, ...]:
        """The mails with these UIDs; those that vanished meanwhile are left out.

        All of them are held in memory: for more than a few, take them by `batches`.
        """
        return tuple(chain.from_iterable(self.batches(uids)))

    def batches(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        """The same mails, up to 50 and 20 MB at a time, each batch fetched when it is asked for.

        A mail that the server cannot give must not keep the others waiting. Where the connection breaks, the mails of
        the batch are asked for one by one on a new one; what breaks that as well, or is refused, is `withheld`: asked
        for again ever more rarely, and last.
        """
        fresh, again = self._withheld.parted(uids)
        for start in range(0, len(fresh), BATCH):
            yield from self._batch(fresh[start : start + BATCH])
        yield from self._each(again)

    @property
    def withheld(self) -> tuple[int, ...]:
        """The UIDs of the mails that the server could not give."""
        return self._withheld.uids

    def _batch(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        left = list(uids)
        try:
            for fetched in self._groups(uids):
                for mail in fetched:
                    left.remove(mail.uid)
                yield fetched  # not kept in a name: 20 MB would lie here while they are handled
        except Trouble as trouble:
            broken = trouble
        else:
            self._withhold(left)
            return
        try:
            self._ready()
        except Trouble:
            raise broken from None
        yield from self._each(left)

    def _each(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        """Mails one by one. Raises Trouble where none can be had: then it is not the mail's fault."""
        blamed: list[int] = []
        for uid in uids:
            self._ready()
            try:
                fetched = tuple(self._groups([uid]))
            except Trouble:
                blamed.append(uid)
                self._withheld.add([uid])
                if len(blamed) == BLAMED:
                    self._withheld.remove(blamed)
                    raise
                continue
            blamed.clear()
            if any(fetched):
                self._withheld.remove([uid])
            else:
                self._withhold([uid])
            yield from fetched

    def _withhold(self, uids: Sequence[int]) -> None:
        """Remember mails that did not come, where they are there still."""
        if uids:
            with self._talk() as client:
                self._reselect(client)
                there = client.search(["UID", ",".join(map(str, uids))])
            self._withheld.add([uid for uid in uids if uid in there])

    def _ready(self) -> None:
        """Be connected, with the inbox open."""
        with self._talk() as client:
            self._reselect(client)

    def _groups(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        with self._talk() as client:
            self._reselect(client)
            stated = answers.stated(client, uids, self.account.largest)
        return (self._bodies(group) for group in answers.grouped(stated, self.account.largest))

    def move(self, uids: Sequence[int], folder: str) -> tuple[int, ...]:
        """Move mails out of the inbox into a folder, which is made when missing; gives those that the
        server refuses to move. Those that vanished count as moved. Where the server has neither MOVE nor
        UIDPLUS, they are copied and marked deleted, and `look` no longer shows them."""
        left: list[int] = []
        for start in range(0, len(uids), MOVE_BATCH):
            with self._talk() as client:
                self._reselect(client)
                left += answers.move(client, uids[start : start + MOVE_BATCH], self._folder(client, folder))
        return tuple(left)

    def wait(self, seconds: float, wake: int | None = None) -> bool:
        """Wait for mail, at most so many seconds (and nine minutes): True when some may have come.

        `wake` is a descriptor that ends the wait as soon as it can be read; it is not read here.
        Look again after every wait: a server may forget to announce a mail.
        """
        with self._talk() as client:
            self._reselect(client)
            end = monotonic() + min(seconds, LONGEST_IDLE)
            pause = self._pause(client)
            while not client.line.news() and (left := end - monotonic()) > 0:
                if pause:
                    woken = _sleep(min(pause, left), wake)
                    client.grant()
                    client.noop()
                else:
                    woken = self._idle(client, left, wake)
                if woken:
                    return False
            return client.line.news(forget=True)

    def survey(self) -> Survey:
        """Look at what the account offers. Whether a missing folder of ours could be made is tried with
        one of another name beside it, which is removed again."""
        with self._talk() as client:
            capabilities = {text.decode("ascii", "replace") for text in client.capabilities()}
            folders = {str(name) for _flags, _separator, name in client.list_folders()}
            ours = (self.account.processed, self.account.parked, self.account.quarantine)
            missing = [name for name in ours if self._folder(client, name) not in folders]
            refused = [name for name in missing if not answers.makes(client, self._folder(client, _beside(name)))]
        return Survey(tuple(sorted(capabilities)), tuple(sorted(folders)), tuple(refused))

    def certificate_ends(self) -> datetime | None:
        """Until when the server's certificate is good, in UTC; None without TLS."""
        with self._talk() as client:
            return certificate_ends(client.socket())

    def holds(self, message_id: str, folder: str) -> bool:
        """Whether a mail of this Message-ID lies in a folder."""
        with self._talk() as client:
            name, self._selected = self._folder(client, folder), False
            if not client.folder_exists(name):
                return False
            client.select_folder(name, readonly=True)
            return bool(client.search(["HEADER", "Message-ID", message_id]))

    def close(self) -> None:
        """Log out, in at most two seconds, and close the connection."""
        if self._client is not None:
            with suppress(*BROKEN):
                self._client.socket().settimeout(1)
                self._client.allowance.allow(ANSWER_BYTES, 1)
                self._client.logout()
        self._drop()

    @contextmanager
    def _talk(self, size: int = 0) -> Iterator[Client]:
        """The connection, allowed to answer with so many bytes of mail; breaks into Trouble."""
        try:
            if self._client is None:
                self._client = connect(self.account, self._waiting)
            self._client.grant(size)
            yield self._client
        except Trouble:
            self._drop()
            raise
        except BROKEN as error:
            self._drop()
            raise Trouble(f"mailbox: {cause(error)}", public="The mailbox cannot be reached.") from error

    def _drop(self) -> None:
        client, self._client, self._selected, self._namespace = self._client, None, False, None
        if client is not None:
            shut(client)

    def _select(self, client: Client) -> Mapping[bytes, Any]:
        found: Mapping[bytes, Any] = client.select_folder(self._folder(client, self.account.inbox))
        client.line.news(forget=True)
        self._selected = True
        return found

    def _reselect(self, client: Client) -> None:
        """On a new connection, make sure that the UIDs of the last look still mean the same mails."""
        if self._selected:
            return
        uidvalidity = answers.number(self._select(client)[b"UIDVALIDITY"])
        if self._uidvalidity and uidvalidity != self._uidvalidity:
            raise Trouble("mailbox: the folder was renumbered since the last look")

    def _folder(self, client: Client, name: str) -> str:
        if name.upper() == "INBOX":
            return name
        if self._namespace is None:
            self._namespace = answers.namespace(client)
        return answers.wire_name(name, *self._namespace)

    def _bodies(self, group: tuple[answers.Stated, ...]) -> tuple[Fetched, ...]:
        truncated = group[0].size > self.account.largest
        item = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>" if truncated else "BODY.PEEK[]"
        key = b"BODY[HEADER]<0>" if truncated else b"BODY[]"
        size = HEADER_BYTES if truncated else sum(mail.size for mail in group)
        with self._talk(size) as client:
            self._reselect(client)
            found = answers.ask(client, [mail.uid for mail in group], [item])
        return tuple(
            self._fetched(mail, answers.body(found[mail.uid], key), truncated)
            for mail in group
            if key in found.get(mail.uid, {})
        )

    def _fetched(self, mail: answers.Stated, raw: bytes, truncated: bool) -> Fetched:
        """QUIRK: some servers state an estimate for a size (Exchange does), so it is checked again."""
        if len(raw) > self.account.largest:
            return Fetched(mail.uid, mail.arrived, header_of(raw), truncated=True)
        return Fetched(mail.uid, mail.arrived, raw, truncated)

    def _pause(self, client: Client) -> float:
        """Seconds between two polls, or 0 where IDLE is the better way.

        QUIRK: Dovecot holds an IDLE notice back for half a second. On loopback a NOOP each 0.2 s
        sees a mail five times sooner for a fifth of a percent of a core.
        """
        if self.account.poll:
            return self.account.poll
        if is_loopback(self.account.host):
            return LOOPBACK_POLL
        return 0 if client.has_capability("IDLE") else REMOTE_POLL

    def _idle(self, client: Client, seconds: float, wake: int | None) -> bool:
        """One IDLE; True when it was ended from our side. A server that ends it without news is
        not asked again for a second."""
        line = client.socket()
        client.idle()
        ready = [line] if client.heard() else select.select([line, *_given(wake)], [], [], seconds)[0]
        client.grant()
        client.idle_done()
        if line in ready and not client.line.news():
            return _sleep(min(seconds, 1), wake)
        return wake in ready


def header_of(raw: bytes) -> bytes:
    """The header of a mail that is too large to be kept whole, bounded itself."""
    head = raw[:HEADER_BYTES]
    end = re.search(rb"\r?\n\r?\n", head)
    return head[: end.end()] if end else head


def _beside(name: str) -> str:
    """A name that no folder has, where a folder of this name would lie."""
    return f"{name}-{secrets.token_hex(4)}"


def _sleep(seconds: float, wake: int | None) -> bool:
    """Sleep, and say whether it was cut short by the descriptor."""
    return bool(select.select(_given(wake), [], [], seconds)[0])


def _given(wake: int | None) -> list[int]:
    return [] if wake is None else [wake]
