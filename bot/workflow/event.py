"""Events: everything `decide` accepts. Facts with their time, past tense, no opinions.

Its one rule: an event carries all that the decision needs from the world (the number that was
taken, the files to send back), so that deciding needs nothing else.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.intake.arguments import Arguments, Mistake
from bot.intake.form import Submission
from bot.intake.request import CommandLine, Form, Rsvp
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Fault, Kind, Thread
from bot.office.people import Address
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.duplicate import Lookalike
from bot.workflow.effect import Row
from bot.workflow.promise import Promise

if TYPE_CHECKING:
    from bot.workflow.agenda import Agenda, Candidate
    from bot.workflow.package import Frozen


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form arrived. `cause` is the mail's id with the form's place in it, `arrived` the mail's
    arrival (aware, UTC), `number` the one taken for it in this transaction: PC... or IN...;
    empty when it continues an intake that stays one. `prefilled` is the form to send back,
    `lookalike` a change request that may be the same one."""

    cause: str
    arrived: datetime
    form: Form
    standing: Standing
    thread: Thread
    number: str = ""
    prefilled: tuple[Enclosure, ...] = ()
    lookalike: Lookalike | None = None


@dataclass(frozen=True, slots=True)
class Commented:
    """Prose about a change request arrived, with the `files` that came with it."""

    cause: str
    arrived: datetime
    text: str
    standing: Standing
    thread: Thread
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Prose arrived that concerns nothing we know. `blanks` are the blank forms for the answer."""

    cause: str
    text: str
    standing: Standing
    thread: Thread
    blanks: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Replied:
    """A calendar answered an invitation of ours; `running` are the open deadlines of the change request."""

    cause: str
    arrived: datetime
    rsvp: Rsvp
    standing: Standing
    running: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A mail arrived that only a person can deal with; `reason` says why."""

    cause: str
    reason: str
    subject: str
    standing: Standing
    thread: Thread


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of a mail asks for something to be done with a change request. `args` is what stands
    behind its verb, understood. `doubtful`: nobody knows whether its sender saw the line. `files`
    are the attachments that belong to it, or those of the draft that it is about, `file_text` what
    the first of them says, where that can be read.

    The world adds what the verb's row needs: `form`, the change request's text judged anew, with the
    file it came in, and `prefilled`, the form to send back; `number`, the one taken for it; `answers`,
    the cause of our letter that the mail replies to; `running`, its open deadlines; `history`, its
    rows; `work`, the change requests that its sender has open; `other`, the one
    that the line names beside its own; `undoing`, the latest event; `promises`, the deadlines of all
    change requests that fell due in a month; `candidates`, what may stand on an agenda, and that as it was
    `mailed` (None: not yet).
    """

    cause: str
    arrived: datetime
    line: CommandLine
    standing: Standing
    args: Arguments | Mistake = field(default_factory=Arguments)
    doubtful: bool = False
    files: tuple[Enclosure, ...] = ()
    file_text: str = ""
    form: Form = field(default_factory=lambda: Form(Submission("")))
    number: str = ""
    prefilled: tuple[Enclosure, ...] = ()
    answers: str = ""
    running: tuple[Deadline, ...] = ()
    history: tuple[Row, ...] = ()
    work: tuple[tuple[ChangeRequest, tuple[Deadline, ...]], ...] = ()
    other: ChangeRequest | None = None
    undoing: "Undoing | None" = None
    candidates: "tuple[Candidate, ...]" = ()
    mailed: "Frozen | None" = None
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Undoing:
    """The latest event of a change request, as it would be taken back: all that one mail did to it.

    Its causes, when it was recorded and by whom, what it said in history, the change request (None
    where the event gave it its number) and the deadlines of the kinds it touched as they were before,
    whom its letters told that went out, and how many have not gone out yet.
    """

    causes: tuple[str, ...]
    at: datetime
    by: str
    said: tuple[Row, ...]
    before: ChangeRequest | None
    kinds: tuple[DeadlineKind, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    sent: tuple[tuple[Address, Kind], ...] = ()
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: what it concerned, what its verb does (`meaning`) and what was
    `understood` behind it, in full; why it was refused (empty: it was not), what it changed (name,
    before, after) and who was told; `answer` is what was asked for, line by line, `undo` whether it
    can be taken back; `done`: it was more than a question; `left`: what stood below it and was not read."""

    line: str
    number: str
    title: str
    meaning: str
    refusal: str = ""
    changed: tuple[tuple[str, str, str], ...] = ()
    told: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    understood: str = ""
    undo: bool = False
    done: bool = False
    left: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """The lines of a mail were carried out, all of them or none; `dry` ones only to see. `kept` are the names of
    the files that came with it and that none of them takes."""

    cause: str
    results: tuple[Result, ...]
    standing: Standing
    thread: Thread
    dry: bool = False
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A deadline has been running for so long that something follows: `stage` counts from 1.
    `prefilled` is the form to send back."""

    cause: str
    deadline: Deadline
    stage: int
    prefilled: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A deadline runs, `since` a local date. `refused` are the addresses of the staff that take no letters."""

    deadline: Deadline
    since: date
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail cannot be dealt with safely or at all: its reader died, it is larger than the limit,
    or it met a bug of ours. `reason` is in words its sender may read."""

    cause: str
    reason: str
    subject: str
    standing: Standing
    thread: Thread


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter of ours was refused for good, or came back; `reason` is what the mail system said, `number` the
    CR's, `fault` what it comes to. `tally` is what is known of the address (a matter of the office), `most` after
    how many failures in a row nothing is sent to it any more (0: never)."""

    letter: str
    kind: Kind
    recipient: str
    number: str
    reason: str
    fault: Fault = Fault.LETTER
    tally: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Withheld:
    """Letters to an address were over its budget on a local date, and were not sent; `by` wrote the mail."""

    recipient: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Posted:
    """The CR's page has been published for the first time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Packaged:
    """The day has come on which the distribution package of a Monthly Meeting is mailed, with `files`."""

    cause: str
    agenda: "Agenda"
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjourned:
    """A Monthly Meeting is over; the agenda is what is still on it, without a result."""

    cause: str
    agenda: "Agenda"


@dataclass(frozen=True, slots=True)
class Missed:
    """A Monthly Meeting is over, and nothing is recorded of a change request that was on it; `running`
    are its open deadlines."""

    meeting: date
    running: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """The days of the Monthly Meetings are others than they were; `running` are the open deadlines of the
    change request."""

    cause: str
    running: tuple[Deadline, ...] = ()


Event = (
    Submitted
    | Commented
    | Replied
    | Asked
    | Held
    | Ordered
    | Reported
    | Elapsed
    | Awaited
    | SetAside
    | Undelivered
    | Withheld
    | Posted
    | Packaged
    | Adjourned
    | Missed
    | Rescheduled
)
