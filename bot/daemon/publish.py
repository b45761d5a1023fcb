"""Publish: store -> posting -> site. Its one rule: a page is marked clean only after it lies on
the disk, so that whatever is interrupted is done again.

A CR's first posting is an event like any other; its history row stands on the very page that it
speaks of, and is recorded once that page has been written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.daemon.desk import Desk
from bot.daemon.furnish import furnish
from bot.edge.store import Dirty
from bot.posting.pages import INDEX, NEWEST, Page, index_page, month_page, page_of
from bot.posting.public import Record
from bot.workflow.deadline import DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.event import Posted

BATCH = 200


def publish(desk: Desk) -> int:
    """Build and write every page that is out of date; gives how many pages were rebuilt.

    Raises Trouble when the site cannot be written; what was not written stays out of date.
    """
    if furnish(desk):  # a new office, or a new look: the register comes with it
        with desk.store.begin(desk.clock.now()) as unit:
            unit.pages.add(INDEX)
    count = 0
    while not desk.clock.stopped and (dirty := desk.store.dirty(BATCH)):
        now = desk.clock.now()
        records = desk.store.views([name for kind, name in map(_parts, dirty) if kind == "cr"])
        fresh = [record for record in records if not posted(record)]
        shown = [record if posted(record) else as_posted(desk, record, now) for record in records]
        pages = [*(page_of(record, desk.settings.office) for record in shown), *lists(desk, dirty)]
        desk.site.write({page.path: desk.templates.page(page.template, page.context) for page in pages})
        note_posted(desk, fresh, now)
        desk.store.clean(dirty)
        count += len(pages)
    desk.site.tell(desk.settings.posting.after_publish)
    return count


def lists(desk: Desk, dirty: Sequence[Dirty]) -> Iterator[Page]:
    """The out-of-date pages that list change requests: months and the register."""
    office = desk.settings.office
    for kind, name in map(_parts, dirty):
        if kind == "month":
            yield month_page(name, desk.store.month(name), office)
        elif kind == INDEX:
            yield index_page(desk.store.newest(NEWEST), dict(desk.store.months()), office)


def posted(record: Record) -> bool:
    """True once the deadline to post a CR has been met."""
    return all(deadline.met_on for deadline in record.deadlines if deadline.kind is DeadlineKind.POST)


def as_posted(desk: Desk, record: Record, now: datetime) -> Record:
    """A record with the history row that its first posting is about to earn."""
    return replace(record, rows=(*record.rows, *decide(record.change, Posted(now), desk.settings.office, now).rows))


def note_posted(desk: Desk, records: Sequence[Record], now: datetime) -> None:
    """Record first postings, in one commit."""
    if not records:
        return
    office = desk.settings.office
    decisions = {record.change.key: decide(record.change, Posted(now), office, now) for record in records}
    with desk.store.begin(now) as unit:
        unit.note(decisions, "posting")


def _parts(dirty: Dirty) -> tuple[str, str]:
    kind, _, name = dirty.page.partition("/")
    return kind, name
