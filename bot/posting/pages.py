"""Pages: which ones there are, where each lies and what goes on it.

Its one rule: a page costs what it shows, never what is stored. The register shows the newest CRs
and leads to the months; a month shows its own CRs; each CR has one page whose address never changes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.posting.public import Line, Record, line, posting
from bot.workflow.change import ChangeRequest

INDEX = "index"
NEWEST = 100  # how many CRs the register's first page shows

# The files that pages need and that no change request alters.
ASSETS = ("site.css",)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path under the site's root, its template and what the template is given."""

    path: str
    template: str
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the register: `2026-11`, its page, and how many CRs it holds."""

    key: str
    path: str
    count: int


def keys_of(change: ChangeRequest, calendar: Calendar) -> tuple[str, ...]:
    """The keys of all pages that show a change request; an intake is on none."""
    if not change.logged:
        return ()
    return f"cr/{change.number}", f"month/{month_of(change, calendar)}", INDEX


def month_of(change: ChangeRequest, calendar: Calendar) -> str:
    """The month in whose list a change request stands: that of the date in its number."""
    return f"{calendar.local_date(change.received_at):%Y-%m}"


def path_of(key: str) -> str:
    """Where the page of a key lies.

    >>> path_of("cr/PC112226-1"), path_of("month/2026-11"), path_of("index")
    ('cr/PC112226-1.html', 'register/2026-11.html', 'index.html')
    """
    kind, _, name = key.partition("/")
    return f"{FOLDERS[kind]}{name or kind}.html"


FOLDERS = {"cr": "cr/", "month": "register/", INDEX: ""}


def page_of(record: Record, office: Office) -> Page:
    """The page of one change request."""
    shown = posting(record, office)
    return Page(path_of(f"cr/{record.change.number}"), "cr.html", {"posting": shown, "line": shown.line})


def month_page(month: str, records: Iterable[Record], office: Office) -> Page:
    """The list of one month, newest first; `month` is `2026-11`."""
    return Page(path_of(f"month/{month}"), "month.html", {"month": month, "lines": _newest_first(records, office)})


def index_page(newest: Iterable[Record], counts: Mapping[str, int], office: Office) -> Page:
    """The register: the newest CRs (as many as NEWEST) and every month with its count."""
    months = tuple(Month(key, path_of(f"month/{key}"), counts[key]) for key in sorted(counts, reverse=True))
    lines = _newest_first(newest, office)[:NEWEST]
    return Page(path_of(INDEX), "index.html", {"lines": lines, "months": months, "total": sum(counts.values())})


def rank(path: str) -> int:
    """The order of writing in which no link dangles: what is linked to goes before what links."""
    return next((place for place, start in enumerate(("cr/", "register/", INDEX), 1) if path.startswith(start)), 0)


def _newest_first(records: Iterable[Record], office: Office) -> tuple[Line, ...]:
    return tuple(sorted((line(record, office) for record in records), key=_age, reverse=True))


def _age(shown: Line) -> tuple[str, int]:
    """What a register sorts by: mmddyy does not sort as it stands (domain.md section 6)."""
    month, day, year, n = NUMBERED.findall(shown.number)[0]
    return year + month + day, int(n)


NUMBERED = re.compile(r"(\d\d)(\d\d)(\d\d)-(\d+)$")
