"""cmpbot demo: a morning at the mailbox and the life of one change request, played here over IMAP and SMTP.

Its one rule: it runs the daemon's own loop; what it adds is the mail that comes in, a table of what
happens, and a web server to look at the result.
"""

import shutil
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.demo_life import life
from bot.cli.demo_mails import Scene, scenes
from bot.cli.demo_table import Played, Stage, drawn
from bot.cli.output import many
from bot.cli.scope import Scope
from bot.cli.tray import message_id_of, subject_of, write_tray
from bot.config import Settings
from bot.daemon.desk import Desk, open_desk
from bot.daemon.figure import figure
from bot.daemon.loop import run
from bot.daemon.meeting import meet
from bot.daemon.place import list_all
from bot.daemon.remind import remind
from bot.edge.clock import Clock
from bot.edge.mailbox import ImapAccount
from bot.edge.outbox import SmtpAccount
from bot.edge.postoffice import PostOffice
from bot.edge.site import Site
from bot.edge.store import LetterState
from bot.errors import Trouble

if TYPE_CHECKING:
    from rich.live import Live

LOOPBACK = "127.0.0.1"
DATABASE = "cmpbot.sqlite"
PASSWORD = "demo"  # noqa: S105 - of a mailbox that lives in this process and ends with it
PATIENCE = 30.0  # seconds to wait for one mail to be dealt with
POLL = 0.02
ON_THEIR_WAY = frozenset({LetterState.OWED, LetterState.SENDING})


@click.command("demo")
@click.option("--once", is_flag=True, help="End when everything has been played, instead of serving the pages.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8026,
    show_default=True,
    help="The port of the web pages, on this machine only.",
)
@click.pass_obj
def demo_command(scope: Scope, once: bool, port: int) -> None:
    """Play a morning at the mailbox and the life of one change request, all on this machine.

    Starts a mail server inside the program, lets invented offices send their forms and the staff
    their commands, runs the real daemon over IMAP and SMTP on a clock that is put forward, publishes
    the posting, and shows every letter in a mail tray. Works in a folder `demo` beside the database
    (as shipped: var/demo), which is emptied first; nothing else is touched.
    """
    settings = scope.settings()
    folder = settings.kept / "demo"
    _empty(folder)
    web = folder / "web"
    web.mkdir()
    base = f"http://{LOOPBACK}:{port}/"
    clock = Clock(scope.clock(settings).now())  # the life of a change request takes months: the clock is put forward
    with _stage(_moved(settings, folder, base), clock) as stage:
        _play(stage)
        zone = settings.office.calendar.zone
        write_tray(Site(web / "tray"), stage.desk.templates, stage.office.tray, "../site/index.html", zone)
    _say_what_to_look_at(web, len(stage.office.tray), "" if once else base)
    if late := [played.scene.title for played in stage.played.values() if played.seconds is None]:
        raise click.ClickException(f"not dealt with in time: {', '.join(late)}")
    if not once:
        _serve(web, port)


def _empty(folder: Path) -> None:
    """Make the demo's folder, taking away an earlier demo, and nothing else of that name."""
    if folder.exists() and not (folder / DATABASE).exists():
        raise Trouble(f"{folder} is no earlier demo's; move it away, for the demo would empty it")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise Trouble(f"cannot make {folder}: {error.strerror}") from error


def _moved(settings: Settings, folder: Path, base: str) -> Settings:
    """The settings with everything that is written moved into the demo's folder."""
    organisation = replace(settings.office.organisation, site_url=f"{base}site/")
    return replace(
        settings,
        office=replace(settings.office, organisation=organisation),
        store_url=f"sqlite:///{folder / DATABASE}",
        posting=replace(settings.posting, folder=folder / "web" / "site", after_publish=()),
        kept=folder / "kept",
        embedded=False,
    )


@contextmanager
def _stage(settings: Settings, clock: Clock) -> Iterator[Stage]:
    """A post office, and the daemon's loop turning in a thread of its own."""
    mailbox = settings.office.organisation.address.email
    office = PostOffice({mailbox: PASSWORD}, next(iter(settings.office.trust.authserv_ids), "localhost"))
    with office as ports:
        imap = ImapAccount(LOOPBACK, ports.imap, "none", mailbox, lambda: PASSWORD)
        smtp = SmtpAccount(LOOPBACK, ports.smtp, "none")
        with open_desk(replace(settings, imap=imap, smtp=smtp), clock) as desk:
            loop = threading.Thread(target=run, args=(desk,), name="loop")
            loop.start()
            try:
                yield Stage(desk, office, ports.smtp)
            finally:
                clock.stop()
                loop.join()


def _play(stage: Stage) -> None:
    """Play every scene in order, each when the one before has been dealt with."""
    from rich.live import Live  # noqa: PLC0415 - only the demo draws

    settings, desk = stage.desk.settings, stage.desk
    with Live(drawn(stage), refresh_per_second=8) as live:
        for scene in scenes(settings.office.directory.companies, settings.table):
            _play_scene(stage, scene, live)
        first = next(iter(stage.played.values()))
        if first.mail and first.mail.number:
            for act in life(settings.office, first.mail.number, first.scene.sender, desk.clock.now()):
                _pass_time(stage, first.mail.number, act.at, live)
                desk.clock.turn_to(act.at)
                _play_scene(stage, act.scene, live)
                desk.clock.turn_to(desk.clock.now() + settings.office.notice_hold)  # notices wait so long
        _until(lambda: not desk.store.dirty(1))
        figure(desk, anew=True)
        list_all(desk)
    if not live.console.is_terminal:
        live.console.line()  # QUIRK: rich ends its table with the line only on a terminal


def _pass_time(stage: Stage, number: str, until: datetime, live: "Live") -> None:
    """Put the clock forward to every morning on which something of the change request that is played
    comes nearer or is late, and to those of the Monthly Meeting; the other mornings bring the same."""
    desk, calendar = stage.desk, stage.desk.settings.office.calendar
    for day in _telling(desk, number, calendar.local_date(until)):
        morning = datetime.combine(day, calendar.opens, calendar.zone).astimezone(UTC)
        if desk.clock.now() < morning < until:
            desk.clock.turn_to(morning)
            meet(desk)
            if count := remind(desk):
                stage.reminded.append((morning, count))
            live.update(drawn(stage))


def _telling(desk: Desk, number: str, last: date) -> list[date]:
    """The business days up to `last` on which a stage of an open deadline is reached, the package of a
    Monthly Meeting goes out, or its results are asked for."""
    calendar, office = desk.settings.office.calendar, desk.settings.office
    record = desk.store.view(number)
    running = [due for due in record.deadlines if due.met_on is None] if record else []
    stages = (0, 1, *(-days for days in office.reminding.before))
    days = {calendar.add_business_days(due.by, by) for due in running for by in stages}
    meeting = calendar.meeting_after(calendar.local_date(desk.clock.now()))
    while meeting <= last:
        days |= {calendar.add_business_days(meeting, by) for by in (-office.intervals.package, 1)}
        meeting = calendar.meeting_after(meeting)
    return sorted(day for day in days if day <= last)


def _play_scene(stage: Stage, scene: Scene, live: "Live") -> None:
    """Deliver one mail, and wait until it has been dealt with."""
    begun, before = time.monotonic(), len(stage.office.tray) + _on_their_way(stage)
    stage.played[scene.name] = played = Played(scene, _deliver(stage, scene), stage.desk.clock.now())
    live.update(drawn(stage))
    if _until(lambda: _dealt_with(stage, played)):
        played.seconds, played.letters = time.monotonic() - begun, len(stage.office.tray) - before
    live.update(drawn(stage))


def _deliver(stage: Stage, scene: Scene) -> bytes:
    """Hand a scene's mail to the post office, as its sender's server would; gives its bytes."""
    to = stage.desk.settings.office.organisation.address
    if scene.again:
        raw = stage.played[scene.again].raw
    else:
        tag = f"[{scene.about}]" if scene.about else ""
        letters = [one for one in stage.office.tray if scene.answers in one.to and tag in subject_of(one)]
        raw = scene.message(to, stage.desk.clock.now(), message_id_of(letters[-1]) if letters else "")
    with smtplib.SMTP(LOOPBACK, stage.port) as line:
        line.sendmail("" if scene.null else scene.sender.email, [to.email], raw)
    return raw


def _dealt_with(stage: Stage, played: Played) -> bool:
    """True once the mail that was delivered last has its fate, and no letter is on its way."""
    mails = stage.desk.store.mails()
    if len(mails) < len(stage.played) or mails[-1].fate is None:
        return False
    played.mail = mails[-1]
    return not _on_their_way(stage)


def _on_their_way(stage: Stage) -> int:
    """How many letters are to go out now."""
    now = stage.desk.clock.now()
    due = (letter for letter in stage.desk.store.letters() if letter.next_try is None or letter.next_try <= now)
    return sum(letter.state in ON_THEIR_WAY for letter in due)


def _until(true: Callable[[], bool]) -> bool:
    """Wait for something, but not for ever; False when it did not come to pass."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
    return True


def _say_what_to_look_at(web: Path, letters: int, base: str) -> None:
    """Where the result is; `base` is the web server's address, or empty when none is started."""
    tray = f"The mail tray ({many(letters, 'letters')})"
    for what, page in (("The posting", "site/index.html"), (tray, "tray/index.html")):
        click.echo(f"{what}: {base + page if base else (web / page).as_uri()}")


def _serve(web: Path, port: int) -> None:
    """Serve the pages until Ctrl-C."""
    handler = partial(_Quiet, directory=str(web))
    try:
        server = ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror}; try --port with another number") from error
    click.echo("Ctrl-C ends it.")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("")


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the demo's own words."""
