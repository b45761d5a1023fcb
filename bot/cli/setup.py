"""init, migrate: setting up. Their one rule: nothing that is there is ever overwritten."""

import shutil
from importlib.resources import files
from pathlib import Path

import click

from bot.cli.scope import Scope
from bot.errors import Trouble

PRIVATE = 0o700


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init_command(folder: Path) -> None:
    """Write a commented config.yaml for a real mailbox into DIR, with forms/ and secrets/ beside it.

    Then fill in what stands in <angle brackets>, put the passwords into secrets/, and let
    `cmpbot --config DIR/config.yaml check` say what is still missing.
    """
    config, forms, secrets = folder / "config.yaml", folder / "forms", folder / "secrets"
    there = [path for path in (config, forms, secrets) if path.exists()]
    if there:
        raise Trouble(f"{', '.join(map(str, there))} is there already, and is not overwritten; name another folder")
    from bot.config import packaged  # noqa: PLC0415 - after the quick refusals

    try:
        secrets.mkdir(PRIVATE, parents=True)
        secrets.chmod(PRIVATE)
        forms.mkdir()
        shutil.copy(packaged() / "forms" / "fields.yaml", forms)  # the blanks are another carrier's; ours are made
        config.write_bytes((files("bot.cli") / "init_config.yaml").read_bytes())
    except OSError as error:
        raise Trouble(f"cannot write {error.filename or folder}: {error.strerror}") from error
    click.echo(
        f"Written: {config}\n\nNow:\n"
        f"  1. fill in what stands in <angle brackets> in {config}\n"
        f"  2. put the passwords into {secrets}/imap and {secrets}/smtp, and run: chmod 600 {secrets}/*\n"
        f"  3. run: cmpbot --config {config} check"
    )


@click.command()
@click.pass_obj
def migrate_command(scope: Scope) -> None:
    """Make the database, or bring it to the tables of this version. `run` does so by itself."""
    from bot.cli.opening import open_store  # noqa: PLC0415 - half a second, after the arguments were read

    settings = scope.settings()
    with open_store(settings) as store:
        click.echo(f"the database has schema {store.schema_version()}")
