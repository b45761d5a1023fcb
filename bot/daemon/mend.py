"""Mend: files of the posting that somebody removed or cut on the disk -> their pages are out of date.

Its one rule: it looks at names and sizes, never into a file, so that it can be done each day however many files
there are. What kept its size is found by `check` and put right by `publish --all`, which read every byte.
"""

import logging

from bot.daemon.desk import Desk
from bot.daemon.figure import forget
from bot.daemon.furnish import refurnish
from bot.posting.rhythm import FURNITURE, HOUR

log = logging.getLogger(__name__)

NAMED = 5  # paths in the log


def mend(desk: Desk) -> None:
    """See that what is missing on the disk, or has another size than was written, is made again. Raises Trouble
    when the site cannot be written."""
    harmed = [file for file in desk.store.manifest() if not file.sha256 or desk.site.cut(file.path, file.size)]
    if not harmed:
        return
    # What is out of date since a restore or `publish --all` has no hash: nobody has removed it.
    if gone := [file.path for file in harmed if file.sha256]:
        log.warning("mended", extra={"files": len(gone), "such_as": gone[:NAMED]})
    pages = {file.page for file in harmed}
    hourly = {page for page in pages if page.startswith(f"{HOUR}/")}
    if FURNITURE in pages:
        refurnish(desk)
    if hourly:
        forget(desk, {page.removeprefix(f"{HOUR}/") for page in hourly})
    with desk.store.begin(desk.clock.now()) as unit:
        unit.pages.update(pages - hourly - {FURNITURE})
