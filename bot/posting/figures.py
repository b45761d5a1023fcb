"""Figures: the page that says how the dates were kept, how old what is open is, and what came and went.

Its one rule: only what concerns the CLECs is counted; every drawing has its numbers beside it as a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.office.calendar import Calendar
from bot.posting.drawing import Bar, Volume, bar, kept_curve, tally_bar, volume_columns
from bot.posting.feeds import PUBLIC_FEED
from bot.posting.pages import Page
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.answers.adherence import Adherence, adherence, months_between
from bot.workflow.change import ENDED, Phase
from bot.workflow.deadline import DeadlineKind
from bot.workflow.promise import Promise

FIGURES, FIGURES_CSV = "figures.html", "figures.csv"
SPAN = 13
"""Months that the page shows: this one, and the same one a year ago."""
AGES = ((14, "up to two weeks"), (30, "up to 30 days"), (90, "up to 90 days"))
OLDER = "longer"


@dataclass(frozen=True, slots=True)
class Standing:
    """How many logged change requests have stood in a phase since a local date."""

    phase: Phase
    since: date
    count: int


def figures_page(found: Adherence, standings: Sequence[Standing], received: Mapping[str, int]) -> Page:
    """The page of figures, as of the day of the report; `received` are the logged change requests of each
    month."""
    flows = volumes(standings, received, found.months)
    told = {
        "report": found,
        "intervals": tuple((names_of(kind), tally_bar(names_of(kind), tally), tally) for kind, tally in found.kinds),
        "curve": kept_curve(found),
        "phases": phases(standings, found.today),
        "ages": (*(words for _, words in AGES), OLDER),
        "volumes": flows,
        "columns": volume_columns(flows),
        "csv": FIGURES_CSV,
        "feed": PUBLIC_FEED,
    }
    return Page(FIGURES, "figures.html", told)


def shown_months(today: date) -> tuple[str, ...]:
    """The months that the page shows, oldest first."""
    year, month = divmod(today.year * 12 + today.month - 1 - (SPAN - 1), 12)
    return months_between(date(year, month + 1, 1), today)


def public_adherence(promises: Iterable[Promise], calendar: Calendar, today: date) -> Adherence:
    """Adherence to what the public may know of: how the carrier comes to a response is its own affair."""
    public = (each for each in promises if each.kind in PUBLIC_DEADLINES)
    return adherence(public, shown_months(today), calendar, today)


def names_of(kind: DeadlineKind) -> str:
    """An interval in the words of the public, where they have some."""
    return PUBLIC_DEADLINES[kind][1] if kind in PUBLIC_DEADLINES else kind.value[:1].upper() + kind.value[1:]


def phases(standings: Iterable[Standing], today: date) -> tuple[tuple[Bar, tuple[int, ...]], ...]:
    """Of each phase that something open stands in: how long it has, as a bar and in numbers."""
    counts: dict[Phase, list[int]] = {}
    for each in standings:
        if each.phase not in ENDED:
            counts.setdefault(each.phase, [0] * (len(AGES) + 1))[_age((today - each.since).days)] += each.count
    longest = max(map(sum, counts.values()), default=0)
    words = (*(words for _, words in AGES), OLDER)
    return tuple(
        (
            bar(phase.value, [(f"age{n}", words[n], count) for n, count in enumerate(counts[phase])], longest),
            tuple(counts[phase]),
        )
        for phase in Phase
        if phase in counts
    )


def _age(days: int) -> int:
    return next((n for n, (most, _) in enumerate(AGES) if days <= most), len(AGES))


def volumes(standings: Iterable[Standing], received: Mapping[str, int], months: Sequence[str]) -> tuple[Volume, ...]:
    """What came in and what ended, month by month."""
    ended = dict.fromkeys(months, 0)
    for each in standings:
        if each.phase in ENDED and f"{each.since:%Y-%m}" in ended:
            ended[f"{each.since:%Y-%m}"] += each.count
    return tuple(Volume(month, received.get(month, 0), ended[month]) for month in months)
