"""release, drop: what becomes of the letters that a restore holds. Their one rule: only the operator knows
which of them were sent before; each is named, or all are."""

from datetime import datetime

import click

from bot.cli.opening import look_into
from bot.cli.output import many
from bot.cli.scope import Scope
from bot.edge.store import Store
from bot.errors import Trouble
from bot.workflow.returned import paused_in

IDS = click.argument("ids", metavar="[ID]...", nargs=-1)
ALL = click.option("--all", "everything", is_flag=True, help="All letters that are held.")


@click.command()
@IDS
@ALL
@click.pass_obj
def release_command(scope: Scope, ids: tuple[str, ...], everything: bool) -> None:
    """Send letters that a restore holds: those with these IDs, or the beginnings of them.

    `cmpbot letters --held` lists them, `cmpbot letters ID` shows what one says. The daemon sends them, or
    `cmpbot once`.
    """
    settings = scope.settings()
    now = scope.clock(settings).now()
    with look_into(settings) as store:
        click.echo(f"{many(_settled(store, ids, everything, now), 'letters')} will be sent")
        paused = paused_in(store.matters(anew=True))
        if kept := sum(each.state == "owed" and each.recipient in paused for each in store.letters()):
            click.echo(f"{kept} of those that are owed wait: letters to their addresses failed; see cmpbot resume")


@click.command()
@IDS
@ALL
@click.pass_obj
def drop_command(scope: Scope, ids: tuple[str, ...], everything: bool) -> None:
    """Never send letters that a restore holds, because their readers had them before it."""
    with look_into(scope.settings()) as store:
        click.echo(f"{many(_settled(store, ids, everything, None), 'letters')} will never be sent")


def _settled(store: Store, ids: tuple[str, ...], everything: bool, now: datetime | None) -> int:
    """How many letters were let go. Raises Trouble for an id that no letter has that is held, or several."""
    if everything == bool(ids):
        raise click.UsageError("name the letters by their IDs, or say --all")
    if everything:
        return store.let_go(None, now)
    held = [letter.id for letter in store.letters() if letter.state == "held"]
    chosen = set[str]()
    for beginning in ids:
        found = [each for each in held if each.startswith(beginning.strip().lower())]
        if len(found) != 1:
            raise Trouble(
                f"{len(found)} letters that are held have the ID {beginning}; `cmpbot letters --held` lists them"
            )
        chosen.update(found)
    return store.let_go(chosen, now)
