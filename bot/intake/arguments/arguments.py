"""Arguments, the value, and Mistake, which stands where nothing could be understood.

Its one rule: one set of names for all verbs; what a verb does not take keeps its default.
"""

from dataclasses import dataclass
from datetime import date, time

from bot.office.people import Person


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands behind a verb. Dates and times are local, of the process's zone.

    `text` is free text, or the reason where a verb wants one. `word` is the choice a verb offers:
    ACCEPTED, DENIED, REJECTED, REVISE, CANCEL, the name of a deadline (EXTEND) or of
    a verb (HELP). `way` is ANSWERED, PLAN or DENIAL. `step` is a step of the seed ("5A"). `number`
    is another change request, `n` the number of an action item, `month` (year, month).
    """

    text: str = ""
    on: date | None = None
    at: time | None = None
    minutes: int | None = None
    place: str = ""
    people: tuple[Person, ...] = ()
    crpm: Person | None = None
    director: Person | None = None
    deputy: Person | None = None
    word: str = ""
    way: str = ""
    no_test: bool = False
    step: str = ""
    position: str = ""
    basis: str = ""
    reference: str = ""
    field: str = ""
    value: str = ""
    number: str = ""
    n: int = 0
    month: tuple[int, int] | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a line lacks or says in more than one way, in words for its sender."""

    message: str
