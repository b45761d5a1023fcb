"""`cmpbot backup`: everything into one file. Its one rule: what has the name of a backup was verified, to the
last byte, after it was written."""

from os.path import realpath
from pathlib import Path

import click

from bot.cli.bar import bar
from bot.cli.opening import look_into
from bot.cli.output import many, visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.edge.keys import FILE, FOLDER
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined, Finding
from bot.edge.store.backup import beside, clear, copy_into, is_ours, pages, place
from bot.edge.store.engine import database_file
from bot.errors import Trouble

ELSEWHERE = (
    "the store is a PostgreSQL database; back it up with its own tools, while the daemon runs: pg_dump -Fc -f FILE "
    "DATABASE, and keep {keys} with it, which signs the codes of our letters (docs/operators-guide.md, Backup)"
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace a backup of this name, once the new one is verified.")
@click.pass_obj
def backup_command(scope: Scope, file: Path, overwrite: bool) -> None:
    """Write everything into FILE, while the daemon runs: mails, letters, change requests and their journals,
    and the keys that sign the codes of our letters.

    Only its owner can read FILE. It is verified before it gets its name. The passwords and config.yaml are not in it.
    """
    settings = scope.settings()
    database = database_file(settings.store_url)
    if database is None:
        raise Trouble(ELSEWHERE.format(keys=settings.kept / FOLDER / FILE), temporary=False)
    part = file.with_name(f"{file.name}.part")
    _refuse_used(file, part, database, settings)
    if file.exists() and not overwrite:
        raise Trouble(f"{file} is there already; name another file, or say --overwrite", temporary=False)
    if file.exists() and not is_ours(file):
        raise Trouble(f"{file} is no backup of cmpbot's, so it is not replaced; name another file", temporary=False)
    clear(part)
    now = scope.clock(settings).now()
    try:
        with look_into(settings) as store, bar("Copying", pages(store.engine)) as tell:
            copy_into(store.engine, part, {"at": now.isoformat(), "keys": _keys(settings)}, tell)
        examined = verified(part)
        place(part, file)
    finally:
        clear(part)
    click.echo(f"{file}: {', '.join(many(count, what) for what, count in examined.counts.items())}")
    click.echo(f"verified, fingerprint {examined.fingerprint[:16]}, {file.stat().st_size / 1e6:,.1f} MB")


def _refuse_used(file: Path, part: Path, database: Path, settings: Settings) -> None:
    """Raise Trouble for a name that is, or leads to, what the office works with, or beside which a backup would be
    written over it."""
    used = [database, *beside(database), settings.path]
    for each in (file, part, *beside(part)):
        for kept in used:
            if realpath(each) == realpath(kept) or (each.exists() and kept.exists() and each.samefile(kept)):
                raise Trouble(f"{file}: the office works with {kept}; name another file", temporary=False)


def verified(part: Path, backup: Path | None = None) -> Examined:
    """What an audit of a file counts; `backup` is what it was copied from, where that is not the store in use. Raises
    Trouble with its first finding."""
    examined = Examined()
    with Store(f"sqlite:///{part}", "verify") as store, bar("Verifying", Audit(store.engine).extent()) as tell:
        for finding in Audit(store.engine).findings(examined, tell):
            whose, command = (f"{backup}: ", f"cmpbot verify {backup}") if backup else ("", "cmpbot verify")
            said = f"{whose}the store is damaged, so nothing was written: {in_words(finding)}"
            raise Trouble(f"{said}; `{command}` says all that is", temporary=False)
    return examined


def in_words(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding.part}: {visible(finding.about)}: {visible(finding.found)}"


def _keys(settings: Settings) -> str:
    """The keys of our letters; empty where there are none yet."""
    try:
        return (settings.kept / FOLDER / FILE).read_text("ascii")
    except OSError:
        return ""
