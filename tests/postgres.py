"""A private PostgreSQL for tests: a server of its own on a free loopback port, one database a test.

Its one rule: it runs unprivileged, lives in a folder of its own under /tmp and is gone when the
tests are done. Where CI is set it must be there; elsewhere its tests skip and say why.
"""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.servers import IN_CI, free_port

SEARCHED = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))
BINARIES = next((folder for folder in SEARCHED if (folder / "initdb").exists()), None)
SETTINGS = ("fsync=off", "max_connections=50", "shared_buffers=32MB", "unix_socket_directories=")


class Postgres:
    """A server that holds one database a test."""

    settings: tuple[str, ...] = SETTINGS

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder = folder
        self.binaries = binaries
        self.port = free_port()
        self._names = count(1)
        # The server refuses to run as root; anybody else runs it as himself.
        nobody = pwd.getpwnam("nobody")
        self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        if self._as:
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster and wait until the server answers."""
        cluster, env = self.folder / "cluster", {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        made = [self.binaries / "initdb", "-D", cluster, "-U", "bot", "--auth=trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, env=env, cwd=self.folder, **self._as)  # type: ignore[call-overload]  # user and group
        options = [word for setting in self.settings for word in ("-c", setting)]
        command = [self.binaries / "postgres", "-D", cluster, "-p", str(self.port), "-h", "127.0.0.1", *options]
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=self.folder, **self._as)  # type: ignore[call-overload]  # the same
        end = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop at once; nothing in it is worth keeping."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(20)

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test{next(self._names)}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://bot@127.0.0.1:{self.port}/{name}"

    def cut(self, url: str) -> None:
        """End every connection to a database, as a restart of the server would."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with self._connect() as connection:
            connection.execute(query, (url.rpartition("/")[2],))

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="bot", dbname="postgres", autocommit=True)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running(kind: type[Postgres] = Postgres) -> Iterator[Postgres]:
    """A server of our own, gone when this ends."""
    if BINARIES is None:
        raise SystemExit("PostgreSQL is not installed: make servers")
    folder = Path(tempfile.mkdtemp(prefix="cmpbot-pg-", dir="/tmp"))
    server = kind(folder, BINARIES)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        # Hundreds of databases are half a million files: minutes that nobody has to wait for.
        subprocess.Popen(["rm", "-rf", str(folder)], start_new_session=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of this process."""
    if BINARIES is None:
        if IN_CI:
            pytest.fail("PostgreSQL is not installed: make servers")
        pytest.skip("PostgreSQL is not installed: make servers")
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind that the store knows."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cmpbot.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()
