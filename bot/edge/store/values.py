"""What goes into the store and comes out of it beside the values of the core.

Its one rule: plain frozen values; none of them knows a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from hashlib import sha256
from typing import Self

from bot.mail.compose import with_files
from bot.mail.letter import Kind
from bot.mail.message import Envelope
from bot.posting.register import Printed
from bot.workflow.effect import Fate


class MailState(StrEnum):
    """Where a mail stands: waiting, held while everything is frozen, in work, done, or the same as one
    that is done."""

    STORED = "stored"
    HELD = "held"
    CLAIMED = "claimed"
    FATE = "fate"
    COPY = "copy"


class LetterState(StrEnum):
    """Where a letter stands. A withheld one was over its recipient's budget, a recalled one said what
    was undone before it went out; neither is ever sent. After a restore letters are held until the operator
    releases or drops them."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    WITHHELD = "withheld"
    RECALLED = "recalled"
    HELD = "held"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that has come in, not yet kept. `truncated`: only its headers were fetched."""

    envelope: Envelope
    raw: bytes
    truncated: bool = False

    @classmethod
    def of(
        cls,
        raw: bytes,
        arrived: datetime,
        folder: str = "",
        uidvalidity: int = 0,
        uid: int = 0,
        *,
        truncated: bool = False,
    ) -> Self:
        """The arrival of raw bytes; their hash gives the mail its id."""
        mail_id = sha256(raw).hexdigest()[:12]
        return cls(Envelope(mail_id, arrived, folder, uidvalidity, uid), raw, truncated)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail to be handled now, by us alone; `attempts` counts this one."""

    envelope: Envelope
    raw: bytes
    attempts: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A letter to be sent now, by us alone. `tries` failed before this one; an empty return path
    is the null one."""

    id: str
    kind: Kind
    number: str
    recipient: str
    return_path: str
    outline: bytes
    files: Mapping[str, bytes] = field(repr=False)
    tries: int
    first_tried: datetime

    @property
    def wire(self) -> bytes:
        """The bytes to send. They are put together only then, one letter at a time in memory."""
        return with_files(self.outline, self.files)


@dataclass(frozen=True, slots=True)
class Dirty:
    """A page that is out of date since then; `mark` changes whenever it becomes so again."""

    page: str
    since: datetime
    mark: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of the posting as it was written: its path, the key of the page that it was made for, and
    what is in it. Without a hash it is to be written anew."""

    path: str
    page: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Lined:
    """A line of the register by the key of its change request; None where it has to be printed anew."""

    key: str
    printed: Printed | None


@dataclass(frozen=True, slots=True)
class Budget:
    """The most letters that one address gets from us without a person asking for them: the last
    line of defence against a loop with a machine that nobody recognised (reliability.md T3)."""

    answers_an_hour: int = 3
    answers_a_day: int = 10
    acknowledgements_an_hour: int = 100
    attempts_an_hour: int = 3
    about_one_an_hour: int = 30

    def limits(self, kind: Kind) -> tuple[tuple[Kind, ...], tuple[tuple[timedelta, int], ...]]:
        """The kinds that are counted together with this one, and how many fit into which time."""
        if kind in (Kind.ACKNOWLEDGEMENT, Kind.REVISED, Kind.TRANSCRIPT):
            return (kind,), ((timedelta(hours=1), self.acknowledgements_an_hour),)
        if kind in ANSWERS:
            return ANSWERS, ((timedelta(hours=1), self.answers_an_hour), (timedelta(days=1), self.answers_a_day))
        if kind in ATTEMPTS:
            return ATTEMPTS, ((timedelta(hours=1), self.attempts_an_hour),)
        return (), ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a unit needs to know of the office: the worker's name, the reply budget, the zone in
    which a deadline's day ends, and the envelope sender to which bounces go. After a restore letters are
    held (`holds`), and numbers that somebody was mailed are passed over (`reserved`)."""

    worker: str
    budget: Budget
    zone: tzinfo
    return_path: str
    holds: bool = False
    reserved: frozenset[str] = frozenset()


ATTEMPTS = (Kind.CONFIRMATION, Kind.ATTEMPT)
"""What people get because somebody used their name; anybody can, as often as they like."""
ANSWERS = (Kind.HELP, Kind.INCOMPLETE, Kind.PARKED, Kind.MEANT)
ECHOES = (*ANSWERS, Kind.COMMENT, Kind.REVIEW, Kind.TROUBLE, Kind.UNREADABLE)
"""What may go back to whoever wrote the mail that it is about, and so begin a loop (reliability.md T4)."""
COUNTED = (*ECHOES, Kind.REVISED)
"""What counts among them; a change that was made is told all the same."""
ABOUT_ONE = (Kind.COMMENT, Kind.REVIEW)
"""What anybody can have sent to the staff about one change request, as often as they like."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The store will not do what was asked, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as the store lists it; `fate` is None until it has one."""

    id: str
    arrived: datetime
    sender: str
    subject: str
    state: MailState
    fate: Fate | None
    number: str
    reason: str
    attempts: int
    copies: int
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter as the store lists it. `resent` counts how often a process died while sending it."""

    id: str
    number: str
    kind: Kind
    recipient: str
    state: LetterState
    tries: int
    resent: int
    created_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    last_error: str
    message_id: str
    wire: str
