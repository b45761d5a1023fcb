"""Fetching: the mails of the inbox, batch by batch.

Its one rule: a mail that the server cannot give keeps no other one waiting.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from bot.edge.mailbox import answers
from bot.edge.mailbox.account import ImapAccount
from bot.edge.mailbox.answers import Stated
from bot.edge.mailbox.session import Session
from bot.edge.mailbox.withheld import Withheld
from bot.errors import Trouble

BATCH = 50  # mails a FETCH: beyond it nothing is won (performance.md 2)
BLAMED = 3  # mails one after the other at which the connection breaks, before the server is to blame and not they
HEADER_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server keeps it. `arrived` is the INTERNALDATE, aware, in UTC; a truncated
    mail was over the account's limit and holds its header only."""

    uid: int
    arrived: datetime
    raw: bytes
    truncated: bool = False


class Fetching(Session):
    """The part of the mailbox that fetches."""

    def __init__(self, account: ImapAccount, waiting: Callable[[], None] = lambda: None) -> None:
        super().__init__(account, waiting)
        self._withheld = Withheld()

    def close(self) -> None:
        """Log out and close the connection; what could not be had is to be asked for anew."""
        super().close()
        self._withheld = Withheld()

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
            for group in self._groups(uids):
                yield self._had(group, left)  # not kept in a name: 20 MB would lie here while they are handled
        except Trouble as trouble:
            broken = trouble.with_traceback(None)  # which would keep them, too
        else:
            self._withhold(left)
            return
        try:
            self._ready()
        except Trouble:
            raise broken from None
        yield from self._each(left)

    def _had(self, group: tuple[Stated, ...], left: list[int]) -> tuple[Fetched, ...]:
        """The mails of a group; those that came are taken out of what is `left`."""
        fetched = self._bodies(group)
        for mail in fetched:
            left.remove(mail.uid)
        return fetched

    def _each(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        """Mails one by one. Raises Trouble where three in a row cannot be had: then the server may be to blame."""
        blamed: list[int] = []
        for uid in uids:
            self._ready()
            try:
                found = [self._bodies(group) for group in self._groups([uid])]
            except Trouble:
                blamed.append(uid)
                self._withheld.add([uid])
                if len(blamed) == BLAMED:
                    self._withheld.remove([uid])  # of the others there is an end some time
                    raise
                continue
            blamed.clear()
            if any(found):
                self._withheld.remove([uid])
            else:
                self._withhold([uid])
            while found:
                yield found.pop()

    def _withhold(self, uids: Sequence[int]) -> None:
        """Remember mails that did not come, where they are there still."""
        if uids:
            with self._inbox() as client:
                there = client.search(["UID", ",".join(map(str, uids))])
            self._withheld.add([uid for uid in uids if uid in there])

    def _ready(self) -> None:
        """Be connected, with the inbox open."""
        with self._inbox():
            pass

    def _groups(self, uids: Sequence[int]) -> Iterator[tuple[Stated, ...]]:
        """The mails that are there, as they are fetched together."""
        with self._inbox() as client:
            stated = answers.stated(client, uids, self.account.largest)
        return answers.grouped(stated, self.account.largest)

    def _bodies(self, group: tuple[Stated, ...]) -> tuple[Fetched, ...]:
        truncated = group[0].size > self.account.largest
        item = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>" if truncated else "BODY.PEEK[]"
        key = b"BODY[HEADER]<0>" if truncated else b"BODY[]"
        size = HEADER_BYTES if truncated else sum(mail.size for mail in group)
        with self._inbox(size) as client:
            found = answers.ask(client, [mail.uid for mail in group], [item])
        return tuple(
            self._fetched(mail, answers.body(found[mail.uid], key), truncated)
            for mail in group
            if key in found.get(mail.uid, {})
        )

    def _fetched(self, mail: Stated, raw: bytes, truncated: bool) -> Fetched:
        """QUIRK: some servers state an estimate for a size (Exchange does), so it is checked again."""
        if len(raw) > self.account.largest:
            return Fetched(mail.uid, mail.arrived, header_of(raw), truncated=True)
        return Fetched(mail.uid, mail.arrived, raw, truncated)


def header_of(raw: bytes) -> bytes:
    """The header of a mail that is too large to be kept whole, bounded itself."""
    head = raw[:HEADER_BYTES]
    end = re.search(rb"\r?\n\r?\n", head)
    return head[: end.end()] if end else head
