"""What the store keeps for the adherence report: of every promise its dates, and every miss."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.edge.store import Store
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Restore, Row, Stop
from bot.workflow.promise import Outcome, Promise
from tests.edge.registrations import FIELDS, NOW, PLENTY, TODAY, record, registered

DENVER = ZoneInfo("America/Denver")
ASSIGN = DeadlineKind.ASSIGN
DUE = date(2026, 11, 27)
LATE = NOW + timedelta(days=9)


def opened(url: str) -> Store:
    """A store with one change request, for which an assignment is due on November 27."""
    store = Store.open_ready(url, "w", PLENTY, DENVER)
    registered(store)
    return store


def do(store: Store, now: datetime, *effects: Effect) -> None:
    """Something happens to the clocks of the one change request."""
    with store.begin(now) as unit:
        change = unit.change_numbered("PC112226-1")
        assert isinstance(change, ChangeRequest)
        said = Row("Additional Information", "It came to pass.", now, "bot")
        after = replace(change, fields={**FIELDS, "title": f"Title at {now}"})
        record(unit, Decision(Fate.OBEYED, "done", after, (said,), effects), f"cause {now}")


def assigning(store: Store) -> list[tuple[date, date | None, date | None, date | None]]:
    """The promises to assign: due, met, extended, stopped."""
    with store.begin(LATE) as unit:
        found = unit.fell_due(date(2026, 11, 1), date(2027, 12, 31))
    return sorted((each.due, each.met_on, each.extended_to, each.stopped_on) for each in found if each.kind is ASSIGN)


def running(store: Store) -> list[date]:
    """When an assignment is due that runs."""
    with store.begin(LATE) as unit:
        return [due.due for due in unit.running("PC112226-1") if due.kind is ASSIGN]


def test_a_promise_has_its_change_request_and_its_dates(store_url: str) -> None:
    """Opened and met on local dates, whatever the hour in UTC; outside the span nothing is read."""
    with opened(store_url) as store:
        night = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)  # the evening before in Denver
        do(store, night, Meet(ASSIGN, night))
        with store.begin(LATE) as unit:
            found = [each for each in unit.fell_due(DUE, DUE) if each.kind is ASSIGN]
            assert unit.fell_due(DUE + timedelta(days=1), date(2027, 1, 1)) == ()
        title = f"Title at {night}"
        assert found == [
            Promise(ASSIGN, DUE, date(2026, 11, 25), None, None, TODAY, "PC112226-1", title),
        ]


@pytest.mark.parametrize("end", [Stop(ASSIGN), Open(Deadline(ASSIGN, date(2026, 12, 9)))], ids=["stop", "replace"])
def test_a_miss_stays_a_miss(end: Effect, store_url: str) -> None:
    """A clock that was over when it was stopped or started anew stays in the report, and runs no more."""
    with opened(store_url) as store:
        do(store, LATE, end)
        again = [(date(2026, 12, 9), None, None, None)] if isinstance(end, Open) else []
        assert assigning(store) == [(DUE, None, None, date(2026, 12, 1)), *again]
        assert running(store) == [due for due, *_ in again]
        (shown,) = store.changes()
        assert [due.due for due in shown.deadlines if due.kind is ASSIGN] == running(store)
        later = LATE + timedelta(days=1)
        do(store, later, Meet(ASSIGN, later))
        assert assigning(store)[0] == (DUE, None, None, date(2026, 12, 1))


@pytest.mark.parametrize("end", [Stop(ASSIGN), Open(Deadline(ASSIGN, date(2026, 12, 9)))], ids=["stop", "replace"])
def test_what_ends_in_time_is_promised_no_more(end: Effect, store_url: str) -> None:
    """Neither a stopped clock nor one that was started anew before its date is a miss."""
    with opened(store_url) as store:
        do(store, NOW + timedelta(days=5), end)
        assert [due for due, *_ in assigning(store)] == running(store)


def test_an_extension_keeps_the_first_date_and_the_first_day(store_url: str) -> None:
    """Agreed before or after the date: one promise, planned and agreed, opened when it first was."""
    later = Deadline(ASSIGN, DUE, extended_to=date(2026, 12, 4))
    with opened(store_url) as store:
        do(store, LATE, Open(later))
        do(store, LATE + timedelta(hours=1), Open(replace(later, extended_to=date(2026, 12, 8))))
        assert assigning(store) == [(DUE, None, date(2026, 12, 8), None)]
        with store.begin(LATE) as unit:
            (found,) = (each for each in unit.fell_due(date(2026, 12, 8), date(2026, 12, 8)))
        assert found.opened_on == TODAY
        assert found.outcome(date(2026, 12, 8)) is Outcome.OPEN


def test_taking_back_the_end_of_a_late_clock_lets_it_run_again(store_url: str) -> None:
    """What an UNDO restores is no miss any more, and is there once."""
    with opened(store_url) as store:
        do(store, LATE, Stop(ASSIGN))
        do(store, LATE + timedelta(hours=1), Restore((ASSIGN,), (Deadline(ASSIGN, DUE),)))
        assert assigning(store) == [(DUE, None, None, None)]
        assert running(store) == [DUE]


@pytest.mark.parametrize(
    ("met", "outcome", "state", "shown_later"),
    [
        (date(2026, 11, 30), Outcome.MISSED, "missed", date(2026, 12, 9)),
        (date(2026, 12, 9), Outcome.MISSED, "missed", date(2026, 12, 9)),
        (DUE, Outcome.MET, "met", None),
    ],
    ids=["late, before the new date", "on the new date", "recorded late, with its day"],
)
def test_what_is_carried_on_is_one_promise(
    met: date, outcome: Outcome, state: str, shown_later: date | None, store_url: str
) -> None:
    """It runs to the new date and is judged once, by the first one, however often it is carried on."""
    with opened(store_url) as store:
        first = Deadline(ASSIGN, DUE)
        do(store, LATE, Open(first.carried_on(date(2026, 12, 2))))
        with store.begin(LATE) as unit:
            (again,) = [due for due in unit.running("PC112226-1") if due.kind is ASSIGN]
        do(store, LATE + timedelta(hours=1), Open(again.carried_on(date(2026, 12, 9))))
        assert (again.by, running(store)) == (date(2026, 12, 2), [DUE])
        do(store, LATE + timedelta(hours=2), Meet(ASSIGN, datetime(met.year, met.month, met.day, 19, tzinfo=UTC)))
        (promise,) = [each for each in store.promises(DUE, date(2027, 12, 31), DENVER) if each.kind is ASSIGN]
        assert promise.outcome(date(2027, 1, 4)) is outcome
        assert (promise.due, promise.extended_to, promise.stopped_on) == (DUE, None, None)
        (record_,) = store.changes()
        (shown,) = [due for due in record_.deadlines if due.kind is ASSIGN]
        assert (shown.due, shown.later, shown.state) == (DUE, shown_later, state)
