"""Adherence: how well the deadlines of a month were kept.

Its one rule: an extension agreed with the CLEC is counted apart and is no miss (domain.md section 8, 7).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.intake.arguments import Arguments
from bot.intake.arguments.dates import MONTHS
from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.workflow.answers.answer import answered, due_date
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision
from bot.workflow.event import Ordered


@dataclass(frozen=True, slots=True)
class Kept:
    """How one kind of deadline was kept: how many were met as first due, by an agreed later date, or
    missed, and how many are still to come; `lateness` of those that were met, in business days after
    the date that counted (before it: negative)."""

    met: int = 0
    extended: int = 0
    missed: int = 0
    open: int = 0
    lateness: tuple[int, ...] = ()


def month_asked(args: Arguments, today: date) -> tuple[date, date]:
    """The first and the last day of the month that REPORT asks for; without one, of this month."""
    year, month = args.month or (today.year, today.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def report(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """How the deadlines that fell due in a month were kept, one line a kind."""
    args = event.args if isinstance(event.args, Arguments) else Arguments()
    today = office.calendar.local_date(now)
    first, _ = month_asked(args, today)
    return answered(event, None, _told(event.clocks, first, office.calendar, today))


def kept(clocks: tuple[Deadline, ...], calendar: Calendar, today: date) -> Kept:
    """How deadlines were kept, as of a local date."""
    met = [clock for clock in clocks if clock.met_on is not None]
    in_time = [clock for clock in met if clock.state == "met"]
    waiting = [clock for clock in clocks if clock.met_on is None and due_date(clock) >= today]
    extended = [clock for clock in in_time if clock.extended_to is not None]
    return Kept(
        met=len(in_time) - len(extended),
        extended=len(extended),
        missed=len(clocks) - len(in_time) - len(waiting),
        open=len(waiting),
        lateness=tuple(_late(clock.met_on, due_date(clock), calendar) for clock in met if clock.met_on),
    )


def _late(on: date, due: date, calendar: Calendar) -> int:
    """Business days from a due date to the day on which it was met; negative before it."""
    return calendar.business_days(due, on) if on >= due else -calendar.business_days(on, due)


def _told(clocks: tuple[Deadline, ...], first: date, calendar: Calendar, today: date) -> Iterator[str]:
    so_far = " so far" if (first.year, first.month) == (today.year, today.month) else ""
    yield f"Deadlines of {MONTHS[first.month - 1]} {first.year}{so_far}: {len(clocks)}"
    for kind in DeadlineKind:
        those = tuple(clock for clock in clocks if clock.kind is kind)
        if those:
            yield f"  {kind.value}: {_words(kept(those, calendar, today))}"
    if clocks:
        whole = kept(clocks, calendar, today)
        yield f"All together: {_words(whole)}"
        yield "Missed: met too late, or over and still open. A later date agreed with the CLEC is no miss."


def _words(found: Kept) -> str:
    counts = f"{found.met} met, {found.extended} extended, {found.missed} missed, {found.open} open"
    if not found.lateness:
        return counts
    median = sorted(found.lateness)[len(found.lateness) // 2]
    return f"{counts}; median {_days(median)}, worst {_days(max(found.lateness))}"


def _days(late: int) -> str:
    if late == 0:
        return "on the day"
    return f"{abs(late)} bd {'late' if late > 0 else 'early'}"
