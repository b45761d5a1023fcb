"""run, once, receive, replay, publish: the arcs, by the daemon or by hand. Their one rule: they do
nothing themselves; each opens what it needs and calls an arc."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import click

from bot.cli.output import json_document, pairs
from bot.cli.scope import Scope
from bot.edge import logs
from bot.errors import Busy, ConfigMistake, Trouble

if TYPE_CHECKING:
    from bot.edge.store import Store

# sysexits.h: the mail server that pipes a mail into us keeps it and tries again.
TEMPORARY_FAILURE = 75
NO_DATA = 65

log = logging.getLogger(__name__)


@click.command()
@click.pass_obj
def run_command(scope: Scope) -> None:
    """Run the daemon until SIGTERM or Ctrl-C: take in mail, send letters, publish pages.

    Logs one line of JSON an event on standard error.
    """
    from bot.daemon.desk import open_desk  # noqa: PLC0415 - the whole program; receive and replay need little of it
    from bot.daemon.loop import run  # noqa: PLC0415 - the same

    logs.set_up()
    settings = scope.settings()
    clock = scope.clock(settings)
    clock.stop_on_signals()
    with open_desk(settings, clock) as desk:
        run(desk)
    log.info("ended")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@click.pass_obj
def once_command(scope: Scope, as_json: bool) -> int:
    """Do one turn of everything that is due: take in, send, publish; then say what was done.

    Exits 1 when a server or the disk gave trouble; what could be done was done.
    """
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
    return 1 if weather.failures else 0


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
@click.option("--full", is_flag=True, help="Build every page anew, whether it is out of date or not.")
@click.pass_obj
def publish_command(scope: Scope, full: bool) -> None:
    """Write the pages that are out of date, and say how many.

    The daemon does this by itself; while it runs on SQLite, --full only tells it to.
    """
    from bot.cli.opening import open_store  # noqa: PLC0415 - as above
    from bot.daemon.desk import open_desk  # noqa: PLC0415 - as above
    from bot.daemon.publish import publish  # noqa: PLC0415 - as above

    logs.set_up("WARNING")
    settings = scope.settings()
    clock = scope.clock(settings)
    if full:
        with open_store(settings) as store:
            _soil(store, clock.now())
    try:
        with open_desk(settings, clock) as desk:
            click.echo(f"{publish(desk, full=full)} pages written to {settings.posting.folder}")
    except Busy:
        click.echo("The daemon is running; it writes every page that is out of date within seconds.")


def _soil(store: "Store", now: datetime) -> None:
    """Mark every page out of date: the register, and whatever shows a logged change request."""
    from bot.posting.pages import HOME, REGISTER  # noqa: PLC0415 - as above
    from bot.workflow.effect import Decision, Fate, Publish  # noqa: PLC0415 - as above

    logged = [record.change.key for record in store.changes() if record.change.logged]
    with store.begin(now) as unit:
        unit.pages.update((REGISTER, HOME))
        for key in logged:
            seen = Decision(Fate.REGISTERED, change=unit.change(key), effects=(Publish(),))
            unit.record(seen, "publish", _unasked, _unasked)


def _unasked(letter: object) -> NoReturn:
    raise AssertionError("publishing owes nobody a letter")
