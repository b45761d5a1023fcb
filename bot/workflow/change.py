"""ChangeRequest: the thing that moves, and the words for where it stands.

Its one rule: phase (what the CR is in), milestone (what completes a step), disposition (the
carrier's word) and reaction (the CLECs' word) are four different things (DESIGN section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.intake.form import Problem, Value, in_words
from bot.intake.request import Partstat
from bot.mail.letter import Thread
from bot.office.people import Address, Role


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
    WITHDRAWN = "Withdrawn"
    CROSSOVER = "Crossover"


ENDED = frozenset({Phase.COMPLETION, Phase.WITHDRAWN, Phase.CROSSOVER})
"""Phases in which nothing is asked of anybody; the last two are administrative, outside the steps."""

PHASE_OF: Mapping[Step, Phase] = {
    Step.REQUEST: Phase.SUBMISSION,
    Step.OWN_REQUEST: Phase.SUBMISSION,
    Step.SME_ASSIGNMENT: Phase.SUBMISSION,
    Step.CLARIFICATION: Phase.CLARIFICATION,
    Step.RESPONSE: Phase.EVALUATION,
    Step.PRESENTATION: Phase.PRESENTED,
    Step.REVISION: Phase.PRESENTED,
    Step.NOT_ACCEPTED: Phase.DECLINED,
    Step.ESCALATED: Phase.ESCALATED,
    Step.RESOLVED: Phase.ESCALATED,
    Step.ACCEPTED: Phase.CLEC_TEST,
    Step.CHANGE: Phase.DEVELOPMENT,
    Step.ANNOUNCEMENT: Phase.DEVELOPMENT,
    Step.PRODUCTION: Phase.CLEC_TEST,
    Step.TEST: Phase.CLEC_TEST,
    Step.CLOSED: Phase.COMPLETION,
}
"""The phase that goes with a step; at step 6 the way may say otherwise (domain.md section 8, 21)."""


class Disposition(StrEnum):
    """The carrier's word on a change request (seed step 4)."""

    NONE = ""
    ACCEPTED = "Accepted"
    DENIED = "Denied"


class Reaction(StrEnum):
    """The CLECs' word on the carrier's response (seed step 5)."""

    NONE = ""
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    REVISE = "Revise"


class Way(StrEnum):
    """How an accepted response goes on (seed step 6): answered, a plan to carry out, a denial."""

    NONE = ""
    ANSWERED = "ANSWERED"
    PLAN = "PLAN"
    DENIAL = "DENIAL"


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


ROLES: Mapping[str, Role] = {"crpm": Role.CRPM, "director": Role.DIRECTOR, "smes": Role.SME}
"""The roles that an assignment gives, by the keys of `ChangeRequest.people`; any other is held for all of them."""


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
    content; `title` says what it is to people. What is not `public` stays inside."""

    sha256: str
    name: str
    content_type: str
    title: str
    at: datetime
    public: bool = True


@dataclass(frozen=True, slots=True)
class Meeting:
    """The clarification meeting as it is planned, or was held: its start (aware, UTC), how long, and
    where; `sequence` counts its changes for calendars, `held_on` and `minutes_on` are local dates. `n`
    tells the meetings of a change request apart: one that is `cancelled` keeps its number. `invited` are
    those in whose calendars it stands."""

    at: datetime
    minutes: int = 60
    place: str = ""
    sequence: int = 0
    n: int = 1
    cancelled: bool = False
    held_on: date | None = None
    minutes_on: date | None = None
    invited: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody who was invited answered by their calendar, about the `n`-th meeting as it stood at a
    `sequence`; `at` is the mail's arrival (aware, UTC). `proposed`: when they would rather meet; `delegate`
    is the address of whom they send instead. One that is not `proven` may be anybody's."""

    email: str
    n: int
    sequence: int
    partstat: Partstat
    at: datetime
    proven: bool = True
    comment: str = ""
    proposed: datetime | None = None
    delegate: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """The carrier's answer: a draft, and once `issued_on` the response itself. `text` is what its first
    file says. `sha256` is the hash of all that it says, files included, and of the text of the request
    that it answers; an approval is of that hash and lapses with it. `replaces` is the hash of the draft
    or response before it, `shown` are the causes of the letters that hold it. `by` and `approved_by`
    are person ids, `notice` the number of the notice that issued it."""

    disposition: Disposition
    text: str
    sha256: str
    by: str
    drafted_on: date
    position: str = ""
    basis: str = ""
    reference: str = ""
    files: tuple[str, ...] = ()
    approved_by: str = ""
    approved_on: date | None = None
    refused_on: date | None = None
    replaces: str = ""
    shown: tuple[str, ...] = ()
    issued_on: date | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A dispute (seed step 5C): its running number, when and by whom it was opened, why, from where,
    and the companies that joined it. `speakers` are those of them who wrote so themselves."""

    number: int
    opened_on: date
    by: str
    reason: str
    opened_from: Step
    joined: tuple[str, ...] = ()
    resolved_on: date | None = None
    resolution: str = ""
    speakers: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that a person of the staff is to do by a local date."""

    n: int
    person: str
    due: date
    text: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The CRPM's question whether it may be closed, and an objection to it, if any."""

    reason: str
    asked_on: date
    by: str
    objection: str = ""
    consent: str = ""


INTAKE = "IN"
"""How the number of an intake begins."""
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
    logged; one that was imported has the number of its register. `first_arrived` is the arrival of the
    very first form, `received_at` that of the form that made it complete; both aware, UTC. `status_date` is
    a local date. Only an intake has an `inquiry`; its `documents` are the file that its present text came in.

    `agenda` is the Monthly Meeting it stands on the agenda of, `presented_on` when the CLEC presented it,
    `replies` what those invited to `meeting` answered, `draft` the response in work, `void` the hash of one
    that fell away unissued, `responses` those issued, the last one in force; `way` and `no_test` how it
    goes on from step 6, `announced` the date of implementation, `ended` why it ended outside the steps,
    `asked_by` the ids of those of the staff who wait for an answer of the originator. All dates are local.
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
    disposition: Disposition = Disposition.NONE
    reaction: Reaction = Reaction.NONE
    waits_for: str = ""
    inquiry: Inquiry | None = None
    way: Way = Way.NONE
    no_test: bool = False
    agenda: date | None = None
    presented_on: date | None = None
    meeting: Meeting | None = None
    replies: tuple[Reply, ...] = ()
    draft: Response | None = None
    void: str = ""
    responses: tuple[Response, ...] = ()
    escalation: Escalation | None = None
    deferred_until: date | None = None
    announced: date | None = None
    closing: Closing | None = None
    actions: tuple[ActionItem, ...] = ()
    followers: tuple[Address, ...] = ()
    asked_by: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    ended: str = ""

    @property
    def logged(self) -> bool:
        """True once it carries a CR number: any but an intake's, for one that was imported keeps its own."""
        return not self.number.startswith(INTAKE)

    @property
    def open(self) -> bool:
        """True until it is closed."""
        return self.phase not in ENDED

    @property
    def planned(self) -> Meeting | None:
        """The meeting that is still to come about; None where none is, or it was held or cancelled."""
        meeting = self.meeting
        return meeting if meeting and meeting.held_on is None and not meeting.cancelled else None

    @property
    def response(self) -> Response | None:
        """The response in force; None until one was issued."""
        return self.responses[-1] if self.responses else None

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


def by_receipt(change: ChangeRequest) -> tuple[datetime, str, int]:
    """What change requests sort by as they came; those that came together, by their numbers, of which -2 is before
    -10."""
    series, _, n = change.key.rpartition("-")
    return change.received_at, series, int(n) if n.isdecimal() else 0
