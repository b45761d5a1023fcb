"""How much waits in the store, and since when: on both databases, and by indexes alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from bot.edge.store import Store
from bot.edge.store.figures import Figures, Leader
from bot.edge.tables import blob, lease, letter, mail, setting
from bot.workflow.answers.absence import FROZEN

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with one blob, which all its mails and letters share."""
    with Store.open_ready(store_url, "test") as opened:
        with opened.engine.begin() as connection:
            connection.execute(insert(blob).values(sha256="x", encoding="raw", content=b"x", size=1))
        yield opened


def keep(store: Store, *rows: dict[str, Any]) -> None:
    """Keep mails, each an hour old and done unless it says otherwise."""
    standard = {
        "raw": "x", "arrived": NOW - minutes(60), "kept_at": NOW - minutes(60), "truncated": False, "state": "fate",
        "attempts": 1, "copies": 0, "subject": "", "sender": "", "fate": "registered", "reason": "", "number": "",
        "decided_at": NOW - minutes(60),
    }  # fmt: skip
    with store.engine.begin() as connection:
        connection.execute(insert(mail), [{**standard, "id": f"{n:012x}", **row} for n, row in enumerate(rows)])


def owe(store: Store, *rows: dict[str, Any]) -> None:
    """Owe letters, each sent an hour ago unless it says otherwise."""
    standard = {
        "cause": "c", "kind": "help", "recipient": "kim@bench.example", "return_path": "", "number": "", "wire": "x",
        "state": "sent", "tries": 0, "resent": 0, "created_at": NOW - minutes(60), "next_try": None,
        "first_tried": None, "last_error": "",
    }  # fmt: skip
    with store.engine.begin() as connection:
        connection.execute(
            insert(letter),
            [{**standard, "id": f"{n:020x}", "message_id": f"<{n}@x>", **row} for n, row in enumerate(rows)],
        )


def test_an_empty_store(store: Store) -> None:
    """Nothing waits, and nobody leads."""
    assert store.figures(NOW) == Figures()
    assert store.leader(NOW) is None


def test_mails(store: Store) -> None:
    """Those to be handled and the age of the oldest; those held back; those set aside, and when. A copy is none."""
    waits = {"state": "stored", "fate": None, "decided_at": None}
    keep(
        store,
        {},
        {**waits, "kept_at": NOW - minutes(5)},
        {**waits, "state": "claimed", "kept_at": NOW - minutes(9)},
        {**waits, "state": "held", "kept_at": NOW - minutes(99)},
        {**waits, "state": "copy", "kept_at": NOW - minutes(999)},
        {"fate": "quarantined"},
        {"fate": "quarantined", "decided_at": NOW - timedelta(days=2)},
    )
    found = store.figures(NOW)
    assert (found.mails, found.mail_age, found.mails_held) == (2, minutes(9), 1)
    assert (found.quarantined, found.quarantined_lately) == (2, 1)


def test_letters(store: Store) -> None:
    """Owed: since the first try, or since it was due; one that has to wait is not late. Not those to an address to
    which nothing is sent."""
    owed = {"state": "owed", "next_try": NOW}
    owe(
        store,
        {},
        {**owed, "next_try": NOW - minutes(3)},
        {**owed, "next_try": NOW + minutes(3), "first_tried": NOW - minutes(30), "tries": 2},
        {**owed, "next_try": NOW + minutes(10)},
        {**owed, "next_try": NOW - minutes(600), "recipient": "una@osprey.example"},
        {"state": "dead"},
        {"state": "dead", "created_at": NOW - timedelta(days=6)},
        {"state": "dead", "created_at": NOW - timedelta(days=8)},
        {"state": "held", "created_at": NOW - minutes(45)},
        {"state": "withheld"},
    )
    paused = "3 0 2026-11-20T08:00:00+00:00 2026-11-20T08:00:00+00:00"
    with store.engine.begin() as connection:
        connection.execute(insert(setting).values(key="bounces/una@osprey.example", value=paused))
        connection.execute(insert(setting).values(key=FROZEN, value="2026-11-23"))
    found = store.figures(NOW)
    assert (found.letters, found.letter_age) == (3, minutes(30))
    assert (found.deferred, found.deferred_age) == (1, minutes(30))
    assert (found.dead, found.dead_lately) == (3, 2)
    assert (found.held, found.held_age) == (1, minutes(45))
    assert (found.paused, found.frozen) == (1, True)


def test_who_leads(store: Store) -> None:
    """By name; for how long nobody does; and how many workers there are."""
    rows = [
        ("leader", "host:1:a", minutes(-4)),
        ("worker/host:1:a", "host:1:a", minutes(-4)),
        ("worker/b", "b", minutes(1)),
    ]
    with store.engine.begin() as connection:
        for name, holder, more in rows:
            connection.execute(insert(lease).values(name=name, holder=holder, fence=1, until=NOW + more, session=""))
    assert store.leader(NOW) == Leader("host:1:a", minutes(4), 1)
    assert store.leader(NOW - minutes(5)) == Leader("host:1:a", minutes(0), 2)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT count(*) FROM mail WHERE mail.fate = 'quarantined'", "mail_set_aside"),
        ("SELECT min(created_at) FROM letter WHERE letter.state IN ('dead', 'held') GROUP BY state", "letter_stuck"),
    ],
)
def test_what_was_done_long_ago_costs_nothing(tmp_path_factory: pytest.TempPathFactory, query: str, index: str) -> None:
    """SQLite sees that the small index will do."""
    url = f"sqlite:///{tmp_path_factory.mktemp('db')}/x"
    with Store.open_ready(url, "test") as store, store.engine.connect() as connection:
        plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
    assert index in plan
