"""Months: what the exports, the calendars and the years in one file are made from, month by month, kept from
hour to hour.

Its one rule: a month is read and put into words anew only when something of it changed; what is kept can be
thrown away at any time.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.daemon.desk import Desk
from bot.edge.codec import encode
from bot.edge.site import Site
from bot.posting.exports import listed
from bot.posting.feeds import Dated, public_dates, staff_dates
from bot.posting.public import posting
from bot.posting.whole import Part, part_page

FOLDER = "months"
KEPT = LISTED, DATES, PART = "listed", "dates", "part"
"""What is kept of a month, each in a file of its own: lines for the exports, entries for calendars, a piece of
the page of its year."""


class Months:
    """The months of the register; `marks` say by their names of what each is made now."""

    def __init__(self, desk: Desk, marks: Mapping[str, str]) -> None:
        self._desk = desk
        self._kept = Site(desk.settings.kept / FOLDER)
        self._marks = marks

    def listed(self) -> Iterator[Mapping[str, Any]]:
        """The change requests for the exports, newest first."""
        for month in sorted(self._marks, reverse=True):
            yield from self._of(month, LISTED)

    def dates(self) -> Iterator[Dated]:
        """The entries of the calendars, those of intakes too."""
        for month in sorted(self._marks):
            for at, lines, public, roles, people in self._of(month, DATES):
                yield Dated(at, lines, public, tuple(roles), tuple(people))
        for entry in self._desk.store.entries():
            yield from staff_dates(entry, self._desk.settings.office)

    def parts(self, year: str) -> list[Part]:
        """The pieces of a year's page."""
        months = (month for month in sorted(self._marks) if month.startswith(year))
        return [Part(month, *self._of(month, PART)) for month in months]

    def prepare(self, most: int) -> bool:
        """Make anew so many months that are out of date, the oldest first; True when none is left."""
        stale = [month for month in sorted(self._marks) if not all(self._begins(month, what) for what in KEPT)]
        for month in stale[:most]:
            self._make(month)
        return len(stale) <= most

    def _begins(self, month: str, what: str) -> bool:
        """True where a file that is kept begins with what it would be made of now."""
        wanted = json.dumps({"made_of": self._marks[month]}).removesuffix("}").encode()
        try:
            with (self._kept.root / f"{month}.{what}.json").open("rb") as file:
                return file.read(len(wanted)) == wanted
        except OSError:
            return False

    def _of(self, month: str, what: str) -> Any:
        """What is kept of a month; made anew where it is out of date or cannot be read."""
        try:
            kept = json.loads((self._kept.root / f"{month}.{what}.json").read_bytes())
            if kept["made_of"] == self._marks[month]:
                return kept["found"]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return self._make(month)[what]

    def _make(self, month: str) -> dict[str, Any]:
        store, office = self._desk.store, self._desk.settings.office
        records = store.whole_month(month)
        shown = [posting(record, office) for record in records]
        page = part_page(month, shown)
        dates = [each for record, one in zip(records, shown, strict=True) for each in public_dates(record, one, office)]
        dates += [each for entry in store.entries(month) for each in staff_dates(entry, office)]
        made = {
            LISTED: [listed(one, record.change.step) for one, record in zip(shown, records, strict=True)],
            DATES: [list(encode(each).values()) for each in dates],
            PART: [len(shown), self._desk.templates.page(page.template, page.context)],
        }
        files = {what: json.dumps({"made_of": self._marks[month], "found": found}) for what, found in made.items()}
        self._kept.write({f"{month}.{what}.json": content for what, content in files.items()})
        return made
