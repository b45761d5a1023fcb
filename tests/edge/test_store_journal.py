"""The journal: it tells the whole state, nobody alters it, and it shows who tried."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.edge.store import Store
from bot.edge.store.engine import writing
from bot.edge.store.journal import first_broken, replayed
from tests.edge.registrations import NOW, amended, record, registered


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind."""
    with Store.open_ready(store_url, "w1") as opened:
        yield opened


def test_the_journal_replays_to_the_state(store: Store) -> None:
    """From nothing, the payloads in order give the change request; `before` leads one step back."""
    number = registered(store)
    for title in ("Second title", "Third title"):
        with store.begin(NOW) as unit:
            change = unit.change(number)
            assert change is not None
            record(unit, amended(change, title), title)
    journal = store.journal(number)
    view = store.view(number)
    assert view is not None
    assert replayed(journal) == view.change
    assert replayed(journal[:-1]).title == "Second title"
    assert '"Second title"' in journal[-1].before
    assert [entry.seq for entry in journal] == [1, 2, 3, 4, 5]


def test_two_decisions_in_one_block_follow_each_other(store: Store) -> None:
    """The second decision of a block continues the journal and the version of the first."""
    number = registered(store)
    with store.begin(NOW) as unit:
        for title in ("Second title", "Third title"):
            change = unit.change(number)
            assert change is not None
            record(unit, amended(change, title), title)
    view = store.view(number)
    assert view is not None
    assert view.change.title == "Third title"
    assert first_broken(store.journal(number)) is None


def test_the_journal_shows_any_tampering(store: Store) -> None:
    """Each row's hash covers the row and the one before: altered, missing or swapped rows are found."""
    journal = store.journal(registered(store))
    assert first_broken(journal) is None
    altered = replace(journal[1], by="somebody else")
    assert first_broken((journal[0], altered, journal[2])) == 2
    assert first_broken(journal[1:]) == 1
    assert first_broken((journal[0], journal[2])) == 2
    first = journal[0]
    changed = (
        replace(first, at=NOW + timedelta(1)),
        replace(first, kind="other"),
        replace(first, payload="{}"),
        replace(first, before='{"step":"1"}'),
        replace(first, cause="other"),
    )
    assert [first_broken((other, *journal[1:])) for other in changed] == [1] * 5


def test_the_database_refuses_to_change_the_journal(store: Store) -> None:
    """Not even SQL of our own alters or removes what was recorded."""
    registered(store)
    for statement in ("UPDATE journal SET kind = 'x'", "DELETE FROM journal"):
        with pytest.raises(DBAPIError, match="append-only"), writing(store.engine) as connection:
            connection.execute(text(statement))
