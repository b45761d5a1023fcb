"""A posting as the daemon publishes it, of change requests that tests made up: through the real store, so that
every page, feed and export there is comes with it.

Its one rule: nothing of the posting is made here; whatever a publish writes is looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import open_desk
from bot.daemon.publish import publish
from bot.edge.clock import Clock
from bot.edge.store import Store
from bot.mail.compose import message_id
from bot.mail.letter import Letter
from bot.office.office import Office
from bot.posting.public import Record
from bot.workflow.agenda import Candidate, agenda_of
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Publish, Settle
from bot.workflow.package import FROZEN, frozen, to_text
from tests.posting.samples import OFFICE

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MEETING = date(2026, 12, 16)
LISTED = 12  # how many change requests are on its agenda


def published(folder: Path, records: Iterable[Record], office: Office = OFFICE, now: datetime = NOW) -> Path:
    """Store change requests, the last of them on the agenda of a Monthly Meeting, and publish everything; gives
    the root of the site."""
    settings = load(packaged() / "config.yaml", now)
    settings = replace(
        settings,
        embedded=False,
        office=office,
        store_url=f"sqlite:///{folder}/store.sqlite",
        posting=replace(settings.posting, folder=folder / "site", after_publish=()),
        kept=folder / "kept",
    )
    with open_desk(settings, Clock(now)) as desk:
        told = tuple(records)
        listed = tuple(replace(one, change=replace(one.change, agenda=MEETING)) for one in told[-LISTED:])
        stock(desk.store, (*told[:-LISTED], *listed), office, now)
        publish(desk, full=True)
        return desk.site.root


def stock(store: Store, records: tuple[Record, ...], office: Office, now: datetime) -> None:
    """Put change requests into a store as they are; each row of their history is recorded on its day."""
    told = [(row.at, record, row) for record in records for row in record.rows]
    seen: set[str] = set()
    for _, rows in groupby(sorted(told, key=itemgetter(0)), lambda each: office.calendar.local_date(each[0])):
        of_day = list(rows)
        with store.begin(of_day[-1][0]) as unit:
            for _, record, row in of_day:
                key = record.change.key
                if key in seen:
                    unit.note({key: Decision(Fate.OBEYED, rows=(row,))}, f"{key}-noted")
                else:
                    effects = _started(record.deadlines)
                    unit.record(Decision(Fate.OBEYED, "", record.change, (row,), effects), key, _wire, _message_id)
                seen.add(key)
    with store.begin(now) as unit:
        unit.note({one.change.key: Decision(Fate.OBEYED, effects=_met(one.deadlines)) for one in records}, "met")
        if records:
            places = [Candidate(one.change, one.deadlines, one.rows) for one in records if one.change.agenda]
            mailed = frozen(agenda_of(MEETING, places, office, date(2026, 12, 11)), now)
            settled = Settle(f"{FROZEN}{MEETING.isoformat()}", to_text(mailed))
            unit.record(Decision(Fate.OBEYED, effects=(settled,)), "agenda", _wire, _message_id)
            unit.pages.update((f"meeting/{MEETING.isoformat()}", "meetings"))


def _started(deadlines: Iterable[Deadline]) -> tuple[Effect, ...]:
    return (*(Open(replace(each, met_on=None)) for each in deadlines), Publish())


def _met(deadlines: Iterable[Deadline]) -> tuple[Effect, ...]:
    at: Mapping[Deadline, datetime] = {
        each: datetime.combine(each.met_on, datetime.min.time(), OFFICE.calendar.zone).replace(hour=12)
        for each in deadlines
        if each.met_on
    }
    return tuple(Meet(each.kind, moment) for each, moment in at.items())


def _wire(letter: Letter) -> bytes:
    """Stands in for a composed letter; none is sent."""
    return letter.id.encode()


def _message_id(letter: str) -> str:
    return message_id(letter, "meridell.example")
