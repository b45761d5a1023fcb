"""Letters in the store: owed by a decision, sent later, marked at once.

Its one rule: a letter's bytes are never made anew; one that a dead process left half sent is owed
again, with the same Message-ID, and counted.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Connection, Executable, Update, case, or_, select, update

from bot.edge.store.claims import Departed, left_behind
from bot.edge.store.connections import CLAIM, Connections
from bot.edge.store.engine import wait_for_turn
from bot.edge.store.mails import cargo, contents
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.blobs import SIZES
from bot.edge.store.queries.letters import FAILED, NOT_UNDER_WAY, OWED, OWED_BUT, OWED_TO, SENDING, SENT
from bot.edge.store.values import LetterState, Owed, StoredLetter
from bot.edge.tables import change, letter
from bot.mail.compose import files_in, with_files
from bot.mail.letter import Dead, Delivery, Kind, Later, Sent


class Letters(Connections):
    """The part of the store that holds what goes out."""

    def owed(
        self, limit: int, now: datetime, only: Collection[str] | None = None, but: Collection[str] = ()
    ) -> tuple[Owed, ...]:
        """Take up to `limit` letters that are due, oldest first, to send them now; with `only`, of those
        to these addresses; never `but` to those."""
        self._assure()
        with self._writing() as connection:
            due = connection.execute(*_due(connection, limit, now, only, but)).all()
            due = due[: cargo([row.size for row in due])]
            outlines = contents(connection, [row.wire for row in due])
            enclosed = [files_in(outlines[row.wire]) for row in due]
            sizes = _sizes(connection, enclosed)
            due = due[
                : cargo([row.size + sum(map(sizes.__getitem__, some)) for row, some in zip(due, enclosed, strict=True)])
            ]
            if not due:
                return ()
            taken = {"worker": self.terms.worker, "until": now + CLAIM, "now": now}
            connection.execute(SENDING, {"ids": [row.id for row in due], **taken})
            files = contents(connection, [digest for some in enclosed[: len(due)] for digest in some])
        return tuple(
            Owed(
                row.id,
                Kind(row.kind),
                row.number,
                row.recipient,
                row.return_path,
                outlines[row.wire],
                files,
                row.tries,
                row.first_tried or now,
            )
            for row in due
        )

    def wire(self, letter_id: str) -> bytes | None:
        """A letter as it goes over the wire, sent or not; None for an id that no letter has."""
        with self._reading() as connection:
            digest = connection.execute(select(letter.c.wire).where(letter.c.id == letter_id)).scalar()
            if digest is None:
                return None
            outline = contents(connection, [digest])[digest]
            return with_files(outline, contents(connection, files_in(outline)))

    def delivered(self, letter_id: str, delivery: Delivery, now: datetime, retry_at: datetime | None = None) -> None:
        """Note what became of a letter, in a commit of its own.

        `retry_at` is when to try one again that the server did not take now; without it, it is dead.
        """
        statement, values = self._outcome(delivery, now, retry_at)
        with self._writing() as connection:
            connection.execute(statement, {"letter_id": letter_id, **values})

    def letters(self, number: str | None = None) -> tuple[StoredLetter, ...]:
        """All letters, oldest first, or those about one change request, by number or key."""
        query = select(*(letter.c[name] for name in StoredLetter.__slots__)).order_by(letter.c.created_at, letter.c.id)
        if number is not None:
            query = query.join(change, change.c.key == letter.c.cr).where(
                or_(change.c.number == number, change.c.key == number)
            )
        with self._reading() as connection:
            return tuple(
                StoredLetter(**{**row._asdict(), "kind": Kind(row.kind), "state": LetterState(row.state)})
                for row in connection.execute(query)
            )

    def hold_letters(self, reserved: Collection[str] = ()) -> int:
        """From now on, hold every letter until the operator says what becomes of it, and pass over numbers
        that were mailed already; gives how many letters were on their way and are held."""
        self.terms = replace(self.terms, holds=True, reserved=frozenset(reserved))
        waiting = letter.c.state.in_([LetterState.OWED.value, LetterState.SENDING.value])
        stop = {"state": LetterState.HELD.value, "next_try": None, "claimed_by": None, "claimed_until": None}
        with self._writing() as connection:
            return connection.execute(update(letter).where(waiting).values(**stop)).rowcount

    def let_go(self, ids: Collection[str] | None, now: datetime | None) -> int:
        """Owe letters that are held, to be sent `now`, or never send them (None): those of these ids, or all
        of them; gives how many."""
        becomes = {"state": (LetterState.OWED if now else LetterState.DROPPED).value, "next_try": now}
        held = update(letter).where(letter.c.state == LetterState.HELD.value).values(**becomes)
        with self._writing() as connection:
            if ids is None:
                return connection.execute(held).rowcount
            return sum(connection.execute(held.where(letter.c.id.in_(some))).rowcount for some in in_parts(sorted(ids)))

    def _outcome(self, delivery: Delivery, now: datetime, retry_at: datetime | None) -> tuple[Any, dict[str, Any]]:
        match delivery:
            case Sent():
                return SENT, {"now": now}
            case Later(reason) | Dead(reason):
                alive = isinstance(delivery, Later) and retry_at is not None
                becomes = LetterState.OWED if alive else LetterState.DEAD
                again = {"becomes": becomes.value, "again": retry_at if alive else None, "error": reason}
                return FAILED, {"worker": self.terms.worker, **again}
            case other:
                assert_never(other)


def _due(
    connection: Connection, limit: int, now: datetime, only: Collection[str] | None, but: Collection[str]
) -> tuple[Executable, dict[str, Any]]:
    values: dict[str, Any] = {"now": now, "most": limit}
    if only is not None:
        due, values["recipients"] = OWED_TO, sorted(set(only) - set(but))
    elif but:
        due, values["recipients"] = OWED_BUT, sorted(but)
    else:
        due = OWED
    if connection.dialect.name == "postgresql":
        # The letters about one change request keep their order: whoever takes some takes the earliest, and nobody
        # takes more of them until those have gone.
        wait_for_turn(connection, "letters")
        due = due.where(NOT_UNDER_WAY)
    return due, values


def _sizes(connection: Connection, enclosed: Sequence[Sequence[str]]) -> dict[str, int]:
    """The size of each of these files."""
    digests = sorted({digest for some in enclosed for digest in some})
    if not digests:
        return {}
    return {row.sha256: row.size for row in connection.execute(SIZES, {"hashes": digests})}


def free_letters(connection: Connection, now: datetime | None, departed: Departed) -> int:
    """Owe letters again whose worker will not come back: they may have gone out or not. Gives how many."""
    freed = _sending().where(*left_behind(letter, now, departed)).values(resent=letter.c.resent + 1, **_FREE)
    return connection.execute(freed).rowcount


def return_letters(connection: Connection, worker: str) -> None:
    """Owe again what a worker took and did not try to send."""
    untried = case((letter.c.tries == 0, None), else_=letter.c.first_tried)
    ours = _sending().where(letter.c.claimed_by == worker)
    connection.execute(ours.values(first_tried=untried, **_FREE))


_FREE = {"state": LetterState.OWED.value, "claimed_by": None, "claimed_until": None}


def _sending() -> Update:
    return update(letter).where(letter.c.next_try.is_not(None), letter.c.state == LetterState.SENDING.value)
