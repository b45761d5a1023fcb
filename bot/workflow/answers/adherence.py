"""Adherence: how well the promises of some months were kept.

Its one rule: an extension agreed with the CLEC is counted apart and is no miss (domain.md section 8, 7),
and nothing that was missed is left out.

What is counted and how is said in COUNTING, in the words in which every report says it.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.intake.arguments import Arguments
from bot.intake.arguments.dates import MONTHS
from bot.mail.letter import Enclosure, Kind, Letter
from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.answers.answer import answered
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import OWNERS, DeadlineKind
from bot.workflow.effect import Decision, Send
from bot.workflow.event import Ordered
from bot.workflow.promise import Outcome, Promise

OURS = tuple(kind for kind in DeadlineKind if Role.CLEC not in OWNERS[kind])
"""What the carrier promises; what a CLEC owes is no promise of ours."""

COUNTING = (
    "Every deadline of the carrier's own counts, in the month of its date: the later date that was agreed on with "
    "the CLEC where there is one, else the planned one.",
    "In time: met by the planned date. By an agreed later date: after the planned date, but by the agreed one.",
    "Missed: met after the date that counts, or past it and still open, or past it when the clock was stopped, "
    "put off or started anew. Open: not due yet.",
    "What was carried on from a date that it missed, to the next Monthly Meeting for instance, is one promise and "
    "counts once, by that date; a result recorded later with a day by which it was kept makes it kept.",
    "A clock that was stopped before its date (by an escalation, for instance) is no promise any more and does not "
    "count; the one that runs instead does.",
    "Days are business days from the date that counts to the day on which it was met; what is past and open counts "
    "up to today. The median is the one in the middle; of two, the later.",
)
"""How promises are counted, in words."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Promises counted: how many were met in time, by an agreed later date, missed, and are still open;
    `late` are the business days of all that were met or are over, from the earliest to the latest."""

    met: int = 0
    extended: int = 0
    missed: int = 0
    open: int = 0
    late: tuple[int, ...] = ()

    @property
    def promised(self) -> int:
        """All of them."""
        return self.met + self.extended + self.missed + self.open

    @property
    def median(self) -> int | None:
        """The business days of the one in the middle; None where nothing was met or is over."""
        return self.late[len(self.late) // 2] if self.late else None

    @property
    def worst(self) -> int | None:
        """The business days of the latest one."""
        return self.late[-1] if self.late else None

    @property
    def kept(self) -> int | None:
        """How many of a hundred that were met or are over were met in time or by an agreed later date, rounded
        down; None where there is none."""
        decided = self.promised - self.open
        return 100 * (self.met + self.extended) // decided if decided else None


@dataclass(frozen=True, slots=True)
class Adherence:
    """The promises of some months, oldest first, as of a local date: altogether, of each kind, of each
    month, and of each kind in each month; `missed` are those of Outcome.MISSED with their business days
    after the date that counts, the latest due first."""

    months: tuple[str, ...]
    today: date
    whole: Tally
    kinds: tuple[tuple[DeadlineKind, Tally], ...]
    by_month: tuple[tuple[str, Tally], ...]
    cells: tuple[tuple[str, DeadlineKind, Tally], ...]
    promises: tuple[Promise, ...]
    missed: tuple[tuple[Promise, int], ...] = ()

    @property
    def so_far(self) -> bool:
        """True where the first month has begun and the last one is not over yet."""
        return self.months[0] <= f"{self.today:%Y-%m}" <= self.months[-1]

    @property
    def span(self) -> str:
        """The months in words: `November 2026`, `January to November 2026`."""
        return span_of(self.months)


def adherence(promises: Iterable[Promise], months: tuple[str, ...], calendar: Calendar, today: date) -> Adherence:
    """How the promises that fell due in some months (`2026-11`) were kept, as of a local date."""
    asked = frozenset(months)
    ours = sorted(
        (each for each in promises if each.kind in OURS and each.month in asked),
        key=lambda each: (each.by, each.number, each.kind.value),
    )
    days = _Days(calendar, today)
    cells: dict[tuple[str, DeadlineKind], list[Promise]] = {}
    for each in ours:
        cells.setdefault((each.month, each.kind), []).append(each)
    tallies = {cell: tally(some, days) for cell, some in cells.items()}
    return Adherence(
        months,
        today,
        together(tallies.values()),
        tuple(
            (kind, together(found))
            for kind in OURS
            if (found := [each for (_, of), each in tallies.items() if of is kind])
        ),
        tuple((month, together(each for (of, _), each in tallies.items() if of == month)) for month in months),
        tuple((month, kind, tallies[month, kind]) for month in months for kind in OURS if (month, kind) in tallies),
        tuple(ours),
        tuple((each, days.late(each) or 0) for each in reversed(ours) if each.outcome(today) is Outcome.MISSED),
    )


class _Days:
    """Lateness in business days; the same two dates come again and again."""

    def __init__(self, calendar: Calendar, today: date) -> None:
        self.calendar, self.today = calendar, today
        self._known: dict[tuple[date, date], int] = {}

    def late(self, promise: Promise) -> int | None:
        """How late a promise was, or is by now; None while it is not due."""
        ended, due = promise.ended(self.today), promise.by
        if ended is None:
            return None
        if (due, ended) not in self._known:
            self._known[due, ended] = lateness(due, ended, self.calendar)
        return self._known[due, ended]


def lateness(due: date, ended: date, calendar: Calendar) -> int:
    """Business days from a due date to the day on which it was met; negative before it. What is done after
    it on a weekend or a holiday counts as done on the next business day (domain.md section 8, reading 5)."""
    if ended > due:
        return calendar.business_days(due, calendar.next_business_day(ended))
    return -calendar.business_days(ended, due)


def tally(promises: Iterable[Promise], days: "_Days") -> Tally:
    """Promises counted, as of the day that `days` knows."""
    counts = dict.fromkeys(Outcome, 0)
    late = []
    for each in promises:
        counts[each.outcome(days.today)] += 1
        if (found := days.late(each)) is not None:
            late.append(found)
    return Tally(
        counts[Outcome.MET],
        counts[Outcome.EXTENDED],
        counts[Outcome.MISSED],
        counts[Outcome.OPEN],
        tuple(sorted(late)),
    )


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    all_of = tuple(tallies)
    return Tally(
        sum(each.met for each in all_of),
        sum(each.extended for each in all_of),
        sum(each.missed for each in all_of),
        sum(each.open for each in all_of),
        tuple(sorted(late for each in all_of for late in each.late)),
    )


def months_between(first: date, last: date) -> tuple[str, ...]:
    """The months from that of one date to that of another, oldest first.

    >>> months_between(date(2026, 11, 30), date(2027, 1, 1))
    ('2026-11', '2026-12', '2027-01')
    """
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    ordinals = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + max(count, 0))
    return tuple(f"{each // 12:04}-{each % 12 + 1:02}" for each in ordinals)


def bounds(months: tuple[str, ...]) -> tuple[date, date]:
    """The first day of the first month, and the last day of the last."""
    first, last = (tuple(map(int, month.split("-"))) for month in (months[0], months[-1]))
    return date(first[0], first[1], 1), date(last[0], last[1], monthrange(last[0], last[1])[1])


def span_of(months: tuple[str, ...]) -> str:
    """Months in words.

    >>> span_of(("2026-11",)), span_of(("2026-01", "2026-02")), span_of(("2025-12", "2026-01"))
    ('November 2026', 'January to February 2026', 'December 2025 to January 2026')
    """
    first, last = (f"{MONTHS[int(month[5:]) - 1]} {month[:4]}" for month in (months[0], months[-1]))
    if first == last:
        return first
    return f"{first.removesuffix(last[-5:])} to {last}"


def month_asked(args: Arguments, today: date) -> tuple[str, ...]:
    """The month that REPORT asks for; without one, this month."""
    year, month = args.month or (today.year, today.month)
    return (f"{year:04}-{month:02}",)


def report(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """How the promises of a month were kept: in a few lines here, and in a letter of its own with the tables."""
    from bot.workflow.answers.spreadsheet import as_csv, as_xlsx  # noqa: PLC0415 - few ask for a report

    args = event.args if isinstance(event.args, Arguments) else Arguments()
    today = office.calendar.local_date(now)
    found = adherence(event.promises, month_asked(args, today), office.calendar, today)
    to = event.standing.answer_to
    if to is None or not found.promises:
        return answered(event, None, _told(found))
    name = f"adherence-{found.months[0]}"
    files = (
        Enclosure(f"{name}.csv", "text/csv", as_csv(found)),
        Enclosure(f"{name}.xlsx", XLSX, as_xlsx(found, office.calendar)),
    )
    letter = Letter(event.cause, Kind.REPORT, to, "", {"change": None, "report": found}, enclosures=files)
    return replace(answered(event, None, _told(found)), effects=(Send(letter),))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _told(found: Adherence) -> Iterator[str]:
    whole, so_far = found.whole, " so far" if found.so_far else ""
    if not whole.promised:
        yield f"No deadline of ours fell due in {found.span}{so_far}."
        return
    yield f"Deadlines of {found.span}{so_far}: {counted(whole)}."
    if whole.late:
        yield f"Median {in_days(whole.median)}, worst {in_days(whole.worst)}."
    yield "The report with every interval goes to you in a letter of its own, with its tables attached."


def counted(found: Tally) -> str:
    """A tally in words."""
    return (
        f"{found.promised} promised, {found.met} met in time, {found.extended} by an agreed later date, "
        f"{found.missed} missed, {found.open} open"
    )


def in_days(late: int | None, *, short: bool = False) -> str:
    """Business days in words; in a table `short`.

    >>> in_days(0), in_days(-1), in_days(12), in_days(None), in_days(12, short=True)
    ('on the day', '1 business day early', '12 business days late', '-', '12 late')
    """
    if late is None:
        return "-"
    if late == 0:
        return "on the day"
    unit = "" if short else " business day" if abs(late) == 1 else " business days"
    return f"{abs(late)}{unit} {'late' if late > 0 else 'early'}"
