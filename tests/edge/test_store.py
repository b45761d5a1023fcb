"""The store: what a decision leaves behind, whole and for ever."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.edge.store import Store
from bot.mail.letter import Kind, Letter
from bot.posting.lists import EVERYTHING
from bot.posting.pages import keys_of
from bot.workflow.change import Phase
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Keep, Meet, Open, Publish, Row, Send
from tests.edge.registrations import (
    ADA,
    FORM,
    NOW,
    TODAY,
    amended,
    arrival,
    compose,
    message_id,
    record,
    registered,
    registration,
)

DENVER = ZoneInfo("America/Denver")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind, in the office's zone."""
    with Store.open_ready(store_url, "w1", zone=DENVER, return_path="cmpcr@meridell.example") as opened:
        yield opened


def test_a_registration_comes_back_as_it_was_decided(store: Store) -> None:
    """State, history, deadlines, document and letters of one decision are all there afterwards."""
    number = registered(store)
    view = store.view(number)
    assert view is not None
    decided = registration(number, f"{arrival(0).envelope.id}/0")
    assert decided.change is not None
    assert replace(view.change, documents=()) == decided.change
    assert tuple(replace(row, recorded_at=None) for row in view.rows) == decided.rows
    assert {row.recorded_at for row in view.rows} == {NOW}
    assert {deadline.kind: deadline for deadline in view.deadlines} == {
        effect.deadline.kind: effect.deadline for effect in decided.effects if isinstance(effect, Open)
    }
    (document,) = view.change.documents
    assert store.blob(document.sha256) == FORM
    owed = {(letter.kind, letter.recipient) for letter in store.letters(number)}
    assert owed == {(Kind.ACKNOWLEDGEMENT, ADA.email), (Kind.FORWARD, ADA.email)}


def test_nothing_of_a_failed_decision_remains(store: Store) -> None:
    """An exception inside the block undoes the change, its journal, letters, pages and number."""
    with pytest.raises(RuntimeError), store.begin(NOW) as unit:
        record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")
        raise RuntimeError
    assert (store.changes(), store.letters(), store.dirty(9)) == ((), (), ())


def test_a_change_is_found_by_number_by_letter_and_by_cause(store: Store) -> None:
    """The ways a mail can mean a change request all lead to it, and nothing else does."""
    number = registered(store)
    cause = arrival(0).envelope.id
    answered = store.letters(number)[0].message_id
    with store.begin(NOW) as unit:
        found = unit.change(number)
        assert found is not None
        assert unit.change_numbered(number) == found
        assert unit.change_answered(("<strange@x.example>", "bad\0id", answered)) == found
        assert unit.change_caused_by(cause) == found
        assert unit.change_caused_by(f"{cause}/0") == found
        assert unit.change_caused_by(f"{cause}/1") is None
        assert unit.change_caused_by(cause[:-1]) is None
        assert unit.change_answered(("<strange@x.example>", "")) is None
        assert unit.change_numbered("PC112226-2") is None


def test_an_intake_keeps_its_key_when_it_is_logged(store: Store) -> None:
    """A change request is found by the IN number that its sender still has, and by its PC number."""
    with store.begin(NOW) as unit:
        record(unit, registration(unit.take("IN", TODAY), "m1", ()), "m1")
    with store.begin(NOW) as unit:
        intake = unit.change("IN112226-1")
        assert intake is not None
        number = unit.take("PC", TODAY)
        row = Row("CR Received", "The completed CR form was received", NOW, "Cedarloop")
        letter = Send(Letter("m2", Kind.FORWARD, ADA, number))
        logged = Decision(Fate.REGISTERED, "", replace(intake, number=number), (row,), (letter, Publish()))
        record(unit, logged, "m2")
    with store.begin(NOW) as unit:
        found = unit.change_numbered("IN112226-1")
        assert found is not None
        assert found.number == number
        assert unit.change_numbered(number) == found
    assert [letter.number for letter in store.letters("IN112226-1")] == [number]
    assert {page.page for page in store.dirty(9)} == set(keys_of(found))


def test_an_intake_is_on_no_page(store: Store) -> None:
    """What has no CR number yet makes nothing out of date and is in no list of the register."""
    with store.begin(NOW) as unit:
        record(unit, registration(unit.take("IN", TODAY), "m1"), "m1")
    assert (store.dirty(9), store.months(), store.lines(EVERYTHING)) == ((), (), ())
    assert len(store.changes()) == 1


def test_a_change_without_a_row_is_refused(store: Store) -> None:
    """Nobody changes a change request without the journal saying why."""
    registered(store)
    with pytest.raises(ValueError, match="without a row"), store.begin(NOW) as unit:
        change = unit.change("PC112226-1")
        assert change is not None
        record(unit, replace(amended(change, "Other"), rows=()), "m2")


def test_effects_need_something_to_act_on(store: Store) -> None:
    """A decision about no change request may owe letters, and nothing else."""
    with store.begin(NOW) as unit:
        record(unit, Decision(Fate.ANSWERED, effects=(Send(Letter("m1", Kind.HELP, ADA)),)), "m1")
    (help_letter,) = store.letters()
    assert help_letter.kind is Kind.HELP
    for effect in (Publish(), Meet(DeadlineKind.POST, NOW)):
        with pytest.raises(ValueError, match="no change request"), store.begin(NOW) as unit:
            record(unit, Decision(Fate.PARKED, effects=(effect,)), "m2")


def test_a_document_is_what_its_hash_says(store: Store) -> None:
    """Content that does not belong to the hash it is kept by is a mistake of ours, and refused."""
    decision = registration("PC112226-1", "m1")
    forged = tuple(
        Keep(effect.document, b"other") if isinstance(effect, Keep) else effect for effect in decision.effects
    )
    with pytest.raises(ValueError, match="hash"), store.begin(NOW) as unit:
        record(unit, replace(decision, effects=forged), "m1")


def test_of_a_kind_one_deadline_runs(store: Store) -> None:
    """Opening a deadline replaces the one that runs; one that was met stays beside the new one."""
    number = registered(store)

    def clocks(*effects: Open | Meet) -> list[Deadline]:
        with store.begin(NOW) as unit:
            record(unit, Decision(Fate.OBEYED, change=unit.change(number), effects=effects), "m2")
        view = store.view(number)
        assert view is not None
        return [deadline for deadline in view.deadlines if deadline.kind is DeadlineKind.POST]

    later, latest = Deadline(DeadlineKind.POST, date(2026, 12, 1)), Deadline(DeadlineKind.POST, date(2026, 12, 24))
    assert clocks(Open(later)) == [later]
    met = replace(later, met_on=date(2026, 11, 30))
    # 06:30 UTC is still the day before in the office's zone, and the day is the office's.
    at = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)
    assert clocks(Meet(DeadlineKind.POST, at), Open(latest)) == [met, latest]
    assert clocks(Meet(DeadlineKind.POST, at)) == [met, replace(latest, met_on=date(2026, 11, 30))]


def test_a_page_that_becomes_dirty_while_it_is_built_stays_dirty(store: Store) -> None:
    """Cleaning forgets exactly what was seen, even when the clock stands still."""
    number = registered(store)
    seen = store.dirty(9)
    with store.begin(NOW) as unit:
        record(unit, Decision(Fate.OBEYED, change=unit.change(number), effects=(Publish(),)), "m2")
    store.clean(seen)
    assert [page.page for page in store.dirty(9)] == [page.page for page in seen]
    store.clean(store.dirty(9))
    assert store.dirty(9) == ()


def test_the_lists_show_what_they_are_asked_for(store: Store) -> None:
    """Months count, newest comes first, and open ones or those of a phase can be told apart."""
    for n in range(12):
        registered(store, n)
    with store.begin(NOW) as unit:
        change = unit.change("PC112226-3")
        assert change is not None
        closed = replace(change, phase=Phase.COMPLETION)
        record(unit, Decision(Fate.OBEYED, "", closed, (Row("CR Closed", "Done", NOW, "hollis"),)), "m9")
    assert store.months() == (("2026-11", 12),)
    assert len(store.lines(EVERYTHING, month="2026-11")) == len(store.changes()) == 12
    assert len(store.lines(EVERYTHING, limit=5)) == 5
    assert len(store.changes(open_only=True)) == 11
    assert [record.change.number for record in store.changes(phase=Phase.COMPLETION)] == ["PC112226-3"]
    wanted = ("PC112226-11", "PC112226-2", "PC112226-99")
    views = store.views(wanted)
    assert [view.change.number for view in views] == ["PC112226-11", "PC112226-2"]
    assert views == tuple(filter(None, map(store.view, wanted)))


def test_what_a_sender_wrote_can_always_be_stored(store: Store) -> None:
    """NUL, lone surrogates, any script and any length in a form or a header harm nothing."""
    nasty = "a\0b\ud800c " + "\N{GRINNING FACE}" * 5000
    decision = registration("PC112226-1", "m1")
    assert decision.change is not None
    change = replace(decision.change, company=nasty, fields={"title": nasty})
    with store.begin(NOW) as unit:
        record(unit, replace(decision, change=change), "m1")
    view = store.view("PC112226-1")
    assert view is not None
    assert view.change.fields == {"title": nasty}


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    """Times go in with any zone and come out aware, in UTC; one without a zone is refused."""
    store.keep([arrival(0)], NOW.astimezone(DENVER))
    (mail,) = store.mails()
    assert mail.arrived == NOW
    assert mail.arrived.utcoffset() == timedelta(0)
    with pytest.raises(Exception, match="no time zone"):
        store.claim(1, NOW.replace(tzinfo=None))


def test_hot_questions_search_and_never_scan(tmp_path: Path) -> None:
    """What is asked for every mail finds its rows by an index, so that a full store costs no more.

    SQLite alone is asked: its plans do not depend on how much is stored.
    """
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.db", "w1") as store:
        registered(store)
        _explained(store)


def _explained(store: Store) -> None:
    asked: list[str] = []
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(asked.append)
    _everything(store)
    driver.set_trace_callback(None)
    plain = [each for each in asked if each.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT"}]
    assert len(plain) > 40
    with store.engine.connect() as connection:
        for statement in plain:
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"):
                assert _flat(row.detail), f"{row.detail}: {statement}"


def _flat(detail: str) -> bool:
    """A scan is flat over an index that holds only what waits, and over the few dirty pages."""
    return (
        not detail.startswith("SCAN")
        or "undecided" in detail
        or "waiting" in detail
        or "dirty" in detail
        or detail.endswith("CONSTANT ROW")
    )


def _everything(store: Store) -> None:
    """Ask the store whatever the daemon asks it for a mail."""
    store.keep([arrival(1), arrival(2)], NOW)
    store.located("INBOX", 7)
    first, second = store.claim(9, NOW)
    with store.begin(NOW) as unit:
        unit.twin("<1@x>", "hash", first.envelope.id)
        unit.twin("", "hash", first.envelope.id)
        unit.change_numbered("PC112226-1")
        unit.change_answered(("<a@b>",))
        unit.change_caused_by(first.envelope.id)
        change = unit.change("PC112226-1")
        assert change is not None
        record(unit, amended(change, "Other"), "m3")
        meet = Meet(DeadlineKind.POST, NOW), Open(Deadline(DeadlineKind.POST, TODAY))
        unit.record(Decision(Fate.OBEYED, change=unit.change("PC112226-1"), effects=meet), "m4", compose, message_id)
        unit.file(first.envelope.id, Fate.OBEYED)
    with store.begin(NOW) as unit:
        unit.copy(second.envelope.id, first.envelope.id)
    store.unmoved("INBOX", 7)
    store.moved("INBOX", 7, [2, 3])
    store.owed(9, NOW)
    store.give_back()
    store.release(NOW)
    store.views(["PC112226-1"])
    store.view("PC112226-1")
    store.lines(EVERYTHING, month="2026-11")
    store.plain([each.key for each in store.lines(EVERYTHING)])
    store.tally()
    store.clean(store.dirty(9))
    registered(store, 5)
