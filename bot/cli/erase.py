"""`cmpbot erase`: a person's contact data out of everything that is kept, or old bytes by rule. Its one rule: what
will go can be seen before, and what could not go is said."""

import re
import shutil
from datetime import datetime

import click

from bot.cli.bar import bar
from bot.cli.opening import alone, look_into
from bot.cli.output import PLURAL, many, pairs, visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.daemon.months import FOLDER
from bot.daemon.publish import soil_all
from bot.daemon.retire import erase_old
from bot.edge.store import Store
from bot.edge.store.erasure import erase, extent, known_by, shrink
from bot.edge.store.wiping import Erased
from bot.errors import Trouble
from bot.workflow.erasure import Traces

ELSEWHERE = (
    "Now: cmpbot publish --all. What lies elsewhere is for you to see to: backups made before, the folders of the "
    "mailbox, and whoever got a letter. After restoring an older backup erase again."
)

UNSEEN = (
    "look yourself: these belong to their change requests and are packed or locked, as most PDFs are, so that cmpbot "
    "cannot say whether they speak of them"
)

OTHERS = "with somebody else, so it is erased in the forms of this address only"
UNREAD = (
    "is no telephone number, or more than one; what was not read as one is erased in the forms of this address only"
)
SHOWN = 5
ADDRESS = re.compile(r'(?:"[^"]+"|[^\s@<>,;:"]+)@[^\s@<>,;:"]+')


def _one(context: click.Context, argument: click.Parameter, value: str | None) -> str | None:
    """Read an address (a click callback); however odd, for it may have come so."""
    address = value.strip().lower() if value is not None else None
    if address is not None and not ADDRESS.fullmatch(address):
        raise click.BadParameter(f"{value} is no address such as kim@alderpoint.example")
    return address


@click.command()
@click.argument("address", required=False, callback=_one)
@click.option(
    "--old", is_flag=True, help="Erase the bytes that are older than store.keep_years, which the daemon does daily."
)
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@click.pass_obj
def erase_command(scope: Scope, address: str | None, old: bool, dry_run: bool) -> int:
    """Erase what says who ADDRESS is: the address, the names and telephone numbers that stood with it in change
    requests and journals, and every mail, letter and file that speaks of them. The daemon must be stopped, except for
    a dry run.

    Change requests go on: letters to the originator go to the first contact of the company. `verify` stays green and
    tells of the erasure, which leaves nothing but its day. Exits 1 where nothing speaks of ADDRESS, and where something
    is still to be handled or sent: then run the daemon, and erase again.
    """
    settings = scope.settings()
    now = scope.clock(settings).now()
    if (address is None) != old:
        raise click.UsageError("name one ADDRESS, or say --old")
    with look_into(settings) as store:
        if not dry_run:
            alone(store)
        if address is None:
            done = _older(store, settings, now, dry=dry_run)
        else:
            done = _person(store, address, settings, now, dry=dry_run)
        if not dry_run and (old or done.counts.total()):
            shrink(store.engine)
            soil_all(store, settings.kept, now)
            shutil.rmtree(settings.kept / FOLDER, ignore_errors=True)
    _report(done, dry=dry_run)
    return 1 if done.waiting.total() else 0


def _older(store: Store, settings: Settings, now: datetime, *, dry: bool) -> Erased:
    """Erase what is older than the configuration keeps it. Raises Trouble where it keeps everything."""
    if not settings.keep_years:
        raise Trouble("store.keep_years is 0: everything is kept for ever", temporary=False)
    done = Erased()
    done.counts["mails and letters"] = erase_old(store, settings, now, dry=dry)
    return done


def _person(store: Store, address: str, settings: Settings, now: datetime, *, dry: bool) -> Erased:
    """Erase somebody, having shown what they are known by. Raises Trouble where nothing speaks of them."""
    _refuse_known(address, settings)
    others = _others(settings)
    _show(known_by(store.engine, address, others))
    today = settings.office.calendar.local_date(now)
    with bar("Erasing", extent(store.engine)) as tell:
        done = erase(store.engine, address, others, now, today, tell, dry=dry)
    if not done.counts.total() + done.waiting.total():
        raise Trouble(
            f"nothing here speaks of {address}, so nothing was erased; `cmpbot mail` shows how senders are written",
            temporary=False,
        )
    return done


def _refuse_known(address: str, settings: Settings) -> None:
    """Raise Trouble for an address that the configuration names: letters would go there again."""
    office = settings.office
    known = {person.address.email for person in office.directory.people} | settings.own_addresses
    known |= {contact.email for company in office.directory.companies for contact in company.contacts}
    if address in known:
        raise Trouble(f"{address} stands in {settings.path}; take it out there first", temporary=False)


def _others(settings: Settings) -> list[str]:
    """Names that are not a private person's: the staff's, who are kept by their ids, and the companies'."""
    office = settings.office
    names = [person.name for person in office.directory.people]
    return [*names, *(company.name for company in office.directory.companies), office.organisation.name]


def _show(traces: Traces) -> None:
    """What somebody is known by, and what an operator must look at, for it may be somebody else's."""
    pairs([("address", traces.address), *(("name", each) for each in sorted(traces.names))])
    pairs([("telephone", each) for each in sorted(traces.phones)])
    for phone, numbers in traces.shared.items():
        more = f" and {len(numbers) - SHOWN} more" * (len(numbers) > SHOWN)
        where = f"{', '.join(numbers[:SHOWN])}{more}"
        click.echo(f"look yourself: {visible(phone)} also stands in {where} {OTHERS}")
    for written in sorted(traces.unread):
        click.echo(f"look yourself: {visible(written)} {UNREAD}")


def _report(done: Erased, *, dry: bool) -> None:
    said = ", ".join(_many(count, what) for what, count in done.counts.items() if count) or "nothing"
    click.echo(f"{'would be erased' if dry else 'erased'}: {visible(said)}")
    for what, count in done.waiting.items():
        if count:
            click.echo(f"left for now: {_many(count, what)}")
    for part, numbers in sorted(done.alone.items()):
        click.echo(f"look yourself: {visible(part)} stands alone in {', '.join(numbers)}, and may mean something else")
    if done.unseen:
        click.echo(f"{UNSEEN}; they stay:")
        for each in done.unseen:
            click.echo(f"  {visible(each)}")
    if not dry:
        click.echo(ELSEWHERE)


def _many(count: int, what: str) -> str:
    """A count of something that is named in the plural; one of several kinds is of one of them."""
    if count != 1:
        return many(count, what)
    kind, about, rest = what.partition(" about ")
    return f"1 {PLURAL.sub('', kind).replace(' and ', ' or ')}{about}{rest}"
