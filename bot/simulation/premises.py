"""Premises: the real office's configuration, furnished for a simulation: more CLECs, a folder of its own, fakes
where the daemon would meet a server.

Its one rule: what the daemon does is its own; only what it talks to is ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import event

from bot.config import Settings
from bot.daemon.desk import Desk
from bot.daemon.pulse import Pulse
from bot.edge.carrier import NOTE, Carrier
from bot.edge.clock import Clock
from bot.edge.keys import Keys
from bot.edge.sandbox import Sandbox
from bot.edge.store import Store
from bot.edge.templates import Templates
from bot.intake.file.attachment import open_attachment
from bot.intake.file.opened import Opened
from bot.intake.form import FieldTable
from bot.mail.letter import Letter
from bot.mail.message import Attachment
from bot.office.people import Address, Company, Directory
from bot.simulation.chance import Chance
from bot.simulation.faults import Faults, ShakenSite, ShakenStore
from bot.simulation.post import Inbox, Line, Post

COMPANIES = 24
FIRST = ("Ada", "Ben", "Cora", "Dev", "Edith", "Felix", "Gwen", "Hal", "Iris", "Jonas", "Kay", "Lou", "Mina", "Ned")
LAST = ("Abbot", "Bright", "Coyle", "Dunmore", "Ember", "Foss", "Grange", "Holt", "Innes", "Jarvis", "Keel")
PLACES = (
    "Larkspur",
    "Mesa Verde",
    "Northfork",
    "Oakline",
    "Pinyon",
    "Quarry Hill",
    "Redstone",
    "Sagebrush",
    "Timber Gap",
)
KINDS = ("Networks", "Telephone", "Fiber")


class Reader(Sandbox):
    """Opens attachments in this process: what is sent here was made here."""

    def __init__(self, table: FieldTable) -> None:
        super().__init__(table)
        self._table = table

    def prefetch(self, attachments: Iterable[Attachment]) -> None:
        """There is no child that could begin."""

    def open(self, attachment: Attachment) -> Opened:
        """Open one attachment."""
        return open_attachment(attachment, self._table)


@dataclass(frozen=True, slots=True)
class WatchedDesk(Desk):
    """The desk, which tells what letters it puts into words: these may be owed soon."""

    composed: set[str] = field(default_factory=set)

    def compose(self, letter: Letter) -> bytes:
        """A letter as the daemon composes it."""
        self.composed.add(letter.id)
        return Desk.compose(self, letter)


@dataclass(frozen=True, slots=True)
class Premises:
    """What all runs of a process share: settings, compiled templates, an empty database."""

    settings: Settings
    templates: Templates
    empty: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings, aside: Path) -> "Premises":
        """Make them; `aside` is a folder that is there as long as they are."""
        peopled = replace(settings, office=replace(settings.office, directory=_peopled(settings)))
        compiled = aside / "templates"
        compiled.mkdir(mode=0o700, exist_ok=True)
        file = aside / "empty.sqlite"
        with Store.open_ready(f"sqlite:///{file}", "empty") as store, store.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        templates = Templates(settings.templates, peopled.office, settings.table, compiled)
        return cls(peopled, templates, file.read_bytes())

    def moved(self, folder: Path) -> Settings:
        """The settings with everything that is written moved into a folder, on an empty database."""
        (folder / "cmpbot.sqlite").write_bytes(self.empty)
        posting = replace(self.settings.posting, folder=folder / "site", after_publish=())
        return replace(
            self.settings,
            embedded=False,
            oauth=None,
            store_url=f"sqlite:///{folder / 'cmpbot.sqlite'}",
            posting=posting,
            worker="simulation",
            kept=folder,
        )

    def open(self, settings: Settings, clock: Clock, post: Post, faults: Faults, chance: Chance) -> WatchedDesk:
        """Open the desk as the daemon does at its start. Raises what that raises."""
        office = settings.office
        bounces = office.organisation.address.email
        store = ShakenStore.open_ready(
            settings.store_url, settings.worker, settings.budget, office.calendar.zone, bounces
        )
        event.listen(store.engine, "connect", _hasty)
        store.own()
        store.release(clock.now())
        store.faults = faults
        carrier = Carrier((), settings.posting.folder, settings.kept / NOTE)
        return WatchedDesk(
            settings=settings,
            clock=clock,
            store=store,
            sandbox=Reader(settings.table),
            templates=self.templates,
            mailbox=Inbox(post, settings.imap),
            outbox=Line(post, settings.smtp),
            site=ShakenSite(faults, settings.posting.folder, carrier.owe),
            carrier=carrier,
            keys=Keys(settings.kept, office.trust.key_days, chance.bytes),
            pulse=Pulse(clock),
        )


def _hasty(driver: object, _record: object) -> None:
    """Nobody pulls the plug of a simulation: what the kernel has is safe."""
    driver.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


def _peopled(settings: Settings) -> Directory:
    """The office's own directory, with invented companies up to two dozen."""
    directory = settings.office.directory
    made = list(directory.companies)
    for n in range(len(made), COMPANIES):
        name = f"{PLACES[n % len(PLACES)]} {KINDS[n // len(PLACES) % len(KINDS)]}"
        domain = f"{name.lower().replace(' ', '')}.example"
        person = f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}"
        contact = Address(f"{person.lower().replace(' ', '.')}@{domain}", person)
        made.append(Company(name, frozenset({domain}), (contact,)))
    return replace(directory, companies=tuple(made))
