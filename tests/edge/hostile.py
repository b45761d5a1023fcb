"""An IMAP server that means harm. Its one rule: it says what a table tells it to, whatever it is asked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.edge.mailbox import ImapAccount
from tests.servers import PASSWORD

Answer = bytes | Callable[["Conversation"], None]
POLITE: dict[str, Answer] = {
    "greeting": b"* OK ready\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\nTAG OK done\r\n",
    "LOGIN": b"TAG OK welcome\r\n",
    "LIST": b'* LIST (\\Noselect) "/" ""\r\nTAG OK done\r\n',
    "SELECT": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-WRITE] done\r\n",
    "SEARCH": b"* SEARCH 1\r\nTAG OK done\r\n",
    "SIZES": b'* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE "02-Mar-2026 09:00:00 +0000")\r\nTAG OK done\r\n',
    "BODIES": b"* 1 FETCH (UID 1 BODY[] {9}\r\nA: b\r\n\r\nc)\r\nTAG OK done\r\n",
    "MOVE": b"* 1 EXPUNGE\r\nTAG OK done\r\n",
    "NOOP": b"TAG OK done\r\n",
    "IDLE": b"+ idling\r\n",
    "DONE": b"TAG OK done\r\n",
    "LOGOUT": b"* BYE\r\nTAG OK bye\r\n",
}


class Conversation:
    """One connection to the hostile server."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.tag = b""

    def say(self, answer: Answer) -> None:
        """Send an answer, with the client's tag put in."""
        if callable(answer):
            answer(self)
        else:
            self.line.sendall(answer.replace(b"TAG", self.tag))


class Hostile:
    """A small IMAP server that answers from a table; `harm` replaces rows for the first connections."""

    def __init__(self, harm: dict[str, Answer], times: int = 1, context: ssl.SSLContext | None = None) -> None:
        self.harm, self.times, self.context = harm, times, context
        self.connections = 0
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "Hostile":
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def account(self, **settings: Any) -> ImapAccount:
        """How to open it: with little patience."""
        given: dict[str, Any] = {"tls": "none", "connect_timeout": 0.3, "read_timeout": 0.3, "poll": 0.05} | settings
        return ImapAccount("127.0.0.1", self.port, username="bot", password=lambda: PASSWORD, **given)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        answers = POLITE | (self.harm if self.connections <= self.times else {})
        with suppress(OSError, ValueError):
            if self.context:
                line = self.context.wrap_socket(line, server_side=True)
            conversation = Conversation(line)
            conversation.say(answers["greeting"])
            with line.makefile("rb") as commands:
                for command in commands:
                    self.heard.append(command)
                    conversation.say(answers[row_of(command, conversation)])
        line.close()


def row_of(command: bytes, conversation: Conversation) -> str:
    """The row of the table that a command line asks for."""
    if command == b"DONE\r\n":
        return "DONE"
    conversation.tag, verb, *rest = command.split()
    if verb == b"UID":
        verb, rest = rest[0], rest[1:]
    if verb == b"FETCH":
        return "BODIES" if b"BODY.PEEK" in command else "SIZES"
    return verb.decode()


def hang(conversation: Conversation) -> None:
    """Say nothing for long."""
    time.sleep(30)


def drop(conversation: Conversation) -> None:
    """Close the connection."""
    conversation.line.shutdown(socket.SHUT_RDWR)
    raise OSError


def drip(conversation: Conversation) -> None:
    """Send a byte now and then, never a line."""
    while True:
        conversation.line.sendall(b"*")
        time.sleep(0.05)


def flood(conversation: Conversation) -> None:
    """Send lines without end."""
    while True:
        conversation.line.sendall(b"* OK still here\r\n" * 1000)
