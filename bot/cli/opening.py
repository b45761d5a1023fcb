"""Opening the store for a command. Its one rule: looking makes nothing: where there is no database,
or one of another version, that is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Settings
from bot.edge.store import Store
from bot.edge.store.damage import first_line
from bot.edge.store.engine import database_file
from bot.edge.tables import SCHEMA
from bot.errors import Busy, Trouble

NO_BACKUP = "is no backup of cmpbot's: it holds none of its tables"
SQLITE = b"SQLite format 3\0"
"""How a database of SQLite begins."""


class NotYet(Trouble):
    """There is no database, since nothing ran yet."""


@contextmanager
def look_into(settings: Settings) -> Iterator[Store]:
    """The store as it is, while the daemon may work on it. Raises Trouble where there is none, or
    one of another version."""
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        raise NotYet(f"there is no database yet at {file}; `cmpbot run` makes it")
    with Store(settings.store_url, settings.worker) as store:
        if (version := store.schema_version()) != SCHEMA:
            raise Trouble(other_schema("the database", version))
        yield store


def other_schema(what: str, version: str | None, older: str = "run: cmpbot migrate") -> str:
    """That something has another schema than this program's, and what to do about it; `older`: where it has an
    older one."""
    if version is None:
        return f"{what} holds no tables of cmpbot's, this program needs schema {SCHEMA}; {older}"
    if version > SCHEMA:
        return f"{what} has schema {version}, which is newer than this program ({SCHEMA}): upgrade cmpbot"
    return f"{what} has schema {version}, this program needs {SCHEMA}; {older}"


def version_of(store: Store, file: Path) -> str:
    """The schema of a backup, opened as a store. Raises Trouble where it is none."""
    with told_of(file):
        version = store.schema_version()
    if version is None:
        raise Trouble(f"{file} {NO_BACKUP}", temporary=False)
    return version


@contextmanager
def told_of(file: Path) -> Iterator[None]:
    """Whatever is wrong with a backup is told of it, and not of the database in use. Raises Trouble."""
    try:
        yield
    except Trouble as error:
        if error.temporary:
            raise
        with file.open("rb") as read:
            database = read.read(len(SQLITE)) == SQLITE
        damage = f"{file}: the store is damaged: {first_line(error)}"
        raise Trouble(damage if database else f"{file} {NO_BACKUP}", temporary=False) from error


def alone(store: Store) -> None:
    """See that nothing else of ours works on a store, for what must not meet a daemon. Raises Busy."""
    store.own()
    leader = store.leader(datetime.now(UTC))  # by the clock of the world, whatever moment is rehearsed
    if leader and leader.workers:
        who = "1 worker runs" if leader.workers == 1 else f"{leader.workers} workers run"
        raise Busy(f"{who} on this database; stop {'it' if leader.workers == 1 else 'them'} first")


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store, made or migrated where needed. Raises Trouble when the database does not answer."""
    with Store.open_ready(settings.store_url, settings.worker) as store:
        yield store
