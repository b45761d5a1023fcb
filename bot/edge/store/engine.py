"""The engine: how we speak to SQLite and PostgreSQL, and what their errors mean.

Its one rule: only here is a driver's error told apart: the world's trouble becomes Trouble, a
mistake of ours stays what it is. Writing transactions on SQLite are BEGIN IMMEDIATE, because one
that reads first and writes later fails at once in spite of the timeout (reliability.md F15).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Text, bindparam, create_engine, event, func, make_url, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from bot.errors import Trouble

BUSY_SECONDS = 5  # less than the ten seconds in which SIGTERM must be obeyed

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)

# A worker that was stopped inside a transaction must not hold the counters for ever, and a server
# that vanished must be noticed: one that does not acknowledge, within 30 s, and one that says nothing
# any more, by asking whether it is there (libpq's seconds, the milliseconds of the system and PostgreSQL).
POSTGRES = {
    "connect_timeout": 10,
    "application_name": "cmpbot",
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
}

# SQLite's primary result codes (sqlite.org/rescode.html): BUSY, LOCKED, NOMEM, READONLY, INTERRUPT,
# IOERR, FULL, CANTOPEN and PROTOCOL may pass; CORRUPT and NOTADB never do.
SQLITE_TEMPORARY = frozenset({5, 6, 7, 8, 9, 10, 13, 14, 15})
SQLITE_LASTING = frozenset({11, 26})
# PostgreSQL's error classes: connection lost, wrong transaction state (a standby, a time-out),
# wrong login, no such database, rolled back, no resources, object in use, operator, system.
POSTGRES_TEMPORARY = frozenset({"08", "25", "28", "3D", "40", "53", "55", "57", "58"})

TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("what", type_=Text), 0)))


def open_engine(url: str) -> Engine:
    """The engine of a database URL, `sqlite:///FILE` or `postgresql://...`; it connects later."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args=POSTGRES, hide_parameters=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def database_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for a server."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _prepare(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        driver.execute(pragma)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A writing transaction: committed when the block ends, undone when it raises.

    SQLAlchemy's begin event would do as well, but an engine with listeners pays for them with
    every statement; so SQLite is told here, on the driver's own connection.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]  # it is open
        with connection.begin():
            yield connection


def wait_for_turn(connection: Connection, what: str) -> None:
    """Let no other worker do the same before the end of the transaction; on SQLite nobody could."""
    if connection.dialect.name == "postgresql":
        connection.execute(TURN, {"what": what})


@contextmanager
def translated() -> Iterator[None]:
    """Turn a driver's error into Trouble where the world is to blame.

    An IntegrityError is always a bug of ours: rows that two workers may write at once are written
    by upserts, and everything else under a row lock.
    """
    try:
        yield
    except IntegrityError as error:
        error.add_note("no race leads here: this is a bug in the store")
        raise
    except (DBAPIError, sqlite3.Error) as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error


def _trouble(error: DBAPIError | sqlite3.Error) -> Trouble | None:
    """What the world did to us, or None when the statement itself was wrong."""
    lost, cause = (error.connection_invalidated, error.orig) if isinstance(error, DBAPIError) else (False, error)
    # The statement and its values stay out: a mail's text must never reach a log.
    message = f"the database does not answer as it should: {str(cause).strip().partition(chr(10))[0]}"
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        primary = code & 0xFF
        if primary in SQLITE_TEMPORARY | SQLITE_LASTING:
            return Trouble(message, temporary=primary in SQLITE_TEMPORARY)
        return None
    state = getattr(cause, "sqlstate", None)
    # Without a state the server said nothing: it is away, unless the driver itself found a value wrong.
    silent = state is None and isinstance(error, (OperationalError, InterfaceError))
    if lost or silent or (state is not None and state[:2] in POSTGRES_TEMPORARY):
        return Trouble(message)
    return None
