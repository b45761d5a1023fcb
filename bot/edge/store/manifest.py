"""Manifest: which files the posting has, what is in each, and for which page it was made.

Its one rule: it is written together with the note that pages are up to date, so that it speaks of what
lies on the disk; a file that is not in it is not ours.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from bot.edge.store.connections import Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import LOGGED
from bot.edge.store.queries.pages import DOUBT, MANIFEST, PUBLISHED, SOURCES
from bot.edge.store.queries.upserts import upserts
from bot.edge.store.values import Filed
from bot.posting.rhythm import BY_THEMSELVES, whole


class Manifest(Connections):
    """The part of the store that knows what was published."""

    def published(self, pages: Sequence[str]) -> tuple[Filed, ...]:
        """The files that were made for pages, by their keys."""
        with self._reading() as connection:
            return tuple(
                Filed(*row)
                for some in in_parts(sorted(pages))
                for row in connection.execute(PUBLISHED, {"pages": some})
            )

    def manifest(self) -> tuple[Filed, ...]:
        """Every file of the posting, by its path."""
        with self._reading() as connection:
            return tuple(Filed(*row) for row in connection.execute(MANIFEST))

    def soil(self, now: datetime) -> None:
        """Put every page out of date, and believe of no file any more that it is as it was written."""
        pages = sorted(self.everything())
        with self._writing() as connection:
            connection.execute(DOUBT)
            rows = [{"page": page, "since": now, "mark": secrets.randbits(62)} for page in pages]
            connection.execute(upserts(connection.dialect.name).dirty, rows)

    def everything(self) -> frozenset[str]:
        """The keys of all pages: of every logged change request, of what there is whatever is stored,
        and of every page that files were made for."""
        with self._reading() as connection:
            logged = connection.execute(LOGGED).all()
            made = frozenset(connection.scalars(SOURCES))
        apart = {page for page in made if page.partition("/")[0] in BY_THEMSELVES}
        return whole((row.number, row.month, row.phase, row.company) for row in logged) | (made - apart)
