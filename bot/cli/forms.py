"""`python -m bot.cli.forms [FOLDER] [--config FILE]`: write the blank forms of a field table beside it.

Its one rule: the blanks are made from fields.yaml and never edited by hand. Whoever changes the
table runs this; a test holds the shipped ones to it.
"""

import sys
from pathlib import Path

import click

from bot.cli import run
from bot.config import load_to_explain, packaged, read_table
from bot.intake.paper.blank import FILES, blank


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--config", type=click.Path(path_type=Path), help="Whose carrier the forms name; else the packaged one.")
def forms_command(folder: Path | None, config: Path | None) -> None:
    """Write the blank forms into FOLDER (forms/ without one) from the fields.yaml in it."""
    place = folder or packaged() / "forms"
    table = read_table(place / "fields.yaml")
    house = load_to_explain(config or packaged() / "config.yaml").office.organisation
    for shape, name in FILES.items():
        (place / name).write_bytes(blank(table, shape, house=house))
        click.echo(place / name)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], forms_command))
