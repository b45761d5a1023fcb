"""Who leads: one at a time, and whoever led before writes nothing more."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.daemon.weather import Weather
from bot.edge.store import Store
from bot.edge.store.lease import PATIENCE
from bot.errors import Superseded, Trouble
from bot.workflow.effect import Fate
from tests.edge.registrations import NOW, TODAY, arrival, record, registered, registration
from tests.postgres import Postgres
from tests.servers import until
from tests.workers.conftest import killed, stopped


def test_one_leads_and_the_other_follows(first: Store, second: Store) -> None:
    """Whoever comes first leads until it ends; then the other one does, at once."""
    assert (first.lead(), second.lead(), first.lead()) == (True, False, True)
    first.close()
    assert second.lead()


def test_the_lead_of_a_killed_worker_is_free_at_once(first: Store, second: Store) -> None:
    """Its connection is gone, and with it the proof that somebody is there: nobody waits for a clock."""
    assert first.lead()
    killed(first)
    until(second.lead, 5)


def test_the_lead_of_a_stopped_worker_is_free_when_its_lease_is_over(first: Store, second: Store) -> None:
    """It still has its connection; the database's clock says when it has lost the lead."""
    assert first.lead()
    assert not second.lead()
    stopped(first)
    assert second.lead()


@pytest.mark.parametrize("late", ["begin", "keep", "moved"])
def test_a_leader_that_was_stopped_writes_nothing_late(first: Store, second: Store, late: str) -> None:
    """It went to sleep between its look at the lease and its write: the write is refused, and what it took is given
    back with its transaction."""
    with first.leading() as ours:
        assert ours
        stopped(first)
        with second.leading() as theirs:
            assert theirs
            second.keep([arrival(1)], NOW)
        with pytest.raises(Superseded):
            LATE[late](first)
    assert [mail.id for mail in second.mails()] == [arrival(1).envelope.id]
    assert second.located("INBOX", 7)
    assert registered(second, 3) == "PC112226-1"


def _numbered(store: Store) -> None:
    with store.begin(NOW) as unit:
        record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")


LATE: dict[str, Callable[[Store], object]] = {
    "begin": _numbered,
    "keep": lambda store: store.keep([arrival(2)], NOW),
    "moved": lambda store: store.moved("INBOX", 7, [2]),
}


def test_what_is_not_the_leaders_work_needs_no_lead(first: Store, second: Store) -> None:
    """A follower registers and a leader that was superseded does so too: its claim is what counts there."""
    assert first.lead()
    assert registered(second) == "PC112226-1"
    stopped(first)
    assert second.lead()
    assert registered(first, 1) == "PC112226-2"


def test_nobody_takes_the_lead_while_the_leader_writes(first: Store, second: Store) -> None:
    """A transaction that has begun as the leader's ends as the leader's, whatever the clock says."""
    with first.leading(), first.begin(NOW) as unit:
        stopped(first)
        assert not second.lead()
        record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")
    assert second.lead()
    assert len(second.changes()) == 1


def test_a_leader_renews_its_lease_while_it_writes(first: Store) -> None:
    """The thread that renews it does not wait for the transaction."""
    assert first.lease is not None
    with first.leading(), first.begin(NOW):
        first.lease.beat()
        assert first.lease.fence is not None


def test_a_program_that_hangs_loses_the_lead(first: Store, second: Store) -> None:
    """Its thread goes on, but renews the lead only while the program looks at it now and then."""
    assert first.lead()
    assert first.lease is not None
    first.lease._seen -= PATIENCE
    first.lease.beat()
    with first.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT until FROM lease WHERE name = 'leader'").scalar()
    first.lease.beat()
    with first.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT until FROM lease WHERE name = 'leader'").scalar() == left
    assert not second.lead()


def test_the_fence_rises_with_each_leader(first: Store, second: Store) -> None:
    """Who takes the lead again after somebody else had it is another leader."""
    assert first.lease is not None
    assert second.lease is not None
    first.lead()
    before = first.lease.fence
    stopped(first)
    second.lead()
    assert (second.lease.fence or 0) > (before or 0)
    stopped(second)
    with pytest.raises(Superseded), first.leading():  # it does not know yet that it was superseded
        first.confirm()


def test_a_lead_that_nobody_took_goes_on_after_the_database_was_away(
    first: Store, second: Store, postgres: Postgres, url: str
) -> None:
    """Cut connections are made anew; the first one to ask leads, and no more than one."""
    assert first.lead()
    postgres.cut(url)
    assert first.lease is not None
    assert second.lease is not None
    until(lambda: _well(first) and _well(second))
    assert [first.lead(), second.lead()].count(True) == 1


def _well(store: Store) -> bool:
    assert store.lease is not None
    try:
        store.lease.beat()
    except Trouble:
        return False
    return True


def test_being_late_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    """An arc that was superseded did not fail: somebody else does its work, and it is not left alone afterwards."""
    weather = Weather()

    def late() -> None:
        raise Superseded("another worker leads by now")

    with caplog.at_level("INFO"):
        weather.guard("site", late)
    assert [record.message for record in caplog.records] == ["superseded"]
    assert (weather.troubled("site"), weather.not_before, weather.told) == (False, {}, {})


def test_the_one_process_on_sqlite_always_leads(tmp_path: Path) -> None:
    """And pays nothing for it: not one statement asks for a lease."""
    asked: list[str] = []
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.db", "w1") as store:
        store.own()
        with store.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_trace_callback(asked.append)
        with store.leading() as ours:
            assert ours
            store.confirm()
            store.keep([arrival(0)], NOW)
        (mail,) = store.claim(1, NOW)
        with store.begin(NOW) as unit:
            unit.file(mail.envelope.id, Fate.PARKED)
        assert store.assured
        assert not any("lease" in each for each in asked)
        store.release(NOW + timedelta(days=1))
