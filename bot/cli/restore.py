"""`cmpbot restore`: go on from a backup. Its one rule: the database gets its name only when all of it is done
and verified; until then a kill leaves everything as it was, and the command is given again."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.backup import verified
from bot.cli.bar import bar
from bot.cli.opening import told_of, version_of
from bot.cli.output import many
from bot.cli.scope import Scope
from bot.config import Settings
from bot.daemon.desk import open_desk
from bot.daemon.reread import Reread, counted, reread
from bot.edge import logs
from bot.edge.clock import Clock
from bot.edge.keys import keep_keys
from bot.edge.store import Store
from bot.edge.store.backup import clear, copy_file, place, stamp, take_note
from bot.edge.store.engine import database_file
from bot.errors import Trouble
from bot.intake.number import numbers_in

UNCHECKED = (
    "CAUTION: there is no posting at {posting}, so there was nothing to check numbers against: a number that was given "
    "after the backup may be another change request's now. Look into letters that were sent since (the mailbox, their "
    "readers); where a number differs, put the old posting there, or say --lost NUMBER for each that was mailed, and "
    "restore again with --overwrite."
)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--overwrite", is_flag=True, help="Where a database is there already: keep it beside, and go on from FILE."
)
@click.option(
    "--lost", multiple=True, metavar="NUMBER", help="A number that was mailed, whose mail nobody has any more."
)
@click.option(
    "--since", metavar="DATE", help="PostgreSQL, after pg_restore: when the backup was made, such as 2026-11-22."
)
@click.pass_obj
def restore_command(scope: Scope, file: Path | None, overwrite: bool, lost: tuple[str, ...], since: str | None) -> None:
    """Go on from the backup in FILE. The daemon must be stopped.

    FILE is verified. Then the mails that came after it are read again from the folders Processed, Parked and
    Quarantine, in order of arrival, so that the same requests get the same numbers. All letters that come of it
    are held, and so are those that were on their way: `cmpbot letters --held` lists them, `cmpbot release` sends
    and `cmpbot drop` drops them.
    """
    logs.set_up("WARNING")
    settings = scope.settings()
    clock = scope.clock(settings)
    numbers = frozenset(_number(each) for each in lost)
    target = database_file(settings.store_url)
    if (target is None) == (file is not None) or (target is None) == (since is None):
        raise click.UsageError("for SQLite name the FILE; for PostgreSQL, after pg_restore, say --since DATE")
    if target is None or file is None:
        told(_reread(settings, clock, _moment(str(since)), numbers), settings.posting.folder)
        return
    if target.exists() and not overwrite:
        raise Trouble(
            f"{target} is there already; --overwrite keeps it beside, and goes on from {file}", temporary=False
        )
    with Store(settings.store_url, settings.worker) as held:
        target.parent.mkdir(parents=True, exist_ok=True)
        held.own()  # no daemon may begin meanwhile
        done = _rebuilt(file, target, settings, clock, numbers)
    told(done, settings.posting.folder)


def _rebuilt(file: Path, target: Path, settings: Settings, clock: Clock, lost: frozenset[str]) -> Reread:
    """Do everything beside, then put it in place; what was there is kept under another name."""
    beside = target.with_name(f"{target.name}.restoring")
    clear(beside)
    try:
        copy_file(file, beside)
        url = f"sqlite:///{beside}"
        with Store(url, settings.worker) as found:
            version_of(found, file)
        with told_of(file), Store.open_ready(url, settings.worker) as store:
            note = take_note(store.engine)
        examined = verified(beside, file)
        click.echo(f"{file} is well: {', '.join(many(count, what) for what, count in examined.counts.items())}")
        if note.get("keys"):
            keep_keys(settings.kept, note["keys"])
        since = datetime.fromisoformat(note["at"]) if note else None
        done = _reread(replace(settings, store_url=url), clock, since, lost)
        if target.exists():
            _set_aside(target, f"{target.name}.before-{stamp(clock.now())}")
        place(beside, target)
    finally:
        clear(beside)
    return done


def _set_aside(target: Path, name: str) -> None:
    """Keep a database under another name, with what SQLite keeps beside it."""
    for ending in ("-wal", "-shm", ""):
        companion = target.with_name(target.name + ending)
        if companion.exists():
            companion.rename(target.with_name(name + ending))
    click.echo(f"what was there is kept as {target.with_name(name)}")


def _reread(settings: Settings, clock: Clock, since: datetime | None, lost: frozenset[str]) -> Reread:
    with open_desk(settings, clock) as desk, bar("Reading mail", 0) as tell:
        return reread(desk, since, lost, tell)


def told(done: Reread, posting: Path) -> None:
    """What was done, and what the operator does now."""
    came = "mail has come since, and was" if done.mails == 1 else "mails have come since, and were"
    click.echo(f"{done.mails} {came} read again: {counted(done.fates) or 'none'}")
    if done.kept_back:
        click.echo(f"numbers that nobody will get, for they were posted or mailed: {', '.join(done.kept_back)}")
    if done.unchecked:
        click.echo(UNCHECKED.format(posting=posting))
    click.echo(f"{done.held} {'letter is' if done.held == 1 else 'letters are'} held; most of them were sent before")
    click.echo("\nNow: cmpbot letters --held; cmpbot drop and cmpbot release; cmpbot verify; then start the daemon.")


def _number(text: str) -> str:
    """A number as we write it. Raises BadParameter."""
    found = next(iter(numbers_in(text)), None)
    if found is None:
        raise click.BadParameter(f"{text} is no number such as PC112226-1")
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text} is no date such as 2026-11-22") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
