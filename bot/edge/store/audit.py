"""Audit: the whole store looked at, from the bytes of a mail to the last row of a journal.

Its one rule: it believes nothing that it can compute again, and goes on where something is damaged, so
that one finding hides no other. It reads in short pieces while others write, a few thousand rows in memory
at a time, and changes nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.edge.codec import decode
from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.engine import SQLITE_TEMPORARY, translated
from bot.edge.store.journal import Entry, canonical, erasures, first_broken
from bot.edge.store.numbers import RESERVED
from bot.edge.store.parts import in_parts
from bot.edge.tables import blob, change, counter, journal, letter, mail, setting
from bot.errors import Trouble
from bot.mail.compose import files_in
from bot.workflow.change import ChangeRequest
from bot.workflow.takeover import IMPORTED, PAST_IMPORTED

SOME = 200
"""Change requests looked at together."""
MANY = 2000
"""Rows of other tables looked at together; of blobs only their sizes, the bytes come one by one."""
SHOWN = 20
"""What SQLite says about its own pages; after so many remarks nobody reads on."""

RESTORE = "stop the daemon, `cmpbot restore` the newest backup that `cmpbot verify FILE` finds well"
ANSWERED = "keep this database as it is, find out who wrote to it, and restore the newest backup that is well"
Tell = Callable[[int], None]
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, DBAPIError, Trouble)
"""What damaged rows raise when they are read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded: in which part, about what, what, and what to do."""

    part: str
    about: str
    found: str
    remedy: str = RESTORE


@dataclass(slots=True)
class Examined:
    """How much was looked at, by its name, and a hash over what must never change: the same for a store
    and for its copy, whatever was sent or published since."""

    counts: Counter[str] = field(default_factory=Counter)
    _hash: Any = field(default_factory=sha256)

    @property
    def fingerprint(self) -> str:
        """Of the mails, the letters and the journals."""
        return str(self._hash.hexdigest())

    def saw(self, what: str, *marks: object) -> None:
        """Count one more, and remember what marks it."""
        self.counts[what] += 1
        self._hash.update(canonical([what, *map(str, marks)]).encode())


class Audit:
    """Examines the store behind an engine; made only where somebody asks, unlike the parts of the store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def extent(self) -> int:
        """How many steps `findings` will tell of, about."""
        with self._snapshot() as connection:
            counts = [connection.scalar(select(func.count()).select_from(each)) for each in (blob, change, letter)]
        return sum(map(int, filter(None, counts)))

    def findings(self, examined: Examined, tell: Tell = lambda _: None) -> Iterator[Finding]:
        """Everything that is not as it was recorded. `tell` hears of each step how many rows it was.

        Raises Trouble when the database does not answer at all.
        """
        for part in (self._file, self._blobs, self._mails, self._changes, self._letters, self._numbers):
            try:
                yield from part(examined, tell)
            except (DBAPIError, Trouble) as error:
                _unless_passing(error)
                yield Finding(part.__name__.strip("_"), "its table", f"it cannot be read: {_first_line(error)}")

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
                    _unless_passing(error)
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
                states = connection.execute(_STATES.where(change.c.key.in_(keys)).order_by(change.c.key)).all()
                histories = journals(connection, keys)
                kept = _kept(connection, states)
        except UNREADABLE as error:
            _unless_passing(error)
            if len(keys) > 1:
                for key in keys:
                    yield from self._some_changes((key,), examined)
            else:
                yield Finding("journal", keys[0], f"it cannot be read: {_first_line(error)}")
            return
        for row in states:
            entries = histories.get(row.key, [])
            examined.counts["journal rows"] += len(entries)
            if gone := erasures(entries):
                examined.counts["journal rows without a person's erased contact data"] += len(gone)
            examined.saw("change requests", row.key, entries[-1].hash if entries else "")
            yield from _against_journal(row, entries, kept)

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
            there: set[str] = set()
            for some in in_parts(sorted(files)):
                there.update(connection.execute(select(blob.c.sha256).where(blob.c.sha256.in_(some))).scalars())
            for digest in sorted(files.keys() - there):
                yield Finding("letters", f"letter {files[digest][:12]}", "a file that goes with it is missing")

    def _numbers(self, examined: Examined, tell: Tell) -> Iterator[Finding]:
        """Numbers are dense per day from 1, and the day's counter stands at the last of them. Where a
        register was imported they may have gaps from before, and where a restore kept numbers back."""
        with self._snapshot() as connection:
            counters = {row.name: row.n for row in connection.execute(select(counter.c.name, counter.c.n))}
            kept_back = _reserved(connection)
            loose = {number.partition("-")[0] for number in connection.execute(_IMPORTED).scalars()}
            days = groupby(connection.execute(_NUMBERS).yield_per(MANY).scalars(), lambda each: each.partition("-")[0])
            for day, some in days:  # in the order of the numbers, a day in memory at a time
                numbers = {int(n) for each in some if (n := each.partition("-")[2]).isdecimal()}
                if numbers:
                    examined.counts["days with numbers"] += 1
                    yield from _of_day(day, numbers, counters.get(day, 0), kept_back.get(day, set()), day in loose)


def _of_day(day: str, numbers: set[int], last: int, kept_back: set[int], loose: bool) -> Iterator[Finding]:
    """What is wrong with the numbers of a day whose counter stands at the last; `loose`: some were imported."""
    missing = set() if loose else set(range(1, last + 1)) - numbers - kept_back
    if beyond := sorted(n for n in numbers if n > last):
        found = f"the counter of the day stands at {last}: {', '.join(map(str, beyond[:5]))} could be given again"
        yield Finding("numbers", day, found, ANSWERED)
    elif missing:
        found = f"{day}-{min(missing)} belongs to no change request ({len(missing)} such that day)"
        yield Finding("numbers", day, found, ANSWERED)


DECIDED = frozenset({"fate", "copy"})
_STATES = select(
    change.c.key, change.c.number, change.c.state, change.c.version, change.c.step, change.c.phase,
    change.c.status_date, change.c.open, change.c.logged,
)  # fmt: skip
_BYTES = select(blob.c.sha256, blob.c.encoding, blob.c.content)
# The number that a change request has, and the intake's number that it began with.
_NUMBERS = select(change.c.number).union(select(change.c.key)).order_by("number")
_IMPORTED = (
    select(change.c.number)
    .join(journal, journal.c.cr == change.c.key)
    .where(journal.c.seq == 1, journal.c.cause >= IMPORTED, journal.c.cause < PAST_IMPORTED)
)


def _lenient(content: bytes) -> str:
    """A text even where bits of it were lost: then its hash will tell."""
    return content.decode("utf-8", "replace")


def _unless_passing(error: BaseException) -> None:
    """Raise what the world may mend by itself: it is no damage."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is None or code & 0xFF in SQLITE_TEMPORARY:
            raise error
    elif isinstance(error, Trouble) and error.temporary:
        raise error


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0][:200]


def journals(connection: Connection, keys: Sequence[str]) -> dict[str, list[Entry]]:
    """The whole journals of some change requests, by their keys."""
    found: dict[str, list[Entry]] = {}
    query = select(*(journal.c[name] for name in Entry.__slots__)).where(journal.c.cr.in_(keys))
    for row in connection.execute(query.order_by(journal.c.cr, journal.c.seq)):
        found.setdefault(row.cr, []).append(Entry(*row))
    return found


def _kept(connection: Connection, states: Sequence[Any]) -> set[str]:
    """Those of the documents of some change requests whose bytes are there."""
    wanted = sorted({paper for row in states for paper in _papers(row.state)})
    there: set[str] = set()
    for some in in_parts(wanted):
        there.update(connection.execute(select(blob.c.sha256).where(blob.c.sha256.in_(some))).scalars())
    return there


def _papers(state: str) -> list[str]:
    try:
        return [paper["sha256"] for paper in json.loads(state)["documents"]]
    except UNREADABLE:
        return []  # the state has a finding of its own


def _against_journal(row: Any, entries: Sequence[Entry], kept: set[str]) -> Iterator[Finding]:
    """What is wrong with one change request: its journal, then what the journal amounts to."""
    about = str(row.number)
    if not entries:
        yield Finding("journal", about, "it has no journal at all", ANSWERED)
        return
    if broken := first_broken(entries):
        said = f"row {broken} of its journal is not what was recorded, or is missing"
        yield Finding("journal", about, said, ANSWERED)
    try:
        state: dict[str, Any] = {}
        steps = 0
        for entry in entries:
            patch = json.loads(entry.payload).get("state", {})
            state |= patch
            steps += bool(patch)
        change_now = decode(ChangeRequest, json.loads(row.state))
        same = canonical(state) == row.state or decode(ChangeRequest, state) == change_now
    except UNREADABLE as error:
        yield Finding("state", about, f"it cannot be read: {_first_line(error)}")
        return
    if not same or steps != row.version:
        yield Finding("state", about, "it is not what its journal amounts to", ANSWERED)
    columns = row.number, row.step, row.phase, row.status_date, row.open, row.logged
    said_so = change_now.number, change_now.step, change_now.phase, change_now.status_date
    if columns != (*said_so, change_now.open, change_now.logged):
        yield Finding("state", about, "the columns it is found by say something else than itself", ANSWERED)
    for paper in change_now.documents:
        if paper.sha256 not in kept:
            yield Finding("documents", about, f"the bytes of {paper.title} ({paper.name}) are missing")


def _reserved(connection: Connection) -> Mapping[str, set[int]]:
    """The numbers that no change request will get, by day."""
    found: dict[str, set[int]] = {}
    for number in connection.execute(select(setting.c.value).where(setting.c.key == RESERVED)).scalars():
        for each in number.split():
            day, _, n = each.partition("-")
            found.setdefault(day, set()).add(int(n))
    return found


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
