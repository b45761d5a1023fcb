"""Transition: one row of the table of the workflow.

Its one rule: a row says in data who may do what where, and what follows from it; only what is
particular to a verb is code (style: policy is a table a colleague could read aloud).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.workflow.change import ChangeRequest, Milestone, Phase, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.party import Party

if TYPE_CHECKING:
    from bot.workflow.case import Case
    from bot.workflow.effect import Decision


class Place(StrEnum):
    """Where a change request can stand: the steps of the seed, what comes before its number, the
    deferral, which is a phase of 5B, and the ends outside the steps."""

    INTAKE = "an intake"
    SMES = "2"
    CLARIFICATION = "3"
    RESPONSE = "4"
    PRESENTATION = "5"
    REVISION = "5A"
    NOT_ACCEPTED = "5B"
    DEFERRED = "5B, deferred"
    ESCALATED = "5C"
    RESOLVED = "5D"
    ACCEPTED = "6"
    CHANGE = "7"
    ANNOUNCEMENT = "8"
    PRODUCTION = "9"
    TEST = "10"
    CLOSED = "11"
    ENDED = "ended outside the steps"


def place_of(change: ChangeRequest) -> Place:
    """Where a change request stands."""
    if not change.logged:
        return Place.INTAKE if change.open else Place.ENDED
    if change.phase in (Phase.WITHDRAWN, Phase.CROSSOVER):
        return Place.ENDED
    if change.phase is Phase.DEFERRED:
        return Place.DEFERRED
    # A number is given on the way to step 2; one that stands before it counts as there.
    return Place(change.step.value) if change.step not in (Step.REQUEST, Step.OWN_REQUEST) else Place.SMES


class Need(StrEnum):
    """What the world has to look up before a row can be decided."""

    FORM = "the text of the intake as a form"
    CORRECTED = "its text with the correction in it"
    OTHER = "the other change request that is named"
    LATEST = "the latest event"
    DRAFT = "the files of its draft"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `word` tells rows of one verb apart by its arguments (`variant`). `parties` may use it
    where the change request stands `at` one of these places; it then goes `to` a step (None: stays)
    and into a `phase` (None: that of the step), reaches a milestone, meets, stops and opens
    deadlines. `series` names the running number that it takes, and `confirmed` the parties of whom a
    one-click confirmation is asked first."""

    verb: str
    at: frozenset[Place]
    parties: frozenset[Party]
    carry_out: "Callable[[Case], Decision]"
    word: str = ""
    to: Step | None = None
    phase: Phase | None = None
    milestone: Milestone | None = None
    action: str = "Record Update"
    meets: tuple[DeadlineKind, ...] = ()
    stops: tuple[DeadlineKind, ...] = ()
    opens: tuple[DeadlineKind, ...] = ()
    series: str = ""
    needs: frozenset[Need] = frozenset()
    confirmed: frozenset[Party] = frozenset()
