"""A second way to tell people: a command of theirs, or an account of another mail server.

Its one rule: nobody waits for it. What is told goes its way beside the loop, and is asked after later.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from threading import Thread
from typing import Protocol

from bot.edge.command import Command
from bot.edge.outbox import Outbox, SmtpAccount
from bot.errors import Trouble
from bot.mail.letter import Sent

WITHIN = 60.0  # seconds for a command
PATIENCE = 20.0  # seconds for each answer of a server
SUBJECT = 150  # letters


class Channel(Protocol):
    """A way to tell people something; one thing at a time."""

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Begin to tell it."""

    def told(self) -> str | None:
        """What became of it: empty when it went well, else why not; None while that is open."""

    def close(self) -> None:
        """Give up what is under way."""


class ByCommand:
    """A command (words, no shell); what there is to tell is its standard input."""

    def __init__(self, words: tuple[str, ...], folder: Path) -> None:
        self._words, self._folder = words, folder
        self._running: Command | None = None
        self._failed = ""

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Start the command."""
        try:
            self._running = Command(self._words, self._folder, WITHIN, f"{subject}\n\n{text}")
        except OSError as error:
            self._failed = f"{self._words[0]}: {error.strerror or error}"

    def told(self) -> str | None:
        """What became of it."""
        if self._running is None:
            failed, self._failed = self._failed, ""
            return failed
        ended = self._running.ended()
        if ended is None:
            return None
        self._running = None
        return "" if ended.well else f"{self._words[0]}: {ended.said}"

    def close(self) -> None:
        """End the command."""
        if self._running is not None:
            self._running.end()
            self._running = None


class ByMail:
    """Another account, from which a mail goes to some addresses."""

    def __init__(self, account: SmtpAccount, sender: str, to: Sequence[str]) -> None:
        self._account = replace(account, timeout=PATIENCE, last_timeout=PATIENCE)
        self._sender, self._to = sender, tuple(to)
        self._thread: Thread | None = None
        self._failed = ""

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Start to send it."""
        wire = alert_mail(self._sender, self._to, subject, text, now)
        self._failed = ""
        # A thread and no process: it only waits for a server. It holds nothing that the loop works with.
        self._thread = Thread(target=self._send, args=(wire,), name="alert", daemon=True)
        self._thread.start()

    def told(self) -> str | None:
        """What became of it."""
        if self._thread is not None and self._thread.is_alive():
            return None
        self._thread = None
        return self._failed

    def close(self) -> None:
        """Leave it alone: its thread ends with the program."""

    def _send(self, wire: bytes) -> None:
        outbox, failed = Outbox(self._account), ["no answer"]
        try:
            delivered = [outbox.send(self._sender, to, wire) for to in self._to]
            failed = [each.reason for each in delivered if not isinstance(each, Sent)]
        except Trouble as trouble:
            failed = [str(trouble)]
        finally:
            # Whoever reached one of them has told somebody.
            self._failed = failed[0] if len(failed) >= len(self._to) or not self._to else ""
            with suppress(Trouble):
                outbox.close()


def alert_mail(sender: str, to: Sequence[str], subject: str, text: str, now: datetime) -> bytes:
    """The bytes of an alert, ready to be sent: a machine's mail that says so, so that no machine answers."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Subject"] = subject[:SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid("cmpbot", sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text)
    return mail.as_bytes()
