"""Publish: store -> posting -> site. Its one rule: a page is marked clean only after it lies on
the disk, so that whatever is interrupted is done again.

Pages come in two rhythms (bot.posting.rhythm): a change request's own at once, what sums up many when no
mail waits. The third, once an hour, is bot.daemon.figure's. A CR's first posting is an event like any
other; its history row stands on the very page that it speaks of, and is recorded with that page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from bot.daemon.desk import Desk
from bot.daemon.feed import all_feed, cr_feeds
from bot.daemon.figure import MARK as FIGURED
from bot.daemon.figure import figure, figure_some
from bot.daemon.front import front_pages
from bot.daemon.furnish import MARK as FURNISHED
from bot.daemon.furnish import furnish
from bot.daemon.listing import Keyed, Shelf, list_pages, pages_of_months, register_pages
from bot.daemon.mark import DAY, marked, put_down
from bot.daemon.mend import mend
from bot.daemon.place import list_all, place
from bot.edge.store import Dirty, Store, Unit
from bot.posting.documents import offered
from bot.posting.lists import KINDS
from bot.posting.meetings import meeting_page
from bot.posting.pages import FEED, HOME, REGISTER, Page, page_of
from bot.posting.public import Record, Shown, posting
from bot.posting.register import Printed
from bot.posting.rhythm import AT_REST, DAILY
from bot.workflow.deadline import DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.event import Posted
from bot.workflow.package import agendas

BATCH = 200
MARKS = (FIGURED, FURNISHED, DAY)
"""The files that tell what is up to date whatever the store says."""


def soil_all(store: Store, kept: Path, now: datetime) -> None:
    """Put every page out of date: those of change requests in the store, the others by forgetting their marks,
    which lie in `kept`."""
    store.soil(now)
    for mark in MARKS:
        (kept / mark).unlink(missing_ok=True)


def publish(desk: Desk, *, full: bool = False, said: Callable[[int], None] = lambda count: None) -> int:
    """Build and write every page that is out of date; gives how many pages were rebuilt, and says how many
    as it goes on. What is made once an hour is made anew once an hour, or with `full`.

    Raises Trouble when the site cannot be written; what was not written stays out of date.
    """
    with desk.store.leading() as ours:
        if not ours:
            return 0
        _look_round(desk)
        count = 0
        for before in (desk.clock.now() - AT_REST, None):  # what sums up is built once, when that is done
            while not desk.clock.stopped and (dirty := desk.store.dirty(BATCH, before)):
                count += rebuild(desk, dirty)
                said(count)
        if figure(desk, anew=full) and not desk.clock.stopped:
            list_all(desk)
    return count


def publish_some(desk: Desk, *, at_rest: bool) -> tuple[int, bool]:
    """Build and write a batch of what is out of date: with mail waiting only what has to be there at once;
    gives how many pages, and whether there may be more. Raises what `publish` does."""
    with desk.store.leading() as ours:
        if not ours:
            return 0, False
        _look_round(desk)
        dirty = desk.store.dirty(BATCH, None if at_rest else desk.clock.now() - AT_REST)
        count, more = rebuild(desk, dirty) if dirty else 0, len(dirty) == BATCH
        if at_rest and not more:
            made, more = figure_some(desk)
            if made:
                list_all(desk)
    return count, more


def _look_round(desk: Desk) -> None:
    """See what else than a change request has put pages out of date: a new look, or a new day; with which it is
    seen, too, whether all files still lie there."""
    furnish(desk)
    today = desk.settings.office.calendar.local_date(desk.clock.now()).isoformat()
    mark = desk.settings.kept / DAY
    if marked(mark) == today:
        return
    mend(desk)
    with desk.store.begin(desk.clock.now()) as unit:
        unit.pages.update(DAILY)
    put_down(mark, today)


def rebuild(desk: Desk, dirty: Sequence[Dirty]) -> int:
    """Build and write the pages of some keys, and note that they are up to date; gives how many."""
    desk.pulse.beat()
    now = desk.clock.now()
    asked: dict[str, list[str]] = {}
    for each in dirty:
        kind, _, name = each.page.partition("/")
        asked.setdefault(kind, []).append(name)
    records = desk.store.views(asked.pop("cr", ()))
    # What a key makes no more is removed, so that each has its place here, even if it makes nothing.
    made: dict[str, dict[str, str | bytes]] = {each.page: {} for each in dirty}
    shelf, count = Shelf(desk), 0
    others = (BUILDERS[kind](shelf, names) for kind, names in asked.items() if kind in BUILDERS)
    for key, page in chain(_requests(shelf, records, now), *others):  # one at a time: the lines of a list are many
        content = desk.templates.page(page.template, page.context) if page.template else page.content
        made.setdefault(key, {})[page.path] = content.encode() if isinstance(content, str) else content
        count += 1
    printed = {record.change.key: shelf.printed[record.change.key] for record in records}
    place(desk, made, dirty, partial(_follow, desk, records, printed, now), now)
    return count


def _requests(shelf: Shelf, records: Sequence[Record], now: datetime) -> Keyed:
    """The page of each change request, the documents that it offers, its feed and its calendar; its line, too, is
    printed with them."""
    desk = shelf.desk
    wanted, office = desk.settings.posting, desk.settings.office
    for record in records:
        told, change = record if posted(record) else as_posted(desk, record, now), record.change
        key = f"cr/{change.number}"
        kin = [each.change for each in desk.store.views(change.related)] if change.related else []
        papers = dict(offered(change, wanted.documents, wanted.contacts, desk.store.blob))
        for paper in papers.values():
            yield key, Page(paper.path, content=paper.content)
        more = Shown(wanted.contacts, {place: paper.path for place, paper in papers.items()})
        shown = posting(told, office, kin, more)
        shelf.printed[change.key] = desk.templates.printed(shown.line)
        yield key, page_of(shown)
        for page in cr_feeds(told, shown, office):
            yield key, page


def _home(shelf: Shelf, names: Sequence[str]) -> Keyed:
    for page in front_pages(shelf.desk):
        yield HOME, page


def _feed(shelf: Shelf, names: Sequence[str]) -> Keyed:
    yield FEED, all_feed(shelf.desk)


def _meetings(shelf: Shelf, names: Sequence[str]) -> Keyed:
    """The pages of Monthly Meetings whose agenda has been mailed."""
    desk = shelf.desk
    kept = agendas(desk.store.matters())
    for day in (date.fromisoformat(name) for name in names):
        if day in kept:
            listed = [place.key for place in kept[day].places]
            found = {each.change.key: each for each in desk.store.gathered((), listed)}
            yield f"meeting/{day}", meeting_page(day, kept[day], found, desk.settings.office)


BUILDERS: Mapping[str, Callable[[Shelf, Sequence[str]], Keyed]] = {
    "month": pages_of_months,
    REGISTER: register_pages,
    HOME: _home,
    "meeting": _meetings,
    FEED: _feed,
    **{kind: partial(list_pages, kind) for kind in KINDS},
}
"""Who builds the pages of a kind of key, but for change requests."""


def _follow(desk: Desk, records: Sequence[Record], printed: Mapping[str, Printed], now: datetime, unit: Unit) -> None:
    """What is recorded together with the pages of change requests: their lines, their first posting, and that the
    feed which tells of it and the agendas which list them are out of date."""
    unit.printed(printed)
    office, fresh = desk.settings.office, [record for record in records if not posted(record)]
    decisions = {record.change.key: decide(record.change, Posted(now), office, now) for record in fresh}
    unit.note(decisions, "posting")
    if not records:
        return
    if fresh:
        unit.pages.add(FEED)
    keys = {record.change.key for record in records}
    for day, agenda in agendas(desk.store.matters()).items():
        if not keys.isdisjoint(place.key for place in agenda.places):
            unit.pages.add(f"meeting/{day}")


def posted(record: Record) -> bool:
    """True once the deadline to post a CR has been met."""
    return all(deadline.met_on for deadline in record.deadlines if deadline.kind is DeadlineKind.POST)


def as_posted(desk: Desk, record: Record, now: datetime) -> Record:
    """A record with the history row that its first posting is about to earn."""
    return replace(record, rows=(*record.rows, *decide(record.change, Posted(now), desk.settings.office, now).rows))
