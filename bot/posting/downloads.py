"""Downloads: the page that names every feed and export, and says how to use it.

Its one rule: it is a table; a new feed or export is a row here.
"""

from dataclasses import dataclass

from bot.posting.atom import FEED
from bot.posting.exports import CSV, JSON, SCHEMA, XLSX
from bot.posting.feeds import PUBLIC_FEED
from bot.posting.figures import FIGURES_CSV
from bot.posting.pages import Page
from bot.posting.whole import ALL

DOWNLOADS = "downloads.html"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to take away or to subscribe to: its path, its name, what is in it, how it is used, and how
    soon it follows a change."""

    path: str
    name: str
    holds: str
    use: str
    anew: str


HOUR, MINUTE = "once an hour", "within a minute"
FILES = (
    Offer(
        XLSX,
        "Excel workbook",
        "Every CR with its status, next step, dates and people.",
        "Opens in Excel, LibreOffice and Google Sheets: dates are dates, the head stays in sight, every column has a "
        "filter, and each number leads to the page of the CR.",
        HOUR,
    ),
    Offer(
        CSV,
        "CSV",
        "The same columns, by their short names.",
        "For scripts and databases: RFC 4180, UTF-8 with a byte order mark (in Python: encoding='utf-8-sig'), dates "
        "as year-month-day. A text that a spreadsheet could take for a formula has an apostrophe before it, "
        "or one more.",
        HOUR,
    ),
    Offer(
        JSON,
        "JSON",
        "Every CR with lists as lists, people by their role, and the milestones reached.",
        "For programs. Pages are named from the root of this site, which stands under site.",
        HOUR,
    ),
    Offer(
        SCHEMA,
        "JSON Schema",
        "What register.json holds, field by field (draft 2020-12).",
        "To check the file, or to generate code that reads it.",
        "with a new version",
    ),
    Offer(
        FIGURES_CSV,
        "Figures as CSV",
        "How the dates were kept: each interval in each month.",
        "What the page of figures draws, to reckon with.",
        HOUR,
    ),
    Offer(
        ALL,
        "All in one file",
        "The whole text of every CR, one page a year.",
        "For your browser to find words in, or to keep or print a year.",
        HOUR,
    ),
)
FEEDS = (
    Offer(
        FEED,
        "All changes (Atom)",
        "The newest entries of all histories, one for each thing that happened.",
        "For a feed reader, or in Outlook: RSS Feeds, Add a New RSS Feed, and the address.",
        MINUTE,
    ),
    Offer(
        PUBLIC_FEED,
        "All dates (iCalendar)",
        "The Monthly CMP Meetings and every date that is planned for an open CR; one that has passed stays until it is "
        "met.",
        "In Outlook: Add calendar, Subscribe from web. In Google Calendar: Other calendars, From URL. On an iPhone "
        "or a Mac: New Calendar Subscription. Opened as a file it would not follow when a date moves.",
        HOUR,
    ),
)
EACH = (
    ("cr/NUMBER.atom", "What happens to one CR (Atom)", "Linked from the page of each CR."),
    (
        "cr/NUMBER.ics",
        "What is planned for one CR (iCalendar)",
        "Linked from the page of each CR that waits for a date.",
    ),
)


def downloads_page() -> Page:
    """The page that names every feed and export."""
    return Page(DOWNLOADS, "downloads.html", {"files": FILES, "feeds": FEEDS, "each": EACH})
