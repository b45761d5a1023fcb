"""Audit: the whole store looked at, from the bytes of a mail to the last row of a journal.

Its one rule: it believes nothing that it can compute again, and goes on where something is damaged, so
that one finding hides no other. It reads in short pieces while others write, a few thousand rows in memory
at a time, and changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.edge.store.accord import RECORDED, against_journal, documents
from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.damage import UNREADABLE, first_line, unless_passing
from bot.edge.store.density import density
from bot.edge.store.engine import translated
from bot.edge.store.findings import ANSWERED, Examined, Finding
from bot.edge.store.journal import Entry, erasures
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.changes import HISTORIES
from bot.edge.tables import blob, change, letter, mail
from bot.errors import Trouble
from bot.mail.compose import files_in

__all__ = ["Audit", "Examined", "Finding", "journals"]

SOME = 200
"""Change requests looked at together."""
MANY = 2000
"""Rows of other tables looked at together; of blobs only their sizes, the bytes come one by one."""
SHOWN = 20
"""What SQLite says about its own pages; after so many remarks nobody reads on."""

Tell = Callable[[int], None]
"""Hears how many rows a step was."""

DECIDED = frozenset({"fate", "copy"})
_BYTES = select(blob.c.sha256, blob.c.encoding, blob.c.content)


class Audit:
    """Examines the store behind an engine; made only where somebody asks, unlike the parts of the store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def extent(self) -> int:
        """How many steps `findings` will tell of, about; 0 where a damaged store cannot say."""
        try:
            with self._snapshot() as connection:
                counts = [connection.scalar(select(func.count()).select_from(each)) for each in (blob, change, letter)]
        except Trouble as error:
            unless_passing(error)
            return 0
        return sum(map(int, filter(None, counts)))

    def findings(self, examined: Examined, tell: Tell = lambda _: None) -> Iterator[Finding]:
        """Everything that is not as it was recorded. `tell` hears of each step how many rows it was.

        Raises Trouble when the database does not answer at all.
        """
        for part in (self._file, self._blobs, self._mails, self._changes, self._letters, self._numbers):
            try:
                yield from part(examined, tell)
            except (DBAPIError, Trouble) as error:
                unless_passing(error)
                yield Finding(part.__name__.strip("_"), "its table", f"it cannot be read: {first_line(error)}")

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Several questions about one moment. On SQLite each statement stands alone unless one begins."""
        with translated(), self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                driver: Any = connection.connection.driver_connection
                driver.text_factory = _lenient
                driver.execute("BEGIN")
                try:
                    yield connection
                finally:
                    driver.execute("ROLLBACK")
                    driver.text_factory = str
            else:
                yield connection.execution_options(isolation_level="REPEATABLE READ")

    def _pages(self, query: Select[Any], key: Any, size: int = MANY) -> Iterator[tuple[Connection, Sequence[Row[Any]]]]:
        """The rows of a query by its key, so many at a time, each time in a moment of its own."""
        last: str | None = ""
        while last is not None:
            with self._snapshot() as connection:
                rows = connection.execute(query.where(key > last).order_by(key).limit(size)).all()
                yield connection, rows
            last = rows[-1][0] if len(rows) == size else None

    def _file(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """What SQLite says of its own pages and indexes."""
        if self.engine.dialect.name != "sqlite":
            return
        with self._snapshot() as connection:
            said = connection.execute(text(f"PRAGMA integrity_check({SHOWN})")).scalars().all()
            loose = connection.execute(text("PRAGMA foreign_key_check")).all()
        for words in said:
            if words != "ok":
                yield Finding("database", "the file", str(words))
        for row in loose[:SHOWN]:
            yield Finding("database", f"table {row[0]}", f"a row that belongs to nothing in {row[2]}")

    def _blobs(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """Every blob against its hash, one in memory at a time."""
        whole = select(blob.c.sha256, blob.c.encoding, blob.c.content, blob.c.size)
        for connection, rows in self._pages(select(blob.c.sha256), blob.c.sha256):
            for (digest,) in rows:
                tell(1)
                try:
                    row = connection.execute(whole.where(blob.c.sha256 == digest)).one()
                    if row.encoding == ERASED:
                        examined.counts[f"files erased on {row.content.decode('ascii', 'replace')}"] += 1
                        continue
                    content = unpack(row.sha256, row.encoding, row.content)
                    found = "" if len(content) == row.size else f"{len(content)} bytes where there were {row.size}"
                except UNREADABLE as error:
                    unless_passing(error)
                    found = "its bytes are not those that were kept (a disk that loses bits, or somebody's hand)"
                if found:
                    yield Finding("bytes", _whose(connection, digest), found)
                examined.counts["blobs"] += 1

    def _mails(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """A mail's id is the beginning of its bytes' hash, and its bytes are there."""
        kept = select(mail.c.id, mail.c.raw, mail.c.state, mail.c.fate, blob.c.sha256, blob.c.encoding)
        for _, rows in self._pages(kept.outerjoin(blob, blob.c.sha256 == mail.c.raw), mail.c.id):
            for row in rows:
                if row.sha256 is None:
                    yield Finding("mail", f"mail {row.id}", "its bytes are missing")
                elif not row.raw.startswith(row.id):
                    yield Finding("mail", f"mail {row.id}", "it points to the bytes of another mail", ANSWERED)
                if (row.fate is not None) != (row.state in DECIDED):
                    yield Finding("mail", f"mail {row.id}", f"it is {row.state} and has the fate {row.fate}", ANSWERED)
                examined.saw("mails", row.id, row.raw)

    def _changes(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """Every change request against its journal."""
        for _, rows in self._pages(select(change.c.key), change.c.key, SOME):
            yield from self._some_changes([row.key for row in rows], examined)
            tell(len(rows))

    def _some_changes(self, keys: Sequence[str], examined: Examined) -> Iterator[Finding]:
        """Some change requests; where one of them cannot be read at all, each by itself."""
        try:
            with self._snapshot() as connection:
                states = connection.execute(RECORDED.where(change.c.key.in_(keys)).order_by(change.c.key)).all()
                histories = journals(connection, keys)
                kept = _present(connection, {paper for row in states for paper in documents(row.state)})
        except UNREADABLE as error:
            unless_passing(error)
            if len(keys) > 1:
                for key in keys:
                    yield from self._some_changes((key,), examined)
            else:
                yield Finding("journal", keys[0], f"it cannot be read: {first_line(error)}")
            return
        for row in states:
            entries = histories.get(row.key, [])
            examined.counts["journal rows"] += len(entries)
            if gone := erasures(entries):
                examined.counts["journal rows without a person's erased contact data"] += len(gone)
            examined.saw("change requests", row.key, entries[-1].hash if entries else "")
            yield from against_journal(row, entries, kept)

    def _letters(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """Every letter has its bytes, and every file that belongs into it."""
        owed = select(letter.c.id, letter.c.wire, letter.c.state, letter.c.sent_at, letter.c.recipient)
        for connection, rows in self._pages(owed, letter.c.id):
            files: dict[str, str] = {}
            for row in rows:
                tell(1)
                examined.saw("letters", row.id, row.wire)
                found = connection.execute(_BYTES.where(blob.c.sha256 == row.wire)).one_or_none()
                try:
                    outline = unpack(found.sha256, found.encoding, found.content) if found else None
                except UNREADABLE:
                    continue  # the blob has a finding of its own
                if outline is None:
                    yield Finding("letters", f"letter {row.id[:12]} to {row.recipient}", "its bytes are missing")
                    continue
                files |= dict.fromkeys(files_in(outline), row.id)
            for digest in sorted(files.keys() - _present(connection, files.keys())):
                yield Finding("letters", f"letter {files[digest][:12]}", "a file that goes with it is missing")

    def _numbers(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """All numbers and their counters, in one moment."""
        with self._snapshot() as connection:
            yield from density(connection, examined)


def _lenient(content: bytes) -> str:
    """A text even where bits of it were lost: then its hash will tell."""
    return content.decode("utf-8", "replace")


def journals(connection: Connection, keys: Sequence[str]) -> dict[str, list[Entry]]:
    """The whole journals of some change requests, by their keys."""
    found: dict[str, list[Entry]] = {}
    for row in connection.execute(HISTORIES, {"keys": keys}):
        found.setdefault(row.cr, []).append(Entry(*row))
    return found


def _present(connection: Connection, digests: Set[str]) -> set[str]:
    """Those of some blobs, by their hashes, that are there."""
    there: set[str] = set()
    for some in in_parts(sorted(digests)):
        there.update(connection.execute(select(blob.c.sha256).where(blob.c.sha256.in_(some))).scalars())
    return there


def _whose(connection: Connection, digest: str) -> str:
    """To what a blob belongs, in an operator's words."""
    asked = (
        (select(mail.c.id).where(mail.c.raw == digest), "mail {}"),
        (select(letter.c.id).where(letter.c.wire == digest), "letter {:.12}"),
        (select(change.c.number).where(change.c.state.contains(digest)), "a document of {}"),
    )
    for query, words in asked:
        for found in connection.execute(query.limit(1)).scalars():
            return f"{words.format(found)} (blob {digest[:12]})"
    return f"a file that goes with letters (blob {digest[:12]})"
