"""Notify: what systemd wants to hear of a service (sd_notify(3)). Its one rule: outside systemd nothing is said,
and nothing that goes wrong with it matters to anybody.
"""

import os
import socket
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify(*states: str) -> None:
    """Say some states to the service manager that started us, in one datagram."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # An abstract socket is written with an @ where its name begins with a NUL.
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.setblocking(False)
        line.sendto("\n".join(states).encode(), path)


def reloading(monotonic: float) -> tuple[str, str]:
    """What is said when the configuration is read again, at a moment of the monotonic clock in seconds."""
    return "RELOADING=1", f"MONOTONIC_USEC={int(monotonic * 1_000_000)}"
