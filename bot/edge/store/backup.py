"""Backup: a SQLite store into one file, while others write to it, and back.

Its one rule: a file has its name only when it is whole, on the disk, and for its owner's eyes alone. The copy
is of one moment: the source is read in one transaction, which holds no writer up.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, text

from bot.edge.store.engine import translated
from bot.errors import Trouble

AT_A_TIME = 2_000
"""Pages of 4 kB; so often is told how far it is."""
NOTE = "backup"
"""The setting in a copy that says when it was made, and holds the keys of our letters."""
PRIVATE = 0o600
COMPANIONS = ("-wal", "-shm", "-journal", ".lock")
"""How the names of the files end that lie beside a database."""


def copy_into(engine: Engine, part: Path, note: dict[str, str], tell: Callable[[int], None]) -> None:
    """Copy the store behind an engine into a new file. `tell` hears of how many more pages were copied.

    Raises Trouble where the disk or the database does not do it.
    """
    with _told(part):
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE))
        with translated(), engine.connect() as connection, closing(sqlite3.connect(part)) as copy:
            source: Any = connection.connection.driver_connection
            source.execute("BEGIN")
            try:
                source.execute("SELECT count(*) FROM counter").fetchone()  # from here on it is one moment
                with _told(part):  # it is the copy's disk that may be full
                    source.backup(copy, pages=AT_A_TIME, progress=lambda _, left, of: tell(min(AT_A_TIME, of - left)))
            finally:
                source.execute("ROLLBACK")
            with _told(part):
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
                copy.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (NOTE, json.dumps(note)))
                copy.commit()
        sync(part)


def pages(engine: Engine) -> int:
    """How many pages a copy will have, about."""
    with translated(), engine.connect() as connection:
        return int(connection.execute(text("PRAGMA page_count")).scalar_one())


def take_note(engine: Engine) -> dict[str, str]:
    """What a copy says of itself, which is taken out of it; empty for one that was made by other means."""
    with translated(), engine.begin() as connection:
        said = connection.execute(text("SELECT value FROM setting WHERE key = :key"), {"key": NOTE}).scalar()
        connection.execute(text("DELETE FROM setting WHERE key = :key"), {"key": NOTE})
    return dict(json.loads(said)) if said else {}


def is_ours(file: Path) -> bool:
    """True for a file that holds nothing, and for a backup of ours, well or not, as long as it says that it is one."""
    with suppress(OSError, sqlite3.Error):
        if not file.is_file() or not file.stat().st_size:
            return file.is_file()
        with closing(sqlite3.connect(read_only(file), uri=True)) as found:
            (noted,) = found.execute("SELECT count(*) FROM setting WHERE key = ?", (NOTE,)).fetchone()
            return bool(noted)
    return False


def read_only(file: Path) -> str:
    """The URI by which SQLite reads a file of which not a byte is touched, and makes none beside it."""
    return f"file:{quote(str(file.resolve()))}?immutable=1"


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new one that only we can read, on the disk when this ends."""
    with _told(target), source.open("rb") as file:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE)
        with os.fdopen(descriptor, "wb") as copy:
            while piece := file.read(1 << 20):
                copy.write(piece)
        sync(target)


def place(part: Path, target: Path) -> None:
    """Give a whole file its name, at once and for good."""
    with _told(target):
        sync(part)
        part.rename(target)
        sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear(path: Path) -> None:
    """Remove a database that never got its name, with what lies beside it."""
    for each in (path, *beside(path)):
        with suppress(OSError):
            each.unlink()


def beside(path: Path) -> list[Path]:
    """What SQLite and we keep beside a database, whether it is there or not."""
    return [path.with_name(path.name + ending) for ending in COMPANIONS]


def stamp(now: datetime) -> str:
    """A moment for a file's name."""
    return f"{now:%Y%m%d-%H%M%S}"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """The disk's trouble in our words."""
    try:
        yield
    except OSError as error:
        raise Trouble(f"cannot write {path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise Trouble(f"cannot write {path}: {error}") from error
