"""resume: addresses to which nothing is sent, because letters to them failed. Its one rule: only whoever
has seen to the address says that it is good again; without one it looks, and changes nothing."""

import click

from bot.cli.opening import look_into
from bot.cli.output import local
from bot.cli.scope import Scope
from bot.errors import Trouble
from bot.workflow.returned import key_of, tallies_in


@click.command()
@click.argument("address", required=False)
@click.pass_obj
def resume_command(scope: Scope, address: str | None) -> None:
    """Send letters to ADDRESS again, those that were kept first; without ADDRESS, list where letters failed.

    The daemon sends them within the minute, or `cmpbot once`. An address is resumed by itself when its owner writes.
    """
    settings = scope.settings()
    with look_into(settings) as store:
        if address and not store.unsettle(key_of(address.strip().lower())):
            raise Trouble(f"nothing is known against {address}; `cmpbot resume` alone lists where letters failed")
        found = tallies_in(store.matters(anew=True))
    if address:
        click.echo(f"letters to {address} are sent again")
        return
    zone = settings.office.calendar.zone
    for each, tally in sorted(found.items()):
        # Lines, for a table would cut an address, and it is to be typed again.
        since = f"; paused since {local(tally.paused, zone)}" if tally.paused else ""
        told = f"{tally.hard} failed in a row, {tally.soft} delayed, last on {local(tally.last, zone)}"
        click.echo(f"{each}  {told}{since}")
    if not found:
        click.echo("No letter has failed.")
