"""run, once, receive, replay, publish: the arcs, by the daemon or by hand. Their one rule: they do
nothing themselves; each opens what it needs and calls an arc."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.cli.output import json_document, many, pairs
from bot.cli.scope import Scope
from bot.edge import logs
from bot.errors import Busy, ConfigMistake, Trouble

if TYPE_CHECKING:
    from bot.edge.store import Store

# sysexits.h: the mail server that pipes a mail into us keeps it and tries again.
TEMPORARY_FAILURE = 75
NO_DATA = 65
MANY = 1_000_000  # more pages than there are

log = logging.getLogger(__name__)


@click.command()
@click.pass_obj
def run_command(scope: Scope) -> None:
    """Run the daemon until SIGTERM or Ctrl-C: take in mail, send letters, publish pages. SIGHUP: read the
    configuration again.

    Logs one line of JSON an event on standard error.
    """
    from bot.daemon.reload import serve  # noqa: PLC0415 - the whole program; receive and replay need little of it

    logs.set_up()
    settings = scope.settings()
    clock = scope.clock(settings)
    clock.stop_on_signals()
    clock.listen_for_calls()
    serve(settings, clock, scope.settings)
    log.info("ended")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@click.pass_obj
def once_command(scope: Scope, as_json: bool) -> int:
    """Do one turn of everything that is due: take in, send, publish; then say what was done.

    Exits 1 when a server or the disk gave trouble, or the command after publishing; what could be done
    was done.
    """
    from bot.daemon.carry import carry  # noqa: PLC0415 - as above
    from bot.daemon.desk import open_desk  # noqa: PLC0415 - as above
    from bot.daemon.loop import remind_once, turn_once  # noqa: PLC0415 - as above
    from bot.daemon.weather import Weather  # noqa: PLC0415 - as above

    logs.set_up()
    settings = scope.settings()
    clock, weather = scope.clock(settings), Weather()
    clock.stop_on_signals()
    with open_desk(settings, clock) as desk:
        turn = turn_once(desk, weather)
        remind_once(desk, weather, turn)
        carried = not desk.store.lead() or carry(desk, weather, wait=True)
    counts: dict[str, object] = {
        "fates": {fate.value: count for fate, count in turn.fates.items()},
        "reminders": turn.reminders,
        "sent": turn.letters["sent"],
        "failed": turn.letters["failed"],
        "pages": turn.pages,
    }
    if as_json:
        json_document(counts)
    else:
        fates = ", ".join(f"{count} {fate}" for fate, count in turn.fates.items())
        pairs([("mails", fates or "none"), *((name, count) for name, count in counts.items() if name != "fates")])
    return 1 if weather.failures or not carried else 0


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_obj
def receive_command(scope: Scope, file: BinaryIO) -> int:
    """Take in one mail from FILE or standard input and keep it; `run` or `once` handle it.

    For a pipe of the mail server: exits 0 once the mail is kept, and 75 (try again later) when it
    could not be kept, whatever the reason, so that the mail server holds on to it. 65: there was no
    mail in it; 2: the command line is wrong.
    """
    logs.set_up()
    raw = file.read()
    if not raw.strip():
        click.echo("cmpbot: the mail is empty", err=True)
        return NO_DATA
    try:
        click.echo(_keep(scope, raw))
    except (Trouble, ConfigMistake) as error:
        click.echo(f"cmpbot: {error}", err=True)
        return TEMPORARY_FAILURE
    except Exception:  # any other exit code would make the mail server bounce a customer's mail
        log.exception("mail not kept")
        return TEMPORARY_FAILURE
    return 0


def _keep(scope: Scope, raw: bytes) -> str:
    """Store a mail raw; gives its id."""
    from bot.cli.opening import open_store  # noqa: PLC0415 - an import that fails must end in 75 as well
    from bot.edge.mailbox import header_of  # noqa: PLC0415 - the same
    from bot.edge.store import Arrival  # noqa: PLC0415 - the same

    settings = scope.settings()
    # QUIRK: a pipe of Postfix or Procmail may put an mbox line before the mail; it is none of it.
    raw = raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw
    truncated = len(raw) > settings.imap.largest
    now = scope.clock(settings).now()
    arrival = Arrival.of(header_of(raw) if truncated else raw, now, truncated=truncated)
    with open_store(settings) as store:
        store.keep([arrival], now)
    return arrival.envelope.id


@click.command()
@click.argument("mail_id", metavar="ID")
@click.pass_obj
def replay_command(scope: Scope, mail_id: str) -> None:
    """Handle a mail once more, with its first arrival, after its cause of trouble was mended.

    ID is the first column of `cmpbot mail`. `run` or `once` take it up; a mail that registered a
    change request is never replayed.
    """
    from bot.cli.opening import look_into  # noqa: PLC0415 - half a second, after the arguments were read

    settings = scope.settings()
    with look_into(settings) as store:
        refused = store.replay(mail_id.strip().lower())
    if refused:
        raise Trouble(f"mail {mail_id} is not replayed: {refused.reason}")
    click.echo(f"mail {mail_id} waits to be handled again")


@click.command()
@click.option("--all", "--full", "everything", is_flag=True, help="Build every page anew, out of date or not.")
@click.pass_obj
def publish_command(scope: Scope, everything: bool) -> int:
    """Write the pages that are out of date, and say how many; then run the command after publishing.

    With --all every page is built again, and what somebody has removed or altered in the folder is
    found and put back. The daemon publishes by itself; while it runs on SQLite, --all only tells it to.
    Exits 1 when the command after publishing failed.
    """
    from bot.cli.opening import open_store  # noqa: PLC0415 - as above
    from bot.daemon.carry import carry  # noqa: PLC0415 - as above
    from bot.daemon.desk import open_desk  # noqa: PLC0415 - as above
    from bot.daemon.place import harmed_files  # noqa: PLC0415 - as above
    from bot.daemon.publish import publish, soil_all  # noqa: PLC0415 - as above
    from bot.daemon.weather import Weather  # noqa: PLC0415 - as above
    from bot.edge.site import Site  # noqa: PLC0415 - as above

    logs.set_up("WARNING")
    settings = scope.settings()
    clock = scope.clock(settings)
    if everything:
        with open_store(settings) as store:
            harmed = len(harmed_files(store, Site(settings.posting.folder)))
            soil_all(store, settings.kept, clock.now())
        if harmed:
            click.echo(f"{many(harmed, 'files')} had been removed or altered; written again")
    try:
        with open_desk(settings, clock) as desk, _progress(len(desk.store.dirty(MANY))) as said:
            _lead(desk.store)
            count = publish(desk, full=everything, said=said)
            carried = carry(desk, Weather(), wait=True)
    except Busy:
        click.echo("The daemon is running; it writes every page that is out of date within seconds.")
        return 0
    click.echo(f"{many(count, 'pages')} written to {settings.posting.folder}")
    if not carried:
        click.echo(f"cmpbot: the command after publishing failed: {desk.carrier.state.said}", err=True)
    return 0 if carried else 1


def _lead(store: "Store") -> None:
    if not store.lead():
        raise Busy("another cmpbot publishes")


@contextmanager
def _progress(keys: int) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal while many pages are built, on standard error; without a terminal, nothing."""
    from rich.console import Console  # noqa: PLC0415 - only where somebody may be watching
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415 - the same

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress("Pages", *columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("pages", total=keys)
        yield lambda count: bar.update(task, completed=count, total=max(keys, count))
