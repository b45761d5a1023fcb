"""Numbers: which were given, and which nobody will get.

Its one rule: a counter only ever rises.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, insert, or_, select, update

from bot.edge.store.connections import Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.upserts import upserts
from bot.edge.tables import change, counter, journal, setting

RESERVED = "reserved"
"""The matter that names numbers which were mailed to somebody and belong to no change request here."""


class Numbers(Connections):
    """The part of the store that numbers are looked up in."""

    def numbers(self) -> tuple[str, ...]:
        """The numbers of all change requests and intakes."""
        with self._reading() as connection:
            return tuple(connection.scalars(select(change.c.number)))

    def causes(self, numbers: Sequence[str]) -> dict[str, str]:
        """What the first row of the journal names as its cause, by number or key, of those that are there."""
        found: dict[str, str] = {}
        with self._reading() as connection:
            for some in in_parts(numbers):
                called = or_(change.c.number.in_(some), change.c.key.in_(some))
                for row in connection.execute(_CAUSES.where(called)):
                    found |= {row.number: row.cause, row.key: row.cause}
        return found

    def keep_back(self, numbers: Collection[str]) -> None:
        """Never give these numbers, nor those of their days that come before them and were not given; `verify`
        takes no gap for a loss that they leave."""
        with self._writing() as connection:
            known = set(str(connection.scalar(_KEPT_BACK) or "").split())
            passed = raise_counters(connection, numbers)
            value = " ".join(sorted(known.union(numbers, passed)))
            connection.execute(upserts(connection.dialect.name).setting, {"key": RESERVED, "value": value})


def raise_counters(connection: Connection, numbers: Collection[str]) -> set[str]:
    """Let the counter of each day stand at the highest of these numbers, or where it stands if that is higher;
    gives the numbers that it passed."""
    passed = set[str]()
    highest: dict[str, int] = {}
    for number in numbers:
        day, _, n = number.partition("-")
        highest[day] = max(highest.get(day, 0), int(n))
    for day, last in highest.items():
        stands = connection.scalar(select(counter.c.n).where(counter.c.name == day).with_for_update())
        passed.update(f"{day}-{n}" for n in range((stands or 0) + 1, last + 1))
        if stands is None:
            connection.execute(insert(counter).values(name=day, n=last))
        elif stands < last:
            connection.execute(update(counter).where(counter.c.name == day).values(n=last))
    return passed


_CAUSES = (
    select(change.c.key, change.c.number, journal.c.cause)
    .join(journal, journal.c.cr == change.c.key)
    .where(journal.c.seq == 1)
)
_KEPT_BACK = select(setting.c.value).where(setting.c.key == RESERVED)
