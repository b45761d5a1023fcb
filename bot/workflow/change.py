"""ChangeRequest: the thing that moves, and the words for where it stands.

Its one rule: phase (what the CR is in), milestone (what completes a step), disposition (the
carrier's word) and reaction (the CLECs' word) are four different things (DESIGN section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.intake.form import Problem, Value, in_words
from bot.mail.letter import Thread
from bot.office.people import Address


class Step(StrEnum):
    """The steps of the seed, by their numbers."""

    REQUEST = "1"
    OWN_REQUEST = "1A"
    SME_ASSIGNMENT = "2"
    CLARIFICATION = "3"
    RESPONSE = "4"
    PRESENTATION = "5"
    REVISION = "5A"
    NOT_ACCEPTED = "5B"
    ESCALATED = "5C"
    RESOLVED = "5D"
    ACCEPTED = "6"
    CHANGE = "7"
    ANNOUNCEMENT = "8"
    PRODUCTION = "9"
    TEST = "10"
    CLOSED = "11"


class Phase(StrEnum):
    """The seed's Status Phase column."""

    SUBMISSION = "Submission"
    CLARIFICATION = "Clarification"
    EVALUATION = "Evaluation"
    PRESENTED = "Presented"
    DECLINED = "Declined"
    DEFERRED = "Deferred"
    ESCALATED = "Escalated"
    DEVELOPMENT = "Development"
    CLEC_TEST = "CLEC Test"
    COMPLETION = "Completion"


class Milestone(StrEnum):
    """The seed's Milestone column."""

    CR_RECEIVED = "CR Received"
    SME_ASSIGNED = "SME Assigned"
    ALIGNMENT_COMPLETED = "Alignment Completed"
    RESPONSE_ISSUED = "Response Issued"
    RESPONSE_PRESENTED = "Response Presented"
    RESPONSE_ACCEPTED = "Response Accepted"
    RESOLVED = "Resolved"
    CLEC_NOTIFIED = "CLEC Notified"
    TEST_READY = "Test Ready"
    CR_CLOSED = "CR Closed"


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone and the local date on which it was reached."""

    milestone: Milestone
    on: date


@dataclass(frozen=True, slots=True)
class Revision:
    """The text of the request as one form gave it; the first is number 0. `by` is a person's id or
    a company's name; empty for the forms of the originator before the CR was logged."""

    number: int
    at: datetime
    mail: str
    fields: Mapping[str, Value]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that belongs to the CR, kept by the SHA-256 of its bytes. `content_type` is ours, by
    content; `title` says what it is to people."""

    sha256: str
    name: str
    content_type: str
    title: str
    at: datetime


SENDER, MANAGER = "the sender's corrections", "the CMP Manager"
"""What an intake waits for."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is open between us and the sender of an intake: what is wrong with the form, the address
    that may be written to (None: no proven one), the thread to write in, the format of form to send
    back, why a person has to look (in their words, if so), and how often the sender was reminded."""

    problems: tuple[Problem, ...] = ()
    to: Address | None = None
    thread: Thread = field(default_factory=Thread)
    format: str = "txt"
    why: str = ""
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A change request, or (while its number starts with IN) an intake on the way to one.

    `key` is the first number it was given and never changes; `number` becomes PC... when it is
    logged. `first_arrived` is the arrival of the very first form, `received_at` that of the
    form that made it complete; both aware, UTC. `status_date` is a local date. Only an intake has
    an `inquiry`; its `documents` are the file that its present text came in.
    """

    key: str
    number: str
    step: Step
    phase: Phase
    status_date: date
    first_arrived: datetime
    received_at: datetime
    originator: Address
    company: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    milestones: tuple[Reached, ...] = ()
    revisions: tuple[Revision, ...] = ()
    documents: tuple[Document, ...] = ()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    disposition: str = ""
    reaction: str = ""
    waits_for: str = ""
    inquiry: Inquiry | None = None

    @property
    def logged(self) -> bool:
        """True once it carries a CR number."""
        return self.number.startswith("PC")

    @property
    def open(self) -> bool:
        """True until it is closed."""
        return self.phase is not Phase.COMPLETION

    def text(self, key: str) -> str:
        """A form field as one text; empty when absent."""
        return in_words(self.fields.get(key, ""))

    @property
    def title(self) -> str:
        """The title of the change, or a plain word for not having one."""
        return self.text("title") or "(no title)"


def number_for(series: str, day: date, n: int) -> str:
    """The n-th number of a series on a local date: `PC` + mmddyy + `-` + n."""
    return f"{series}{day:%m%d%y}-{n}"
