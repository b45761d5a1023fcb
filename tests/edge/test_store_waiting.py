"""Waiting: what runs, since when, and whom letters reach, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.edge.store import Store
from bot.mail.compose import message_id
from bot.mail.letter import Dead, Kind, Letter, Sent
from bot.office.people import Address
from bot.workflow.change import ActionItem, ChangeRequest, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.digest import digest
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Remind, Row, Send, Stop
from tests.workflow.offices import LENA, STAFFED, at_step

BEGUN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # still the 23rd in the office
DUE = date(2026, 12, 3)
ROW = Row("Record Update", "something", BEGUN, "lena", public=False)
CR = at_step(Step.CLARIFICATION, actions=(ActionItem(1, "lena", DUE, "Ask"),))
RUNNING = Deadline(DeadlineKind.CLARIFY, DUE)


def record(store: Store, change: ChangeRequest, *effects: Effect, at: datetime = BEGUN, cause: str = "a/0") -> None:
    """A decision with these effects."""
    with store.begin(at) as unit:
        unit.change(change.key)
        unit.record(Decision(Fate.OBEYED, change=change, rows=(ROW,), effects=effects), cause, wire, identified)


def wire(letter: Letter) -> bytes:
    """Stands for a composed letter."""
    return f"Subject: {letter.kind}\r\n\r\n{letter.id}\r\n".encode()


def identified(letter: str) -> str:
    """The letter's Message-ID."""
    return message_id(letter, "meridell.example")


@pytest.fixture
def store(store_url: str) -> Store:
    """A store of either kind, with one change request of which two deadlines run."""
    opened = Store.open_ready(store_url, "w", zone=STAFFED.calendar.zone)
    record(opened, CR, Open(RUNNING), Open(Deadline(DeadlineKind.MINUTES, DUE, extended_to=date(2026, 12, 7))))
    return opened


def kinds(store: Store, day: date, *asked: DeadlineKind) -> list[DeadlineKind]:
    """The kinds of what runs and is due by a day."""
    return [due.kind for _, clocks in store.due(day, asked or tuple(DeadlineKind)) for due, _ in clocks]


def test_what_runs_is_found_by_the_date_that_counts(store: Store) -> None:
    """An extension counts, a kind that was not asked for does not; since when it runs stands beside it."""
    assert kinds(store, date(2026, 12, 2)) == []
    assert kinds(store, DUE) == [DeadlineKind.CLARIFY]
    assert set(kinds(store, date(2026, 12, 7))) == {DeadlineKind.CLARIFY, DeadlineKind.MINUTES}
    assert kinds(store, date(2026, 12, 7), DeadlineKind.MINUTES) == [DeadlineKind.MINUTES]
    ((change, clocks),) = store.due(DUE, (DeadlineKind.CLARIFY,))
    assert (change, clocks) == (CR, ((RUNNING, BEGUN),))
    store.close()


def test_what_was_met_stopped_or_closed_is_not_due(store: Store) -> None:
    """Nor is it when it was late."""
    late = BEGUN + timedelta(days=20)
    record(store, CR, Meet(DeadlineKind.CLARIFY, late), Stop(DeadlineKind.MINUTES), at=late, cause="b/0")
    assert kinds(store, date(2027, 1, 1)) == []
    record(store, CR, Open(RUNNING), at=late, cause="c/0")
    assert kinds(store, date(2027, 1, 1)) == [DeadlineKind.CLARIFY]
    record(store, replace(CR, phase=Phase.WITHDRAWN), at=late, cause="d/0")
    assert kinds(store, date(2027, 1, 1)) == []
    store.close()


def test_the_index_over_what_runs_is_used(store: Store) -> None:
    """However many deadlines the years have left behind."""
    if store.engine.dialect.name == "sqlite":
        asked = "SELECT cr FROM deadline WHERE met_on IS NULL AND stopped_on IS NULL AND kind IN ('a') AND due <= 'b'"
        with store.engine.connect() as connection:
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all())
        assert "deadline_running" in plan
    store.close()


def test_an_address_is_refused_until_a_letter_is_taken_again(store: Store) -> None:
    """The last letter that came to an end decides."""
    to = Address("lena.brook@meridell.example")

    def sent(cause: str, at: datetime, became: Dead | Sent) -> None:
        record(store, CR, Send(Letter(cause, Kind.ASSIGNED, to)), at=at, cause=cause)
        (owed,) = store.owed(9, at)
        store.delivered(owed.id, became, at)

    assert store.refused([to.email]) == frozenset()
    sent("x/0", BEGUN, Dead("550 no such user"))
    assert store.refused([to.email, "joe@meridell.example"]) == {to.email}
    sent("y/0", BEGUN + timedelta(hours=1), Sent())
    assert store.refused([to.email]) == frozenset()
    store.close()


def test_a_reminder_is_marked_in_the_journal_and_no_undo_sees_it(store: Store) -> None:
    """The row is internal and chained; what happened last is still what a person did; pages stay as they are."""
    before = store.dirty(9)
    reminder = Remind(LENA, "due/1", CR, RUNNING.kind, "hold it", DUE, 0)
    row = Row("Reminder Sent", "Lena Brook reminded", BEGUN, "bot", public=False)
    with store.begin(BEGUN + timedelta(hours=1)) as unit:
        unit.wait_for_turn("digest/lena")
        assert unit.unheard(["due/1", "due/2"]) == {"due/1", "due/2"}
        unit.tell(
            digest(LENA, [reminder], STAFFED, DUE), [(CR.key, "due/1", row), (CR.key, "due/2", row)], wire, identified
        )
        latest = unit.latest(CR.key)
    assert latest is not None and latest.causes == ("a/0",)
    assert store.unheard(["due/1", "due/2", "due/3"]) == {"due/3"}
    assert [entry.seq for entry in store.journal(CR.key)] == [1, 2, 3]
    assert [letter.kind for letter in store.letters()] == [Kind.DIGEST]
    assert store.dirty(9) == before
    store.close()
