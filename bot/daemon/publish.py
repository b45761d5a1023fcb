"""Publish: store -> posting -> site. Its one rule: a page is marked clean only after it lies on
the disk, so that whatever is interrupted is done again.

A CR's first posting is an event like any other; its history row stands on the very page that it
speaks of, and is recorded once that page has been written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.daemon.desk import Desk
from bot.daemon.figure import figure
from bot.daemon.furnish import furnish
from bot.edge.store import Dirty
from bot.posting.meetings import meeting_page, meetings_page
from bot.posting.pages import HOME, MEETINGS, NEWEST, REGISTER, Page, home_page, month_page, page_of, register_page
from bot.posting.public import Record
from bot.workflow.deadline import DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.event import Posted
from bot.workflow.package import agendas

BATCH = 200


def publish(desk: Desk, *, full: bool = False) -> int:
    """Build and write every page that is out of date; gives how many pages were rebuilt. The figures are
    made anew once an hour, or with `full`.

    Raises Trouble when the site cannot be written; what was not written stays out of date.
    """
    if furnish(desk):  # a new office, or a new look: the register comes with it
        with desk.store.begin(desk.clock.now()) as unit:
            unit.pages.update((REGISTER, HOME, MEETINGS))
    count = 0
    while not desk.clock.stopped and (dirty := desk.store.dirty(BATCH)):
        now = desk.clock.now()
        records = desk.store.views([name for kind, name in map(_parts, dirty) if kind == "cr"])
        fresh = [record for record in records if not posted(record)]
        shown = [record if posted(record) else as_posted(desk, record, now) for record in records]
        pages = [
            *(page_of(record, desk.settings.office) for record in shown),
            *lists(desk, dirty),
            *meetings(desk, dirty, [record.change.key for record in records]),
        ]
        desk.site.write({page.path: desk.templates.page(page.template, page.context) for page in pages})
        note_posted(desk, fresh, now)
        desk.store.clean(dirty)
        count += len(pages)
    figure(desk, anew=full)
    desk.site.tell(desk.settings.posting.after_publish)
    return count


def lists(desk: Desk, dirty: Sequence[Dirty]) -> Iterator[Page]:
    """The out-of-date pages that list change requests: months and the register."""
    office = desk.settings.office
    for kind, name in map(_parts, dirty):
        if kind == "month":
            yield month_page(name, desk.store.month(name), office)
        elif kind == HOME:
            yield home_page(dict(desk.store.months()))
        elif kind == REGISTER:
            yield register_page(desk.store.newest(NEWEST), dict(desk.store.months()), office)


def meetings(desk: Desk, dirty: Sequence[Dirty], keys: Sequence[str]) -> Iterator[Page]:
    """The out-of-date pages of Monthly Meetings: a mailed agenda is out of date with every change request
    on it."""
    office, kept = desk.settings.office, agendas(desk.store.matters())
    soiled = {date.fromisoformat(name) for kind, name in map(_parts, dirty) if kind == "meeting"}
    for day, agenda in kept.items():
        listed = [place.key for place in agenda.places]
        if day in soiled or not set(keys).isdisjoint(listed):
            found = {each.change.key: each for each in desk.store.gathered((), listed)}
            yield meeting_page(day, agenda, found, office)
    if soiled or any(kind == MEETINGS for kind, _ in map(_parts, dirty)):
        yield meetings_page(kept)


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
