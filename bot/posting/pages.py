"""Pages: which ones there are, where each lies and what goes on it.

Its one rule: a page costs what it shows, never what is stored. The register shows the newest CRs
and leads to the months; a month shows its own CRs; each CR has one page whose address never changes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.posting.public import Posting
from bot.posting.slug import slug
from bot.workflow.change import ChangeRequest

REGISTER = "register"
HOME = "home"
LISTS = "lists"
FEED = "feed"
MEETINGS = "meetings"
NEWEST = 100  # how many CRs the register's first page shows
NUMBERED = re.compile(r"(?:PC|SCR|IN)(\d\d)(\d\d)(\d\d)-(\d+)")
UNDATED = re.compile(r"\d+")

# Where the pages of a kind lie.
FOLDERS = {"cr": "cr/", "month": "register/", "meeting": "meetings/", MEETINGS: "", REGISTER: ""}
INDEX = "index.html"  # the home page
FORMS = "forms.html"
WORKFLOW = "workflow.html"

KILOBYTE = 1024

# What is linked to is written before what links to it; what is not named here comes first.
ORDER = (FORMS, WORKFLOW, "cr/", "meetings/", MEETINGS, "register/", "register.html", INDEX)

# The files that pages need and that no change request alters.
ASSETS = ("site.css", "register.js")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path under the site's root, its template and what the template is given; or, without
    a template, a file whose `content` is ready."""

    path: str
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict)
    content: str | bytes = b""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the register: `2026-11`, its page, and how many CRs it holds, how many of them open."""

    key: str
    path: str
    count: int
    open: int = 0


def keys_of(change: ChangeRequest) -> tuple[str, ...]:
    """The keys of all pages that show a change request; an intake is on none."""
    if not change.logged:
        return ()
    month = month_of(change.number, change.received_at)
    place = place_of(month, change.phase, change.company)
    kin = (f"cr/{number}" for number in change.related)  # whose pages say where this one stands
    return f"cr/{change.number}", f"month/{month}", REGISTER, HOME, place, FEED, *kin


def place_of(month: str, phase: str, company: str) -> str:
    """The key of where a change request stands in the lists: `lists/MONTH/PHASE/COMPANY`.

    >>> place_of("2026-11", "CLEC Test", "Larkspur Networks")
    'lists/2026-11/clec-test/larkspur-networks'
    """
    return f"{LISTS}/{month}/{slug(phase)}/{slug(company)}"


def month_of(number: str, received: datetime) -> str:
    """The month in whose register a number stands: that of the date in it. One that was imported and has none
    stands in the month in which it was received (aware; at noon there, so that the day is the same in UTC).

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2001, 3, 5, 19, tzinfo=UTC)
    >>> month_of("PC112226-1", noon), month_of("4302321", noon)
    ('2026-11', '2001-03')
    """
    if UNDATED.fullmatch(number):
        return f"{received.astimezone(UTC):%Y-%m}"
    month, _, year, _ = _figures(number)
    return f"20{year}-{month}"


def path_of(key: str) -> str:
    """Where the page of a key lies.

    >>> path_of("cr/PC112226-1"), path_of("month/2026-11"), path_of("register")
    ('cr/PC112226-1.html', 'register/2026-11.html', 'register.html')
    """
    kind, _, name = key.partition("/")
    return f"{FOLDERS[kind]}{name or kind}.html"


def page_of(shown: Posting) -> Page:
    """The page of one change request, from what the public may see of it."""
    return Page(path_of(f"cr/{shown.line.number}"), "cr.html", {"posting": shown, "line": shown.line})


def kilobytes(size: int) -> int:
    """How large so many bytes are said to be: a kilobyte that has begun counts."""
    return -(-size // KILOBYTE)


def by_year(months: Mapping[str, int]) -> dict[str, int]:
    """What was counted by month (`2026-11`), by year, the newest first."""
    years: dict[str, int] = {}
    for month in sorted(months, reverse=True):
        years[month[:4]] = years.get(month[:4], 0) + months[month]
    return years


def rank(path: str) -> int:
    """The order of writing in which no link dangles: what is linked to goes before what links."""
    return next((place for place, start in enumerate(ORDER, 1) if path.startswith(start)), 0)


def age(number: str) -> tuple[str, int]:
    """What a register sorts by: mmddyy does not sort as it stands (domain.md section 6). Numbers from before the
    dated ones come before them.

    >>> age("PC123125-2") < age("PC010126-9") < age("PC010126-10")
    True
    """
    if UNDATED.fullmatch(number):
        return "", int(number)
    month, day, year, n = _figures(number)
    return year + month + day, int(n)


def _figures(number: str) -> tuple[str, str, str, str]:
    """Month, day, year and count of a number of ours; ValueError for any other text."""
    found = NUMBERED.fullmatch(number)
    if found is None:
        raise ValueError(f"{number} is no number of ours")
    return found[1], found[2], found[3], found[4]
