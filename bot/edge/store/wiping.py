"""Wiping: the bytes of mails, letters and files are taken away, and a note is left in their place.

Its one rule: what somebody still waits for keeps its bytes. A dry run reads one state of the store, writes nothing and
holds nobody up.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, Engine, Executable, bindparam, func, or_, select, update

from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.engine import translated, writing
from bot.edge.store.parts import in_parts
from bot.edge.store.values import LetterState
from bot.edge.tables import blob, change, letter, mail
from bot.mail.compose import files_in

WAITING = (LetterState.OWED.value, LetterState.SENDING.value, LetterState.HELD.value)
CONTENT = select(blob.c.sha256, blob.c.encoding, blob.c.content)
_SETTLED = or_(change.c.key.is_(None), change.c.open.is_(False))
_BEFORE = bindparam("before", type_=mail.c.arrived.type)
OLD_MAILS = (
    select(mail.c.raw)
    .join(blob, blob.c.sha256 == mail.c.raw)
    .outerjoin(change, change.c.number == mail.c.number)
    .where(mail.c.arrived < _BEFORE, mail.c.fate.is_not(None), blob.c.encoding != ERASED, _SETTLED)
)
OLD_LETTERS = (
    select(letter.c.wire)
    .join(blob, blob.c.sha256 == letter.c.wire)
    .outerjoin(change, change.c.key == letter.c.cr)
    .where(letter.c.created_at < _BEFORE, letter.c.state.not_in(WAITING), blob.c.encoding != ERASED, _SETTLED)
)


@dataclass(slots=True)
class Erased:
    """How much was erased, by its name, and how much speaks of the person that could not be yet; with what may speak
    of them, for a person to look at: parts of the name, by the numbers where they stand, and `unseen` files."""

    counts: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    alone: dict[str, list[str]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pen:
    """What writes in a transaction; a `dry` one does not."""

    connection: Connection
    dry: bool = False

    def write(self, statement: Executable) -> None:
        """Carry a statement out, unless the run is dry."""
        if not self.dry:
            self.connection.execute(statement)


@contextmanager
def pen(engine: Engine, *, dry: bool) -> Iterator[Pen]:
    """A pen in a writing transaction; a dry one in a transaction that sees one state of the store. Raises Trouble."""
    with translated():
        if not dry:
            with writing(engine) as connection:
                yield Pen(connection)
            return
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]  # it is open
            else:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield Pen(connection, dry=True)


def erase_older(engine: Engine, before: datetime, rule: str, on: date, *, dry: bool = False) -> Erased:
    """Take away the bytes of mails that came, and letters that were written, before an instant, about change
    requests that are closed or about none. Files that belong to a change request stay. `rule` says why."""
    done = Erased()
    with pen(engine, dry=dry) as writer:
        connection = writer.connection
        for what, query in (("mails", OLD_MAILS), ("letters", OLD_LETTERS)):
            found = set(connection.scalars(query, {"before": before}))
            if found:
                done.counts[what] += wipe(writer, found - needed(connection), f"{on:%Y-%m-%d} {rule}")
    return done


def needed(connection: Connection, but: str = "") -> set[str]:
    """The blobs of mails without a fate, and of letters that may still go out, with their files; none of letters to
    one address (lower case)."""
    owed = select(letter.c.wire).where(letter.c.state.in_(WAITING), func.lower(letter.c.recipient) != but)
    wires = set(connection.scalars(owed))
    found = wires | set(connection.scalars(select(mail.c.raw).where(mail.c.fate.is_(None))))
    for some in in_parts(sorted(wires)):
        for row in connection.execute(CONTENT.where(blob.c.sha256.in_(some))):
            found |= set(files_in(unpack(*row)))
    return found


def wipe(writer: Pen, digests: set[str], note: str) -> int:
    """Leave of these blobs a note only; gives how many."""
    gone = {"encoding": ERASED, "content": note.encode("ascii", "replace")}
    count = 0
    for some in in_parts(sorted(digests)):
        there = (blob.c.sha256.in_(some), blob.c.encoding != ERASED)
        count += writer.connection.scalar(select(func.count()).select_from(blob).where(*there)) or 0
        writer.write(update(blob).where(*there).values(**gone))
    return count
