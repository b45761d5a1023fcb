"""Site: the folder of published pages.

Its one rule: a reader sees the old file or the new one, never a piece of either (reliability.md
F21). Files are written aside, synced and renamed; unchanged ones are left alone.
"""

import os
import re
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from secrets import token_hex

from bot.errors import Trouble
from bot.posting.pages import rank

# Temporaries lie in one folder of the same file system, so that what a kill leaves behind is found
# without listing the whole site.
ASIDE = ".new"
TOGETHER = 50  # files open at once
LEFT_BEHIND = 3600.0  # seconds after which a temporary is nobody's any more
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,4}")

# A process of the same number may have been here before, and several of us may write to one folder.
_OURS, _TURN = token_hex(3), count()


class Site:
    """One folder of static files, which other processes may write to as well."""

    def __init__(self, root: Path, changing: Callable[[], None] = lambda: None) -> None:
        """`changing` is called before anything under the root becomes other than it was."""
        self.root = root
        self._changing = changing
        self._ready = False

    def write(self, pages: Mapping[str, str | bytes], same: Container[str] = ()) -> int:
        """Publish files by their paths under the root; returns how many were new or changed.

        What is linked to is in place before what links to it. Of those that are known to be the `same`
        as when they were written, only the size is looked at. Raises Trouble (temporary) when the disk
        refuses, ValueError for a path that could leave the root.
        """
        _check(pages)
        try:
            return self._write(pages, same)
        except OSError as error:
            self._ready = False  # somebody may have taken the folder away
            raise Trouble(f"cannot write the posting in {self.root}: {error}") from error

    def remove(self, paths: Iterable[str]) -> None:
        """Take files away, and the folders that they leave empty. Raises what `write` does."""
        _check(paths := list(paths))
        try:
            for path in paths:
                self._changing()
                (self.root / path).unlink(missing_ok=True)
            self._drop_empty(paths)
        except OSError as error:
            raise Trouble(f"cannot clear the posting in {self.root}: {error}") from error

    def harmed(self, path: str, digest: str) -> bool:
        """True where a file is missing or cannot be read, or its bytes have another SHA-256."""
        try:
            content = _read(self.root / path)
        except OSError:
            return True
        return content is None or sha256(content).hexdigest() != digest

    def cut(self, path: str, size: int) -> bool:
        """True where a file is missing or has another size; it is not read, so that all can be asked."""
        try:
            return _size(self.root / path) != size
        except OSError:
            return True

    def _write(self, pages: Mapping[str, str | bytes], same: Container[str]) -> int:
        if not self._ready:
            self._prepare()
        changed = []
        for path in sorted(pages, key=lambda path: (rank(path), path)):
            content = pages[path]
            content = content.encode() if isinstance(content, str) else content
            target = self.root / path
            if not (_size(target) == len(content) if path in same else _read(target) == content):
                changed.append((target, content))
        if not changed:
            return 0
        self._changing()
        folders = {target.parent for target, _ in changed}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(changed), TOGETHER):
            self._place(changed[start : start + TOGETHER])
        _sync_folders(folders)
        return len(changed)

    def _place(self, files: Sequence[tuple[Path, bytes]]) -> None:
        """Write aside, sync, rename over: each step for all of them, for the first sync does much of
        the others' work."""
        asides = [self.root / ASIDE / f"{os.getpid()}-{_OURS}-{next(_TURN)}" for _ in files]
        try:
            with ExitStack() as opened:
                written = []
                for aside, (_, content) in zip(asides, files, strict=True):
                    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
                    file = opened.enter_context(open(descriptor, "wb"))  # noqa: PTH123 - it is a descriptor
                    file.write(content)
                    file.flush()
                    written.append(file)
                for file in written:
                    os.fsync(file.fileno())
            for aside, (target, _) in zip(asides, files, strict=True):
                aside.replace(target)
        except BaseException:
            for aside in asides:
                aside.unlink(missing_ok=True)
            raise

    def _drop_empty(self, paths: Iterable[str]) -> None:
        """Remove the folders of paths that hold nothing any more, the innermost first."""
        folders = {folder for path in paths for folder in Path(path).parents} - {Path()}
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            with suppress(OSError):  # somebody's files are in it, or it is gone
                (self.root / folder).rmdir()

    def _prepare(self) -> None:
        """Make the folders, and clear what an earlier kill left in the middle of writing."""
        aside = self.root / ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - LEFT_BEHIND
        for left in aside.iterdir():
            pid, _, name = left.name.partition("-")
            if (pid == str(os.getpid()) and not name.startswith(_OURS)) or _age(left) < oldest:
                left.unlink(missing_ok=True)
        self._ready = True


def _age(left: Path) -> float:
    """When a temporary was written last; another process may have put it in its place meanwhile."""
    try:
        return left.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _check(paths: Iterable[str]) -> None:
    for path in paths:
        if not SAFE.fullmatch(path):
            raise ValueError(f"{path!r} is not a path of the posting")


def _read(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _size(target: Path) -> int:
    """How many bytes a file has; -1 where it is missing."""
    try:
        return target.stat().st_size
    except FileNotFoundError:
        return -1


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
