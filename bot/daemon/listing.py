"""Listing: store -> the pages of the register and of the lists.

Its one rule: what is out of date costs what stands on the pages concerned; a change request that several of
them show is read once for all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.daemon.desk import Desk
from bot.posting.lists import ALWAYS, Listing, by_slug, list_page, list_path, listing, lists_at, lists_page, part_page
from bot.posting.pages import LISTS, NEWEST, REGISTER, Page, newest_first
from bot.posting.public import Line, line
from bot.posting.register import facts_page, month_pages, register_page
from bot.posting.words import FLAGS

Keyed = Iterator[tuple[str, Page]]
"""Pages, each with the key that it is filed under."""


def register_pages(desk: Desk, names: Sequence[str]) -> Keyed:
    """The register."""
    store, office = desk.store, desk.settings.office
    yield REGISTER, register_page(store.newest(NEWEST), dict(store.months()), store.open_months(), office)


def pages_of_months(desk: Desk, names: Sequence[str]) -> Keyed:
    """The months of the register, each with its lines for the script."""
    for name in names:
        if records := desk.store.month(name):
            for page in month_pages(name, records, desk.settings.office):
                yield f"month/{name}", page


def list_pages(kind: str, desk: Desk, names: Sequence[str]) -> Keyed:
    """The lists of a kind's keys: `lists/MONTH/PHASE/COMPANY` stands for all that a change request is on, any
    other for one page; `lists` for the page that names them all, and what the register's filters offer."""
    keys = [f"{kind}/{name}" if name else kind for name in names]
    wanted = dict.fromkeys(page for key in keys for page in (lists_at(key) if key.count("/") == PLACED else (key,)))
    shelf = _Shelf(desk)
    if LISTS in wanted:
        del wanted[LISTS]
        yield from _ways(desk, shelf)
    for key in wanted:
        yield from shelf.pages(key, grow=kind == LISTS)


PLACED = 3
"""How many strokes are in `lists/MONTH/PHASE/COMPANY`."""


def _ways(desk: Desk, shelf: "_Shelf") -> Keyed:
    store, settings = desk.store, desk.settings
    yield LISTS, lists_page(store.phases(), shelf.companies, dict(store.months()))
    yield LISTS, facts_page(shelf.companies, settings.table, settings.office, FLAGS)
    for key in ALWAYS:
        if not shelf.lies(key):
            yield from shelf.pages(key, grow=False)


@dataclass(slots=False)
class _Shelf:
    """What was read already for the lists that are being made."""

    desk: Desk
    lines: dict[str, Line] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def companies(self) -> dict[str, int]:
        """How many change requests each company has."""
        return self.desk.store.companies()

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """The companies' names by what they are called in an address."""
        return by_slug(self.companies)

    def pages(self, key: str, *, grow: bool) -> Keyed:
        """The page of a list's key, or of one of its months. A list that has outgrown its page gets those
        of its months that it has not got yet, where it is to `grow`; it keeps them when it shrinks."""
        head, month = _parts(key)
        one = listing(head, self.named if head.startswith("company/") else {})
        if one is None:
            return
        if head not in self.counts:
            self.counts[head] = self.desk.store.months_of(one)
        counts = self.counts[head]
        if month is None:
            if counts or not one.companies:
                yield key, list_page(one, self._read(one, limit=NEWEST), counts)
            missing = counts if grow and not one.year and sum(counts.values()) > NEWEST else {}
            for each in missing:
                if not self.lies(f"{head}/{each}"):
                    yield f"{head}/{each}", part_page(one, each, self._read(one, each))
        elif (sum(counts.values()) > NEWEST or self.lies(key)) and month in counts:
            yield key, part_page(one, month, self._read(one, month))

    def lies(self, key: str) -> bool:
        """True where the page of a key is on the posting."""
        return (self.desk.site.root / list_path(key)).exists()

    def _read(self, one: Listing, month: str | None = None, limit: int | None = None) -> tuple[Line, ...]:
        store, office = self.desk.store, self.desk.settings.office
        keys = store.keys_on(one, month=month, limit=limit)
        for key, record in store.plain([key for key in keys if key not in self.lines]).items():
            self.lines[key] = line(record, office)
        return newest_first(self.lines[key] for key in keys if key in self.lines)


def _parts(key: str) -> tuple[str, str | None]:
    """The key of a list and the month of it, if a key is of one."""
    kind, name, *month = key.split("/")
    return f"{kind}/{name}", month[0] if month else None
