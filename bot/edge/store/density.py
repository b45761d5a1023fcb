"""Density: numbers are dense per day from 1, and the day's counter stands at the last of them.

Its one rule: a day whose numbers were imported may have gaps from before, and so may one of which a
restore kept numbers back.
"""

from collections.abc import Iterator, Mapping, Set
from itertools import groupby

from sqlalchemy import Connection, select

from bot.edge.store.findings import ANSWERED, Examined, Finding
from bot.edge.store.numbers import RESERVED
from bot.edge.tables import change, counter, journal, setting
from bot.workflow.takeover import IMPORTED, PAST_IMPORTED

MANY = 2000
"""Numbers in memory at once."""

# The number that a change request has, and the intake's number that it began with.
_NUMBERS = select(change.c.number).union(select(change.c.key)).order_by("number")
_IMPORTED = (
    select(change.c.number)
    .join(journal, journal.c.cr == change.c.key)
    .where(journal.c.seq == 1, journal.c.cause >= IMPORTED, journal.c.cause < PAST_IMPORTED)
)


def density(connection: Connection, examined: Examined) -> Iterator[Finding]:
    """What is wrong with the numbers of each day."""
    counters = {row.name: row.n for row in connection.execute(select(counter.c.name, counter.c.n))}
    kept_back = _reserved(connection)
    imported = {number.partition("-")[0] for number in connection.execute(_IMPORTED).scalars()}
    days = groupby(connection.execute(_NUMBERS).yield_per(MANY).scalars(), lambda each: each.partition("-")[0])
    for day, some in days:  # in the order of the numbers, a day in memory at a time
        numbers = {int(n) for each in some if (n := each.partition("-")[2]).isdecimal()}
        if numbers:
            examined.counts["days with numbers"] += 1
            last = counters.get(day, 0)
            expected = set[int]() if day in imported else set(range(1, last + 1)) - kept_back.get(day, set())
            yield from _of_day(day, numbers, last, expected)


def _of_day(day: str, numbers: Set[int], last: int, expected: Set[int]) -> Iterator[Finding]:
    """What is wrong with the numbers of a day whose counter stands at the last of them."""
    if beyond := sorted(n for n in numbers if n > last):
        found = f"the counter of the day stands at {last}: {', '.join(map(str, beyond[:5]))} could be given again"
        yield Finding("numbers", day, found, ANSWERED)
    elif missing := expected - numbers:
        found = f"{day}-{min(missing)} belongs to no change request ({len(missing)} such that day)"
        yield Finding("numbers", day, found, ANSWERED)


def _reserved(connection: Connection) -> Mapping[str, set[int]]:
    """The numbers that no change request will get, by day."""
    found: dict[str, set[int]] = {}
    for number in connection.execute(select(setting.c.value).where(setting.c.key == RESERVED)).scalars():
        for each in number.split():
            day, _, n = each.partition("-")
            found.setdefault(day, set()).add(int(n))
    return found
