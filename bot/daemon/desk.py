"""Desk: everything an arc needs, opened once. Its one rule: only here are real things chosen."""

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.config import Settings
from bot.daemon.pulse import Pulse
from bot.edge.carrier import NOTE, Carrier
from bot.edge.clock import Clock
from bot.edge.keys import Keys
from bot.edge.mailbox import Mailbox
from bot.edge.outbox import Outbox
from bot.edge.sandbox import Sandbox
from bot.edge.site import Site
from bot.edge.store import Owed, Store
from bot.edge.templates import Templates
from bot.mail.compose import compose, message_id
from bot.mail.letter import Letter
from bot.mail.token import Purpose, make
from bot.workflow.offer import of_letter

# New objects before the collector looks for cycles: a mail makes some thousands, and next to none.
GARBAGE = 20_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """The opened world."""

    settings: Settings
    clock: Clock
    store: Store
    sandbox: Sandbox
    templates: Templates
    mailbox: Mailbox
    outbox: Outbox
    site: Site
    carrier: Carrier
    keys: Keys
    pulse: Pulse

    def compose(self, letter: Letter) -> bytes:
        """A letter put into words and wire bytes, ready to be stored."""
        office, now = self.settings.office, self.clock.now()
        if isinstance(codes := letter.context.get("codes"), dict):  # about several change requests
            told = {"codes": {key: self.code(letter, key) for key in codes}}
            letter = replace(letter, context={**letter.context, **told})
        offered, key = of_letter(letter, office, office.calendar.local_date(now))
        code = self.code(letter, key) if offered else ""
        house = office.organisation.address
        return compose(letter, self.templates.letter(letter, offered, code, now), house, house.domain, now)

    def code(self, letter: Letter, change: str) -> str:
        """The code by which the recipient of a letter vouches for commands about the change request of
        a key (empty: about none)."""
        now = self.clock.now()
        ends = now + timedelta(days=self.settings.office.trust.code_days)
        return make(self.keys.live(now)[0], Purpose.LETTER, letter.id, letter.to.email, change, ends)

    def return_path(self, letter: Owed) -> str:
        """To which address what becomes of a letter is reported; empty: to none."""
        organisation = self.settings.office.organisation
        if not (letter.return_path and organisation.signed_bounces):
            return letter.return_path
        from bot.mail.returning import returning  # noqa: PLC0415 - only where it is configured

        return returning(letter.return_path, letter.id, self.keys.live(self.clock.now())[0])

    def message_id(self, letter_id: str) -> str:
        """The Message-ID that a letter carries, decided when it is owed."""
        return message_id(letter_id, self.settings.office.organisation.address.domain)


@contextmanager
def open_desk(settings: Settings, clock: Clock, pulse: Pulse | None = None) -> Iterator[Desk]:
    """Open everything for working on the mailbox; closes it again, children and servers too. Without a `pulse`
    nobody hears how the work gets on.

    Raises Trouble when the database cannot be opened or another process works on it, and when the keys
    of our letters cannot be kept, or others may read them.
    """
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(settings.table, settings.sandbox))
        sandbox.warm()  # beside the rest of the start: the first mail finds its reader ready
        if settings.embedded:
            settings = stack.enter_context(_embedded(settings))
        zone, bounces = settings.office.calendar.zone, settings.office.organisation.address.email
        store = stack.enter_context(
            Store.open_ready(settings.store_url, settings.worker, settings.budget, zone, bounces)
        )
        store.own()
        store.release(clock.now())
        keys = Keys(settings.kept, settings.office.trust.key_days)
        keys.live(clock.now())  # better no start than letters that nobody can answer
        gc.freeze()
        gc.set_threshold(GARBAGE)
        gc.enable()
        pulse = pulse or Pulse(clock)
        mailbox, outbox = Mailbox(settings.imap, pulse.beat), Outbox(settings.smtp, pulse.beat)
        posting = settings.posting
        carrier = Carrier(posting.after_publish, posting.folder, settings.kept / NOTE)
        stack.callback(mailbox.close)
        stack.callback(outbox.close)
        stack.callback(carrier.close)
        yield Desk(
            settings=settings,
            clock=clock,
            store=store,
            sandbox=sandbox,
            templates=Templates(settings.templates, settings.office, settings.table, _compiled(settings.kept)),
            mailbox=mailbox,
            outbox=outbox,
            site=Site(settings.posting.folder, partial(_changing, store, carrier)),
            carrier=carrier,
            keys=keys,
            pulse=pulse,
        )


def _changing(store: Store, carrier: Carrier) -> None:
    """Before anything of the posting becomes other than it was: only the leader may, and it is owed to its readers."""
    store.confirm()
    carrier.owe()


def _compiled(kept: Path) -> Path | None:
    """The folder for compiled templates, which are executed: ours alone to write in, or none."""
    folder = kept / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    return folder if found.st_uid == os.getuid() and not found.st_mode & 0o022 else None


@contextmanager
def _embedded(settings: Settings) -> Iterator[Settings]:
    """The settings with a mail server of our own running behind its two accounts."""
    from bot.edge.postoffice import PostOffice  # noqa: PLC0415 - pymap is heavy, and only the embedded default needs it

    stamp = next(iter(settings.office.trust.authserv_ids), "localhost")
    with PostOffice({settings.imap.username: settings.imap.password()}, stamp) as ports:
        log.info("embedded mail server", extra={"imap": ports.imap, "smtp": ports.smtp})
        yield replace(
            settings,
            embedded=False,
            imap=replace(settings.imap, port=ports.imap),
            smtp=replace(settings.smtp, port=ports.smtp),
        )
