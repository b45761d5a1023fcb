"""Listings: the change requests of one list of the posting, and how many there are of each.

Its one rule: counting reads an index alone, and what is read besides is no more than a page shows.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, select, true

from bot.edge.store import queries
from bot.edge.store.connections import Connections
from bot.edge.store.queries import in_parts
from bot.edge.store.records import records
from bot.edge.tables import change
from bot.posting.lists import Listing
from bot.posting.public import Record

AFTER = "~"  # sorts behind every month of a year


class Listings(Connections):
    """The part of the store that lists are made from; all of logged change requests."""

    def companies(self) -> dict[str, int]:
        """How many change requests there are of each company, by its name as it is kept."""
        query = select(change.c.company, func.count()).where(change.c.logged == true()).group_by(change.c.company)
        with self._reading() as connection:
            return dict(connection.execute(query).all())

    def months_of(self, listing: Listing) -> dict[str, int]:
        """How many change requests of a list were received in each month that has any."""
        query = select(change.c.month, func.count()).where(_on(listing)).group_by(change.c.month)
        with self._reading() as connection:
            return dict(connection.execute(query).all())

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Month, phase and company of all change requests, each once."""
        query = select(change.c.month, change.c.phase, change.c.company).where(change.c.logged == true()).distinct()
        with self._reading() as connection:
            return tuple((month, phase, company) for month, phase, company in connection.execute(query))

    def keys_on(self, listing: Listing, *, month: str | None = None, limit: int | None = None) -> tuple[str, ...]:
        """The keys of the change requests on a list, those received last first; of one month, or so many."""
        query = select(change.c.key).where(_on(listing)).order_by(*queries.NEWEST_FIRST)
        if month is not None:
            query = query.where(change.c.month == month)
        with self._reading() as connection:
            return tuple(connection.scalars(query.limit(limit)))

    def plain(self, keys: Sequence[str]) -> Mapping[str, Record]:
        """Change requests by their keys, without their history."""
        query = queries.STATES
        with self._reading() as connection:
            rows = [
                row for some in in_parts(keys) for row in connection.execute(query.where(change.c.key.in_(some))).all()
            ]
            return {record.change.key: record for record in records(connection, rows)}


def _on(listing: Listing) -> ColumnElement[bool]:
    """What makes a change request stand on a list."""
    terms = [change.c.logged == true()]
    if listing.open is not None:
        terms.append(change.c.open == listing.open)
    if listing.phase is not None:
        terms.append(change.c.phase == listing.phase.value)
    if listing.companies is not None:
        terms.append(change.c.company.in_(listing.companies))
    if listing.year is not None:
        terms.append(change.c.month.between(listing.year, listing.year + AFTER))
    return and_(*terms)
