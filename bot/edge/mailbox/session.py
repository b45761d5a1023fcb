"""Session: the one connection to the mail server, and the inbox that is opened on it.

Its one rule: whatever breaks is Trouble, and the next word is said on a new connection.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from bot.edge.mailbox import answers
from bot.edge.mailbox.account import ImapAccount
from bot.edge.mailbox.line import ANSWER_BYTES, BROKEN, Client, cause, connect, shut
from bot.errors import Trouble


class Session:
    """The part of the mailbox that talks. While an answer is waited for, `waiting` is called again and again."""

    def __init__(self, account: ImapAccount, waiting: Callable[[], None] = lambda: None) -> None:
        self.account = account
        self._waiting = waiting
        self._client: Client | None = None
        self._selected = False
        self._uidvalidity = 0
        self._namespace: tuple[str, str] | None = None

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

    @contextmanager
    def _inbox(self, size: int = 0) -> Iterator[Client]:
        """The same with the inbox open, in which the UIDs of the last look mean the same mails."""
        with self._talk(size) as client:
            self._reselect(client)
            yield client

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
