"""The servers that the bot works with. Its one rule: it logs in where the daemon does and as it does, and sends
nothing, but for what was asked for with --send."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from secrets import token_hex

from bot.cli.checks.finding import Finding, some
from bot.cli.output import many
from bot.config import Settings
from bot.daemon.alert import channel_of
from bot.edge.clock import Clock
from bot.edge.mailbox import Mailbox
from bot.edge.outbox import Outbox, SmtpAccount
from bot.errors import Trouble
from bot.mail.letter import Sent

SOON = timedelta(days=14)
WITHIN = 60.0  # seconds for a mail to ourselves
POLL = 2.0
NOBODY = "nobody hears of it when mail does not work"


def oauth(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What ends of that with which we ask for tokens, and whether there is one."""
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


@contextmanager
def _tried(host: str, port: int) -> Iterator[None]:
    """Say which server gave trouble."""
    try:
        yield
    except Trouble as error:
        raise Trouble(f"{error} (at {host}:{port})", temporary=error.temporary) from error.__cause__


def mailbox(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The mailbox, its server and its folders."""
    account = settings.imap
    if settings.embedded:
        yield Finding("mailbox", "embedded: a mail server inside the program, for trying things out")
        return
    with _tried(account.host, account.port), closing(Mailbox(account)) as box:
        waiting, survey, ends = len(box.look().uids), box.survey(), box.certificate_ends()
    mails = f"{many(waiting, 'mails')} in {account.inbox}"
    yield Finding("mailbox", f"{account.username} at {account.host}:{account.port}, {mails}")
    yield Finding("capabilities", " ".join(survey.capabilities))
    yield from _certificate(account.host, ends, clock)
    yield Finding("mail folders", some(survey.folders))
    for name in survey.refused:
        remedy = "make it on the mail server, or give the account the right to; or name another under mailbox.folders"
        yield Finding("mail folders", f"{name} is not there and cannot be made", remedy)


def smtp(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The way out."""
    account = settings.smtp
    if settings.embedded:
        yield Finding("smtp", "embedded: letters stay on this machine")
        return
    ends = _connected(account)
    yield Finding("smtp", f"{account.username or 'no login'} at {account.host}:{account.port}")
    yield from _certificate(account.host, ends, clock)


def _connected(account: SmtpAccount) -> datetime | None:
    """Connect and log in once; gives until when the server's certificate is good."""
    with _tried(account.host, account.port), closing(Outbox(account)) as box:
        box.connect()
        return box.certificate_ends()


def _certificate(host: str, ends: datetime | None, clock: Clock) -> Iterator[Finding]:
    """How long a server's certificate is good. One that is not any more is told by whoever tries to connect."""
    if ends is None:
        return
    near = ends - clock.now() < SOON
    remedy = f"have it renewed on {host} before that day; from then on no mail goes in or out" if near else ""
    yield Finding("certificate", f"that of {host} is good until {ends:%Y-%m-%d}", remedy)


def alerts(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The second way to tell people."""
    given = settings.alerts
    if given.command and shutil.which(given.command[0]) is None:
        yield Finding("alerts", f"{given.command[0]} is not found: {NOBODY}", "install it, or correct alerts.command")
    elif given.command:
        yield Finding("alerts", f"go to {given.command[0]}")
    elif given.smtp is None:
        remedy = "name a way under `alerts`, or let a monitor ask `cmpbot health`"
        yield Finding("alerts", f"none are configured: unless a monitor asks, {NOBODY}", remedy, chosen=True)
    else:
        ends = _connected(given.smtp)
        yield Finding("alerts", f"go by {given.smtp.host}:{given.smtp.port} to {many(len(given.to), 'addresses')}")
        yield from _certificate(given.smtp.host, ends, clock)


def alert_sent(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """An alert for a trial."""
    channel = channel_of(settings)
    if channel is None:
        return
    house = settings.office.organisation.address.name
    with closing(channel):
        channel.tell(f"{house}: a trial", "`cmpbot check --send` tries whether alerts arrive.\n", clock.now())
        end = clock.monotonic() + WITHIN
        while (failed := channel.told()) is None and clock.monotonic() < end:
            clock.wait(0.05)
    remedy = "" if failed == "" else "correct what it says, or the section `alerts`"
    yield Finding(
        "alert", f"was not told: {failed or 'no end of it'}" if remedy else "one went out for a trial", remedy
    )


def sent_to_self(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """A mail to ourselves, from the way out to the mailbox; a running daemon files it like any of our own."""
    if settings.embedded:
        return
    us, began = settings.office.organisation.address, clock.monotonic()
    name = f"<check-{token_hex(8)}@{us.domain}>"
    wire = (
        f"From: {us.email}\r\nTo: {us.email}\r\nSubject: cmpbot check\r\nDate: {format_datetime(clock.now())}\r\n"
        f"Message-ID: {name}\r\nAuto-Submitted: auto-generated\r\n\r\nA trial of `cmpbot check --send`.\r\n"
    )
    with closing(Outbox(settings.smtp)) as out:
        delivered = out.send(us.email, us.email, wire.encode())
    if not isinstance(delivered, Sent):
        remedy = f"the server of `smtp` must take mail from and to {us.email}: its log says more"
        yield Finding("to ourselves", f"a mail was not taken: {delivered.reason}", remedy)
        return
    folders = (settings.imap.inbox, settings.imap.processed)
    with closing(Mailbox(settings.imap)) as box:
        while (arrived := any(box.holds(name, folder) for folder in folders)) is False:
            if clock.monotonic() - began > WITHIN or clock.wait(POLL):
                break
    took = f"{clock.monotonic() - began:.0f} seconds"
    remedy = f"see in the mail server's log what became of {name}; is {us.email} this mailbox's address?"
    found = f"a mail arrived within {took}" if arrived else f"a mail was taken, and has not arrived within {took}"
    yield Finding("to ourselves", found, "" if arrived else remedy)
