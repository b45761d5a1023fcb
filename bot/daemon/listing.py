"""Listing: store -> the pages of the register and of the lists.

Its one rule: what is out of date costs what stands on the pages concerned; the line of a change request is
printed once for all that show it, and kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.daemon.desk import Desk
from bot.posting.lists import (
    ALWAYS,
    EVERYTHING,
    Listing,
    Tally,
    by_slug,
    list_page,
    list_path,
    listing,
    lists_at,
    lists_page,
    part_page,
)
from bot.posting.pages import LISTS, NEWEST, REGISTER, Page
from bot.posting.public import line
from bot.posting.register import Printed, facts_page, month_pages, newest_first, register_page
from bot.posting.words import FLAGS

Keyed = Iterator[tuple[str, Page]]
"""Pages, each with the key that it is filed under."""


@dataclass(slots=False)
class Shelf:
    """What was printed, counted and looked for already for the pages that are being made: `printed` by the keys of
    change requests, names of files that are `lying` in a folder by its path."""

    desk: Desk
    printed: dict[str, Printed] = field(default_factory=dict)
    lying: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def tally(self) -> Tally:
        """How many change requests each list has."""
        return self.desk.store.tally()

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """The companies' names by what they are called in an address."""
        return by_slug(self.tally.companies)

    def lies(self, key: str) -> bool:
        """True where the page of a list's key is on the posting; a list has many months in one folder."""
        folder, _, name = list_path(key).rpartition("/")
        if folder not in self.lying:
            place = self.desk.site.root / folder
            self.lying[folder] = frozenset(each.name for each in place.iterdir()) if place.is_dir() else frozenset()
        return name in self.lying[folder]

    def lines(self, one: Listing, month: str | None = None, limit: int | None = None) -> tuple[Printed, ...]:
        """The lines of a list, newest first; of one month, or so many. What was not kept, or is out of date, is
        printed from its change request."""
        desk = self.desk
        found = desk.store.lines(one, month=month, limit=limit)
        stale = [each.key for each in found if each.printed is None and each.key not in self.printed]
        for key, record in desk.store.plain(stale).items() if stale else ():
            self.printed[key] = desk.templates.printed(line(record, desk.settings.office))
        return newest_first(each.printed or self.printed[each.key] for each in found)


def register_pages(shelf: Shelf, names: Sequence[str]) -> Keyed:
    """The register."""
    store = shelf.desk.store
    yield REGISTER, register_page(shelf.lines(EVERYTHING, limit=NEWEST), dict(store.months()), store.open_months())


def pages_of_months(shelf: Shelf, names: Sequence[str]) -> Keyed:
    """The months of the register, each with its lines for the script."""
    for name in names:
        if lines := shelf.lines(EVERYTHING, name):
            for page in month_pages(name, lines):
                yield f"month/{name}", page


def list_pages(kind: str, shelf: Shelf, names: Sequence[str]) -> Keyed:
    """The lists of a kind's keys: `lists/MONTH/PHASE/COMPANY` stands for all that a change request is on, any
    other for one page; `lists` for the page that names them all, and what the register's filters offer."""
    keys = [f"{kind}/{name}" if name else kind for name in names]
    wanted = dict.fromkeys(page for key in keys for page in (lists_at(key) if key.count("/") == PLACED else (key,)))
    if LISTS in wanted:
        del wanted[LISTS]
        yield from _ways(shelf)
    for key in wanted:
        yield from _pages(shelf, key, grow=kind == LISTS)


PLACED = 3
"""How many strokes are in `lists/MONTH/PHASE/COMPANY`."""


def _ways(shelf: Shelf) -> Keyed:
    settings = shelf.desk.settings
    yield LISTS, lists_page(shelf.tally)
    yield LISTS, facts_page(shelf.tally.companies, settings.table, settings.office, FLAGS)
    for key in ALWAYS:
        if not shelf.lies(key):
            yield from _pages(shelf, key, grow=False)


def _pages(shelf: Shelf, key: str, *, grow: bool) -> Keyed:
    """The page of a list's key, or of one of its months. A list that has outgrown its page gets those
    of its months that it has not got yet, where it is to `grow`; it keeps them when it shrinks."""
    head, month = _parts(key)
    one = listing(head, shelf.named if head.startswith("company/") else {})
    if one is None:
        return
    counts = shelf.tally.lists.get(head, {})
    if month is None:
        if counts or not one.companies:
            yield key, list_page(one, shelf.lines(one, limit=NEWEST), counts)
        missing = counts if grow and not one.year and sum(counts.values()) > NEWEST else {}
        for each in missing:
            if not shelf.lies(f"{head}/{each}"):
                yield f"{head}/{each}", part_page(one, each, shelf.lines(one, each))
    elif (sum(counts.values()) > NEWEST or shelf.lies(key)) and month in counts:
        yield key, part_page(one, month, shelf.lines(one, month))


def _parts(key: str) -> tuple[str, str | None]:
    """The key of a list and the month of it, if a key is of one."""
    kind, name, *month = key.split("/")
    return f"{kind}/{name}", month[0] if month else None
