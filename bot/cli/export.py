"""`cmpbot export`: the register as a file for programs. Its one rule: it has what the posting's own exports
have, of this moment and not of the last hour; what the pages withhold is withheld here."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.bar import bar
from bot.cli.opening import look_into
from bot.cli.output import many
from bot.cli.scope import Scope
from bot.edge.store import Store
from bot.edge.store.backup import clear, place
from bot.errors import Trouble
from bot.office.office import Office
from bot.posting.exports import Listed, as_csv, as_json, listed
from bot.posting.public import posting
from bot.posting.workbook import as_xlsx

WRITERS = {".csv": as_csv, ".xlsx": as_xlsx, ".json": as_json}


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export_command(scope: Scope, file: Path) -> None:
    """Write the register into FILE: .csv, .xlsx or .json, newest first, while the daemon runs.

    The columns are those of the posting's own exports (`downloads.html` says what is in them); intakes have no number
    yet and are in `cmpbot list --json`. A file of this name is replaced, at once and whole.
    """
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise click.BadParameter(f"{file}: the name must end in {', '.join(WRITERS)}", param_hint="FILE")
    office = scope.settings().office
    with look_into(scope.settings()) as store:
        found = list(_listed(store, office))
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(writer(found, office))
        place(part, file)
    except OSError as error:
        raise Trouble(f"cannot write {file}: {error.strerror}") from error
    finally:
        clear(part)
    click.echo(f"{file}: {many(len(found), 'change requests')}")


def _listed(store: Store, office: Office) -> Iterator[Listed]:
    """The change requests, newest first, a month in memory at a time as they are stored."""
    months = store.months()
    with bar("Reading", sum(count for _, count in months)) as tell:
        for month, count in reversed(months):
            for record in store.whole_month(month):
                yield listed(posting(record, office), record.change.step)
            tell(count)
