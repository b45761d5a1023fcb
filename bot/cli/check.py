"""`cmpbot check`: the doctor. Its one rule: every finding that is not well names its remedy.

It looks at each thing on its own, so that one that is broken hides no other; it sends nothing unless it is asked
to, and leaves nothing behind: a folder or a file that it makes to see whether it can is removed at once.
"""

import socket
from collections.abc import Iterator

import click

from bot.cli.checks import machine, office, reading, servers
from bot.cli.checks.finding import Finding, Look
from bot.cli.output import visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.edge.clock import Clock
from bot.errors import Trouble

RIGHTS = "give this user the right to read and write what the message names"
REINSTALL = "install this version anew: its templates cannot be read"
PAGES = "docs/accounts-microsoft.md, docs/accounts-gmail.md"
ACCOUNT = "correct host, port, tls, username or the password under `{0}`; the server's log says more"
AWAY = "start that server, open the way to it, or correct host and port under `{0}`"
PERMISSIONS = f". Where `auth` is oauth look at the permissions: {PAGES}"
SECTIONS = {"mailbox": "mailbox", "smtp": "smtp", "alerts": "alerts.smtp"}
"""What an account's look is about, and the section of the configuration that names the account."""
UNREACHED = (ConnectionError, TimeoutError, socket.gaierror)
DATABASE = "start the database, or correct `store`"
PROCESSES = "let this user start processes, and raise the figures under limits.attachment"


@click.command()
@click.option("--send", is_flag=True, help="Also send a mail to ourselves, and an alert for a trial.")
@click.pass_obj
def check_command(scope: Scope, send: bool) -> int:
    """Examine everything that the daemon needs, and say what to mend. Exits 0 when all is well.

    The configuration, the database, the folders here and on the mail server, room, the logins and certificates,
    the way of alerts, the clock, the calendar and the child process that opens attachments. Nothing is sent
    without --send, and nothing is left behind.
    """
    settings = scope.settings()
    click.echo(f"well    {'configuration':<14}  {settings.path}")
    clock, ill = scope.clock(settings), 0
    for look in (*LOOKS, *(SENDS if send else ())):
        for finding in guarded(look, settings, clock):
            ill += finding.ill
            click.echo(f"{finding.mark:<6}  {finding.what:<14}  {visible(finding.found)}")
            if finding.remedy:
                click.echo(f"{'':<6}  {'':<14}  -> {visible(finding.remedy)}")
    click.echo("\nAll is well." if not ill else f"\n{ill} to mend.")
    return 1 if ill else 0


def guarded(look: Look, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What one look finds; trouble on the way is a finding as well."""
    try:
        yield from look.at(settings, clock)
    except (Trouble, OSError) as error:
        yield Finding(look.name, str(error), _remedy(look, settings, error))


def _remedy(look: Look, settings: Settings, error: Trouble | OSError) -> str:
    """What to do when a look has failed: at a server that was not reached no login is to blame, and of permissions
    only who logs in with tokens is told."""
    section = SECTIONS.get(look.name)
    if section and isinstance(error.__cause__, UNREACHED):
        return AWAY.format(section)
    return look.remedy + PERMISSIONS if section and settings.oauth else look.remedy


LOOKS = (
    Look("database", machine.database, DATABASE),
    Look("folders", machine.folders, RIGHTS),
    Look("room", machine.disks, RIGHTS),
    Look("templates", machine.templates, REINSTALL),
    Look("posting", machine.pages, RIGHTS),
    Look("oauth", servers.oauth, f"correct the section `oauth`, or the application at the provider; {PAGES} say how"),
    Look("mailbox", servers.mailbox, ACCOUNT.format("mailbox")),
    Look("smtp", servers.smtp, ACCOUNT.format("smtp")),
    Look("alerts", servers.alerts, ACCOUNT.format("alerts.smtp")),
    Look("clock", office.clock, "set the clock of this machine"),
    Look("calendar", office.calendar, DATABASE),
    Look("trust", office.trust, "correct the section `trust`"),
    Look("addresses", office.addresses, DATABASE),
    Look("attachments", reading.attachments, PROCESSES),
    Look("confinement", reading.confinement, PROCESSES),
    Look("old files", reading.old_files, PROCESSES),
)
SENDS = (
    Look("to ourselves", servers.sent_to_self, ACCOUNT.format("smtp")),
    Look("alert", servers.alert_sent, ACCOUNT.format("alerts")),
)
