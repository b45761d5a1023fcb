"""Desk: everything an arc needs, opened once. Its one rule: only here are real things chosen."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bot.config import Settings
from bot.edge.clock import Clock
from bot.edge.mailbox import Mailbox
from bot.edge.outbox import Outbox
from bot.edge.sandbox import Sandbox
from bot.edge.site import Site
from bot.edge.store import Store
from bot.edge.templates import Templates
from bot.mail.compose import compose, message_id
from bot.mail.letter import Letter


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

    def compose(self, letter: Letter) -> bytes:
        """A letter put into words and wire bytes, ready to be stored."""
        organisation = self.settings.office.organisation
        rendered = self.templates.letter(letter)
        return compose(letter, rendered, organisation.address, organisation.address.domain, self.clock.now())

    def message_id(self, letter_id: str) -> str:
        """The Message-ID that a letter carries, decided when it is owed."""
        return message_id(letter_id, self.settings.office.organisation.address.domain)


@contextmanager
def open_desk(settings: Settings, clock: Clock) -> Iterator[Desk]:
    """Open everything for working on the mailbox; closes it again, children and servers too.

    Raises Trouble when the database cannot be opened or another process works on it.
    """
    with ExitStack() as stack:
        if settings.embedded:
            from bot.edge.postoffice import PostOffice  # noqa: PLC0415 - pymap is heavy, and only the embedded default needs it

            stack.enter_context(PostOffice.for_accounts(settings.imap, settings.smtp, settings.office))
        store = stack.enter_context(Store.open_ready(settings.store_url, settings.worker, settings.budget))
        store.own()
        mailbox, outbox = Mailbox(settings.imap), Outbox(settings.smtp)
        stack.callback(mailbox.close)
        stack.callback(outbox.close)
        yield Desk(
            settings=settings,
            clock=clock,
            store=store,
            sandbox=stack.enter_context(Sandbox(settings.table, settings.sandbox)),
            templates=Templates(settings.templates, settings.office),
            mailbox=mailbox,
            outbox=outbox,
            site=Site(settings.posting.folder),
        )
