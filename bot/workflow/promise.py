"""Promise: a deadline as the adherence report counts it: planned, agreed later, met, or given up too late.

Its one rule: a miss stays a miss, whatever became of the change request afterwards.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.workflow.deadline import DeadlineKind


class Outcome(StrEnum):
    """What became of a promise, in the words of the report."""

    MET = "in time"
    EXTENDED = "by an agreed later date"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline with its change request; all dates are local. `opened_on` is the day on which it began
    to run, `stopped_on` that on which it ended, already late, without being met."""

    kind: DeadlineKind
    due: date
    met_on: date | None = None
    extended_to: date | None = None
    stopped_on: date | None = None
    opened_on: date | None = None
    number: str = ""
    title: str = ""

    @property
    def by(self) -> date:
        """The date that counts: the one agreed on, else the planned one."""
        return self.extended_to or self.due

    @property
    def month(self) -> str:
        """The month in which it fell due, such as `2026-11`."""
        return f"{self.by:%Y-%m}"

    def outcome(self, today: date) -> Outcome:
        """What became of it, as of a local date. What was met by the planned date was met in time, even
        where a later one had been agreed on; an open one is missed from the day after the date that counts."""
        if self.met_on is not None:
            if self.met_on <= self.due:
                return Outcome.MET
            return Outcome.EXTENDED if self.met_on <= self.by else Outcome.MISSED
        return Outcome.MISSED if self.stopped_on or self.by < today else Outcome.OPEN

    def ended(self, today: date) -> date | None:
        """The day to which its lateness is counted: when it was met or stopped, today while it is over
        and open; None while it is not due."""
        return self.met_on or self.stopped_on or (today if self.by < today else None)
