"""Statements on change requests and their journal."""

from sqlalchemy import and_, bindparam, func, insert, or_, select, union, update

from bot.edge.store.journal import Entry
from bot.edge.tables import change, journal

_CALLED = or_(change.c.number == bindparam("number"), change.c.key == bindparam("number"))

# FOR NO KEY UPDATE: journal rows of others may still point here meanwhile.
_CHANGE = select(change.c.key, change.c.state, change.c.version).with_for_update(key_share=True)
CHANGE = _CHANGE.where(change.c.key == bindparam("key"))
CHANGE_NUMBERED = _CHANGE.where(_CALLED)
HOLD = (
    select(change.c.key)
    .where(change.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(change.c.key)
    .with_for_update(key_share=True)
)
ADD_CHANGE = insert(change)
ALTER_CHANGE = update(change).where(change.c.key == bindparam("cr"), change.c.version == bindparam("expected"))

# As they stand, and hold nobody up.
STATES = select(change.c.key, change.c.state)
STATE = STATES.where(_CALLED)
STATES_NUMBERED = STATES.where(change.c.number.in_(bindparam("numbers", expanding=True)))
LOGGED = select(change.c.number, change.c.month, change.c.phase, change.c.company).where(change.c.logged.is_(True))
# By an index; of those that came in one moment the number decides, which in a month sorts as its day and count do.
NEWEST_FIRST = (
    change.c.month.desc(),
    change.c.received_at.desc(),
    func.length(change.c.number).desc(),
    change.c.number.desc(),
)

# One question a submission, by two indexes: who shares a mark with it? Oldest first.
_MARKED = select(
    change.c.key,
    change.c.number,
    change.c.title,
    change.c.logged,
    change.c.title_mark,
    change.c.ref_mark,
    change.c.received_at,
)
_ALIKE = union(
    _MARKED.where(change.c.title_mark == bindparam("title_mark")),
    _MARKED.where(change.c.ref_mark == bindparam("ref_mark")),
)
ALIKE = _ALIKE.order_by(_ALIKE.selected_columns.received_at, _ALIKE.selected_columns.key).limit(bindparam("most"))

# The journal.
ADD_ENTRIES = insert(journal)
_ENTRIES = select(*(journal.c[name] for name in Entry.__slots__)).order_by(journal.c.cr, journal.c.seq)
JOURNAL = _ENTRIES.join(change, change.c.key == journal.c.cr).where(_CALLED)
HISTORIES = _ENTRIES.where(journal.c.cr.in_(bindparam("keys", expanding=True)))
# `MAIL` itself, or `MAIL/0`, `MAIL/1`, ...: "0" is the character after "/".
CAUSED = (
    select(journal.c.cr)
    .where(
        or_(
            journal.c.cause == bindparam("cause"),
            and_(journal.c.cause >= bindparam("first"), journal.c.cause < bindparam("last")),
        )
    )
    .order_by(journal.c.cause, journal.c.cr)
    .limit(1)
)
# Of each change request the last row.
_LATER = journal.alias("later")
_LAST = select(func.max(_LATER.c.seq)).where(_LATER.c.cr == change.c.key).correlate(change).scalar_subquery()
HEADS = (
    select(journal.c.cr, journal.c.seq, journal.c.hash)
    .select_from(change)
    .join(journal, and_(journal.c.cr == change.c.key, journal.c.seq == _LAST))
    .where(change.c.key.in_(bindparam("keys", expanding=True)))
)
