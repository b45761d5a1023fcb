"""Look, move, wait. Its one rule: after any Trouble the next call starts on a new connection."""

import secrets
import select
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic

from bot.edge.certificate import certificate_ends
from bot.edge.mailbox import answers
from bot.edge.mailbox.account import is_loopback
from bot.edge.mailbox.fetching import Fetching
from bot.edge.mailbox.line import Client
from bot.edge.mailbox.withheld import Withheld

MOVE_BATCH = 500  # keeps a command line under 8 kB, which every server takes
MOST_UIDS = 20_000  # a SEARCH answer is one line, and imaplib reads no line over 1 MB
LONGEST_IDLE = 540  # seconds; RFC 2177 asks for less than 29 minutes, NAT boxes for less than 10
LOOPBACK_POLL = 0.2  # seconds; nothing leaves the machine, and it costs a fifth of a percent of a core
REMOTE_POLL = 10.0  # seconds, where the server has no IDLE


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in the inbox: UIDs in ascending order, valid under `uidvalidity` only."""

    uidvalidity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What an account offers: the server's capabilities, the folders that are there, and those of
    ours that are neither there nor can be made."""

    capabilities: tuple[str, ...]
    folders: tuple[str, ...]
    refused: tuple[str, ...]


class Mailbox(Fetching):
    """The bot's mailbox; connects when first used, and again after any Trouble.

    Every method may raise Trouble(temporary); the connection is then closed. While an answer is waited
    for, `waiting` is called again and again.
    """

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

    def move(self, uids: Sequence[int], folder: str) -> tuple[int, ...]:
        """Move mails out of the inbox into a folder, which is made when missing; gives those that the
        server refuses to move. Those that vanished count as moved. Where the server has neither MOVE nor
        UIDPLUS, they are copied and marked deleted, and `look` no longer shows them."""
        left: list[int] = []
        for start in range(0, len(uids), MOVE_BATCH):
            with self._inbox() as client:
                left += answers.move(client, uids[start : start + MOVE_BATCH], self._folder(client, folder))
        return tuple(left)

    def wait(self, seconds: float, wake: int | None = None) -> bool:
        """Wait for mail, at most so many seconds (and nine minutes): True when some may have come.

        `wake` is a descriptor that ends the wait as soon as it can be read; it is not read here.
        Look again after every wait: a server may forget to announce a mail.
        """
        with self._inbox() as client:
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


def _beside(name: str) -> str:
    """A name that no folder has, where a folder of this name would lie."""
    return f"{name}-{secrets.token_hex(4)}"


def _sleep(seconds: float, wake: int | None) -> bool:
    """Sleep, and say whether it was cut short by the descriptor."""
    return bool(select.select(_given(wake), [], [], seconds)[0])


def _given(wake: int | None) -> list[int]:
    return [] if wake is None else [wake]
