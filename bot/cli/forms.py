"""`python -m bot.cli.forms [FOLDER]`: write the blank forms of a field table beside it.

Its one rule: the blanks are made from fields.yaml and never edited by hand. Whoever changes the
table runs this; a test holds the shipped ones to it.
"""

import sys
from pathlib import Path

import click

from bot.cli import run
from bot.config import packaged, read_table
from bot.intake.blank import blank

BLANKS = {shape: f"change-request.{shape}" for shape in ("docx", "xlsx", "txt")}


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
def forms_command(folder: Path | None) -> None:
    """Write the blank forms into FOLDER (forms/ without one) from the fields.yaml in it."""
    place = folder or packaged() / "forms"
    table = read_table(place / "fields.yaml")
    for shape, name in BLANKS.items():
        (place / name).write_bytes(blank(table, shape))
        click.echo(place / name)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], forms_command))
