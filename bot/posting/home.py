"""Home: what somebody wants to know who comes by every morning: what changed, what is due, what is late, when the
next Monthly Meeting is and until when a request can still make it.

Its one rule: it speaks of a day (an argument), so the same state gives the same page on the same day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.posting.ahead import next_meeting, upcoming
from bot.posting.feeds import PUBLIC_FEED
from bot.posting.news import Told, by_day
from bot.posting.pages import INDEX, Page
from bot.posting.slug import slug
from bot.posting.strip import PUBLIC_DEADLINES
from bot.posting.withhold import cleaner
from bot.workflow.change import ChangeRequest, Phase, Step, by_receipt
from bot.workflow.deadline import DeadlineKind

BACK, AHEAD = timedelta(days=7), timedelta(days=6)
MOST_NEWS, MOST_DUE = 60, 60
"""Rows and deadlines that the home page shows at most; lists and calendar have them all."""
MOST_LATE, COUNTED = 20, 200
"""What is past its date: so many are shown at most, and counted from so many planned and as many extended ones."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A deadline that runs for a change request, and the local date on which it is due, as extended."""

    change: ChangeRequest
    kind: DeadlineKind
    on: date


@dataclass(frozen=True, slots=True)
class Named:
    """A change request by its number and title."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is due on one local date, in the words of the public, and for which change requests."""

    what: str
    of: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """What is past its planned or extended date, the oldest first. `more` of them are not shown, or `above` that."""

    by_day: tuple[tuple[date, tuple[Due, ...]], ...] = ()
    more: int = 0
    above: bool = False


NOTHING_LATE = Late()


@dataclass(frozen=True, slots=True)
class InPhase:
    """How many change requests are in a phase, and the list of them."""

    phase: str
    path: str
    count: int


def home_page(
    told: Sequence[Told],
    awaited: Iterable[Awaited],
    phases: Mapping[Phase, int],
    mailed: Mapping[date, date],
    office: Office,
    today: date,
    late: Late = NOTHING_LATE,
) -> Page:
    """The home page of a local date. `told` is what was recorded since a week before (newest first), `awaited`
    what is due within a week, `mailed` the dates of mailing by the dates of their meetings, `late` what was due
    before and still is."""
    meeting = next_meeting(office, today, mailed)
    submitted = office.calendar.presentation_meeting(today)
    context: dict[str, object] = {
        "today": today,
        "since": today - BACK,
        "until": today + AHEAD,
        "news": by_day(told, office.calendar),
        "more_news": len(told) >= MOST_NEWS,
        "due": due_by_day(awaited),
        "late": late,
        "meeting": meeting,
        "submitted": meeting if submitted == meeting.on else upcoming(submitted, office, mailed),
        "phases": counted(phases),
        "total": sum(phases.values()),
        "calendar": PUBLIC_FEED,
    }
    return Page(INDEX, "index.html", context)


def due_by_day(awaited: Iterable[Awaited]) -> tuple[tuple[date, tuple[Due, ...]], ...]:
    """What is due by its date, and what is due alike together; `awaited` comes by date."""
    return tuple((on, tuple(_alike(list(some)))) for on, some in groupby(awaited, key=lambda each: each.on))


def late_of(oldest: Sequence[Awaited], count: int, calendar: Calendar, today: date) -> Late:
    """What is late on a local date, of the oldest deadlines that were due before it and how many there are. A meeting
    that was agreed on for another day is not late before that day is over, and an escalation stops all dates."""
    some = oldest[:MOST_LATE]
    late = [each for each in some if not _excused(each, calendar, today)]
    return Late(due_by_day(late), count - len(some), above=count >= COUNTED)


def _excused(each: Awaited, calendar: Calendar, today: date) -> bool:
    if each.change.step is Step.ESCALATED:
        return True
    planned = each.change.planned if each.kind is DeadlineKind.CLARIFY else None
    return planned is not None and calendar.local_date(planned.at) >= today


def _alike(awaited: Sequence[Awaited]) -> Iterable[Due]:
    found: dict[str, list[Named]] = {}
    for each in sorted(awaited, key=lambda each: by_receipt(each.change)):
        title = cleaner(each.change)(each.change.title)
        found.setdefault(PUBLIC_DEADLINES[each.kind][1], []).append(Named(each.change.number, title))
    return (Due(what, tuple(some)) for what, some in found.items())


def counted(phases: Mapping[Phase, int]) -> tuple[InPhase, ...]:
    """The phases that hold change requests, in the order of the process."""
    return tuple(
        InPhase(phase.value, f"phase/{slug(phase.value)}.html", phases[phase]) for phase in Phase if phases.get(phase)
    )
