"""What a decision wants done. Its one rule: an effect is a value; the shell makes it so, in the
same transaction as the decision."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.mail.letter import Letter
from bot.office.people import Person
from bot.workflow.change import ChangeRequest, Document
from bot.workflow.deadline import Deadline, DeadlineKind


class Fate(StrEnum):
    """What became of a mail: exactly one each, the first that applies (DESIGN section 5)."""

    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    OBEYED = "obeyed"
    REFUSED = "refused"
    COMMENTED = "commented"
    ANSWERED = "answered"
    PARKED = "parked"
    AUTOMATIC = "automatic"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CR's history, in house words (domain.md 1.4). `at` is when it happened,
    `by` a person's id, a company's name or `bot`; only public rows are posted. `recorded_at` is
    known once it stands in the journal."""

    action: str
    description: str
    at: datetime
    by: str
    public: bool = True
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """A letter is owed."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Open:
    """A deadline starts to run; one of the same kind that runs already is replaced."""

    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Meet:
    """A deadline has been met."""

    kind: DeadlineKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A deadline runs no longer, and was not met."""

    kind: DeadlineKind


@dataclass(frozen=True, slots=True)
class Restore:
    """The deadlines of these kinds are again what they were."""

    kinds: tuple[DeadlineKind, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """Letters that an event owed and that have not gone out are not sent."""

    cause: str


@dataclass(frozen=True, slots=True)
class Settle:
    """A matter of the whole office is so from now on; an empty value ends it. Keys are those of
    workflow/answers/absence.py and workflow/package.py."""

    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """A file belongs to the change request from now on."""

    document: Document
    content: bytes


@dataclass(frozen=True, slots=True)
class Publish:
    """The pages that show this change request are out of date."""


@dataclass(frozen=True, slots=True)
class Remind:
    """A person is to be reminded, in the one letter of their day, of something due by a local date. `stage`
    is how many business days that date is past (ahead: negative), `cause` what this stage of this person's
    is known by, `why` why they hear of what is not theirs, `item` the number of an action item, or 0."""

    person: Person
    cause: str
    change: ChangeRequest
    kind: DeadlineKind
    what: str
    due: date
    stage: int
    why: str = ""
    notes: tuple[str, ...] = ()
    item: int = 0


Effect = Send | Open | Meet | Stop | Restore | Recall | Settle | Keep | Publish | Remind


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes out: the mail's fate and why, the change request as it now is (None when none
    is concerned), its new history rows, what is to be done, and the answer to what was asked, line
    by line."""

    fate: Fate
    reason: str = ""
    change: ChangeRequest | None = None
    rows: tuple[Row, ...] = ()
    effects: tuple[Effect, ...] = ()
    answer: tuple[str, ...] = ()


def keeping(change: ChangeRequest, effects: Iterable[Effect]) -> ChangeRequest:
    """The change request with the files that effects keep for it."""
    kept = (effect.document for effect in effects if isinstance(effect, Keep))
    fresh = tuple(document for document in kept if document not in change.documents)
    return replace(change, documents=change.documents + fresh) if fresh else change
