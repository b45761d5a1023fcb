"""Erasure: a person's contact data out of the whole store, and old bytes by rule.

Its one rule: what was recorded stays proven. A row of a journal keeps its hash, and a row behind it says what stands
there now; of bytes a note stays, with the hash that they had. It is one transaction; what somebody still waits
for (a mail in work, a letter on its way) is left, and counted.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, text, update

from bot.edge.store.audit import journals
from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.engine import translated
from bot.edge.store.journal import Entry, Head, canonical, entries, rehashed
from bot.edge.store.known import traced
from bot.edge.store.traces import Search, Sight
from bot.edge.store.unseen import unseen
from bot.edge.store.values import LetterState
from bot.edge.store.wiping import CONTENT, WAITING, Erased, Pen, needed, pen, wipe
from bot.edge.tables import blob, change, journal, letter, line, mail, setting
from bot.errors import Trouble
from bot.workflow.effect import Row
from bot.workflow.erasure import STAND_IN, Eraser, Traces
from bot.workflow.name_parts import Alone, alone_in

Tell = Callable[[int], None]
SOME = 200
ACTION = "Contact Data Erased"
ON_REQUEST = "on request"
FORM = "Change Request form"
"""How the title of a document begins that is a form as it was received."""
SEAL = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS journal_no_update",
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ),
    "postgresql": (
        "ALTER TABLE journal DISABLE TRIGGER journal_sealed",
        "ALTER TABLE journal ENABLE TRIGGER journal_sealed",
    ),
}
"""What opens the journal, and what closes it again."""


def extent(engine: Engine) -> int:
    """How many steps `erase` will tell of, about."""
    with translated(), engine.connect() as connection:
        counts = [connection.scalar(select(func.count()).select_from(each)) for each in (blob, change)]
        return sum(map(int, filter(None, counts)))


def known_by(engine: Engine, address: str, others: Iterable[str]) -> Traces:
    """What a person is known by in this store; never a name of `others`."""
    with translated(), engine.connect() as connection:
        return traced(connection, address, others)


def erase(
    engine: Engine,
    address: str,
    others: Iterable[str],
    now: datetime,
    on: date,
    tell: Tell,
    *,
    dry: bool = False,
) -> Erased:
    """Take a person out of everything that is kept, and name what cannot be looked into of their change requests. `on`
    is the local date that the record names; a `dry` run writes nothing.

    Raises Trouble when the database does not do it; then nothing was done.
    """
    done = Erased()
    with pen(engine, dry=dry) as writer:
        traces = traced(writer.connection, address, others)
        pattern = traces.pattern()
        theirs, spared = _Theirs(), list(others)
        with _unsealed(writer):
            for keys in _in_parts_of_changes(writer):
                some = _changes(writer, keys, Eraser(traces, pattern), spared, now, on, done)
                theirs.forms |= some.forms
                theirs.alone |= some.alone
                theirs.papers |= some.papers
                tell(len(keys))
        note = f"{on:%Y-%m-%d} {ON_REQUEST}"
        closed = _bytes(writer, pattern, theirs.forms, traces, note, done, tell)
        done.unseen = unseen(writer.connection, closed, theirs.papers, theirs.alone, partial(pattern.sub, STAND_IN))
        _rows(writer, pattern, traces, theirs.alone, done)
    return done


def shrink(engine: Engine) -> None:
    """Let the database's own files forget what was erased: SQLite's free pages and log, PostgreSQL's dead rows."""
    with translated(), engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            alone.execute(text("VACUUM"))
            alone.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            alone.execute(text("VACUUM FULL blob, mail, letter, journal, change, setting"))


@contextmanager
def _unsealed(writer: Pen) -> Iterator[None]:
    """Take the seal from the journal (migration 0001) for a while within the transaction: nobody else ever sees a
    journal without it, and after trouble all of it is undone."""
    opened, closed = SEAL[writer.connection.dialect.name]
    writer.write(text(opened))
    yield
    writer.write(text(closed))


def _in_parts_of_changes(writer: Pen) -> Iterator[list[str]]:
    last: str | None = ""
    while last is not None:
        query = select(change.c.key).where(change.c.key > last).order_by(change.c.key).limit(SOME)
        keys = list(writer.connection.scalars(query if writer.dry else query.with_for_update()))
        yield keys
        last = keys[-1] if len(keys) == SOME else None


@dataclass(slots=True)
class _Theirs:
    """What of the change requests is somebody's: the hashes of their forms, by the number of each in which they
    stand the parts of their name, and what its files are called, by their hashes."""

    forms: set[str] = field(default_factory=set)
    alone: dict[str, Alone] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)


def _changes(
    writer: Pen, keys: Sequence[str], eraser: Eraser, others: Sequence[str], now: datetime, on: date, done: Erased
) -> _Theirs:
    """Clean some change requests with their journals; gives what of them is this person's."""
    theirs = _Theirs()
    columns = select(change.c.key, change.c.number, change.c.state, change.c.title, change.c.company)
    histories = journals(writer.connection, keys)
    for row in writer.connection.execute(columns.where(change.c.key.in_(keys))).all():
        found, state = histories.get(row.key, []), json.loads(row.state)
        own = replace(eraser, originates=_originators(found) == {eraser.traces.address})
        if own.originates:
            theirs.forms |= {each["sha256"] for each in state.get("documents", ()) if each["title"].startswith(FORM)}
        if own.clean(state) == state and not _altered(found, own):
            continue
        held = [state, *(json.loads(each.payload) for each in found)]
        alone = theirs.alone[row.key] = theirs.alone[row.number] = alone_in(
            own.traces.names, own.traces.address, held, others
        )
        own = replace(own, alone=alone.clean)
        after, altered = own.clean(state), _altered(found, own)
        later = {now.seq: now.payload for now, _ in altered}
        kept = [after, *(json.loads(later.get(each.seq, each.payload)) for each in found)]
        for each in (paper for value in kept for paper in (value.get("state") or value).get("documents", ())):
            theirs.papers[each["sha256"]] = f"{row.number}: {each['name']} ({each['title']})"
        for part in sorted(alone.left_in(kept)):
            done.alone.setdefault(part, []).append(row.number)
        title, company = alone.out_of(own.pattern.sub(STAND_IN, row.title)), own.pattern.sub(STAND_IN, row.company)
        values = {"state": canonical(after), "title": title, "company": company}
        writer.write(update(change).where(change.c.key == row.key).values(**values))
        said = Row(ACTION, f"Somebody's contact data was erased on {on:%m/%d/%Y}", now, "bot", public=False)
        head = Head(found[-1].seq, found[-1].hash)
        writer.write(delete(line).where(line.c.cr == row.key))  # as it was printed; it is printed anew
        hashes = _journal(writer, altered, done)
        (made,) = entries(row.key, head, (said,), f"erase/{on:%Y-%m-%d}", {}, {}, now, hashes)
        writer.write(insert(journal).values(made.columns))
        done.counts["change requests"] += 1
    return theirs


def _altered(found: Sequence[Entry], eraser: Eraser) -> list[tuple[Entry, str]]:
    """The rows of a journal that are otherwise without them, each with the hash that it would have."""
    altered = []
    previous = ""
    for entry in found:
        payload, before = (_cleaned(each, eraser) for each in (entry.payload, entry.before))
        by = eraser.pattern.sub(STAND_IN, entry.by)
        if (payload, before, by) != (entry.payload, entry.before, entry.by):
            now = replace(entry, payload=payload, before=before, by=by)
            altered.append((now, rehashed(now, previous)))
        previous = entry.hash
    return altered


def _journal(writer: Pen, altered: Sequence[tuple[Entry, str]], done: Erased) -> dict[str, str]:
    """Write the rows that are otherwise now; gives the hashes that they would have."""
    for now, _ in altered:
        there = (journal.c.cr == now.cr) & (journal.c.seq == now.seq)
        writer.write(update(journal).where(there).values(payload=now.payload, before=now.before, by=now.by))
        done.counts["journal rows"] += 1
    return {str(now.seq): digest for now, digest in altered}


def _cleaned(kept: str, eraser: Eraser) -> str:
    """Canonical JSON without them; the same text where they are not in it."""
    value = json.loads(kept)
    clean = eraser.clean(value)
    return kept if clean == value else canonical(clean)


def _originators(found: Iterable[Entry]) -> set[str]:
    """Everybody who ever was the originator, as far as the journal says."""
    patches = (json.loads(entry.payload).get("state", {}).get("originator") for entry in found)
    return {str(each.get("email", "")).lower() for each in patches if each}


def _bytes(
    writer: Pen,
    pattern: re.Pattern[str],
    forms: set[str],
    traces: Traces,
    note: str,
    done: Erased,
    tell: Tell,
) -> set[str]:
    """Wipe every blob that is theirs or speaks of them, but for what is still to be handled or sent; gives those that
    cannot be looked into."""
    closed = set[str]()
    connection = writer.connection
    theirs = forms | set(connection.scalars(select(mail.c.raw).where(func.lower(mail.c.sender) == traces.address)))
    sent = select(letter.c.wire).where(func.lower(letter.c.recipient) == traces.address)
    writer.write(
        update(letter)
        .where(func.lower(letter.c.recipient) == traces.address, letter.c.state.in_(WAITING))
        .values(state=LetterState.DROPPED.value, next_try=None)
    )
    theirs |= set(connection.scalars(sent))
    waited_for = needed(connection, but=traces.address)
    whole = CONTENT.where(blob.c.encoding != ERASED)
    sight = Sight(traces, pattern)
    for digest in connection.scalars(select(blob.c.sha256).where(blob.c.encoding != ERASED)).all():
        tell(1)
        row = connection.execute(whole.where(blob.c.sha256 == digest)).one()
        if digest not in theirs:
            look = Search(sight)
            try:
                theirs |= {digest} if look.finds(unpack(*row)) else set()
            except Trouble:
                continue  # damaged: `verify` says so
            closed |= {digest} if look.closed else set()
            done.waiting["files too large to look through"] += digest not in theirs and not look.whole
    left = theirs & waited_for
    done.waiting["mails or letters still to be handled"] += len(left)
    done.counts["mails, letters and files"] += wipe(writer, theirs - left, note)
    return closed - theirs


def _rows(writer: Pen, pattern: re.Pattern[str], traces: Traces, alone: Mapping[str, Alone], done: Erased) -> None:
    """What mails, letters and matters of the office say beside their bytes."""
    connection = writer.connection
    for table, names in ((mail, ("sender", "subject", "reason", "message_id")), (letter, ("recipient", "last_error"))):
        columns = (table.c.id, table.c.number, *(table.c[name] for name in names))
        for row in connection.execute(select(*columns)).all():
            said: Mapping[str, Any] = {name: getattr(row, name) for name in names}
            clean = {name: pattern.sub(STAND_IN, words) for name, words in said.items() if words}
            if row.number in alone and "subject" in clean:
                clean["subject"] = alone[row.number].out_of(clean["subject"])
            if otherwise := {name: words for name, words in clean.items() if words != said[name]}:
                writer.write(update(table).where(table.c.id == row.id).values(**otherwise))
                done.counts[f"rows about {table.name}s"] += 1
    for row in connection.execute(select(setting.c.key, setting.c.value)).all():
        clean_value = _matter(row.value, Eraser(traces, pattern))
        theirs = bool(pattern.search(row.key))
        if theirs:
            writer.write(setting.delete().where(setting.c.key == row.key))
        elif clean_value != row.value:
            writer.write(update(setting).where(setting.c.key == row.key).values(value=clean_value))
        done.counts["matters of the office"] += theirs or clean_value != row.value


def _matter(value: str, eraser: Eraser) -> str:
    """A matter's value without them: JSON, or words."""
    try:
        parsed = json.loads(value)
    except ValueError:
        return eraser.pattern.sub(STAND_IN, value)
    cleaned = eraser.clean(parsed)
    return value if cleaned == parsed else json.dumps(cleaned)
