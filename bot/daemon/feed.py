"""Feed: the Atom feeds, of all change requests and of each, and the calendar of each.

Its one rule: they cost what they show: the newest entries, or one change request that is at hand already.
"""

from collections.abc import Iterator

from bot.daemon.desk import Desk
from bot.office.office import Office
from bot.posting.atom import ENTRIES, FEED, cr_feed, feed, feed_path
from bot.posting.feeds import calendar_path, cr_calendar
from bot.posting.pages import Page
from bot.posting.public import Posting, Record


def all_feed(desk: Desk) -> Page:
    """The feed of all change requests."""
    return Page(FEED, content=feed(desk.store.recent(ENTRIES), desk.settings.office))


def cr_feeds(record: Record, shown: Posting, office: Office) -> Iterator[Page]:
    """The feed of a change request, and the calendar of what is ahead of it; they lie beside its page."""
    number = record.change.number
    yield Page(feed_path(number), content=cr_feed(record, shown, office))
    if content := cr_calendar(record, shown, office):
        yield Page(calendar_path(number), content=content)
