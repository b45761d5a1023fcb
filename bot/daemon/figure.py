"""Figure: what is made once an hour: figures, calendars, exports, and the years in one file.

Its one rule: it is a table. Once an hour each row says of what its files are made; where that is what it was,
nothing is done. So whatever comes in costs nothing here, and an hour costs what changed in it. The hour of the
office's clock decides, so that many starts within one cost nothing.
"""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from bot.daemon.desk import Desk
from bot.daemon.front import notice_years
from bot.daemon.furnish import sources
from bot.daemon.mark import marked, put_down
from bot.daemon.months import Months
from bot.daemon.place import Files, place
from bot.edge.site import Site
from bot.posting.downloads import downloads_page
from bot.posting.exports import CSV, JSON, SCHEMA, XLSX, as_csv, as_json
from bot.posting.feeds import PUBLIC_FEED, public_feed, staff_feeds
from bot.posting.figures import FIGURES, FIGURES_CSV, figures_page, public_adherence, shown_months
from bot.posting.pages import Page
from bot.posting.rhythm import HOUR
from bot.posting.whole import ALL, all_page, year_page, year_path
from bot.workflow.answers import spreadsheet
from bot.workflow.answers.adherence import bounds

MARK = "figures"
"""The file that tells for which hour, and from what, all this was made."""
MONTHS = 6
"""How many months are made at most before the mail is looked at again."""
FEEDS = "feeds"
"""The folder for the calendars of the staff, beside the posting and no part of it."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What is known at the beginning: its name, the local date, the marks of the months (True: of logged change
    requests) and the code, templates and settings that everything is made by."""

    desk: Desk
    name: str
    today: date
    marks: Mapping[tuple[bool, str], str]
    by: str

    def of_all(self, *more: object) -> str:
        """Of what something is made: of all change requests and intakes, and more."""
        return sha256(repr((self.by, sorted(self.marks.items()), more)).encode()).hexdigest()

    def of_register(self, year: str = "") -> str:
        """Of what something is made: of the logged change requests, or those of a year."""
        marks = sorted(each for each in self.marks.items() if each[0][0] and each[0][1].startswith(year))
        return sha256(repr((self.by, marks)).encode()).hexdigest()

    def words(self, page: Page) -> dict[str, str | bytes]:
        """A page by its path."""
        return {page.path: self.desk.templates.page(page.template, page.context)}

    @property
    def counts(self) -> dict[str, int]:
        """How many logged change requests each month has."""
        return {month: int(mark.partition(".")[0]) for (logged, month), mark in self.marks.items() if logged}

    @property
    def months(self) -> Months:
        """The months of the register."""
        return Months(self.desk, {month: f"{self.by} {mark}" for (logged, month), mark in self.marks.items() if logged})


@dataclass(frozen=True, slots=True)
class Made:
    """Files that are made together: their key in the manifest, one of them (empty: there may be none), of what
    they are made, and how."""

    key: str
    path: str
    of: str
    make: Callable[[], Files]


def figure(desk: Desk, *, anew: bool = False) -> bool:
    """Make everything of the table that is out of date where an hour has gone by, or all of it `anew`; True when
    it looked. Files that say the same stay as they are. Raises Trouble when they cannot be written."""
    looked = look(desk, anew=anew)
    if looked is not None:
        _make(looked, {} if anew else _read(desk).get("made", {}))
    return looked is not None


def figure_some(desk: Desk) -> tuple[bool, bool]:
    """The same where mail is not to wait for it: as long as many months are out of date, as after an upgrade, no
    more than some of them are made; gives whether all was made, and whether there is more to do."""
    looked = look(desk)
    if looked is None:
        return False, False
    if not looked.months.prepare(MONTHS):
        return False, True
    _make(looked, _read(desk).get("made", {}))
    return True, False


def look(desk: Desk, *, anew: bool = False) -> Hour | None:
    """What there is to know at the beginning of an hour; None where it has begun already."""
    settings = desk.settings
    now = desk.clock.now().astimezone(settings.office.calendar.zone)
    by = sources(settings.path, settings.forms, settings.templates)
    name = f"{now:%Y-%m-%dT%H} {by}"
    if not anew and _read(desk).get("hour") == name and (desk.site.root / FIGURES).exists():
        return None
    return Hour(desk, name, now.date(), desk.store.marks(), by)


def forget(desk: Desk, keys: Container[str]) -> None:
    """Let these rows of the table be made again when it is looked at next, which is at once."""
    made = {key: of for key, of in _read(desk).get("made", {}).items() if key not in keys}
    put_down(desk.settings.kept / MARK, json.dumps({"hour": "", "made": made}))


def _make(hour: Hour, known: Mapping[str, str]) -> None:
    """Make what is out of date; `known` is of what each row of the table was made last."""
    desk, made = hour.desk, {}
    for row in HOURLY:
        for each in row(hour):
            desk.pulse.beat()
            if known.get(each.key) != each.of or not (desk.site.root / each.path).exists():
                place(desk, {f"{HOUR}/{each.key}": each.make()})
            made[each.key] = each.of
    put_down(desk.settings.kept / MARK, json.dumps({"hour": hour.name, "made": made}))


def _figures(hour: Hour) -> Iterator[Made]:
    """They speak of the day."""

    def make() -> Files:
        store, calendar = hour.desk.store, hour.desk.settings.office.calendar
        kept = store.promises(*bounds(shown_months(hour.today)), calendar.zone)
        found = public_adherence(kept, calendar, hour.today)
        page = figures_page(found, store.standings(), hour.counts)
        return {**hour.words(page), FIGURES_CSV: spreadsheet.as_csv(found)}

    yield Made("figures", FIGURES, hour.of_all(hour.today), make)


def _calendars(hour: Hour) -> Iterator[Made]:
    """They begin with the last Monthly Meeting, so they speak of the month. The staff's lie elsewhere."""

    def make() -> Files:
        found, office = list(hour.months.dates()), hour.desk.settings.office
        aside = Site(hour.desk.settings.kept / FEEDS)
        for path, content in staff_feeds(found, office, hour.today):
            aside.write({path: content})
        return {PUBLIC_FEED: public_feed(found, office, hour.today)}

    yield Made("calendars", PUBLIC_FEED, hour.of_all(hour.today.year, hour.today.month), make)


def _exports(hour: Hour) -> Iterator[Made]:
    def make() -> Files:
        from bot.posting.workbook import as_xlsx  # noqa: PLC0415 - used once an hour

        # Each reads what is kept of the months for itself: all of it at once would be held in memory.
        months, office = hour.months, hour.desk.settings.office
        schema = hour.desk.templates.asset(f"site/{SCHEMA}")
        return {
            JSON: as_json(months.listed(), office),
            CSV: as_csv(months.listed(), office),
            XLSX: as_xlsx(months.listed(), office),
            SCHEMA: schema,
            **hour.words(downloads_page()),
        }

    yield Made("exports", JSON, hour.of_register(), make)


def _whole(hour: Hour) -> Iterator[Made]:
    """The years, and then the page that says how large they are."""
    years = sorted({month[:4] for month in hour.counts})
    for year in years:

        def make(year: str = year) -> Files:
            return hour.words(year_page(year, hour.months.parts(year)))

        yield Made(f"all/{year}", year_path(year), hour.of_register(year), make)

    def lead() -> Files:
        files = {year: hour.desk.site.root / year_path(year) for year in years}
        sizes = {year: file.stat().st_size for year, file in files.items() if file.exists()}
        return hour.words(all_page(hour.counts, sizes))

    yield Made("all", ALL, hour.of_register(), lead)


def _notices(hour: Hour) -> Iterator[Made]:
    """The notices of each year; the agendas that were mailed are among them."""

    def make() -> Files:
        pages = (hour.words(page) for page in notice_years(hour.desk))
        return {path: content for files in pages for path, content in files.items()}

    yield Made("notices", "", hour.of_all(sorted(hour.desk.store.matters().items())), make)


HOURLY: tuple[Callable[[Hour], Iterator[Made]], ...] = (_figures, _calendars, _exports, _whole, _notices)
"""What is made once an hour."""


def _read(desk: Desk) -> dict[str, Any]:
    """What the mark says."""
    try:
        found = json.loads(marked(desk.settings.kept / MARK))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
