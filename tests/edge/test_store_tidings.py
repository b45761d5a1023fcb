"""What the store tells the home page and the notices: the newest rows of some sorts, and what is due soon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.event import listen

from bot.edge.store import Store
from bot.posting.news import Sort
from bot.workflow.change import Phase
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Fate, Open, Row
from tests.edge.registrations import FIELDS, NOW, PLENTY, record, registered

LATER = NOW + timedelta(hours=1)
CLOSED: Sort = ("Status Changed", "Closed ")
ASSIGN, POST = DeadlineKind.ASSIGN, DeadlineKind.POST


def happened(store: Store, number: str, now: datetime, *rows: Row, effects: Sequence[Effect] = ()) -> None:
    """Something happens to a change request."""
    with store.begin(now) as unit:
        change = unit.change_numbered(number)
        assert change is not None
        after = replace(change, fields={**FIELDS, "title": f"Title at {now}"})
        record(unit, Decision(Fate.OBEYED, "done", after, rows, tuple(effects)), f"cause {number} {now}")


def opened(url: str) -> Store:
    """A store with one change request, PC112226-1."""
    store = Store.open_ready(url, "w", PLENTY)
    registered(store)
    return store


def status(said: str, now: datetime = LATER, *, public: bool = True) -> Row:
    """A row that says where it stands."""
    return Row("Status Changed", said, now, "lena", public)


def test_rows_are_told_newest_first_with_their_change_request(store_url: str) -> None:
    """No more than asked for, of the sorts asked for, and with the words that they begin with."""
    with opened(store_url) as store:
        for n, said in enumerate(("Closed now", "Opened", "Closed 50% _at_ once!", "closed in lower case")):
            happened(store, "PC112226-1", LATER + timedelta(hours=n), status(said))
        told = store.told((CLOSED,), 10)
        assert [each.row.description for each in told] == ["Closed 50% _at_ once!", "Closed now"]
        assert {each.change.number for each in told} == {"PC112226-1"}
        assert told[0].row.recorded_at == LATER + timedelta(hours=2)
        assert [each.row.description for each in store.told((CLOSED,), 1)] == ["Closed 50% _at_ once!"]
        assert [each.row.description for each in store.told((("Status Changed", "Closed 50% _"),), 9)] == [
            "Closed 50% _at_ once!"
        ]
        both = store.told((CLOSED, ("CR Received", "")), 10)
        assert [each.row.action for each in both] == ["Status Changed", "Status Changed", "CR Received"]


def test_rows_are_told_of_a_span(store_url: str) -> None:
    """From an instant on, up to another, by when they were recorded."""
    with opened(store_url) as store:
        for n in range(3):
            happened(store, "PC112226-1", LATER + timedelta(hours=n), status(f"Closed {n}"))
        first, last = LATER + timedelta(hours=1), LATER + timedelta(hours=2)
        assert [each.row.description for each in store.told((CLOSED,), 10, first, last)] == ["Closed 1"]


def test_no_internal_row_is_told(store_url: str) -> None:
    """Neither one of that sort, nor one whose words look like the mark of a public one."""
    with opened(store_url) as store:
        forged = 'Closed "public":true'
        happened(store, "PC112226-1", LATER, status("Closed inside", public=False), status(forged, public=False))
        assert store.told((CLOSED,), 10) == ()
        happened(store, "PC112226-1", LATER + timedelta(hours=1), status('Closed "public":false'))
        assert [each.row.description for each in store.told((CLOSED,), 10)] == ['Closed "public":false']


def test_what_is_due_is_told_of_some_days(store_url: str) -> None:
    """By the date that counts, an extended one too; what is met, or of another kind or day, is not."""
    with opened(store_url) as store:
        day = date(2026, 11, 27)
        assert [(each.kind, each.on) for each in store.awaited(day, day, (POST, ASSIGN), 10)] == [
            (POST, day),
            (ASSIGN, day),
        ]
        later = Deadline(ASSIGN, day, extended_to=day + timedelta(days=6))
        happened(store, "PC112226-1", LATER, status("Later"), effects=(Open(later),))
        assert [each.kind for each in store.awaited(day, day, (POST, ASSIGN), 10)] == [POST]
        found = store.awaited(day, day + timedelta(days=6), (ASSIGN,), 10)
        assert [(each.change.number, each.on) for each in found] == [("PC112226-1", day + timedelta(days=6))]
        assert store.awaited(day, day + timedelta(days=6), (DeadlineKind.ACKNOWLEDGE,), 10) == ()


def test_what_is_overdue_is_told_oldest_first_and_counted(store_url: str) -> None:
    """By the date that counts, before a day, of what is open; no more than asked for, with how many there are."""
    with opened(store_url) as store:
        day, after = date(2026, 11, 27), date(2026, 11, 28)
        assert store.overdue(day, (POST, ASSIGN), 10, 50) == ((), 0)
        late, count = store.overdue(after, (POST, ASSIGN), 10, 50)
        assert ([(each.kind, each.on) for each in late], count) == ([(POST, day), (ASSIGN, day)], 2)
        late, count = store.overdue(after, (POST, ASSIGN), 1, 50)
        assert ([each.kind for each in late], count) == ([POST], 2)
        assert store.overdue(after, (DeadlineKind.RESPOND,), 10, 50) == ((), 0)
        later = Deadline(ASSIGN, day, extended_to=day + timedelta(days=6))
        happened(store, "PC112226-1", LATER, status("Later"), effects=(Open(later),))
        late, count = store.overdue(after, (ASSIGN,), 10, 50)
        assert (late, count) == ((), 0)
        late, count = store.overdue(day + timedelta(days=7), (POST, ASSIGN), 10, 50)
        assert [(each.kind, each.on) for each in late] == [(POST, day), (ASSIGN, day + timedelta(days=6))]


def test_phases_are_counted(store_url: str) -> None:
    """Of what is logged, by phase."""
    with opened(store_url) as store:
        assert store.phases() == {Phase.SUBMISSION: 1}


def test_nothing_is_searched_for_by_reading_all(tmp_path: Path) -> None:
    """Every statement goes by an index: the cost does not grow with what is stored."""
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        run: list[tuple[str, Any]] = []
        listen(store.engine, "before_cursor_execute", lambda *args: run.append((args[2], args[3])))
        store.told((CLOSED,), 10)
        store.awaited(date(2026, 11, 1), date(2026, 12, 1), (ASSIGN,), 10)
        store.overdue(date(2026, 12, 1), (ASSIGN,), 10, 50)
        plans = [_plan(store, *each) for each in tuple(run)]
        assert not any("SCAN" in plan or "change_by_month" in plan for plan in plans)
        for index in ("journal_by_kind", "deadline_running", "deadline_extended"):
            assert any(index in plan for plan in plans), index


def _plan(store: Store, statement: str, values: Any) -> str:
    with store.engine.connect() as connection:
        return " / ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
