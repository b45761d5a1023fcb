"""What is put right by mail, on real stores: UNDO, CORRECT and RELATE."""

from datetime import timedelta

import pytest

from bot.daemon.desk import Desk
from bot.edge.store import LetterState
from bot.edge.store.journal import replayed
from bot.mail.letter import Kind
from bot.posting.public import Record
from bot.workflow.change import Phase, Step
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import WHOLE, at, ordered, text_of
from tests.daemon.test_take_in import NOW, written

HOUR = timedelta(hours=1)
NUMBER = "PC112326-1"
SUBJECT = f"[{NUMBER}]"
SECOND = WHOLE.replace("Name the failing field in rejects", "Send the firm order confirmation sooner").replace(
    "The reject notice does not say which field", "The confirmation does not say which part"
)


def record(desk: Desk, number: str = NUMBER) -> Record:
    """A change request with its history and deadlines."""
    found = desk.store.view(number)
    assert found is not None
    return found


@pytest.fixture
def logged(desk: Desk) -> Desk:
    """An office in which Kim's form was registered, an hour later."""
    assert arrive(desk, written(WHOLE, "first")) == {Fate.REGISTERED: 1}
    return at(desk, NOW + HOUR)


def test_an_undo_restores_and_tells(logged: Desk) -> None:
    """What was withdrawn stands again, deadlines included; who has the letter gets a correction, who has it
    not yet gets neither; both rows stay in history, and the journal replays to what stands."""
    before = record(logged)
    assert arrive(logged, ordered("WITHDRAW They called.", "order", subject=SUBJECT)) == {Fate.OBEYED: 1}
    assert record(logged).change.phase is Phase.WITHDRAWN
    assert not [due for due in record(logged).deadlines if due.met_on is None]
    told = letters(logged, Kind.WITHDRAWN)
    assert {letter.recipient for letter in told} >= {"kim@bench00.example"}
    later = at(logged, NOW + 2 * HOUR)
    assert arrive(later, ordered("UNDO", "undo", subject=SUBJECT)) == {Fate.OBEYED: 1}
    after = record(logged)
    assert after.change == before.change
    assert set(after.deadlines) == set(before.deadlines)
    assert {letter.state for letter in letters(logged, Kind.WITHDRAWN)} == {LetterState.RECALLED}
    assert letters(logged, Kind.UNDONE) == []
    said = [row.description for row in after.rows]
    assert any(row.startswith("Administrative: withdrawn") for row in said)
    assert any(row.startswith("Administrative: taken back: Status Changed: Administrative: withdrawn") for row in said)
    assert replayed(logged.store.journal(NUMBER)) == after.change


def test_who_was_told_is_told_again(logged: Desk) -> None:
    """A letter that went out cannot be recalled: its reader is asked to set it aside."""
    arrive(logged, ordered("WITHDRAW They called.", "order", subject=SUBJECT))
    assert logged.store.owed(50, NOW + HOUR + timedelta(minutes=5))
    arrive(at(logged, NOW + 2 * HOUR), ordered("UNDO", "undo", subject=SUBJECT))
    undone = letters(logged, Kind.UNDONE)
    assert "kim@bench00.example" in {letter.recipient for letter in undone}
    (kims,) = [letter for letter in undone if letter.recipient == "kim@bench00.example"]
    assert "withdrawn" in text_of(logged, kims)


def test_one_mail_is_taken_back_whole_and_once(logged: Desk) -> None:
    """Two lines on one change request were one mail; a second UNDO finds an UNDO."""
    before = record(logged).change
    arrive(logged, ordered("CORRECT title: Name each field -- a list\nWITHDRAW They called.", "order", subject=SUBJECT))
    assert arrive(logged, ordered("UNDO", "undo", subject=SUBJECT)) == {Fate.OBEYED: 1}
    assert record(logged).change == before
    assert arrive(logged, ordered("UNDO", "again", subject=SUBJECT)) == {Fate.REFUSED: 1}
    assert record(logged).change == before


def test_a_registration_is_not_taken_back(logged: Desk) -> None:
    """Its number was given, and nobody else gets it."""
    assert arrive(logged, ordered("UNDO", "undo", subject=SUBJECT)) == {Fate.REFUSED: 1}
    said = text_of(logged, letters(logged, Kind.TRANSCRIPT)[-1])
    assert "a number is never taken back" in said


def test_a_correction_is_read_like_a_form(logged: Desk) -> None:
    """The value becomes what the field's shape makes of it, in a revision of its own."""
    order = ordered("CORRECT products impacted: UNE-P; LNP -- they told us", "order", subject=SUBJECT)
    assert arrive(logged, order) == {Fate.OBEYED: 1}
    change = record(logged).change
    assert change.fields["products_impacted"] == ("UNE-P", "LNP")
    assert [revision.number for revision in change.revisions] == [0, 1]
    assert "kim@bench00.example" in {letter.recipient for letter in letters(logged, Kind.CORRECTED)}


def test_a_link_stands_on_both(logged: Desk) -> None:
    """One line, two change requests: each names the other, and the transcript tells of both."""
    assert arrive(logged, written(SECOND, "second")) == {Fate.REGISTERED: 1}
    assert arrive(logged, ordered("RELATE PC112326-2", "order", subject=SUBJECT)) == {Fate.OBEYED: 1}
    assert record(logged).change.related == ("PC112326-2",)
    assert record(logged, "PC112326-2").change.related == (NUMBER,)
    said = text_of(logged, letters(logged, Kind.TRANSCRIPT)[-1])
    assert f"About: {NUMBER}" in said
    assert "About: PC112326-2" in said
    assert record(logged).change.step is Step.SME_ASSIGNMENT


def test_an_undo_takes_a_link_back_from_both(logged: Desk) -> None:
    """The mail did one thing to both, and the transcript tells of both."""
    arrive(logged, written(SECOND, "second"))
    arrive(logged, ordered("RELATE PC112326-2", "order", subject=SUBJECT))
    assert arrive(logged, ordered("UNDO", "undo", subject=SUBJECT)) == {Fate.OBEYED: 1}
    assert [record(logged, number).change.related for number in (NUMBER, "PC112326-2")] == [(), ()]
    said = text_of(logged, letters(logged, Kind.TRANSCRIPT)[-1])
    assert f"About: {NUMBER}" in said
    assert "About: PC112326-2" in said


def test_a_link_is_not_taken_back_from_one(logged: Desk) -> None:
    """Where the other one went on since, nothing is done, and the answer says so."""
    arrive(logged, written(SECOND, "second"))
    arrive(logged, ordered("RELATE PC112326-2", "order", subject=SUBJECT))
    arrive(logged, ordered("WITHDRAW They called.", "since", subject="[PC112326-2]"))
    assert arrive(logged, ordered("UNDO", "undo", subject=SUBJECT)) == {Fate.REFUSED: 1}
    said = text_of(logged, letters(logged, Kind.TRANSCRIPT)[-1]).replace("|", " ")
    assert "from both or from none" in " ".join(said.split())
    assert record(logged).change.related == ("PC112326-2",)
