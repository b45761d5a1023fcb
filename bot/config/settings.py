"""Settings: everything the configuration decides, as one frozen value that is handed down.

Its one rule: whoever holds a Settings holds a valid one; it never shows a secret when printed.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.edge.mailbox import ImapAccount
from bot.edge.outbox import SmtpAccount
from bot.edge.sandbox import SandboxLimits
from bot.intake.form import FieldTable
from bot.office.office import Office

if TYPE_CHECKING:
    from bot.edge.oauth import Tokens
    from bot.edge.store import Budget


@dataclass(frozen=True, slots=True)
class Posting:
    """Where the posting is written, and the command (words, no shell) to run after a change; whether it
    shows how originators are reached, and the endings of documents that it offers."""

    folder: Path
    after_publish: tuple[str, ...] = ()
    contacts: bool = False
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures that keep one bad mail from hurting the next: tries before a mail is set aside,
    mails handled in one go, seconds between two looks into the mailbox, the most letters
    that one address gets without a person asking for them, and after how many failures in a row
    an address gets none."""

    attempts: int = 3
    batch: int = 50
    poll_seconds: int = 60
    answers_an_hour: int = 3
    answers_a_day: int = 10
    acknowledgements_an_hour: int = 100
    about_one_an_hour: int = 30
    hard_bounces: int = 3


@dataclass(frozen=True, slots=True)
class Alerts:
    """When something counts as not well (how long a server may be away or a mail wait, how long a letter may be
    owed, the least room on a disk), and a second way to tell people of it, with the most alerts a day: a command
    (words, no shell), or an account of another mail server with addresses. Without either nobody is told."""

    after: timedelta = timedelta(minutes=15)
    letters: timedelta = timedelta(hours=4)
    disk_megabytes: int = 500
    most_a_day: int = 20
    command: tuple[str, ...] = ()
    smtp: SmtpAccount | None = None
    sender: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. `own_addresses` are those whose mail is our own; `worker` names this
    process to the others; `forms` holds the field table and the blanks, `kept` what can be made anew;
    after `keep_years` (0: never) the bytes of mails and letters of what is closed are erased;
    `oauth` gives the access tokens where the two accounts log in with some."""

    path: Path
    office: Office
    table: FieldTable
    embedded: bool
    imap: ImapAccount
    smtp: SmtpAccount
    own_addresses: frozenset[str]
    store_url: str = field(repr=False)
    posting: Posting
    limits: Limits
    sandbox: SandboxLimits
    worker: str
    templates: Path
    forms: Path
    kept: Path
    keep_years: int = 0
    alerts: Alerts = field(default_factory=Alerts)
    oauth: "Tokens | None" = field(default=None, repr=False)

    @property
    def budget(self) -> "Budget":
        """The reply budget, as the store wants it."""
        from bot.edge.store import Budget  # noqa: PLC0415 - half of the commands need no database, nor the wait for it

        limits = self.limits
        return Budget(
            limits.answers_an_hour,
            limits.answers_a_day,
            limits.acknowledgements_an_hour,
            about_one_an_hour=limits.about_one_an_hour,
        )
