"""What a decision wants done. Its one rule: an effect is a value; the shell makes it so, in the
same transaction as the decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.mail.letter import Letter
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
    `by` a person's id, a company's name or `bot`; only public rows are posted."""

    action: str
    description: str
    at: datetime
    by: str
    public: bool = True


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
class Keep:
    """A file belongs to the change request from now on."""

    document: Document
    content: bytes


@dataclass(frozen=True, slots=True)
class Publish:
    """The pages that show this change request are out of date."""


Effect = Send | Open | Meet | Keep | Publish


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes out: the mail's fate and why, the change request as it now is (None when none
    is concerned), its new history rows, and what is to be done."""

    fate: Fate
    reason: str = ""
    change: ChangeRequest | None = None
    rows: tuple[Row, ...] = ()
    effects: tuple[Effect, ...] = ()
