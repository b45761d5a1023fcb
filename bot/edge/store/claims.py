"""Claims: which of them nobody will come back for.

Its one rule: a claim is its worker's while that lives, however long it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, or_, select

from bot.edge.store.lease import BEYOND, WORKER
from bot.edge.tables import lease


@dataclass(frozen=True, slots=True)
class Departed:
    """Workers that are `dead` beyond doubt, and those of which we only know that they seem to be gone (`lost`)."""

    dead: Sequence[str] = ()
    lost: Sequence[str] = ()


def left_behind(claimed: Table, now: datetime | None, departed: Departed) -> tuple[ColumnElement[bool], ...]:
    """Which claims of a table are to be freed: all without a moment; else those of dead workers, and those that ran
    out before `now` of workers that are lost, or that nobody knows."""
    if now is None:
        return ()
    by = claimed.c.claimed_by
    whose: ColumnElement[bool] = by.not_in(_KNOWN)
    if departed.lost:
        whose = or_(whose, by.in_(departed.lost))
    ran_out = and_(claimed.c.claimed_until < now, whose)
    return (or_(ran_out, by.in_(departed.dead)) if departed.dead else ran_out,)


_KNOWN = select(lease.c.holder).where(lease.c.name >= WORKER, lease.c.name < BEYOND)
