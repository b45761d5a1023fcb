"""Two workers on one PostgreSQL, in one process; one of them can be stopped as SIGSTOP stops a process."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from bot.edge.store import Store


@pytest.fixture
def url(postgres: Any) -> str:
    """An empty database."""
    return str(postgres.database())


@pytest.fixture
def first(url: str) -> Iterator[Store]:
    """A worker that has begun."""
    with Store.open_ready(url, "host:1:aa") as store:
        store.own()
        yield store


@pytest.fixture
def second(first: Store, url: str) -> Iterator[Store]:
    """Another one on the same database."""
    with Store(url, "host:2:bb") as store:
        store.own()
        yield store


def stopped(store: Store) -> Store:
    """The same worker after it was stopped for longer than its leases, at the moment when it goes on: it knows
    nothing of it yet."""
    assert store.lease is not None
    store.lease._ended.set()
    if store.lease._thread is not None:
        store.lease._thread.join()
    told(store, "UPDATE lease SET until = clock_timestamp() - interval '1 minute' WHERE holder = %s")
    return store


def killed(store: Store) -> None:
    """kill -9: nothing is said or given back, its connections are gone."""
    assert store.lease is not None
    store.lease._ended.set()
    if store.lease._thread is not None:
        store.lease._thread.join()
    store.lease._drop()
    store.lease = None


def told(store: Store, statement: Any) -> None:
    """What a statement about a worker's leases does in its database."""
    with psycopg.connect(store.url, autocommit=True) as connection:
        connection.execute(statement, (store.terms.worker,))


def waits(monkeypatch: pytest.MonkeyPatch, sure: float = 0) -> None:
    """Let so many seconds be enough to take a worker for dead."""
    monkeypatch.setattr("bot.edge.store.leading.SURE", sure)
