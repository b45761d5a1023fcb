"""Recent: what changed, for whatever is made of many change requests.

Its one rule: it reads and locks nothing; what is asked for every minute costs what it gives, and what is asked
once an hour costs one look at each change request and not its state.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, or_, select, true

from bot.edge.store.connections import Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import STATES
from bot.edge.store.records import with_history
from bot.edge.tables import change, journal
from bot.posting.pages import age
from bot.posting.public import Record
from bot.workflow.takeover import IMPORTED, PAST_IMPORTED

ROWS_EACH = 6
"""Rows of the journal to look through for each change request that is wanted; the first mail writes five."""
# What an import took over is not new to anybody. By the time alone, which an index has in order: an import, or a busy
# turn, writes thousands of rows at one moment, which would have to be sorted each time.
NEWEST_ROWS = (
    select(journal.c.cr)
    .where(or_(journal.c.cause < IMPORTED, journal.c.cause >= PAST_IMPORTED))
    .order_by(journal.c.recorded_at.desc())
    .limit(bindparam("most"))
)
LOGGED = STATES.where(change.c.logged == true(), change.c.key.in_(bindparam("keys", expanding=True)))
OF_MONTH = STATES.where(change.c.logged == true(), change.c.month == bindparam("of"))
# A change request never changes without a row of its journal, and rows are only ever added.
_ROWS = select(func.max(journal.c.seq)).where(journal.c.cr == change.c.key).correlate(change).scalar_subquery()
MARKS = select(change.c.logged, change.c.month, func.count(), func.sum(_ROWS)).group_by(change.c.logged, change.c.month)


class Recent(Connections):
    """The part of the store that says what became otherwise."""

    def recent(self, most: int) -> tuple[Record, ...]:
        """The logged change requests whose histories went on last, in no order, with their histories."""
        with self._reading() as connection:
            rows = connection.scalars(NEWEST_ROWS, {"most": most * ROWS_EACH})
            keys = list(dict.fromkeys(rows))[:most]
            states = [row for some in in_parts(keys) for row in connection.execute(LOGGED, {"keys": some})]
            return with_history(connection, states)

    def whole_month(self, month: str) -> tuple[Record, ...]:
        """The logged change requests of a month like `2026-11` in the order of the register, newest first,
        with their histories."""
        with self._reading() as connection:
            found = with_history(connection, connection.execute(OF_MONTH, {"of": month}).all())
        return tuple(sorted(found, key=lambda record: age(record.change.number), reverse=True))

    def marks(self) -> Mapping[tuple[bool, str], str]:
        """A mark of each month, of its logged change requests (True) and of its intakes: another one as soon
        as anything of them is otherwise."""
        with self._reading() as connection:
            return {(logged, month): f"{count}.{rows}" for logged, month, count, rows in connection.execute(MARKS)}
