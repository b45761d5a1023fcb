"""The keys with which codes are signed, in a file that only we can read.

Its one rule: a key that somebody else may have read or written signs nothing. The file is made at the
first start; every change of it happens under a lock and is whole or not at all, so that any number of
processes on one machine share it. Workers on several machines need the same file: give their `keys`
folder one shared place (a network disk with locks), or copy the file to each before they start and
again after each rotation; a code that a worker cannot read only makes it ask for a confirmation.

A line a key: its id, when it was made (UTC), and 64 hex digits. The last two count.
"""

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import Trouble
from bot.mail.token import KEY_IDS, SECRET, Key

FOLDER, FILE = "keys", "codes"
LIVE = 2
LONGEST = 4096


class Keys:
    """The keys in a folder, in which a folder of its own is made for them. They are read again whenever
    the file is another one, and one is added when the newest is older than `days`. `draw` gives so many
    bytes that nobody can guess; only a simulation, whose letters reach nobody, gives others."""

    def __init__(self, kept: Path, days: int, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._folder = kept / FOLDER
        self._file = self._folder / FILE
        self._days = timedelta(days=days)
        self._draw = draw
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def live(self, now: datetime) -> tuple[Key, ...]:
        """The keys that count, the one to sign with first; `now` is aware.

        Raises Trouble where the file cannot be made or read, is damaged, or others may get at it.
        """
        with _told(self._folder):
            self._look()
            if not self._keys or now - self._keys[0].made >= self._days:
                self._rotate(now)
            return self._keys

    def _look(self) -> None:
        """Read the file, where it is another one than before."""
        with suppress(FileNotFoundError):
            found = self._file.lstat()
            if (found.st_ino, found.st_mtime_ns) == self._seen:
                return
        try:
            opened = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            self._seen, self._keys = None, ()
            return
        with os.fdopen(opened, "rb") as file:
            found = os.fstat(opened)
            _ours_alone(self._folder.stat(), self._folder, stat.S_ISDIR, "700")
            _ours_alone(found, self._file, stat.S_ISREG, "600")
            self._keys = _read(file.read(LONGEST), self._file)
            self._seen = found.st_ino, found.st_mtime_ns

    def _rotate(self, now: datetime) -> None:
        """Add a key, unless another process did so meanwhile."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _ours_alone(self._folder.stat(), self._folder, stat.S_ISDIR, "700")
        with _locked(self._folder / f"{FILE}.lock"):
            self._look()
            if self._keys and now - self._keys[0].made < self._days:
                return
            last = self._keys[0].id if self._keys else -1
            made = Key((last + 1) % KEY_IDS, self._draw(SECRET), now)
            self._write((made, *self._keys)[:LIVE])
            self._look()

    def _write(self, keys: tuple[Key, ...]) -> None:
        lines = (f"{key.id} {key.made.isoformat()} {key.secret.hex()}\n" for key in reversed(keys))
        fresh = self._folder / f"{FILE}.new"
        fresh.unlink(missing_ok=True)  # left by a process that was killed
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(lines))
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self._file)


def keep_keys(kept: Path, content: str) -> None:
    """Put back the keys of a backup, where there are none: those that are there are newer.

    Raises Trouble where they cannot be written, or are no keys.
    """
    folder = kept / FOLDER
    with _told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            _read(content.encode("ascii"), folder / FILE)
            with os.fdopen(os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(content)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Held by one process at a time; the system frees it with the process."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """The disk's trouble in our words."""
    try:
        yield
    except OSError as error:
        raise Trouble(f"cannot keep the keys of our letters in {folder}: {error.strerror}") from error


def _ours_alone(found: os.stat_result, path: Path, is_kind: Callable[[int], bool], mode: str) -> None:
    if not is_kind(found.st_mode):
        raise Trouble(f"{path} is not what holds the keys of our letters: remove it", temporary=False)
    if found.st_uid != os.getuid():
        raise Trouble(f"{path} belongs to somebody else, who may read our keys: remove it", temporary=False)
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Trouble(
            f"others may get at {path}, which holds the keys of our letters; run: chmod {mode} {path}. If they may "
            "have read it, remove it instead: new keys are made, and the codes of earlier letters count no more",
            temporary=False,
        )


def _read(content: bytes, path: Path) -> tuple[Key, ...]:
    """The keys of a file, the newest first."""
    try:
        keys = [_key(*line.split()) for line in content.decode("ascii").splitlines()]
    except (ValueError, TypeError):
        raise Trouble(f"{path} is damaged: remove it, and new keys are made", temporary=False) from None
    return tuple(reversed(keys))[:LIVE]


def _key(number: str, made: str, secret: str) -> Key:
    key = Key(int(number), bytes.fromhex(secret), datetime.fromisoformat(made))
    if not 0 <= key.id < KEY_IDS or len(key.secret) != SECRET or key.made.tzinfo is None:
        raise ValueError("not a key")
    return key
