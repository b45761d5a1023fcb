"""What lies on this machine: database, folders, pages, templates, room. Its one rule: nothing is left behind; a
file that is made to see whether it can be is removed at once."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.cli.checks.finding import Finding, some
from bot.cli.opening import look_into
from bot.cli.output import many
from bot.config import Settings
from bot.daemon.place import harmed_files
from bot.daemon.signs import MEGABYTE
from bot.daemon.vitals import room
from bot.edge.carrier import NOTE, Owed, remembered
from bot.edge.clock import Clock
from bot.edge.site import Site
from bot.edge.store.engine import database_file
from bot.edge.templates import Templates
from bot.errors import Trouble


def database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether it answers, and is of this version."""
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        yield _writable("database", file.parent, "none yet; the first start makes it in")
        return
    with look_into(settings) as store:
        version = store.schema_version()
    yield Finding("database", f"answers, schema {version}")


def folders(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether the posting can be written, and carried to its readers."""
    yield _writable("posting", settings.posting.folder, "is written to")
    command = settings.posting.after_publish
    if command and shutil.which(command[0]) is None:
        yield Finding("after publish", f"{command[0]} is not found", "install it, or correct posting.after_publish")
    elif command:
        yield _carried(command, remembered(settings.kept / NOTE))


def _carried(command: tuple[str, ...], owed: Owed) -> Finding:
    """Whether the command after publishing works."""
    if owed.command != command:
        return Finding("after publish", f"{command[0]} was not run yet")
    if not owed.since:
        what = "what lay there when it ran" if owed.owed else "everything"
        return Finding("after publish", f"{command[0]} has carried {what}")
    times = many(owed.tries, "times")
    found = f"{command[0]} has failed since {owed.since[:16].replace('T', ' ')} UTC, {times}: {owed.said}"
    return Finding("after publish", found, "mend what it says; it is tried again by itself, or by `cmpbot publish`")


def disks(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether there is room where we write."""
    for path, free in room(settings).items():
        least = settings.alerts.disk_megabytes
        remedy = "make room there, or name less under alerts.disk_megabytes" if free < least * MEGABYTE else ""
        yield Finding("room", f"{free // MEGABYTE} MB are free where {path} lies", remedy)


def pages(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether every file of the posting lies there as it was written."""
    try:
        with look_into(settings) as store:
            count, harmed = len(store.manifest()), harmed_files(store, Site(settings.posting.folder))
    except Trouble:  # the database has a line of its own
        return
    if harmed:
        found = f"{len(harmed)} of {count} files are missing or were altered: {some(harmed)}"
        yield Finding("posting", found, "`cmpbot publish --all` writes them again")
    elif count:
        yield Finding("posting", f"all {count} files lie there as they were written")


def templates(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether every template can be compiled, as somebody may have left it."""
    ill = [str(each) for each in Templates(settings.templates, settings.office, settings.table).broken()]
    for found in ill:
        yield Finding("templates", found, "mend that line, or lay the file of this version there again")
    if not ill:
        yield Finding("templates", f"all of {settings.templates} can be used")


def _writable(what: str, folder: Path, words: str) -> Finding:
    """Whether files can be made in a folder, or in the nearest one above it that is there."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        remedy = f"give {os.environ.get('USER', 'this user')} the right to write there, or name another folder"
        return Finding(what, f"{nearest}: {error.strerror}", remedy)
    return Finding(what, f"{words} {folder}")
