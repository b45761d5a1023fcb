"""`cmpbot check`: the doctor. Its one rule: every finding that is not well names its remedy.

It looks at each thing on its own, so that one that is broken hides no other; it sends nothing, and
leaves nothing behind: a folder or a file that it makes to see whether it can is removed at once.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click

from bot.cli.opening import look_into
from bot.cli.output import visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.daemon.follow import astray
from bot.daemon.place import harmed_files
from bot.edge.carrier import NOTE, Owed, remembered
from bot.edge.clock import Clock
from bot.edge.confine import FILES, NETWORK
from bot.edge.converter import find_office, works
from bot.edge.mailbox import Mailbox
from bot.edge.outbox import Outbox
from bot.edge.sandbox import Sandbox
from bot.edge.site import Site
from bot.edge.store.engine import database_file
from bot.edge.templates import Templates
from bot.errors import Trouble
from bot.intake.file.opened import Forms
from bot.intake.paper.blank import blank
from bot.mail.message import Attachment
from bot.workflow.returned import paused_in

WRITTEN = date(2026, 11, 1)  # no clock that is right shows a day before this program was written
HORIZON = timedelta(days=366)
SHOWN = 12  # names of folders
CONFINED = (NETWORK, FILES)
PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it; well when nothing."""

    what: str
    found: str
    remedy: str = ""


@click.command()
@click.pass_obj
def check_command(scope: Scope) -> int:
    """Examine everything that the daemon needs, and say what to mend. Exits 0 when all is well.

    The configuration, the database, the folders here and on the mail server, both logins, the
    clock, the calendar and the child process that opens attachments. Nothing is sent, and nothing
    is left behind.
    """
    settings = scope.settings()
    click.echo(f"well    {'configuration':<14}  {settings.path}")
    clock, ill = scope.clock(settings), 0
    for look in LOOKS:
        for finding in _guarded(look, settings, clock):
            ill += bool(finding.remedy)
            click.echo(f"{'MEND' if finding.remedy else 'well':<6}  {finding.what:<14}  {visible(finding.found)}")
            if finding.remedy:
                click.echo(f"{'':<6}  {'':<14}  -> {visible(finding.remedy)}")
    click.echo("\nAll is well." if not ill else f"\n{ill} to mend.")
    return 1 if ill else 0


Look = Callable[[Settings, Clock], Iterator[Finding]]


def _guarded(look: Look, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What one look finds; trouble on the way is a finding as well."""
    try:
        yield from look(settings, clock)
    except (Trouble, OSError) as error:
        name = look.__name__.removeprefix("_").replace("_", " ")
        yield Finding(name, str(error), REMEDIES.get(look, "see what the message names"))


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        yield _writable("database", file.parent, "none yet; the first start makes it in")
        return
    with look_into(settings) as store:
        version = store.schema_version()
    yield Finding("database", f"answers, schema {version}")


def _folders(settings: Settings, clock: Clock) -> Iterator[Finding]:
    yield _writable("posting", settings.posting.folder, "is written to")
    command = settings.posting.after_publish
    if command and shutil.which(command[0]) is None:
        yield Finding("after publish", f"{command[0]} is not found", "install it, or correct posting.after_publish")
    elif command:
        yield _carried(command, remembered(settings.kept / NOTE))


def _carried(command: tuple[str, ...], owed: Owed) -> Finding:
    """Whether the command after publishing works."""
    if owed.command != command:
        return Finding("after publish", f"{command[0]} was not run yet")
    if not owed.since:
        what = "what lay there when it ran" if owed.owed else "everything"
        return Finding("after publish", f"{command[0]} has carried {what}")
    times = f"{owed.tries} time{'s' * (owed.tries != 1)}"
    found = f"{command[0]} has failed since {owed.since[:16].replace('T', ' ')} UTC, {times}: {owed.said}"
    return Finding("after publish", found, "mend what it says; it is tried again by itself, or by `cmpbot publish`")


def _pages(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether every file of the posting lies there as it was written."""
    try:
        with look_into(settings) as store:
            count, harmed = len(store.manifest()), harmed_files(store, Site(settings.posting.folder))
    except Trouble:  # the database has a line of its own
        return
    if harmed:
        found = f"{len(harmed)} of {count} files are missing or were altered: {_some(harmed)}"
        yield Finding("posting", found, "`cmpbot publish --all` writes them again")
    elif count:
        yield Finding("posting", f"all {count} files lie there as they were written")


def _templates(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether every template can be compiled, as somebody may have left it."""
    ill = [str(each) for each in Templates(settings.templates, settings.office, settings.table).broken()]
    for found in ill:
        yield Finding("templates", found, "mend that line, or lay the file of this version there again")
    if not ill:
        yield Finding("templates", f"all of {settings.templates} can be used")


def _writable(what: str, folder: Path, words: str) -> Finding:
    """Whether files can be made in a folder, or in the nearest one above it that is there."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        remedy = f"give {os.environ.get('USER', 'this user')} the right to write there, or name another folder"
        return Finding(what, f"{nearest}: {error.strerror}", remedy)
    return Finding(what, f"{words} {folder}")


def _oauth(settings: Settings, clock: Clock) -> Iterator[Finding]:
    tokens = settings.oauth
    if tokens is None:
        return
    from bot.edge.oauth import stage  # noqa: PLC0415 - few offices need it

    if ending := tokens.ending():
        reached = stage((ending.on - settings.office.calendar.local_date(clock.now())).days, tokens.of.warn)
        words = f"{ending.what} {'has ended on' if (reached or 0) < 0 else 'ends on'} {ending.on}"
        yield Finding("oauth", words, "" if reached is None else ending.remedy)
    else:
        yield Finding("oauth", "no end is known of what we log in with; where it has one, write it into oauth.expires")
    tokens.give()
    until = tokens.until()
    yield Finding(
        "oauth", f"{tokens.of.provider.value} gave a token{f', good until {until:%H:%M} UTC' if until else ''}"
    )


def _mailbox(settings: Settings, clock: Clock) -> Iterator[Finding]:
    account = settings.imap
    if settings.embedded:
        yield Finding("mailbox", "embedded: a mail server inside the program, for trying things out")
        return
    mailbox = Mailbox(account)
    try:
        waiting, survey = len(mailbox.look().uids), mailbox.survey()
    finally:
        mailbox.close()
    yield Finding("mailbox", f"{account.username} at {account.host}:{account.port}, {waiting} mails in {account.inbox}")
    yield Finding("capabilities", " ".join(survey.capabilities))
    yield Finding("mail folders", _some(survey.folders))
    for name in survey.refused:
        remedy = "make it on the mail server, or give the account the right to; or name another under mailbox.folders"
        yield Finding("mail folders", f"{name} is not there and cannot be made", remedy)


def _some(names: tuple[str, ...]) -> str:
    """As many names as a person reads."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _smtp(settings: Settings, clock: Clock) -> Iterator[Finding]:
    account = settings.smtp
    if settings.embedded:
        yield Finding("smtp", "embedded: letters stay on this machine")
        return
    outbox = Outbox(account)
    try:
        outbox.connect()
    finally:
        outbox.close()
    yield Finding("smtp", f"{account.username or 'no login'} at {account.host}:{account.port}")


def _clock(settings: Settings, clock: Clock) -> Iterator[Finding]:
    zone = settings.office.calendar.zone
    shown = f"{clock.now().astimezone(zone):%A %Y-%m-%d %H:%M} in {zone}"
    late = not clock.rehearsing and clock.now().date() < WRITTEN
    yield Finding(
        "clock", shown, "the clock of this machine is wrong; set it, and keep it right by NTP" if late else ""
    )


def _calendar(settings: Settings, clock: Clock) -> Iterator[Finding]:
    calendar = settings.office.calendar
    today = calendar.local_date(clock.now())
    ahead = sorted(day for day in calendar.holidays if today <= day <= today + HORIZON)
    remedy = "" if ahead else "name a country under calendar.holidays, or the days off under extra"
    yield Finding("holidays", f"{len(ahead)} in the next twelve months{f', next {ahead[0]}' if ahead else ''}", remedy)
    meeting = calendar.meeting.date_in(today.year, today.month)
    closed = (
        "" if calendar.is_business_day(meeting) else "no business is done on it; move it by calendar.moved_meetings"
    )
    yield Finding("meeting", f"this month's Monthly Meeting is on {meeting}", closed)
    yield from _moves(settings, today)


def _moves(settings: Settings, today: date) -> Iterator[Finding]:
    """What stands on a day that is no Monthly Meeting any more, and goes to another at the next turn."""
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        return
    with look_into(settings) as store:
        found = astray(store, settings.office, today)
    for was, now in sorted({(was, now) for _, was, now in found}):
        numbers = tuple(change.number for change, *days in found if days == [was, now])
        yield Finding("meeting", f"at the next turn {_some(numbers)} will go from {was} to the meeting of {now}")


def _addresses(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """To whom nothing is sent any more, because letters to them failed."""
    try:
        with look_into(settings) as store:
            found = paused_in(store.matters())
    except Trouble:  # the database has a line of its own
        return
    for address, tally in sorted(found.items()):
        since = tally.paused.astimezone(settings.office.calendar.zone).date() if tally.paused else ""
        remedy = f"correct it in config.yaml, or ask its owner to write; `cmpbot resume {address}` sends what was kept"
        yield Finding("addresses", f"nothing is sent to {address} since {since}: {tally.hard} letters failed", remedy)


def _trust(settings: Settings, clock: Clock) -> Iterator[Finding]:
    hosts = settings.office.trust.authserv_ids
    remedy = "" if hosts else "name your border mail host under trust.authserv_ids; until then nobody is verified"
    yield Finding("trust", f"believes the stamps of {', '.join(sorted(hosts)) or 'no host'}", remedy)


def _attachments(settings: Settings, clock: Clock) -> Iterator[Finding]:
    for shape in ("docx", "xlsx", "txt"):
        with Sandbox(settings.table, settings.sandbox) as sandbox:
            content = blank(settings.table, shape, {"title": "A form to see that forms are read"})
            opened = sandbox.open(Attachment(f"form.{shape}", "", content))
        well = isinstance(opened, Forms)
        remedy = "" if well else "attachments cannot be opened here; raise the figures under limits.attachment"
        yield Finding("attachments", f"a .{shape} form is {'read' if well else f'NOT read: {opened}'}", remedy)


def _confinement(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What the kernel keeps from whoever opens attachments. Nothing to mend where it can do less: the
    limits on time and memory hold everywhere."""
    with Sandbox(settings.table, settings.sandbox) as sandbox:
        held = sandbox.confinement()
    missing = " and ".join(what for what in CONFINED if what not in held)
    words = f"the child has {'; '.join(held)}" if held else "the child is bound in time and memory"
    yield Finding("confinement", f"{words}; this kernel cannot promise {missing}" if missing else words)


def _old_files(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """LibreOffice is wanted, not needed: without it the senders of old files are asked for new ones."""
    office = find_office()
    if office is None:
        asked = "there is no LibreOffice: who sends .doc, .rtf, .odt, .xls or .ods is asked for .docx or .xlsx"
        yield Finding("old files", f"{asked} (to read them: apt install {PACKAGES})")
        return
    remedy = "" if works(office) else f"{office.program} converts nothing here; install {PACKAGES} anew, or remove it"
    yield Finding("old files", f"LibreOffice {office.version} converts .doc, .rtf, .odt, .xls and .ods", remedy)


LOOKS: tuple[Look, ...] = (
    _database,
    _folders,
    _templates,
    _pages,
    _oauth,
    _mailbox,
    _smtp,
    _clock,
    _calendar,
    _trust,
    _addresses,
    _attachments,
    _confinement,
    _old_files,
)
REMEDIES: dict[Look, str] = {
    _database: "start the database, or correct `store`",
    _templates: "install this version anew: its templates cannot be read",
    _oauth: "correct the section `oauth`, or the application at the provider; docs/accounts-microsoft.md and "
    "docs/accounts-gmail.md say how, step by step",
    _mailbox: "correct host, port, tls, username or the password under `mailbox`; the server's log says more. With "
    "`auth: oauth-...` look at the permissions: docs/accounts-microsoft.md, docs/accounts-gmail.md",
    _smtp: "correct host, port, tls, username or the password under `smtp`; the server's log says more. With "
    "`auth: oauth-...` look at the permissions: docs/accounts-microsoft.md, docs/accounts-gmail.md",
}
