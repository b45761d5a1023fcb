"""Store: everything that must not be lost. Mails, letters and records are a module each; here is
how it is opened, how a mail's transaction begins, and how a dead process's work is freed.

Its one rule: on SQLite one process works at a time, held by a lock file beside the database that
the system frees with the process; looking inside needs no lock. On PostgreSQL many workers share.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

from sqlalchemy import inspect, text

from bot.edge.store.connections import Connections
from bot.edge.store.engine import database_file
from bot.edge.store.figures import Counted
from bot.edge.store.gatherings import Gatherings
from bot.edge.store.leading import Leading
from bot.edge.store.letters import Letters, free_letters, return_letters
from bot.edge.store.listings import Listings
from bot.edge.store.mails import Mails, free_mails, return_mails
from bot.edge.store.manifest import Manifest
from bot.edge.store.matters import Matters
from bot.edge.store.numbers import Numbers
from bot.edge.store.promises import Promises
from bot.edge.store.recent import Recent
from bot.edge.store.records import Records
from bot.edge.store.tidings import Tidings
from bot.edge.store.unit import Unit
from bot.edge.store.values import Budget
from bot.edge.store.waiting import Waiting
from bot.edge.tables import SCHEMA
from bot.errors import Busy, Trouble


class Store(
    Mails,
    Letters,
    Records,
    Listings,
    Gatherings,
    Waiting,
    Promises,
    Counted,
    Matters,
    Manifest,
    Recent,
    Tidings,
    Numbers,
    Leading,
    Connections,
):
    """The whole store. `worker` names this process and no other; `zone` is the office's; bounces
    of letters go to `return_path`. Opening connects to nothing."""

    def __init__(
        self, url: str, worker: str, budget: Budget | None = None, zone: tzinfo | None = None, return_path: str = ""
    ) -> None:
        super().__init__(url, worker, budget, zone, return_path)
        self._lock: int | None = None

    @classmethod
    def open_ready(
        cls, url: str, worker: str, budget: Budget | None = None, zone: tzinfo | None = None, return_path: str = ""
    ) -> Self:
        """A store whose schema is the one this program needs; makes or migrates it first.

        Raises Trouble when the database does not answer or is newer than this program.
        """
        file = database_file(url)
        if file is not None and not file.exists():
            _make(file)
        store = cls(url, worker, budget, zone, return_path)
        try:
            if store.schema_version() != SCHEMA:
                from bot.migrations import migrate  # noqa: PLC0415 - alembic is heavy, and rarely needed

                migrate(url)
        except Trouble:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and let go of the lock, or of what this worker has of many."""
        if self.lease is not None:
            self.lease.stop()
            self.lease = None
        self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def schema_version(self) -> str | None:
        """The version of the schema that the database has; None where it has none yet."""
        with self._reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def own(self) -> None:
        """Become the one process that works on a SQLite database, or on PostgreSQL one worker of many.

        Raises Trouble when another one works on the SQLite database, or the server does not answer.
        """
        file = database_file(self.url)
        if file is None:
            self._leased()
            return
        if self._lock is not None:
            return
        try:
            lock = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Trouble(f"cannot lock {file}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise Busy(f"another cmpbot works on {file}; where that is the daemon, stop it first") from error
        self._lock, self.alone = lock, True

    def release(self, now: datetime) -> bool:
        """Free what dead processes left: mails to be handled, letters to be sent again; True where there was
        something. To be called before any work; the owner of a SQLite database frees all, anybody else what dead
        workers had, and what ran out of those that nobody knows."""
        until = None if self._lock is not None else now
        self._matters = None  # an operator may have settled something
        with self._writing() as connection:
            departed = self._departed(connection)
            return bool(free_mails(connection, until, departed) + free_letters(connection, until, departed))

    def give_back(self) -> None:
        """Put back what this worker holds, without blame: for an orderly stop, and for trouble of
        the world that is neither the mail's fault nor a try to send the letter."""
        with self._writing() as connection:
            return_mails(connection, self.terms.worker)
            return_letters(connection, self.terms.worker)

    @contextmanager
    def begin(self, now: datetime) -> Iterator[Unit]:
        """One writing transaction; committed when the block ends, undone when it raises."""
        with self._writing() as connection:
            unit = Unit(connection, now, self.terms)
            yield unit
            unit.flush()
        if unit.settled:
            self._matters = None


def _make(file: Path) -> None:
    """An empty database that nobody else can read: it will hold people's mail."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise Trouble(f"cannot make {file}: {error.strerror}") from error
