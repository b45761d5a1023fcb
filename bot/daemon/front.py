"""Front: store -> the pages that speak of the day: home, notices, meetings, and about.

Its one rule: they are made together, once for many change requests that changed, and cost what they show;
only the years of the notices cost what they hold, and are made once an hour.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from bot.daemon.desk import Desk
from bot.posting import meetings, minutes, news, notices
from bot.posting.about import about_page
from bot.posting.ahead import meetings_ahead
from bot.posting.home import AHEAD, BACK, COUNTED, MOST_DUE, MOST_LATE, MOST_NEWS, home_page, late_of
from bot.posting.news import sorts
from bot.posting.notices import Notice, notices_of, notices_page, year_pages
from bot.posting.pages import Page
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.package import agendas

MEETINGS_AHEAD = 6
DAY_BEFORE_UNDO = 1
"""A notice is taken back within a day: so many days into the next year its UNDO is looked for."""
ALL = 1_000_000


def front_pages(desk: Desk) -> Iterator[Page]:
    """The home page, the notices, the meetings, and the page about the process, of today."""
    office, store = desk.settings.office, desk.store
    calendar, carrier = office.calendar, office.organisation.name
    today = calendar.local_date(desk.clock.now())
    kept, mailed = agendas(store.matters()), _mailed(desk)
    told = store.told(sorts(news.SORTS, carrier), MOST_NEWS, _midnight(desk, today - BACK))
    due = store.awaited(today, today + AHEAD, tuple(PUBLIC_DEADLINES), MOST_DUE)
    late = late_of(*store.overdue(today, tuple(PUBLIC_DEADLINES), MOST_LATE, COUNTED), calendar, today)
    yield home_page(told, due, store.phases(), mailed, office, today, late)
    newest = notices_of(store.told(sorts(notices.SORTS, carrier), notices.NEWEST), mailed, office)
    yield notices_page(newest, _years(desk, newest))
    issued = store.told(sorts(minutes.SORTS, carrier), minutes.NEWEST)
    ahead = tuple(meetings_ahead(office, today, mailed, MEETINGS_AHEAD))
    without = meetings.unmailed(store.told(sorts(meetings.SORTS, carrier), meetings.NEWEST), mailed, calendar)
    yield meetings.meetings_page(kept, minutes.minutes_of(issued, calendar), ahead, without)
    yield about_page(office, today, contacts=desk.settings.posting.contacts)


def notice_years(desk: Desk) -> Iterator[Page]:
    """The notices of every year that there are, each year on a page of its own."""
    office, mailed = desk.settings.office, _mailed(desk)
    wanted = sorts(notices.SORTS, office.organisation.name)
    newest = notices_of(desk.store.told(wanted, notices.NEWEST), mailed, office)
    for year in _years(desk, newest):
        since, until = _midnight(desk, date(year, 1, 1)), _midnight(desk, date(year + 1, 1, 1 + DAY_BEFORE_UNDO))
        found = notices_of(desk.store.told(wanted, ALL, since, until), mailed, office)
        yield from year_pages(year, tuple(each for each in found if each.on.year == year))


def _years(desk: Desk, newest: tuple[Notice, ...]) -> range:
    """The years that may have notices: from the first month of the register to the newest notice."""
    months = desk.store.months()
    if not months or not newest:
        return range(0)
    return range(int(months[0][0][:4]), newest[0].on.year + 1)


def _mailed(desk: Desk) -> Mapping[date, date]:
    """On which local dates the packages were mailed, by the dates of their meetings."""
    kept, calendar = agendas(desk.store.matters()), desk.settings.office.calendar
    return {meeting: calendar.local_date(agenda.at) for meeting, agenda in kept.items()}


def _midnight(desk: Desk, day: date) -> datetime:
    """The instant (UTC) at which a local date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=desk.settings.office.calendar.zone).astimezone(UTC)
