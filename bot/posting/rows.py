"""Rows: when a row of a history was written down, and whether a later one takes it back.

Its one rule: there is one answer, for every page and feed that tells of rows.
"""

from datetime import datetime

from bot.workflow.carry.record import TAKEN_BACK
from bot.workflow.effect import Row


def recorded(row: Row) -> datetime:
    """The instant at which a row was written down; of one that is about to be, when it happened."""
    return row.recorded_at or row.at


def takes_back(later: Row, row: Row) -> bool:
    """True for the row of an UNDO that names another row of the same history."""
    return later.description.startswith(TAKEN_BACK) and f"{row.action}: {row.description}" in later.description
