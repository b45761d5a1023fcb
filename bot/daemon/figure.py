"""Figure: store -> the page of figures and the calendars to subscribe to.

Its one rule: they are made once an hour at most, whatever comes in: they are made of the whole register,
and what they say does not change by the minute. The hour of the office's clock decides, so that many starts
within one cost nothing.
"""

from contextlib import suppress
from pathlib import Path

from bot.daemon.desk import Desk
from bot.daemon.furnish import sources
from bot.edge.site import Site
from bot.posting.feeds import public_feed, staff_feeds
from bot.posting.figures import FIGURES, FIGURES_CSV, FIGURES_FEED, figures_page, public_adherence, shown_months
from bot.workflow.answers.adherence import bounds
from bot.workflow.answers.spreadsheet import as_csv

MARK = "figures"
"""The file that tells for which hour, and from what, the figures were made."""
FEEDS = "feeds"
"""The folder for the calendars of the staff, beside the posting and no part of it."""


def figure(desk: Desk, *, anew: bool = False) -> bool:
    """Write the figures and the calendars where an hour has gone by (or `anew`); True when it did. Files
    that say the same stay as they are. Raises Trouble when they cannot be written."""
    settings, clock = desk.settings, desk.clock
    calendar = settings.office.calendar
    now = clock.now().astimezone(calendar.zone)
    made_of = f"{now:%Y-%m-%dT%H} {sources(settings.path, settings.forms, settings.templates)}"
    mark = settings.kept / MARK
    if not anew and (desk.site.root / FIGURES).exists() and _read(mark) == made_of:
        return False
    today, store = now.date(), desk.store
    found = public_adherence(store.promises(*bounds(shown_months(today)), calendar.zone), calendar, today)
    page, entries = figures_page(found, store.standings(), dict(store.months())), store.entries()
    desk.site.write(
        {
            page.path: desk.templates.page(page.template, page.context),
            FIGURES_CSV: as_csv(found),
            FIGURES_FEED: public_feed(entries, settings.office, today),
        }
    )
    Site(settings.kept / FEEDS).write({**staff_feeds(entries, settings.office, today)})
    with suppress(OSError):  # then they are made again at the next turn
        mark.write_text(made_of, encoding="ascii")
    return True


def _read(mark: Path) -> str:
    try:
        return mark.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
