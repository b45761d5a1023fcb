"""Feed: store -> the Atom feeds, of all change requests and of each, and the calendar of each.

Its one rule: they cost what they show: the newest entries, or one change request.
"""

from collections.abc import Iterator, Sequence

from bot.daemon.desk import Desk
from bot.posting.atom import ENTRIES, FEED, cr_feed, feed, feed_path
from bot.posting.feeds import calendar_path, cr_calendar
from bot.posting.pages import Page
from bot.posting.public import posting


def all_feed(desk: Desk, _names: Sequence[str]) -> Iterator[tuple[str, Page]]:
    """The feed of all change requests, by its key."""
    made = feed(desk.store.recent(ENTRIES), desk.settings.office)
    yield "feed", Page(FEED, content=made)


def cr_feeds(desk: Desk, names: Sequence[str]) -> Iterator[tuple[str, Page]]:
    """The feed of each of these change requests, and the calendar of what is ahead of it, by its key."""
    office = desk.settings.office
    for record in desk.store.views(names):
        number, shown = record.change.number, posting(record, office)
        yield f"atom/{number}", Page(feed_path(number), content=cr_feed(record, office, shown))
        if content := cr_calendar(record, shown, office):
            yield f"atom/{number}", Page(calendar_path(number), content=content)
