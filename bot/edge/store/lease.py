"""Lease: what a worker of many has on one PostgreSQL: the sign that it is there, and perhaps the lead.

Its one rule: the database's clock says until when, and a fence that rises with each leader says of whom a
write is: one that led before and writes late is refused in the very transaction that would write.

A thread of its own renews both, every few seconds, because the program may wait long for a server of letters. It
goes on renewing the lead only while the program shows itself; and nothing renews what was stopped or killed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from time import monotonic
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, TextClause, text

from bot.edge.store.engine import translated
from bot.errors import Superseded, Trouble

SECONDS = 15.0
"""For how long a lease is good when nobody renews it."""
BEAT = 3.0  # seconds between two renewals
LEAVING = 2.0  # seconds to give up what one has
PATIENCE = 300.0  # seconds without a look at the lead after which a program that hangs loses it
LEADER, WORKER, BEYOND = "leader", "worker/", "worker0"

_UNTIL = "clock_timestamp() + make_interval(secs => :seconds)"
# The connection that renews carries the name; where it is gone, so is the process, and nobody has to wait.
_GONE = """session <> '' AND NOT EXISTS (SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = lease.session)"""
NAME = text("SELECT set_config('application_name', :session, false)")
FOUND = text(f"INSERT INTO lease VALUES ('{LEADER}', '', 0, 'epoch', '') ON CONFLICT DO NOTHING")  # noqa: S608 - our own words
SHOW = text(
    f"INSERT INTO lease VALUES (:name, :me, 0, {_UNTIL}, :session)"  # noqa: S608 - our own words
    " ON CONFLICT (name) DO UPDATE SET until = excluded.until, session = excluded.session"
)
# A row that a leader's transaction holds is not free, whatever the clock says.
TAKE = text(
    f"WITH free AS (SELECT name FROM lease WHERE name = '{LEADER}'"  # noqa: S608 - our own words
    f" AND (holder = :me OR until < clock_timestamp() OR {_GONE}) FOR UPDATE SKIP LOCKED)"
    f" UPDATE lease SET holder = :me, fence = fence + 1, until = {_UNTIL}, session = :session"
    " FROM free WHERE lease.name = free.name RETURNING fence"
)
_MINE = f"name = '{LEADER}' AND holder = :me AND fence = :fence"
RENEW = text(f"UPDATE lease SET until = {_UNTIL}, session = :session WHERE {_MINE}")  # noqa: S608 - our own words
# Whoever takes the lead waits for this transaction; whoever renews the lease need not.
PROVE = text(f"SELECT 1 FROM lease WHERE {_MINE} FOR KEY SHARE")  # noqa: S608 - our own words
LEAVE = text("UPDATE lease SET until = 'epoch', session = '' WHERE holder = :me")
LOST = text(
    f"SELECT holder, until, until = 'epoch' AS ended FROM lease WHERE name LIKE '{WORKER}%'"  # noqa: S608 - our own words
    f" AND (until < clock_timestamp() OR {_GONE})"
)
BURY = text("DELETE FROM lease WHERE name = :name AND until = :until")


def prove(connection: Connection, worker: str, fence: int) -> None:
    """Let nobody else take the lead before the end of this transaction. Raises Superseded where somebody has."""
    if connection.execute(PROVE, {"me": worker, "fence": fence}).scalar() is None:
        raise Superseded("another worker leads by now")


class Lease:
    """What one worker has. `fence` is the proof of its lead, None while it has none."""

    def __init__(self, engine: Engine, worker: str) -> None:
        self.fence: int | None = None
        self._engine, self._worker = engine, worker
        self._session = f"cmpbot/{sha256(worker.encode()).hexdigest()[:24]}"
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._seen = self._shown = self._led = float("-inf")  # by the monotonic clock
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Show that this worker is there, from now on. Raises Trouble when the database does not answer."""
        self.beat()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give everything up. A database that is silent does not hold up the end: the leases run out by themselves."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(LEAVING)

    @property
    def fresh(self) -> bool:
        """True while nobody can have taken this worker for dead."""
        return monotonic() - self._shown < SECONDS

    def hold(self) -> bool:
        """Lead, or go on leading; False where another worker leads. Raises Trouble."""
        self._seen = monotonic()
        if self.fence is not None and self._seen - self._led < SECONDS:
            return True
        with self._talk() as connection:
            asked = monotonic()
            self.fence = self._do(connection, TAKE).scalar()
            self._led = asked
        return self.fence is not None

    def beat(self) -> None:
        """Renew what this worker has. Raises Trouble."""
        with self._talk() as connection:
            asked = monotonic()
            self._do(connection, SHOW, name=f"{WORKER}{self._worker}")
            self._shown = asked
            if self.fence is not None and asked - self._seen < PATIENCE:
                if self._do(connection, RENEW, fence=self.fence).rowcount:
                    self._led = asked
                else:
                    self.fence = None

    def _run(self) -> None:
        while not self._ended.wait(BEAT):
            with suppress(Trouble):  # the arcs tell of it; it is tried again
                self.beat()
        with suppress(Trouble), self._talk() as connection:
            self._do(connection, LEAVE)
        self._drop()

    @contextmanager
    def _talk(self) -> Iterator[Connection]:
        """The one connection of this worker's own, for one thread at a time."""
        with self._lock:
            try:
                with translated():
                    if self._connection is None:
                        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                        self._connection.detach()  # its name must not get into the pool
                        self._do(self._connection, NAME)
                        self._do(self._connection, FOUND)
                    yield self._connection
            except BaseException:
                self._drop()
                raise

    def _do(self, connection: Connection, statement: TextClause, **values: Any) -> CursorResult[Any]:
        given = {"me": self._worker, "session": self._session, "seconds": SECONDS, **values}
        wanted = {name: given[name] for name in statement.compile().params}
        return connection.execute(statement, wanted)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it is broken, or it is not
                connection.close()
