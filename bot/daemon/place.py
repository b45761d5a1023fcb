"""Place: what was made -> the disk, then the manifest.

Its one rule: files lie on the disk before the store says so, and what a page made once and makes no more
is taken away in the same breath. A kill in between leaves the page out of date, and it is done again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from bot.daemon.desk import Desk
from bot.daemon.mark import DAY
from bot.edge.site import Site
from bot.edge.store import Dirty, Filed, Store, Unit
from bot.errors import Superseded
from bot.posting.rhythm import MANIFEST

Files = Mapping[str, str | bytes]
"""Contents by their paths under the root of the posting."""


def place(
    desk: Desk,
    made: Mapping[str, Files],
    built: Sequence[Dirty] = (),
    also: Callable[[Unit], None] | None = None,
    at: datetime | None = None,
) -> int:
    """Write the files made for pages, by the keys of those; remove what was made for them before and is
    no more. In one transaction with the manifest, as of `at` (now), note which of the pages were `built`, and do what
    is `also` to be done then. Gives how many files were new or changed.

    Raises Trouble when the site cannot be written, ValueError for a path that could leave its root.
    """
    before = {file.path: file for file in desk.store.published(list(made))}
    contents = {
        path: (page, content.encode() if isinstance(content, str) else content)
        for page, files in made.items()
        for path, content in files.items()
    }
    now = {
        path: Filed(path, page, sha256(content).hexdigest(), len(content)) for path, (page, content) in contents.items()
    }
    same = frozenset(path for path, file in now.items() if path in before and before[path].sha256 == file.sha256)
    changed = desk.site.write({path: content for path, (_, content) in contents.items()}, same)
    gone = sorted(before.keys() - now.keys())
    desk.site.remove(gone)
    fresh = [file for path, file in now.items() if before.get(path) != file]
    if fresh or gone or built or also:
        try:
            with desk.store.begin(at or desk.clock.now()) as unit:
                if also:
                    also(unit)
                unit.published(fresh, gone, built)
        except Superseded:
            # What was written may lie over what the new leader wrote since: it is to look at its files again.
            desk.store.doubt(list(made))
            (desk.settings.kept / DAY).unlink(missing_ok=True)
            raise
    return changed


def list_all(desk: Desk) -> None:
    """Write manifest.txt: every other file of the posting, readable by `sha256sum -c`. Its cost grows
    with the number of files, so it is not done for every page."""
    lines = (f"{file.sha256}  {file.path}\n" for file in desk.store.manifest() if file.sha256)
    desk.site.write({MANIFEST: "".join(lines)})


def harmed_files(store: Store, site: Site) -> tuple[str, ...]:
    """The paths of files that the manifest has and that are gone from the disk, or altered there."""
    return tuple(file.path for file in store.manifest() if file.sha256 and site.harmed(file.path, file.sha256))
