"""A proxy between the program and a server, which cuts or freezes the line where it is told to.

Its one rule: what it lets through is let through byte for byte; a cut is a reset as a router makes one, and in a
freeze the line stays open and says nothing.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

PIECE = 65_536


class Deed(Enum):
    """What is done to a line."""

    CUT = "cut"
    FREEZE = "freeze"


@dataclass
class Harm:
    """What to do, and where: once `answered` bytes have come from the server, or at the nth piece from the client:
    before it is handed on, or in place of the server's answer; once, to the first line that comes so far."""

    deed: Deed
    answered: int = -1
    command: int = -1
    handed_on: bool = False
    done: bool = False

    def due(self, piece: bytes, commands: int) -> bool:
        """True where a piece from the client is the one."""
        return not self.done and commands == self.command


@dataclass
class Proxy:
    """Listens on loopback, and speaks with the server at a port for whoever comes. `frozen` stops everything."""

    target: int
    harm: Harm | None = None
    connections: int = 0
    answered: int = 0
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._flows = threading.Event()
        self._flows.set()
        self._closed = False
        self._lines: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self._flows.set()
        self.cut()

    def begin(self, harm: Harm | None = None) -> None:
        """Count anew, with other harm in mind."""
        self.harm, self.answered, self.asked = harm, 0, []

    def freeze(self) -> None:
        """Nothing goes through any more, and nothing is closed."""
        self._flows.clear()

    def thaw(self) -> None:
        """What waited goes on."""
        self._flows.set()

    def refuse(self) -> None:
        """Whoever comes is turned away, and whoever is there."""
        self._closed = True
        self.cut()

    def admit(self) -> None:
        """Let them in again."""
        self._closed = False

    def cut(self) -> None:
        """Reset every line."""
        for line in self._lines:
            _reset(line)
        self._lines.clear()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.connections += 1
                server = None if self._closed else self._reach()
                if server is None:
                    _reset(client)
                    continue
                self._lines += (client, server)
                for one, other, look in ((client, server, self._ask), (server, client, self._answer)):
                    threading.Thread(target=self._carry, args=(one, other, look), daemon=True).start()

    def _reach(self) -> socket.socket | None:
        """A line to the server, if it is there."""
        with suppress(OSError):
            return socket.create_connection(("127.0.0.1", self.target))
        return None

    def _carry(
        self, one: socket.socket, other: socket.socket, look: Callable[[bytes, socket.socket], bytes | None]
    ) -> None:
        try:
            while piece := one.recv(PIECE):
                left = look(piece, other)
                self._flows.wait()
                if left is None:
                    other.sendall(piece)
                    continue
                other.sendall(left)
                self._do()
                break
            else:
                other.shutdown(socket.SHUT_WR)
                return
        except OSError:  # one end is gone, and the other is to hear of it
            pass
        _reset(one)
        _reset(other)

    def _do(self) -> None:
        """Be silent, where that is what was asked for, until the line may flow again."""
        if self.harm is not None and self.harm.deed is Deed.FREEZE:
            self.freeze()
            self._flows.wait()

    def _ask(self, piece: bytes, _server: socket.socket) -> bytes | None:
        self.asked.append(piece)
        harm = self.harm
        if harm and harm.due(piece, len(self.asked)):
            if not harm.handed_on:
                harm.done = True
                return b""
            harm.answered = self.answered  # the server does it, and what it says of it is not heard
        return None

    def _answer(self, piece: bytes, _client: socket.socket) -> bytes | None:
        harm, before = self.harm, self.answered
        self.answered += len(piece)
        if harm and not harm.done and 0 <= harm.answered <= self.answered:
            harm.done = True
            return piece[: max(harm.answered - before, 0)]
        return None


def _reset(line: socket.socket) -> None:
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.shutdown(socket.SHUT_RDWR)  # wakes whoever reads it here
        line.close()
