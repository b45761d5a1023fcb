"""Damage: what rows that lost something raise, told from what the world may mend by itself."""

from sqlalchemy.exc import DBAPIError

from bot.edge.store.engine import SQLITE_TEMPORARY
from bot.errors import Trouble

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, DBAPIError, Trouble)
"""What damaged rows raise when they are read."""


def unless_passing(error: BaseException) -> None:
    """Raise what the world may mend by itself: it is no damage."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is None or code & 0xFF in SQLITE_TEMPORARY:
            raise error
    elif isinstance(error, Trouble) and error.temporary:
        raise error


def first_line(error: BaseException) -> str:
    """What an error says, short enough for a finding; of Trouble with a database, what the database said."""
    cause = error.__cause__ if isinstance(error, Trouble) and error.__cause__ else error
    cause = getattr(cause, "orig", None) or cause
    return str(cause).strip().partition("\n")[0][:200]
