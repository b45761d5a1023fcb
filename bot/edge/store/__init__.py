"""The store: mail, change requests, the journal, letters, deadlines and dirty pages in one database.

Its one rule: decide, commit, then act. What is in here happened; what is not, did not.
"""

from bot.edge.store.store import Store
from bot.edge.store.unit import Unit
from bot.edge.store.values import (
    Arrival,
    Budget,
    Claimed,
    Dirty,
    Filed,
    LetterState,
    MailState,
    Owed,
    Refused,
    StoredLetter,
    StoredMail,
)

__all__ = [
    "Arrival",
    "Budget",
    "Claimed",
    "Dirty",
    "Filed",
    "LetterState",
    "MailState",
    "Owed",
    "Refused",
    "Store",
    "StoredLetter",
    "StoredMail",
    "Unit",
]
