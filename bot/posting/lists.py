"""Lists: the register for readers without scripts: what is open or closed, of a phase, a company, a year.

Its one rule: a list shows its newest change requests, and leads to its months where there are more, so that
a change alters two pages of it however long it is. The names of its files are ours (reliability.md T47): a
company's name is folded to plain letters first, and what says somebody's number or address never gets there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.posting.pages import LISTS, Month, Page, by_year, path_of
from bot.posting.register import Printed
from bot.posting.slug import public, slug
from bot.workflow.change import ENDED, Phase

KINDS = (LISTS, "list", "phase", "company", "year")
"""The kinds of key whose pages are made here. A change request makes out of date
`lists/MONTH/PHASE/COMPANY`, which stands for all lists that it is on; each page has a key of its own."""
STATES = {"open": "Open", "closed": "Closed"}
PHASES = {slug(phase.value): phase for phase in Phase}
ALWAYS = (*(f"list/{state}" for state in STATES), *(f"phase/{phase}" for phase in PHASES))
"""The lists that there are even when nothing is on them."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its key, such as `phase/evaluation`, and what is on it: all that is not None. A list of
    companies has those whose names differ in nothing but case, spaces and points."""

    key: str
    title: str
    open: bool | None = None
    phase: Phase | None = None
    companies: tuple[str, ...] | None = None
    year: str | None = None


EVERYTHING = Listing("", "")
"""What the register itself shows."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many change requests there are: by the key of a list and month, by company, by phase, by month."""

    lists: Mapping[str, Mapping[str, int]]
    companies: Mapping[str, int]
    phases: Mapping[Phase, int]
    months: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a list from the page that names them all: its path, what it is called, how many are on it."""

    path: str
    name: str
    count: int


def lists_at(place: str) -> tuple[str, ...]:
    """The keys of the pages of lists that a place stands for: each list and its month, and the page that
    names all.

    >>> lists_at("lists/2026-11/clec-test/larkspur-networks")[:3]
    ('lists', 'list/open', 'list/open/2026-11')
    """
    _, month, phase, company = place.split("/")
    state = "closed" if PHASES[phase] in ENDED else "open"
    heads = (f"list/{state}", f"phase/{phase}", f"company/{company}")
    return (LISTS, *(key for head in heads for key in (head, f"{head}/{month}")), f"year/{month[:4]}")


def listing(key: str, companies: Mapping[str, Sequence[str]]) -> Listing | None:
    """The list of a key such as `phase/evaluation`; None where there is no such list. `companies` are the
    names of companies by what they are called in an address."""
    kind, _, name = key.partition("/")
    if kind == "list" and name in STATES:
        return Listing(key, STATES[name], open=name == "open")
    if kind == "phase" and name in PHASES:
        return Listing(key, PHASES[name].value, phase=PHASES[name])
    if kind == "company" and name in companies:
        return Listing(key, public(companies[name][0]), companies=tuple(companies[name]))
    if kind == "year" and name.isdigit():
        return Listing(key, name, year=name)
    return None


def list_path(key: str) -> str:
    """Where the page of a list's key lies.

    >>> list_path("lists"), list_path("list/open"), list_path("phase/clec-test/2026-11")
    ('lists.html', 'lists/open.html', 'phase/clec-test/2026-11.html')
    """
    kind, _, name = key.partition("/")
    return f"{'lists' if kind == 'list' else kind}/{name}.html" if name else f"{kind}.html"


def list_page(one: Listing, lines: Sequence[Printed], months: Mapping[str, int]) -> Page:
    """The newest of a list (as many as NEWEST), and the way to its months where there are more. `months` has
    how many of it there are by month."""
    total = sum(months.values())
    ways: tuple[Month, ...] = ()
    if total > len(lines):
        ways = tuple(Month(month, month_path(one, month), months[month]) for month in sorted(months, reverse=True))
    context = {"title": one.title, "key": one.key, "lines": lines, "total": total, "months": ways, "month": None}
    return Page(list_path(one.key), "list.html", {**context, "root": "../"})


def part_page(one: Listing, month: str, lines: Sequence[Printed]) -> Page:
    """What of a list was received in one month."""
    context = {"title": one.title, "key": one.key, "lines": lines, "total": len(lines), "months": ()}
    ways = {"month": month, "path": list_path(one.key), "root": "../../"}
    return Page(list_path(f"{one.key}/{month}"), "list.html", {**context, **ways})


def month_path(one: Listing, month: str) -> str:
    """Where a month of a list lies, under the site's root; a year's months are those of the register."""
    return path_of(f"month/{month}") if one.year else list_path(f"{one.key}/{month}")


def tallied(stands: Iterable[tuple[str, str, bool, str, int]]) -> Tally:
    """The tally of month, phase, whether open, company, and how many there are of these."""
    lists: dict[str, Counter[str]] = {}
    companies, phases, months = Counter[str](), Counter[Phase](), Counter[str]()
    for month, phase, is_open, company, count in stands:
        state = "open" if is_open else "closed"
        for head in (f"list/{state}", f"phase/{slug(phase)}", f"company/{slug(company)}", f"year/{month[:4]}"):
            lists.setdefault(head, Counter())[month] += count
        companies[company] += count
        phases[Phase(phase)] += count
        months[month] += count
    return Tally(lists, companies, phases, months)


def lists_page(tally: Tally) -> Page:
    """The page that names every list, with how many are on each."""
    phases, companies, months = tally.phases, tally.companies, tally.months
    ended = sum(count for phase, count in phases.items() if phase in ENDED)
    counts = {"open": sum(phases.values()) - ended, "closed": ended}
    ways = [
        Way(list_path(f"company/{key}"), public(names[0]), sum(companies[name] for name in names))
        for key, names in by_slug(companies).items()
    ]
    context = {
        "states": [Way(list_path(f"list/{key}"), STATES[key], count) for key, count in counts.items()],
        "phases": [Way(list_path(f"phase/{slug(phase)}"), phase.value, phases.get(phase, 0)) for phase in Phase],
        "companies": sorted(ways, key=lambda way: way.name.casefold()),
        "years": [Way(list_path(f"year/{year}"), year, count) for year, count in by_year(months).items()],
        "months": [Month(key, path_of(f"month/{key}"), months[key]) for key in sorted(months, reverse=True)],
    }
    return Page(list_path(LISTS), "lists.html", context)


def by_slug(companies: Mapping[str, int]) -> dict[str, list[str]]:
    """The names of companies by what they are called in an address; of several spellings the one that most
    change requests have comes first."""
    named: dict[str, list[str]] = {}
    for name in sorted(companies, key=lambda name: (-companies[name], name)):
        named.setdefault(slug(name), []).append(name)
    return named
