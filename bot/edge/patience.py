"""Patience: how long a mail server may take, and who hears meanwhile that it is waited for.

Its one rule: a wait is cut into slices, after each of which somebody is told, and no wait goes on after
its end. So a server that says nothing neither silences the heartbeat nor holds us for ever.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any

PIECE = 65_536  # bytes; over TLS one deed takes all that it is given, and none may take longer than a silence
SLOWEST = 65_536  # bytes a second; below it what is said or heard counts as stalled
SLICE = 15.0  # seconds; a wait that lasts longer says after each of them that it goes on


class Patience:
    """Until when an answer may take; `waiting` is called when a wait begins and after each slice of it.

    A time-out of each read alone lets a server that sends one byte a minute hold us for ever.
    """

    def __init__(self, waiting: Callable[[], None]) -> None:
        self._waiting = waiting
        self._end = inf

    def grant(self, seconds: float) -> None:
        """Begin anew: so many seconds from now."""
        self._end = monotonic() + seconds

    def check(self) -> None:
        """Raise TimeoutError once that time is over."""
        if monotonic() > self._end:
            raise TimeoutError("the server takes too long")

    def wait(self) -> None:
        """Say that somebody waits. Raises TimeoutError when they have waited long enough."""
        self.check()
        self._waiting()


def dial(host: str, port: int, seconds: float | None, patience: Patience) -> socket.socket:
    """A connection to the first address of a host that answers, each within so many seconds."""
    failed = OSError(f"{host} has no address")
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        patience.wait()
        try:
            return socket.create_connection((str(address[0]), port), seconds)
        except OSError as error:
            failed = error
    raise failed


def patient(kind: type[socket.socket], patience: Patience) -> type[Any]:
    """A kind of socket whose time-out, as before, is how long the other side may be silent, and which waits
    for that in slices."""

    class Patient(kind):  # type: ignore[misc,valid-type]  # the base is an argument
        def recv_into(self, *args: Any) -> int:
            return int(self._in_slices(super().recv_into, *args))

        def send(self, *args: Any) -> int:
            return int(self._in_slices(super().send, *args))

        def sendall(self, content: bytes, *_: Any) -> None:
            left = memoryview(content)
            while left:
                left = left[self.send(left[:PIECE]) :]

        def do_handshake(self, *args: Any) -> None:  # of TLS
            self._in_slices(super().do_handshake, *args)

        def _in_slices(self, deed: Callable[..., Any], *args: Any) -> Any:
            """What the deed gives. One that timed out has done nothing yet, and may be tried again."""
            silence = self.gettimeout()
            end = monotonic() + silence
            try:
                patience.wait()
                while (left := end - monotonic()) > 0:
                    self.settimeout(min(left, SLICE))
                    with suppress(TimeoutError):
                        return deed(*args)
                    patience.wait()
                raise TimeoutError("timed out")
            finally:
                self.settimeout(silence)

    return Patient
