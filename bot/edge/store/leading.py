"""Leading: who of many workers does what only one may do, and what becomes of those that died.

Its one rule: what is done inside `leading` is written by the leader or not at all. On SQLite one process
works, which needs no lease and asks for none.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection, bindparam, update

from bot.edge.store.claims import Departed
from bot.edge.store.connections import Connections
from bot.edge.store.lease import BURY, LOST, WORKER, Lease, prove
from bot.edge.tables import published

SURE = 10.0
"""Seconds between the two looks that find the same worker gone: when the database was away, or cut somebody's
connection, everybody alive shows themselves in between."""


class Leading(Connections):
    """The part of the store that knows of other workers."""

    @property
    def shared(self) -> bool:
        """True where other workers may be at work on the same database."""
        return self.engine.dialect.name == "postgresql"

    @property
    def assured(self) -> bool:
        """False once this worker was stopped for so long that others may have taken what it holds."""
        return self.lease is None or self.lease.fresh

    def lead(self) -> bool:
        """Whether this worker leads, now or from now on. Raises Trouble when the database does not answer."""
        return not self.shared or self._leased().hold()

    @contextmanager
    def leading(self) -> Iterator[bool]:
        """Do what only the leader may: whatever is written inside is refused (Superseded) once another worker
        leads. False where one does already; what follows is then written as anybody's."""
        if not self.lead():
            yield False
            return
        before, self.fence = self.fence, self.lease.fence if self.lease else None
        try:
            yield True
        finally:
            self.fence = before

    def confirm(self) -> None:
        """See, inside `leading`, that no other worker leads: before files are written. Raises Superseded."""
        if self.fence is not None:
            with self._reading() as connection:
                prove(connection, self.terms.worker, self.fence)

    def doubt(self, pages: Sequence[str]) -> None:
        """Believe no more of the files made for these pages that they are as they were written: somebody who led
        before may have written over them. Anybody may say so."""
        before, self.fence = self.fence, None
        try:
            with self._writing() as connection:
                connection.execute(_DOUBT, {"pages": list(pages)})
        finally:
            self.fence = before

    def _leased(self) -> Lease:
        if self.lease is None:
            lease = Lease(self.engine, self.terms.worker)
            lease.start()
            self.lease = lease
        return self.lease

    def _departed(self, connection: Connection) -> Departed:
        """The workers that are gone. Those beyond doubt are forgotten; what they held is to be freed. A process that
        has just begun need not doubt for whom even the claims have run out."""
        if not self.shared:
            return Departed()
        found = {(row.holder, row.until): row.ended for row in connection.execute(LOST)}
        seen = monotonic()
        self.missed = {each: self.missed.get(each, seen) for each in found}
        gone = [each for each, ended in found.items() if ended or seen - self.missed[each] >= SURE]
        for holder, until in gone:
            connection.execute(BURY, {"name": f"{WORKER}{holder}", "until": until})
        begins, self.begun = not self.begun, True
        return Departed([holder for holder, _ in gone], [holder for holder, _ in found] if begins else [])


_DOUBT = update(published).where(published.c.page.in_(bindparam("pages", expanding=True))).values(sha256="")
