"""What a worker has claimed: its own while it lives, free soon after it died, and nobody's twice."""

from datetime import timedelta
from threading import Thread

import pytest

from bot.edge.store import Store
from bot.edge.store.journal import first_broken
from bot.errors import Superseded
from bot.mail.letter import Sent
from bot.workflow.duplicate import marks
from tests.edge.registrations import NOW, TODAY, amended, arrival, message, record, register, registered, registration
from tests.workers.conftest import killed, stopped, waits


def test_the_mails_of_a_dead_worker_are_free_within_seconds(
    first: Store, second: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two looks find it gone; then its mails are tried again, with their attempts counted."""
    waits(monkeypatch)
    first.keep([arrival(0), arrival(1)], NOW)
    first.claim(9, NOW)
    killed(first)
    while not second.release(NOW):
        pass
    assert [mail.attempts for mail in second.claim(9, NOW)] == [2]


def test_one_look_is_not_enough(first: Store, second: Store) -> None:
    """After the database was away everybody's lease is over; the living ones show themselves between two looks."""
    first.keep([arrival(0)], NOW)
    first.claim(9, NOW)
    stopped(first)
    assert not second.release(NOW)
    assert second.claim(9, NOW) == ()
    assert first.lease is not None
    first.lease.beat()
    assert not second.release(NOW)
    assert second.missed == {}


def test_a_process_that_begins_frees_at_once_what_has_run_out(first: Store, url: str) -> None:
    """After a night it need not look twice for a worker whose connection is gone; while that lives, its claims stay."""
    first.keep([arrival(0)], NOW)
    first.claim(9, NOW)
    with Store(url, "host:3:cc") as early:
        assert not early.release(NOW + timedelta(hours=1))
    killed(first)
    with Store(url, "host:4:dd") as late:
        assert late.release(NOW + timedelta(hours=1))


def test_a_living_worker_keeps_what_it_has_however_long_it_takes(first: Store, second: Store) -> None:
    """Half an hour of hanging attachments is no death."""
    first.keep([arrival(0)], NOW)
    (mail,) = first.claim(9, NOW)
    assert not second.release(NOW + timedelta(days=1))
    assert register(first, mail, message(0)) == "PC112226-1"


def test_a_worker_that_was_stopped_cannot_file_what_others_have(
    first: Store, second: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its whole transaction is undone: one fate, one number."""
    waits(monkeypatch)
    first.keep([arrival(0)], NOW)
    (mail,) = first.claim(1, NOW)
    stopped(first)
    while not second.release(NOW):
        pass
    (again,) = second.claim(1, NOW)
    assert register(second, again, message(0)) == "PC112226-1"
    with pytest.raises(Superseded):
        register(first, mail, message(0))
    assert [change.change.number for change in second.changes()] == ["PC112226-1"]


def test_a_worker_that_was_stopped_sends_nothing_more_before_it_has_asked(first: Store) -> None:
    """Others may have sent its letters by now; what is still its own it gives back, and takes again."""
    registered(first)
    assert len(first.owed(9, NOW)) == 2
    assert first.assured
    assert stopped(first).lease is not None
    first.lease._shown -= 60  # type: ignore[union-attr]  # it has one
    assert not first.assured
    first.give_back()
    assert len(first.owed(9, NOW)) == 2
    assert first.assured


def test_the_letters_of_one_change_request_keep_their_order(first: Store, second: Store) -> None:
    """Nobody takes a later one while an earlier one is under way; those of others need not wait."""
    registered(first)
    (one,) = first.owed(1, NOW)
    assert second.owed(9, NOW) == ()
    registered(second, 1)
    assert len(others := second.owed(9, NOW)) == 2
    first.delivered(one.id, Sent(), NOW)
    (two,) = second.owed(9, NOW)
    assert two.number == one.number
    assert {each.number for each in others} != {one.number}


def test_the_history_takes_rows_of_two_workers_at_once(first: Store, second: Store) -> None:
    """The first posting of a change request waits for whoever is changing it, and comes after it."""
    number = registered(first)

    def note() -> None:
        with second.begin(NOW) as unit:
            unit.note({number: registration(number, "x")}, "posting")

    noting = Thread(target=note)
    with first.begin(NOW) as unit:
        change = unit.change(number)
        assert change is not None
        noting.start()
        record(unit, amended(change, "Other"), "m2")
        noting.join(0.2)
        assert noting.is_alive()
    noting.join(10)
    entries = first.journal(number)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert first_broken(entries) is None


def test_of_two_forms_that_look_alike_the_second_sees_the_first(first: Store, second: Store) -> None:
    """Two workers that hold them at once: one of them waits for the other's commit."""
    own = marks("Cedar Loop Telecom", registration("PC112226-1", "m").change.fields)  # type: ignore[union-attr]  # it has one
    with first.begin(NOW) as unit:
        assert unit.lookalikes(own) == ()
        with pytest.raises(Exception, match="lock timeout"), second.begin(NOW) as other:
            other.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            other.lookalikes(own)
        record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")
