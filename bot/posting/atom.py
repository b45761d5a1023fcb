"""Atom: what happened, as feeds to subscribe to (RFC 4287): of all change requests, and of each.

Its one rule: an entry is a public row of the history, known for ever by its number and its place there, and
stamped with the instant at which it was recorded: never with the clock, so that the same state gives the same
bytes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from operator import attrgetter

from bot.office.office import Office
from bot.posting.pages import path_of
from bot.posting.public import Happening, Posting, Record, public_history
from bot.posting.rows import recorded

FEED = "feed.atom"
ENTRIES = 100
"""Entries of a feed: as many as readers fetch in one go."""
LONGEST = 2000
"""Characters of a text; the page has all of it."""
SINCE = 2026
"""The year in which the names of entries began (RFC 4151: a domain and a date on which it was ours)."""
NOTHING_YET = datetime(SINCE, 1, 1, tzinfo=UTC)
UNFIT = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML holds


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: its change request, its place in that history, when it was recorded (aware),
    what and by whom."""

    number: str
    place: int
    at: datetime
    title: str
    text: str
    by: str
    phase: str


def feed_path(number: str) -> str:
    """Where the feed of a change request lies: beside its page.

    >>> feed_path("PC112226-1")
    'cr/PC112226-1.atom'
    """
    return path_of(f"cr/{number}").removesuffix("html") + "atom"


def cr_feed(record: Record, shown: Posting, office: Office) -> str:
    """The feed of one change request; `shown` is what the public may see of it."""
    number = record.change.number
    title = f"{number} {shown.line.title}"
    page = path_of(f"cr/{number}")
    return _feed(
        f"cr/{number}",
        title,
        page,
        feed_path(number),
        _newest(_entries(record, shown.line.title, shown.history)),
        office,
    )


def feed(records: Iterable[Record], office: Office) -> str:
    """The feed of all change requests: the newest entries of these, which have their whole history."""
    found = (entry for record in records for entry in _entries(record, *public_history(record, office)))
    house = office.organisation
    return _feed("cr", f"{house.name} {house.track} Change Requests", "index.html", FEED, _newest(found), office)


def _entries(record: Record, title: str, history: Iterable[Happening]) -> Iterator[Entry]:
    """The public rows."""
    number, phase = record.change.number, record.change.phase.value
    public = [row for row in record.rows if row.public]
    for told in history:
        what, at = f"{number} {told.action}: {title}", recorded(public[told.place - 1])
        yield Entry(number, told.place, at, what, told.description, told.by, phase)


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=attrgetter("at", "number", "place"), reverse=True)[:ENTRIES]


def _feed(name: str, title: str, page: str, path: str, entries: list[Entry], office: Office) -> str:
    house, site = office.organisation, office.organisation.site_url.rstrip("/")
    # Without an address of the site a link leads on from where the feed lies.
    root = f"{site}/" if site else "../" * path.count("/")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<id>{_tag(name, office)}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{_stamp(entries[0].at if entries else NOTHING_YET)}</updated>",
        f"<author><name>{_text(f'{house.name} {house.process}')}</name></author>",
        f'<link rel="alternate" type="text/html" href="{_text(root + page)}"/>',
    ]
    if site:
        lines.append(f'<link rel="self" type="application/atom+xml" href="{_text(root + path)}"/>')
    lines += [_written(entry, root, office) for entry in entries]
    return "\n".join([*lines, "</feed>\n"])


def _written(entry: Entry, root: str, office: Office) -> str:
    name = _tag(f"cr/{entry.number}/{entry.place}", office)
    page = f"{root}{path_of(f'cr/{entry.number}')}#row-{entry.place}"
    by = entry.by or office.organisation.name
    return (
        f"<entry><id>{name}</id><title>{_text(entry.title)}</title><updated>{_stamp(entry.at)}</updated>"
        f'<link rel="alternate" type="text/html" href="{_text(page)}"/>'
        f'<author><name>{_text(by)}</name></author><category term="{_text(entry.phase)}"/>'
        f'<summary type="text">{_text(entry.text)}</summary></entry>'
    )


def _tag(name: str, office: Office) -> str:
    """A name that no other has and that never changes, wherever the site moves (RFC 4151)."""
    return f"tag:{office.organisation.address.domain},{SINCE}:{name}"


def _stamp(at: datetime) -> str:
    """An instant in UTC, to the second (RFC 3339)."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _text(text: str) -> str:
    """A text as XML holds it."""
    whole = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}\u2026"
    return escape(UNFIT.sub("", whole))
