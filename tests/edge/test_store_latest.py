"""What UNDO gives back: the latest event as the journal, the deadlines and the letters know it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.edge.store import LetterState, Store
from bot.edge.store.journal import first_broken, replayed
from bot.mail.letter import Kind, Letter, Sent
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Recall, Restore, Row, Send, Stop
from bot.workflow.event import Undoing
from tests.edge.registrations import ADA, NOW, amended, record, registered

LENA = Address("lena.brook@meridell.example")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind."""
    with Store.open_ready(store_url, "w1") as opened:
        yield opened


def _moved(change: ChangeRequest, *effects: Effect, by: str = "lena") -> Decision:
    """A decision that moves a change request on."""
    after = replace(change, step=Step.CLARIFICATION, phase=Phase.CLARIFICATION)
    return Decision(Fate.OBEYED, "", after, (Row("Status Changed", "It moves on", LATER, by),), effects)


def _do(store: Store, number: str, cause: str, *effects: Effect, by: str = "lena") -> None:
    with store.begin(LATER) as unit:
        change = unit.change(number)
        assert change is not None
        record(unit, _moved(change, *effects, by=by), cause)


def _say(store: Store, number: str, cause: str, rows: Sequence[Row], **fields: object) -> None:
    """Something that is no event: rows, and perhaps a follower more."""
    with store.begin(LATER + timedelta(minutes=1)) as unit:
        change = unit.change(number)
        assert change is not None
        record(unit, Decision(Fate.OBEYED, "", replace(change, **fields), tuple(rows)), cause)  # type: ignore[arg-type]


def _latest(store: Store, number: str) -> Undoing:
    with store.begin(LATER) as unit:
        latest = unit.latest(number)
    assert latest is not None
    return latest


def test_the_latest_event_is_what_stood_before_it(store: Store) -> None:
    """State and deadlines as they were, of the kinds that it touched: met, running and absent ones."""
    number = registered(store)
    view = store.view(number)
    assert view is not None
    opened = Open(Deadline(DeadlineKind.OPTIONS, date(2026, 12, 14)))
    _do(store, number, "m2/0", Meet(DeadlineKind.ASSIGN, LATER), Stop(DeadlineKind.POST), opened)
    latest = _latest(store, number)
    assert (latest.causes, latest.by, latest.at) == (("m2/0",), "lena", LATER)
    assert [row.description for row in latest.said] == ["It moves on"]
    assert latest.before == view.change
    assert set(latest.kinds) == {DeadlineKind.ASSIGN, DeadlineKind.POST, DeadlineKind.OPTIONS}
    stood = {due for due in view.deadlines if due.kind in latest.kinds}
    assert set(latest.deadlines) == stood
    assert {due.state for due in stood} == {"open"}


def test_an_undo_is_an_event_and_replays_like_any(store: Store) -> None:
    """What was restored is what the journal replays to, and the deadlines are again what they were."""
    number = registered(store)
    view = store.view(number)
    assert view is not None
    _do(store, number, "m2/0", Meet(DeadlineKind.ASSIGN, LATER), Open(Deadline(DeadlineKind.POST, date(2027, 1, 4))))
    with store.begin(LATER) as unit:
        latest = unit.latest(number)
        assert latest is not None
        rows = (Row("Record Update", "taken back", LATER, "lena"),)
        effects = (Restore(latest.kinds, latest.deadlines), Recall("m2/0"))
        record(unit, Decision(Fate.OBEYED, "", latest.before, rows, effects), "m3/0")
    restored = store.view(number)
    assert restored is not None
    assert (restored.change, set(restored.deadlines)) == (view.change, set(view.deadlines))
    assert replayed(store.journal(number)) == view.change
    assert first_broken(store.journal(number)) is None
    assert _latest(store, number).causes == ("m3/0",)


def test_what_changes_nothing_is_not_in_the_way(store: Store) -> None:
    """Comments, notes, rows of the bot and a new follower come after an event and leave it the latest."""
    number = registered(store)
    _do(store, number, "m2/0")
    _say(store, number, "m3/0", [Row("CLEC Provided Information", "We agree", LATER, "Cedarloop")])
    _say(store, number, "m4/0", [Row("Record Update", "follows", LATER, "Cedarloop")], followers=(ADA,))
    with store.begin(LATER) as unit:
        unit.note(
            {number: Decision(Fate.REGISTERED, "", None, (Row("CR Posted to Web", "up", LATER, "bot"),))}, "posted/1"
        )
    latest = _latest(store, number)
    assert latest.causes == ("m2/0",)
    assert latest.before is not None
    assert (latest.before.step, latest.before.followers) == (Step.SME_ASSIGNMENT, (ADA,))


def test_all_lines_of_one_mail_are_one_event(store: Store) -> None:
    """A mail is carried out whole, and taken back whole: back to before its first line."""
    number = registered(store)
    view = store.view(number)
    assert view is not None
    with store.begin(LATER) as unit:
        change = unit.change(number)
        assert change is not None
        record(unit, amended(change, "Second title"), "m2/0")
        running = Open(Deadline(DeadlineKind.POST, date(2027, 1, 4)))
        record(unit, _moved(replace(change, fields={**change.fields, "title": "Second title"}), running), "m2/1")
    latest = _latest(store, number)
    assert latest.causes == ("m2/0", "m2/1")
    assert latest.before == view.change


def test_a_registration_has_nothing_before_it(store: Store) -> None:
    """What gave a change request its number is told apart: a number is never given back."""
    assert _latest(store, registered(store)).before is None
    with store.begin(LATER) as unit:
        assert unit.latest("PC010100-9") is None


def test_letters_are_told_apart_by_whether_they_went_out(store: Store) -> None:
    """Who has a letter gets a correction; what still waits is recalled and never sent."""
    number = registered(store)
    for each in store.owed(9, NOW):  # those of the registration, which go first
        store.delivered(each.id, Sent(), NOW)
    _do(
        store,
        number,
        "m2/0",
        Send(Letter("m2/0", Kind.OUTCOME, ADA, number)),
        Send(Letter("m2/0", Kind.OUTCOME, LENA, number, not_before=LATER + timedelta(minutes=10))),
    )
    (first,) = store.owed(9, LATER)
    store.delivered(first.id, Sent(), LATER)
    latest = _latest(store, number)
    assert latest.sent == ((Address(ADA.email), Kind.OUTCOME),)
    assert latest.unsent == 1
    with store.begin(LATER) as unit:
        change = unit.change(number)
        record(unit, Decision(Fate.OBEYED, "", change, (), (Recall("m2/0"),)), "m3/0")
    states = {each.recipient: each.state for each in store.letters(number) if each.kind is Kind.OUTCOME}
    assert states == {ADA.email: LetterState.SENT, LENA.email: LetterState.RECALLED}
    assert store.owed(9, LATER + timedelta(days=1)) == ()


def test_the_journal_keeps_no_deadlines_of_what_touched_none(store: Store) -> None:
    """A decision without deadlines costs no look at them."""
    number = registered(store)
    with store.begin(LATER) as unit:
        change = unit.change(number)
        assert change is not None
        record(unit, amended(change, "Second title"), "m2/0")
    assert set(json.loads(store.journal(number)[-1].before)) == {"fields"}
