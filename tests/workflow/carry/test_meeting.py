"""The clarification meeting: planned, moved, cancelled, held and minuted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind
from bot.office.people import Address, Person
from bot.workflow.change import ChangeRequest, Meeting, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Decision, Fate, Keep, Meet, Row
from bot.workflow.event import Undoing
from bot.workflow.invitation import attending
from tests.workflow.offices import (
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    STAFFED,
    at_step,
    ended,
    letters_of,
    obeyed,
    opened,
    running,
    told,
)

CHANGE = at_step(Step.CLARIFICATION)
CLARIFY = running((DeadlineKind.CLARIFY, date(2026, 12, 4)))
EVERYBODY = {"pat", "lena.brook", "anita.vale", "joe.castle"}
INVITED = tuple(to for to, _ in attending(CHANGE, STAFFED).values())
PLANNED = Meeting(datetime(2026, 12, 3, 17, 0, tzinfo=UTC), 60, "Bridge 303-555-0100", invited=INVITED)
AFTER = datetime(2026, 12, 4, 16, 0, tzinfo=UTC)


def test_an_invitation_goes_to_all_who_attend() -> None:
    """Originator, CRPM, who gets it for the calendar though they wrote the line, and SMEs; the place stays off
    the page."""
    decision = obeyed(CHANGE, "MEETING 12/3/2026 10:00 AM 45 min Bridge 303-555-0100", LENA, running=CLARIFY)
    assert decision.change is not None
    assert decision.change.meeting == replace(PLANNED, minutes=45)
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
        ("MEETING 12/5/2026 10am", "12/05/2026 is a Saturday, no business day"),
        ("MEETING 12/5/2026 10am", "Monday, December 7, 2026"),
        ("MEETING 12/9/2026 10am", "later than 12/04/2026, 8 business days after the receipt"),
        ("MEETING 12/9/2026 10am", "EXTEND clarification meeting 12/09/2026"),
        ("MEETING 12/4/2026 7 PM", "outside our hours, 08:00 to 17:00"),
        ("MEETING 12/4/2026 10am", ""),
    ],
)
def test_an_odd_date_is_taken_and_said(line: str, words: str) -> None:
    """A weekend, or a date after the eight business days: what was agreed on counts, with a word about it."""
    decision = obeyed(CHANGE, line, LENA, running=CLARIFY)
    assert decision.fate is Fate.OBEYED
    assert words in " ".join(decision.answer)
    assert (len(decision.answer) > 1) == bool(words)


def test_a_meeting_after_the_presentation_is_taken_and_said() -> None:
    """The fact, and what puts the presentation off; the day before it nothing is said of that."""
    clocks = (*CLARIFY, *running((DeadlineKind.PRESENT, date(2026, 12, 16))))
    late = obeyed(CHANGE, "MEETING 12/17/2026 10am", LENA, running=clocks)
    assert late.answer[-1] == (
        "The CLEC presents it at the Monthly Meeting of 12/16/2026, and that is not before it. If it should be "
        "presented later, say so: EXTEND presentation 01/20/2027 and the reason."
    )
    before = obeyed(CHANGE, "MEETING 12/15/2026 10am", LENA, running=clocks)
    assert not any("presents" in each for each in before.answer)


def test_a_time_that_is_over_is_refused() -> None:
    """Nobody is invited to the past; 7 o'clock of this very day is over at 8."""
    said = obeyed(CHANGE, "MEETING 12/1/2026 7:00 AM", LENA, running=CLARIFY).reason
    assert "7:00 AM Mountain Time is over; it is Tuesday, December 1, 2026, 8:00 AM Mountain Time now" in said
    assert "should be held by 12/04/2026" in said


def test_a_holiday_is_named() -> None:
    """A day of the office's list of holidays is told apart from a weekend."""
    before = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    answer = obeyed(CHANGE, "MEETING 11/26/2026 10am", LENA, now=before).answer
    assert "11/26/2026 is a holiday, no business day; the next one is Monday, November 30, 2026." in answer


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
    assert {letter.enclosures for letter in letters_of(decision)} == {(file,)}
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


def states(decision: Decision) -> dict[str, str]:
    """What the invitations of a decision say to whom: new, moved or cancelled."""
    return {
        letter.to.email.partition("@")[0]: str(letter.context["state"])
        for letter in letters_of(decision)
        if letter.kind is Kind.INVITATION
    }


def meeting_of(decision: Decision) -> Meeting:
    """The meeting as a decision leaves it."""
    assert decision.change is not None
    assert decision.change.meeting is not None
    return decision.change.meeting


def test_each_calendar_names_only_its_own_reader() -> None:
    """No invitation hands on the address of anybody else who is invited (DESIGN section 6)."""
    for letter in letters_of(obeyed(CHANGE, "MEETING 12/3/2026 10am", LENA, running=CLARIFY)):
        calendar = letter.calendar.replace(b"\r\n ", b"")
        named = {to.email for to in INVITED if to.email.encode() in calendar}
        assert named == {letter.to.email}
        assert calendar.count(b"ATTENDEE") == 1


@pytest.mark.parametrize(
    ("line", "who", "why"),
    [
        ("WITHDRAW We no longer need it.", PAT, "the Change Request is withdrawn"),
        ("CROSSOVER SCR112226-01", MANAGER, "the Change Request is dealt with on the other track"),
        ("HELD ON 11/30/2026", LENA, "it was held on 11/30/2026"),
    ],
)
def test_an_end_cancels_the_meeting(line: str, who: Person | Standing, why: str) -> None:
    """What a change request is over with stands in nobody's calendar any more."""
    who = replace(who, confirmed=True) if isinstance(who, Standing) else who
    decision = obeyed(replace(CHANGE, meeting=PLANNED), line, who, running=CLARIFY)
    assert decision.fate is Fate.OBEYED
    assert states(decision) == dict.fromkeys(EVERYBODY, "cancelled")
    gone = meeting_of(decision)
    assert gone.sequence == 1
    assert gone.cancelled == (gone.held_on is None)
    letters = [letter for letter in letters_of(decision) if letter.kind is Kind.INVITATION]
    assert {letter.context["why"] for letter in letters} == {why}
    assert all(b"METHOD:CANCEL\r\n" in letter.calendar for letter in letters)
    assert any("cancelled" in row.description for row in decision.rows)


def test_a_meeting_that_is_over_is_not_cancelled() -> None:
    """Nobody is written to about a time that has passed."""
    decision = obeyed(
        replace(CHANGE, meeting=PLANNED), "WITHDRAW Done.", replace(PAT, confirmed=True), now=AFTER, running=CLARIFY
    )
    assert states(decision) == {}
    assert meeting_of(decision) == PLANNED


def test_who_comes_is_invited_and_who_goes_is_not_any_more() -> None:
    """A new CRPM gets the invitation as it stands, the former one a cancellation; nobody else hears of it."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "ASSIGN CRPM Toby Marsh", GROUP, running=CLARIFY)
    assert states(decision) == {"toby.marsh": "new", "lena.brook": "cancelled"}
    left = meeting_of(decision)
    assert left.sequence == 0
    assert {to.email.partition("@")[0] for to in left.invited} == EVERYBODY - {"lena.brook"} | {"toby.marsh"}


def test_new_experts_are_invited() -> None:
    """SMEs named in place of others take their places in the meeting too."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "SME Anita Vale; Ravi Stone", GRACE, running=CLARIFY)
    assert states(decision) == {"ravi.stone": "new", "joe.castle": "cancelled"}


def undone(before: ChangeRequest | None, now: ChangeRequest, told_to: tuple[Address, ...]) -> Decision:
    """What UNDO makes of a meeting, when these had been told."""
    undoing = Undoing(
        ("a/0",), MORNING, "lena", (Row("Clarification Meeting Scheduled", "x", MORNING, "lena"),), before
    )
    undoing = replace(undoing, sent=tuple((to, Kind.INVITATION) for to in told_to))
    return obeyed(now, "UNDO", LENA, undoing=undoing)


def test_an_undone_meeting_leaves_the_calendars() -> None:
    """The next one is another event; where no letter had gone out, nothing was there."""
    decision = undone(CHANGE, replace(CHANGE, meeting=PLANNED), INVITED)
    assert states(decision) == dict.fromkeys(EVERYBODY, "cancelled")
    assert (meeting_of(decision).cancelled, meeting_of(decision).sequence) == (True, 1)
    unsent = undone(CHANGE, replace(CHANGE, meeting=PLANNED), ())
    assert states(unsent) == {}
    assert unsent.change == CHANGE


def test_who_hears_of_an_undone_meeting_by_the_calendar_gets_one_letter() -> None:
    """The cancellation, and no correction beside it; who was told of more gets both."""
    now = replace(CHANGE, meeting=PLANNED)
    letters = letters_of(undone(CHANGE, now, INVITED))
    assert sorted(letter.to.email for letter in letters) == sorted(to.email for to in INVITED)
    assert {letter.kind for letter in letters} == {Kind.INVITATION}
    undoing = Undoing(("a/0",), MORNING, "lena", (Row("Record Update", "x", MORNING, "lena"),), CHANGE)
    undoing = replace(undoing, sent=((INVITED[0], Kind.INVITATION), (INVITED[0], Kind.EXTENDED)))
    more = letters_of(obeyed(now, "UNDO", LENA, undoing=undoing))
    assert sorted(letter.kind for letter in more) == [Kind.INVITATION, Kind.UNDONE]


def test_an_undone_move_moves_back_and_an_undone_cancellation_invites_again() -> None:
    """Each as a further change of the same event, or calendars would not believe it."""
    moved = replace(PLANNED, at=AFTER.replace(hour=21), sequence=1)
    back = undone(replace(CHANGE, meeting=PLANNED), replace(CHANGE, meeting=moved), INVITED)
    assert states(back) == dict.fromkeys(EVERYBODY, "moved")
    assert meeting_of(back) == replace(PLANNED, sequence=2)
    gone = replace(PLANNED, cancelled=True, sequence=1)
    again = undone(replace(CHANGE, meeting=PLANNED), replace(CHANGE, meeting=gone), INVITED)
    assert states(again) == dict.fromkeys(EVERYBODY, "new")
    assert meeting_of(again) == replace(PLANNED, sequence=2)


def test_other_lines_leave_the_calendars_alone() -> None:
    """A note writes to nobody."""
    decision = obeyed(replace(CHANGE, meeting=PLANNED), "NOTE looked at it", LENA, running=CLARIFY)
    assert states(decision) == {}
    assert meeting_of(decision) == PLANNED
