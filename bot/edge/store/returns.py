"""Returns: letters that came back.

Its one rule: only a letter that went out can come back, and once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select, update

from bot.edge.store.lookups import Lookups
from bot.edge.store.values import LetterState
from bot.edge.tables import letter, setting
from bot.mail.letter import Kind

OUT = (LetterState.SENT.value, LetterState.SENDING.value, LetterState.OWED.value)
"""A server may report before we have noted that it took the letter; and one that answered too late is tried again."""
RETURNED = (
    select(letter.c.id, letter.c.kind, letter.c.recipient, letter.c.number)
    .where(
        or_(
            letter.c.message_id.in_(bindparam("ids", expanding=True)),
            letter.c.id.in_(bindparam("letters", expanding=True)),
        ),
        letter.c.first_tried.is_not(None),
        letter.c.state.in_(OUT),
    )
    .limit(1)
)
CAME_BACK = update(letter).where(letter.c.id == bindparam("letter_id"))
MATTER = select(setting.c.value).where(setting.c.key == bindparam("matter"))


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter of ours that came back."""

    id: str
    kind: Kind
    recipient: str
    number: str


@dataclass(slots=True)
class Returns(Lookups):
    """The part of a transaction that deals with letters that came back."""

    def returned(self, message_ids: Sequence[str], letters: Sequence[str] = ()) -> Returned | None:
        """The letter that went out with one of these Message-IDs, or has one of these ids; None where there is none,
        and for one that is undelivered already."""
        if not (message_ids or letters):
            return None
        row = self._run(RETURNED, ids=list(message_ids), letters=list(letters)).one_or_none()
        return row and Returned(row.id, Kind(row.kind), row.recipient, row.number)

    def came_back(self, letter_id: str, reason: str) -> None:
        """Note that a letter was not delivered after all; it is not tried again."""
        undone = {"state": LetterState.DEAD.value, "next_try": None, "claimed_by": None, "claimed_until": None}
        self._run(CAME_BACK.values(last_error=reason, **undone), letter_id=letter_id)

    def matter(self, key: str) -> str:
        """What is settled of a matter at this moment, empty for nothing; no other worker can settle it until the
        end of the block."""
        self.wait_for_turn(key)
        return str(self._run(MATTER, matter=key).scalar() or "")
