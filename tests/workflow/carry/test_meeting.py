"""The clarification meeting: planned, moved, cancelled, held and minuted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.mail.letter import Enclosure, Kind
from bot.workflow.change import Meeting, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Fate, Keep, Meet
from tests.workflow.offices import GRACE, LENA, at_step, ended, letters_of, obeyed, opened, running, told

CHANGE = at_step(Step.CLARIFICATION)
CLARIFY = running((DeadlineKind.CLARIFY, date(2026, 12, 4)))
PLANNED = Meeting(datetime(2026, 12, 3, 17, 0, tzinfo=UTC), 60, "Bridge 303-555-0100")
AFTER = datetime(2026, 12, 4, 16, 0, tzinfo=UTC)
EVERYBODY = {"pat", "lena.brook", "anita.vale", "joe.castle"}


def test_an_invitation_goes_to_all_who_attend() -> None:
    """Originator, CRPM, who gets it for the calendar though they wrote the line, and SMEs; the place stays off
    the page."""
    decision = obeyed(CHANGE, "MEETING 12/3/2026 10:00 AM 45 min Bridge 303-555-0100", LENA, running=CLARIFY)
    assert decision.change is not None
    assert decision.change.meeting == Meeting(PLANNED.at, 45, "Bridge 303-555-0100")
    assert told(decision) == {(Kind.INVITATION, name) for name in EVERYBODY}
    assert {letter.context["state"] for letter in letters_of(decision)} == {"new"}
    (row,) = decision.rows
    assert row.action == "Clarification Meeting Scheduled"
    assert "10:00 AM Mountain Time" in row.description
    assert "303-555" not in row.description


def test_a_meeting_that_is_moved_keeps_what_is_not_said() -> None:
    """The same event, one sequence on, with its length and place; calendars take it for an update."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "MEETING 12/4/2026 2pm", LENA, running=CLARIFY)
    assert decision.change is not None
    moved = decision.change.meeting
    assert moved == replace(PLANNED, at=datetime(2026, 12, 4, 21, 0, tzinfo=UTC), sequence=1)
    (letter, *_) = letters_of(decision)
    assert (letter.context["state"], letter.context["was"]) == ("moved", PLANNED)
    assert "already" in obeyed(replace(CHANGE, meeting=PLANNED), "MEETING 12/3/2026 10am", LENA).reason


def test_cancelling_takes_the_invitations_back() -> None:
    """Everybody is told; the meeting is still owed, and the next one is another event for calendars."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "MEETING CANCEL fog", LENA, running=CLARIFY)
    assert decision.change is not None
    gone = decision.change.meeting
    assert gone == replace(PLANNED, cancelled=True, sequence=1)
    assert told(decision) == {(Kind.INVITATION, name) for name in EVERYBODY}
    assert "12/04/2026" in decision.answer[0]
    again = obeyed(decision.change, "MEETING 12/4/2026 10am", LENA).change
    assert again is not None
    assert again.meeting is not None
    assert (again.meeting.n, again.meeting.sequence) == (2, 0)
    assert "No meeting is planned" in obeyed(decision.change, "MEETING CANCEL", LENA).reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("MEETING 12/5/2026 10am", "no business day"),
        ("MEETING 12/9/2026 10am", "EXTEND clarification meeting 12/09/2026"),
        ("MEETING 12/4/2026 10am", ""),
    ],
)
def test_an_odd_date_is_taken_and_said(line: str, words: str) -> None:
    """A weekend, or a date after the eight business days: what was agreed on counts, with a word about it."""
    decision = obeyed(CHANGE, line, LENA, running=CLARIFY)
    assert decision.fate is Fate.OBEYED
    assert words in " ".join(decision.answer)
    assert (len(decision.answer) > 1) == bool(words)


def test_a_time_that_is_over_is_refused() -> None:
    """Nobody is invited to the past; 7 o'clock of this very day is over at 8."""
    assert "is over" in obeyed(CHANGE, "MEETING 12/1/2026 7:00 AM", LENA).reason


def test_held_meets_the_deadline_on_the_day_it_was_held() -> None:
    """The planned day counts where no other is named; the minutes are due five business days after it."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "HELD", LENA, now=AFTER, running=CLARIFY)
    assert decision.change is not None
    assert decision.change.meeting == replace(PLANNED, held_on=date(2026, 12, 3))
    (met,) = [effect for effect in decision.effects if isinstance(effect, Meet)]
    assert (met.kind, met.at.date()) == (DeadlineKind.CLARIFY, date(2026, 12, 3))
    assert opened(decision) == {DeadlineKind.MINUTES: date(2026, 12, 10)}
    assert [(row.action, row.description) for row in decision.rows] == [
        ("Clarification Meeting Held", "Meeting held on 12/03/2026")
    ]
    assert letters_of(decision) == []


def test_held_needs_no_plan_and_takes_an_earlier_day() -> None:
    """A call of last week is recorded for the day on which it was."""
    decision = obeyed(CHANGE, "HELD ON 11/30/2026", LENA, running=CLARIFY)
    assert decision.change is not None
    assert decision.change.meeting is not None
    assert decision.change.meeting.held_on == date(2026, 11, 30)
    assert opened(decision) == {DeadlineKind.MINUTES: date(2026, 12, 7)}


def test_what_cannot_have_been_held() -> None:
    """A meeting that is still to come, one before the receipt, and one recorded before."""
    planned = replace(CHANGE, meeting=PLANNED)
    assert "HELD ON 12/01/2026" in obeyed(planned, "HELD", LENA).reason
    assert "before the request came in" in obeyed(CHANGE, "HELD ON 11/20/2026", LENA).reason
    recorded = replace(CHANGE, meeting=replace(PLANNED, held_on=date(2026, 12, 3)))
    assert "recorded already" in obeyed(recorded, "HELD ON 12/3/2026", LENA, now=AFTER).reason


def test_another_meeting_is_an_ordinary_one() -> None:
    """Held again, with the deadline met long ago: General Meeting Held, in house words, and minutes again."""
    recorded = replace(CHANGE, meeting=replace(PLANNED, held_on=date(2026, 12, 3)))
    decision = obeyed(recorded, "HELD ON 12/4/2026", LENA, now=AFTER)
    assert decision.change is not None
    assert decision.change.meeting is not None
    assert (decision.change.meeting.n, decision.rows[0].action) == (2, "General Meeting Held")
    assert DeadlineKind.MINUTES in opened(decision)
    invited = obeyed(recorded, "MEETING 12/8/2026 10am", LENA, now=AFTER)
    assert {letter.context["called"] for letter in letters_of(invited)} == {"Meeting"}


def test_minutes_imply_that_it_was_held() -> None:
    """CLARIFY is met on the day of the meeting, MINUTES on the day they were issued; both stand in history."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "MINUTES All was clear.", LENA, now=AFTER, running=CLARIFY)
    assert decision.change is not None
    assert decision.change.meeting == replace(PLANNED, held_on=date(2026, 12, 3), minutes_on=date(2026, 12, 4))
    assert ended(decision) == {DeadlineKind.CLARIFY}
    assert opened(decision) == {DeadlineKind.MINUTES: date(2026, 12, 10)}
    assert [row.action for row in decision.rows] == ["Clarification Meeting Held", "Info Sent to CLEC"]
    assert "All was clear." in decision.rows[1].description
    assert told(decision) == {(Kind.MINUTES, name) for name in ("pat", "anita.vale", "joe.castle", "grace.holt")}


def test_minutes_as_a_file_are_kept_and_sent() -> None:
    """A document of the change request, attached to every letter; its text is posted where it can be read."""
    file = Enclosure("minutes.docx", "application/zip", b"file")
    decision = obeyed(CHANGE, "MINUTES", LENA, files=(file,), file_text="We met.", running=CLARIFY)
    (kept,) = [effect for effect in decision.effects if isinstance(effect, Keep)]
    assert (kept.document.title, kept.document.public) == ("Minutes of the meeting of 12/01/2026", True)
    assert all(letter.enclosures == (file,) for letter in letters_of(decision))
    assert "We met." in decision.rows[-1].description
    assert "attach" in obeyed(CHANGE, "MINUTES", LENA).reason


def test_minutes_again_are_revised_ones() -> None:
    """What was held before is not held again; the letters and the row say that they are revised."""
    issued = replace(PLANNED, held_on=date(2026, 12, 3), minutes_on=date(2026, 12, 4))
    decision = obeyed(replace(CHANGE, meeting=issued), "MINUTES Now complete.", LENA, now=AFTER)
    (row,) = decision.rows
    assert row.description.startswith("Revised minutes of the meeting of 12/03/2026")
    assert opened(decision) == {}


def test_minutes_of_the_last_meeting_while_the_next_is_planned() -> None:
    """A meeting that is still to come is not taken for the one that the minutes are of."""
    owed = running((DeadlineKind.MINUTES, date(2026, 12, 10)))
    planned = replace(PLANNED, n=2)
    decision = obeyed(replace(CHANGE, meeting=planned), "MINUTES Of before.", LENA, running=owed)
    assert decision.change is not None
    assert decision.change.meeting == planned
    assert ended(decision) == {DeadlineKind.MINUTES}


def test_only_the_crpm_plans() -> None:
    """The Director is refused by the table."""
    assert obeyed(CHANGE, "MEETING 12/3/2026 10am", GRACE).fate is Fate.REFUSED
