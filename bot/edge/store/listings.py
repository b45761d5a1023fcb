"""Listings: the lines of one list of the posting, and how many change requests there are of each.

Its one rule: counting reads an index alone, and what is read besides is no more than a page shows. A line is
printed with the page of its change request and good for as long as that page is up to date.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, select, true

from bot.edge.store.connections import Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import NEWEST_FIRST, STATES
from bot.edge.store.records import records
from bot.edge.store.values import Lined
from bot.edge.tables import change, dirty, line
from bot.posting.lists import Listing, Tally, tallied
from bot.posting.public import Record
from bot.posting.register import Printed

AFTER = "~"  # sorts behind every month of a year
LINES = (
    select(change.c.key, change.c.number, line.c.html, line.c.script, dirty.c.page)
    .outerjoin_from(change, line, line.c.cr == change.c.key)
    .outerjoin(dirty, dirty.c.page == "cr/" + change.c.number)
    .order_by(*NEWEST_FIRST)
)
TALLY = (
    select(change.c.month, change.c.phase, change.c.open, change.c.company, func.count())
    .where(change.c.logged == true())
    .group_by(change.c.month, change.c.phase, change.c.open, change.c.company)
)


class Listings(Connections):
    """The part of the store that lists are made from; all of logged change requests."""

    def tally(self) -> Tally:
        """How many change requests there are, counted at one go for all lists."""
        with self._reading() as connection:
            return tallied(connection.execute(TALLY).all())

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Month, phase and company of all change requests, each once."""
        query = select(change.c.month, change.c.phase, change.c.company).where(change.c.logged == true()).distinct()
        with self._reading() as connection:
            return tuple((month, phase, company) for month, phase, company in connection.execute(query))

    def lines(self, listing: Listing, *, month: str | None = None, limit: int | None = None) -> tuple[Lined, ...]:
        """The lines of a list, those received last first; of one month, or so many."""
        query = LINES.where(_on(listing))
        if month is not None:
            query = query.where(change.c.month == month)
        with self._reading() as connection:
            return tuple(
                Lined(key, None if html is None or soiled else Printed(number, html, script))
                for key, number, html, script, soiled in connection.execute(query.limit(limit)).all()
            )

    def plain(self, keys: Sequence[str]) -> Mapping[str, Record]:
        """Change requests by their keys, without their history."""
        query = STATES
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
