"""Where the mailbox is, and how patient we are with it. Its one rule: no socket is opened here."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal


def reconnect_after(failures: int, spread: float) -> float:
    """Seconds to wait before connecting again after `failures` (1 or more) in a row.

    `spread` is a random number from 0 to 1 that the caller draws. From the fifth failure on there
    is at most one login in 30 s, and never a wait over 60 s (reliability.md F7, F8).
    """
    wait = (1.0, 2.0, 4.0, 8.0, 30.0, 48.0)[min(max(failures, 1), 6) - 1]
    return wait * (1 + spread / 4)


def is_loopback(host: str) -> bool:
    """True for a host that cannot be reached from another machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is and how to open it; times in seconds, sizes in bytes.

    Folder names are written with `/`; the server's own separator and prefix are put in later.
    `poll` is the pause between two looks while waiting; 0 chooses: short on loopback, else IDLE.
    Where there is a `token`, it and no password logs in (XOAUTH2): it gives an access token, another one
    than that which it is called with; "" where none was refused.
    Raises ValueError for what must never be tried: a login in clear text over a network, control
    characters in a name.
    """

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    username: str
    password: Callable[[], str] = field(repr=False)
    inbox: str = "INBOX"
    processed: str = "Processed"
    parked: str = "Parked"
    quarantine: str = "Quarantine"
    ca_file: str | None = None
    connect_timeout: float = 10
    read_timeout: float = 60
    largest: int = 25 * 1024 * 1024
    poll: float = 0
    token: Callable[[str], str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError("without TLS only a server on this machine may be used")
        for name in (self.username, self.inbox, self.processed, self.parked, self.quarantine):
            if not name.isprintable():
                raise ValueError(f"a name holds a control character: {name!r}")
