"""The office: its clock, its calendar, whom it believes and whom it reaches. Its one rule: what will go wrong on a
day to come is said today."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.cli.checks.finding import Finding, some
from bot.cli.opening import look_into
from bot.cli.output import many
from bot.config import Settings
from bot.daemon.follow import astray
from bot.edge.clock import Clock
from bot.edge.store.engine import database_file
from bot.errors import Trouble
from bot.workflow.returned import paused_in

WRITTEN = date(2026, 11, 1)  # no clock that is right shows a day before this program was written
HORIZON = timedelta(days=366)
MONTHS = 12
MOVE = "no business is done on it; move it by calendar.moved_meetings"


def clock(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether the clock of this machine can be right."""
    zone = settings.office.calendar.zone
    shown = f"{clock.now().astimezone(zone):%A %Y-%m-%d %H:%M} in {zone}"
    late = not clock.rehearsing and clock.now().date() < WRITTEN
    yield Finding(
        "clock", shown, "the clock of this machine is wrong; set it, and keep it right by NTP" if late else ""
    )


def calendar(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The days off and the Monthly Meetings of a year to come."""
    calendar = settings.office.calendar
    today = calendar.local_date(clock.now())
    ahead = sorted(day for day in calendar.holidays if today <= day <= today + HORIZON)
    remedy = "" if ahead else "name a country under calendar.holidays, or the days off under extra"
    yield Finding("holidays", f"{len(ahead)} in the next twelve months{f', next {ahead[0]}' if ahead else ''}", remedy)
    months = [divmod(today.year * 12 + today.month - 1 + place, 12) for place in range(MONTHS + 1)]
    meetings = [calendar.meeting.date_in(year, month + 1) for year, month in months]
    first, *later = [day for day in meetings if day >= today]
    yield Finding("meeting", f"the next Monthly Meeting is on {first}", _closed(settings, first))
    for day in later:
        if remedy := _closed(settings, day):
            yield Finding("meeting", f"the Monthly Meeting of {day:%B %Y} is on {day}", remedy)
    yield from _moves(settings, today)


def _closed(settings: Settings, day: date) -> str:
    return "" if settings.office.calendar.is_business_day(day) else MOVE


def _moves(settings: Settings, today: date) -> Iterator[Finding]:
    """What stands on a day that is no Monthly Meeting any more, and goes to another at the next turn."""
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        return
    try:
        with look_into(settings) as store:
            found = astray(store, settings.office, today)
    except Trouble:  # the database has a line of its own
        return
    for was, now in sorted({(was, now) for _, was, now in found}):
        numbers = tuple(change.number for change, *days in found if days == [was, now])
        yield Finding("meeting", f"at the next turn {some(numbers)} will go from {was} to the meeting of {now}")


def trust(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Whose stamps are believed."""
    hosts = settings.office.trust.authserv_ids
    remedy = "" if hosts else "name your border mail host under trust.authserv_ids; until then nobody is verified"
    yield Finding("trust", f"believes the stamps of {', '.join(sorted(hosts)) or 'no host'}", remedy)


def addresses(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """To whom nothing is sent any more, because letters to them failed."""
    try:
        with look_into(settings) as store:
            found = paused_in(store.matters())
    except Trouble:  # the database has a line of its own
        return
    for address, tally in sorted(found.items()):
        since = tally.paused.astimezone(settings.office.calendar.zone).date() if tally.paused else ""
        remedy = f"correct it in config.yaml, or ask its owner to write; `cmpbot resume {address}` sends what was kept"
        failed = f"{many(tally.hard, 'letters')} failed"
        yield Finding("addresses", f"nothing is sent to {address} since {since}: {failed}", remedy)
