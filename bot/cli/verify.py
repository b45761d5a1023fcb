"""`cmpbot verify`: is everything still as it was recorded? Its one rule: whatever it finds is named by what
it concerns and comes with what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli import options
from bot.cli.bar import bar
from bot.cli.opening import look_into, other_schema, version_of
from bot.cli.output import json_document, many, visible
from bot.cli.scope import Scope
from bot.edge.site import Site
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined, Finding
from bot.edge.store.backup import read_only
from bot.edge.store.findings import RESTORE
from bot.edge.tables import SCHEMA
from bot.errors import Trouble

UNWRITTEN = "files of the posting still to be written anew"
REBUILD = "`cmpbot publish --all` writes it again; if nobody of yours altered it, find out who did"

REFUSED = "take an older backup"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.JSON
@click.pass_obj
def verify_command(scope: Scope, file: Path | None, as_json: bool) -> int:
    """Look whether everything is as it was recorded, while the daemon runs. Exits 1 where it is not.

    Every mail and file against its hash; every journal against its chain of hashes, and each change request
    against what its journal amounts to; letters and their files; numbers without a gap; the posting against
    its manifest. With FILE, a backup, without the posting. Nothing is changed.
    """
    examined = Examined()
    try:
        found = _findings(scope, file, examined)
    except Trouble as error:
        if error.temporary or not as_json:
            raise
        found = [Finding("database", str(file or "the file"), str(error), REFUSED if file else RESTORE)]
    if as_json:
        counts = dict(examined.counts)
        shown = [asdict(finding) for finding in found]
        json_document({"well": not found, "examined": counts, "fingerprint": examined.fingerprint, "findings": shown})
    else:
        show(examined, found)
    return 1 if found else 0


def _findings(scope: Scope, file: Path | None, examined: Examined) -> list[Finding]:
    """All that an audit finds. Raises Trouble where there is nothing to look into; where that will not pass, a program
    reads it as a finding."""
    with opened(scope, file) as store, bar("Verifying", Audit(store.engine).extent()) as tell:
        found = list(Audit(store.engine).findings(examined, tell))
        if file is None:
            found += posting_findings(store, Site(scope.settings().posting.folder), examined)
    return found


@contextmanager
def opened(scope: Scope, file: Path | None) -> Iterator[Store]:
    """The store to look into: the office's own, or a backup, of which not a byte is touched. Raises Trouble
    where there is none, or one of another version."""
    if file is None:
        with look_into(scope.settings()) as store:
            yield store
        return
    with Store(f"sqlite:///{read_only(file)}&uri=true", "verify") as store:
        if (version := version_of(store, file)) != SCHEMA:
            raise Trouble(other_schema(str(file), version, "`cmpbot restore` brings a backup to it"))
        yield store


def posting_findings(store: Store, site: Site, examined: Examined) -> Iterator[Finding]:
    """The files of the posting that are not as they were written. One that is written at this moment is
    looked at again."""
    for file in store.manifest():
        if not file.sha256:
            examined.counts[UNWRITTEN] += 1
            continue
        examined.counts["published files"] += 1
        if site.harmed(file.path, file.sha256):
            now = next((each for each in store.published([file.page]) if each.path == file.path), None)
            if now == file and site.harmed(file.path, file.sha256):
                yield Finding("posting", file.path, "it is missing, or was altered", REBUILD)


def show(examined: Examined, found: list[Finding]) -> None:
    """What was looked at and what was found, in words."""
    click.echo(", ".join(many(count, what) for what, count in examined.counts.items()) or "nothing is stored yet")
    click.echo(f"fingerprint {examined.fingerprint[:16]}")
    for finding in found:
        click.echo(f"\nMEND    {finding.part}: {visible(finding.about)}: {visible(finding.found)}")
        click.echo(f"        -> {finding.remedy}")
    click.echo("\nEverything is as it was recorded." if not found else f"\n{len(found)} to mend.")
