"""Site: the folder of published pages.

Its one rule: a reader sees the old file or the new one, never a piece of either (reliability.md
F21). Files are written aside, synced and renamed; unchanged ones are left alone.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from bot.errors import Trouble
from bot.posting.pages import rank

# Temporaries lie in one folder of the same file system, so that what a kill leaves behind is found
# without listing the whole site.
ASIDE = ".new"
TELL_WITHIN = 120.0  # seconds for the command after publishing
TOGETHER = 50  # files open at once
LEFT_BEHIND = 3600.0  # seconds after which a temporary is nobody's any more
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,4}")


class Site:
    """One folder of static files, which other processes may write to as well."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._turn = count()
        self._ready = False
        self._told = False  # an earlier process may have died before it told anybody

    def write(self, pages: Mapping[str, str | bytes]) -> int:
        """Publish files by their paths under the root; returns how many were new or changed.

        What is linked to is in place before what links to it. Raises Trouble (temporary) when
        the disk refuses, ValueError for a path that could leave the root.
        """
        for path in pages:
            if not SAFE.fullmatch(path):
                raise ValueError(f"{path!r} is not a path of the posting")
        try:
            return self._write(pages)
        except OSError as error:
            raise Trouble(f"cannot write the posting in {self.root}: {error}") from error

    def tell(self, command: Sequence[str]) -> None:
        """Run a command (words, no shell) in the folder once something has changed, so that it can
        be carried elsewhere; until it succeeds, every call runs it again.

        Raises Trouble when it fails or takes longer than TELL_WITHIN. It is given the search path,
        the home and the language of our environment, and nothing else: no secret.
        """
        if self._told or not command or not self.root.is_dir():
            return
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        try:
            subprocess.run(  # noqa: S603 - the operator's own words, from the configuration
                command,
                cwd=self.root,
                env=kept,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TELL_WITHIN,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Trouble(f"the command after publishing failed: {error}") from error
        self._told = True

    def _write(self, pages: Mapping[str, str | bytes]) -> int:
        if not self._ready:
            self._prepare()
        changed = []
        for path in sorted(pages, key=lambda path: (rank(path), path)):
            content = pages[path]
            content = content.encode() if isinstance(content, str) else content
            target = self.root / path
            if _read(target) != content:
                changed.append((target, content))
        folders = {target.parent for target, _ in changed}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(changed), TOGETHER):
            self._place(changed[start : start + TOGETHER])
            self._told = False
        _sync_folders(folders)
        return len(changed)

    def _place(self, files: Sequence[tuple[Path, bytes]]) -> None:
        """Write aside, sync, rename over: each step for all of them, for the first sync does much of
        the others' work."""
        asides = [self.root / ASIDE / f"{os.getpid()}-{next(self._turn)}" for _ in files]
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

    def _prepare(self) -> None:
        """Make the folders, and clear what an earlier kill left in the middle of writing."""
        aside = self.root / ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - LEFT_BEHIND
        for left in aside.iterdir():
            if left.name.startswith(f"{os.getpid()}-") or left.stat().st_mtime < oldest:
                left.unlink(missing_ok=True)
        self._ready = True


def _read(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
