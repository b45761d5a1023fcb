"""Matters of the whole office: who is away, and whether everything is held back.

Its one rule: what was settled last holds; they are read once and kept in mind until somebody settles
one, which on PostgreSQL another worker may.
"""

from collections.abc import Mapping

from bot.edge.store.connections import Connections
from bot.edge.store.queries.matters import SETTLED, UNSETTLE


class Matters(Connections):
    """The part of the store that holds what is settled for the office; `alone` where no other worker
    can settle anything."""

    alone = False
    _matters: Mapping[str, str] | None = None

    def matters(self, *, anew: bool = False) -> Mapping[str, str]:
        """What is settled, by key; with `anew`, what other workers have settled meanwhile too."""
        if self._matters is None or (anew and not self.alone):
            with self._reading() as connection:
                self._matters = {row.key: row.value for row in connection.execute(SETTLED)}
        return self._matters

    def unsettle(self, key: str) -> bool:
        """End a matter, by the operator's hand; False where nothing was settled of it."""
        with self._writing() as connection:
            self._matters = None
            return connection.execute(UNSETTLE, {"matter": key}).rowcount > 0
