"""`cmpbot run`, several at once, on one mailbox and one PostgreSQL: killed, stopped, and none the worse.

`python -m bench.workers` is the long form, with 2,000 mails and its figures.
"""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.ingest import load
from bench.workers import PATIENT, Team, asked, await_work, kill_now_and_then, leader, spoiled, team
from tests.house import House
from tests.servers import Dovecot, Sink, until

pytestmark = pytest.mark.slow

MAILS, WORKERS, KILLS = 60, 3, 6


@pytest.fixture
def shared(tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Any) -> House:
    """An office on a PostgreSQL."""
    return House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, postgres.database(), PATIENT)


@pytest.fixture
def two(shared: House) -> Iterator[Team]:
    """Two workers, of which one leads and the other one has said that it follows."""
    with team(shared, 2) as crew:
        until(lambda: shared.said("leads") and shared.said("follows"), 60)
        yield crew


def test_workers_that_are_killed_spoil_nothing(shared: House, dovecot: Dovecot, sink: Sink) -> None:
    """All of them start on an empty database at once; then one is killed every second: every mail one fate, numbers
    dense, no letter twice but in its window, one first posting each, and the hash chains whole."""
    load(dovecot, shared.mailbox, MAILS, seed=3)
    with team(shared, WORKERS) as crew:
        until(lambda: shared.said("ready"), 60)
        await_work(shared, MAILS, 240, kill_now_and_then(crew, 1, 5, KILLS))
        crew.stop()
    assert spoiled(shared, sink.taken, MAILS) == []
    assert crew.killed


def test_a_leader_that_is_stopped_is_followed_by_another(two: Team, dovecot: Dovecot, sink: Sink) -> None:
    """SIGSTOP past its lease: the other one leads, fetches and publishes. After SIGCONT it follows, and nothing is
    there twice."""
    house, before = two.house, leader(two.house)
    load(dovecot, house.mailbox, 3, seed=1)
    await_work(house, 3, 60)
    (sleeper,) = (worker for worker in two.workers if worker.pid == before)
    sleeper.send_signal(signal.SIGSTOP)
    load(dovecot, house.mailbox, 3, seed=2)
    until(lambda: leader(house) not in (0, before), 40)
    await_work(house, 6, 60)
    follows = house.said("follows")
    sleeper.send_signal(signal.SIGCONT)
    until(lambda: house.said("follows") > follows, 40)
    load(dovecot, house.mailbox, 3, seed=4)
    await_work(house, 9, 60)
    assert leader(house) != before
    two.stop()
    assert spoiled(house, sink.taken, 9) == []
    assert not troubles(house)


def test_the_next_one_leads_as_soon_as_the_leader_ends(two: Team) -> None:
    """SIGTERM gives the lead back: nobody waits for the lease to run out."""
    before = leader(two.house)
    (first,) = (worker for worker in two.workers if worker.pid == before)
    first.terminate()
    first.wait(10)
    two.workers.remove(first)
    until(lambda: leader(two.house) == two.workers[0].pid, 5)
    two.stop()


def test_a_command_beside_the_workers_leaves_their_work_to_them(two: Team) -> None:
    """`publish` says that it is done by the daemon; `once` does a follower's turn and takes nothing away."""
    before = leader(two.house)
    assert two.house.ask("once")["fates"] == {}
    assert leader(two.house) == before
    two.stop()
    assert asked(two.house, "SELECT count(*) FROM lease WHERE until > clock_timestamp()") == [(0,)]


def troubles(house: House) -> list[str]:
    """What was logged as trouble or as a failure of ours."""
    events = [json.loads(line) for line in house.log().splitlines() if line.startswith("{")]
    return [str(event) for event in events if event["event"] in {"trouble", "arc failed", "mail failed"}]
