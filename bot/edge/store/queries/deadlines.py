"""Statements on deadlines: what starts, meets, ends and finds them."""

from sqlalchemy import and_, bindparam, delete, func, select, update

from bot.edge.tables import change, deadline

# A deadline that was given up when it was late already is a miss for the report, and nothing to anybody else.
STILL = deadline.c.stopped_on.is_(None)
RUNS = and_(deadline.c.met_on.is_(None), STILL)
COUNTS = func.coalesce(deadline.c.extended_to, deadline.c.due)
# What was carried on from a date that it missed is counted by that date.
PROMISED = func.coalesce(deadline.c.missed, COUNTS)

# Of one kind of a change request.
_OF_KIND = and_(deadline.c.cr == bindparam("of"), deadline.c.kind == bindparam("what"))
_OTHER_ONE = and_(_OF_KIND, RUNS, deadline.c.due != bindparam("but"))
GIVE_UP = update(deadline).where(_OTHER_ONE, bindparam("on") > PROMISED).values(stopped_on=bindparam("on"))
REPLACE = delete(deadline).where(_OTHER_ONE)
MEET = update(deadline).where(_OF_KIND, RUNS).values(met_on=bindparam("on"))
FORGET = delete(deadline).where(_OF_KIND, STILL)

STANDING = (
    select(deadline.c.kind, deadline.c.due, deadline.c.met_on, deadline.c.extended_to, deadline.c.missed)
    .where(deadline.c.cr == bindparam("of"), STILL)
    .order_by(deadline.c.kind, deadline.c.due)
)
RUNNING = (
    select(deadline.c.kind, deadline.c.due, deadline.c.extended_to, deadline.c.missed)
    .where(deadline.c.cr == bindparam("of"), RUNS)
    .order_by(deadline.c.due, deadline.c.kind)
)
DEADLINES = (
    select(
        deadline.c.cr,
        deadline.c.kind,
        deadline.c.due,
        deadline.c.met_on,
        deadline.c.extended_to,
        deadline.c.missed,
    )
    .where(deadline.c.cr.in_(bindparam("keys", expanding=True)), STILL)
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.kind)
)
# By kind and date, as the index over what runs has them; an extension is never earlier than what it extends.
DUE = (
    select(
        deadline.c.cr,
        deadline.c.kind,
        deadline.c.due,
        deadline.c.extended_to,
        deadline.c.missed,
        deadline.c.opened_at,
        change.c.state,
    )
    .select_from(deadline)
    .join(change, change.c.key == deadline.c.cr)
    .where(
        RUNS,
        deadline.c.kind.in_(bindparam("kinds", expanding=True)),
        deadline.c.due <= bindparam("day"),
        bindparam("day") >= COUNTS,
        change.c.open.is_(True),
    )
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.kind)
)
