"""Letter: a mail that we owe. Its one rule: it says what and to whom, never how it is sent.

A kind is a row of one enum and two templates, `templates/mail/KIND.txt` and `.html`
(DESIGN section 6). The first line of the text template is the subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from functools import cached_property
from hashlib import sha256

from bot.office.people import Address


class Kind(StrEnum):
    """Every kind of letter; the value names its templates."""

    ACKNOWLEDGEMENT = "acknowledgement"
    INCOMPLETE = "incomplete"
    RETURNED = "returned"
    REMINDER = "reminder"
    REVISED = "revised"
    PARKED = "parked"
    FORWARD = "forward"
    EXCEPTION = "exception"
    REVIEW = "review"
    COMMENT = "comment"
    HELP = "help"
    UNREADABLE = "unreadable"
    UNDELIVERED = "undelivered"
    UNCARRIED = "uncarried"
    EXPIRY = "expiry"
    TROUBLE = "trouble"
    WITHHELD = "withheld"
    TRANSCRIPT = "transcript"
    MEANT = "meant"
    CONFIRMATION = "confirmation"
    ATTEMPT = "attempt"
    ASSIGNED = "assigned"
    NAME_SMES = "name_smes"
    SMES_NAMED = "smes_named"
    INVITATION = "invitation"
    RSVP = "rsvp"
    MINUTES = "minutes"
    OPTIONS = "options"
    EXTENDED = "extended"
    AGENDA_ITEM = "agenda_item"
    ALIGNED = "aligned"
    DRAFT = "draft"
    APPROVED = "approved"
    DISAPPROVED = "disapproved"
    RESPONSE = "response"
    OUTCOME = "outcome"
    CHOICE = "choice"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    DEFERRED = "deferred"
    RESUMED = "resumed"
    IMPLEMENTATION = "implementation"
    TEST_OPEN = "test_open"
    REWORK = "rework"
    CONSENT = "consent"
    OBJECTED = "objected"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CROSSOVER = "crossover"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    UNDONE = "undone"
    QUESTION = "question"
    ACTION_ITEM = "action_item"
    AWAY = "away"
    DIGEST = "digest"
    AGENDA = "agenda"
    OUTCOMES = "outcomes"
    REPORT = "report"

    @property
    def null_return_path(self) -> bool:
        """True for letters whose bounces nobody needs (DESIGN section 6)."""
        return self in (Kind.HELP, Kind.CONFIRMATION)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the content, by which it is kept."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Thread:
    """What a letter answers: the Message-ID it replies to and the ids before that one."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """One mail to one recipient. `cause` is the id of the event that owes it: together with kind
    and recipient it gives the letter's id, so that owing it twice is owing it once. It is not sent
    `not_before` an instant (None: at once), so that what it says can still be taken back. `calendar` is
    the iCalendar object that it carries for the recipient's calendar (mail.invite); empty: none."""

    cause: str
    kind: Kind
    to: Address
    number: str = ""
    context: Mapping[str, object] = field(default_factory=dict)
    thread: Thread = Thread()
    enclosures: tuple[Enclosure, ...] = ()
    not_before: datetime | None = None
    calendar: bytes = b""

    @cached_property
    def id(self) -> str:
        """24 hex digits, the same for the same cause, kind and recipient; asked for eight times a letter."""
        return sha256(f"{self.cause}\0{self.kind}\0{self.to.email}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter put into words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the letter."""


@dataclass(frozen=True, slots=True)
class Later:
    """The server did not take the letter now; it may later. Where our account is `barred`, it would take no other."""

    reason: str
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Dead:
    """The letter was refused for good; it is kept and shown to the operator."""

    reason: str


Delivery = Sent | Later | Dead


class Fault(Enum):
    """What a mail system's word of failure comes to: the address takes nothing, this letter was not delivered, or
    it may be yet."""

    ADDRESS = "address"
    LETTER = "letter"
    FOR_NOW = "for now"


FIRST_RETRY = timedelta(minutes=5)
LONGEST_WAIT = timedelta(seconds=4000)
GIVE_UP_AFTER = timedelta(days=5)
FEWEST_TRIES = 5
MOST_DOUBLINGS = 4  # four pass the longest wait; more could pass the largest number


def retry_at(tries: int, now: datetime, first_tried: datetime, spread: float) -> datetime | None:
    """When to try a letter again after its `tries`-th failure, or None when it is dead.

    The figures are Postfix's: 300 s, doubling to 4,000 s, for 5 days. `spread` is a random
    number from 0 to 1 that the caller draws; it moves the wait by up to a tenth either way.
    A few tries alone are no five days, whatever a clock says that was wrong at the first.
    """
    if now - first_tried >= GIVE_UP_AFTER and tries >= FEWEST_TRIES:
        return None
    wait = min(FIRST_RETRY * (1 << min(tries - 1, MOST_DOUBLINGS)), LONGEST_WAIT)
    return now + wait * (0.9 + 0.2 * spread)
