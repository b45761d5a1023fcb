"""What has come of a change request, as the public reads it: rows and responses as the workflow makes them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.posting.public import Posting, Record, posting
from bot.workflow.change import ChangeRequest, Disposition, Escalation, Milestone, Reached, Response, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Row
from bot.workflow.event import Undoing
from tests.workflow.offices import GRACE, LENA, MORNING, STAFFED, at_step, obeyed, running

FIRST, SECOND = date(2026, 12, 9), date(2027, 1, 13)
CLOCK = running((DeadlineKind.CLARIFY, date(2026, 12, 4)))


def response(**more: object) -> Response:
    """An issued response."""
    made = Response(
        Disposition.DENIED,
        "",
        "a" * 64,
        "anita",
        FIRST,
        basis="The interface cannot carry it. Call 303-555-0142.",
        reference="LSOG 5",
        approved_by="grace",
        issued_on=FIRST,
        notice="CMPR.12.09.26.F.00001.CR_Responses",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def page(change: ChangeRequest, *rows: Row) -> Posting:
    """The page of a change request with a history."""
    return posting(Record(change, rows), STAFFED)


def test_the_minutes_are_shown_as_they_were_issued() -> None:
    """Newest first, with their text; the history leads to them and does not repeat them."""
    before = at_step(Step.CLARIFICATION)
    held = obeyed(before, "HELD ON 11/30/2026", LENA, running=CLOCK)
    assert held.change
    minuted = obeyed(held.change, "MINUTES Present: Pat Example.\nThree examples were asked for.", LENA)
    assert minuted.change
    shown = page(minuted.change, *held.rows, *minuted.rows)
    assert [one.what for one in shown.meetings] == [
        "Minutes of the meeting of 11/30/2026",
        "Clarification Meeting Held",
    ]
    assert shown.meetings[0].text == "Present: Pat Example.\nThree examples were asked for."
    assert [row.below for row in shown.history] == ["", "meetings"]


def test_a_meeting_to_come_says_when_but_not_where() -> None:
    """The number of a bridge and its code are for those who are invited."""
    planned = obeyed(at_step(Step.CLARIFICATION), "MEETING 12/03/2026 10:00 bridge 877-555-0100, pin 4411#", LENA)
    assert planned.change
    shown = page(planned.change, *planned.rows)
    assert [(one.what, one.on, one.minutes) for one in shown.meetings] == [
        ("Clarification Meeting", date(2026, 12, 3), 60)
    ]
    assert "4411" not in str(shown)
    assert "877" not in str(shown)


def test_what_was_taken_back_is_in_the_history_alone() -> None:
    """Both rows of an UNDO stay; the meeting that was not held is no meeting. What is recorded anew counts."""
    before = at_step(Step.CLARIFICATION)
    held = obeyed(before, "HELD", LENA, running=CLOCK)
    assert held.change
    undoing = Undoing(("m/0",), MORNING, LENA.id, held.rows, before, (), (), (), 0)
    undone = obeyed(held.change, "UNDO", LENA, undoing=undoing)
    assert undone.rows
    shown = page(held.change, *held.rows, *undone.rows)
    assert shown.meetings == ()
    assert [row.action for row in shown.history] == ["Clarification Meeting Held", "Record Update"]
    again = page(held.change, *held.rows, *undone.rows, *held.rows)
    assert [one.what for one in again.meetings] == ["Clarification Meeting Held"]


def test_the_response_in_force_comes_first_and_says_what_it_replaces() -> None:
    """Disposition, basis, reference, notice and date; the earlier one below, marked; no telephone number."""
    later = response(disposition=Disposition.ACCEPTED, basis="", reference="", position="It will.", issued_on=SECOND)
    change = at_step(Step.PRESENTATION, responses=(response(), later))
    now, former = page(change).responses
    assert (now.disposition, now.position, now.on, now.replaced_on) == ("Accepted", "It will.", SECOND, None)
    assert (former.disposition, former.reference, former.replaced_on) == ("Denied", "LSOG 5", SECOND)
    assert former.notice == "CMPR.12.09.26.F.00001.CR_Responses"
    assert former.basis == "The interface cannot carry it. Call [phone number withheld]."


def test_a_draft_is_never_on_the_page() -> None:
    """Neither its text nor that it is there."""
    secret = response(basis="TOP SECRET", issued_on=None, notice="", refused_on=FIRST)
    assert "SECRET" not in str(page(at_step(Step.RESPONSE, draft=secret)))


def test_the_text_of_a_file_is_told_once() -> None:
    """Where the file says no more than the position, it is not repeated."""
    same = response(position="It will.", text="  It\nwill. ")
    more = response(position="It will.", text="Position: It will.\nIn March.")
    (shown,) = page(at_step(Step.PRESENTATION, responses=(same,))).responses
    assert shown.text == ""
    (shown,) = page(at_step(Step.PRESENTATION, responses=(more,))).responses
    assert shown.text == "Position: It will.\nIn March."


def test_the_issue_of_a_response_leads_to_it() -> None:
    """The row with its text in several lines names the response; one of a response that is none does not."""
    approved = response(issued_on=None, notice="", approved_by=GRACE.id, approved_on=FIRST)
    issued = obeyed(at_step(Step.RESPONSE, draft=approved), "RESPOND", LENA, number="7")
    assert issued.change
    assert [row.below for row in page(issued.change, *issued.rows).history] == ["", "", "response-1"]
    taken_back = replace(issued.change, responses=())
    assert [row.below for row in page(taken_back, *issued.rows).history] == ["", "", ""]


def test_a_dispute_is_told_with_its_resolution() -> None:
    """Number, company, reason, who joined; while it is open all dates are stopped."""
    dispute = Escalation(3, FIRST, "Pine Telecom LLC", "Ask pat@pine.example", Step.NOT_ACCEPTED, ("Bare Networks",))
    shown = page(at_step(Step.ESCALATED, escalation=dispute)).dispute
    assert shown
    assert (shown.number, shown.frozen, shown.joined) == (3, True, ("Bare Networks",))
    assert shown.reason == "Ask [e-mail address withheld]"
    over = replace(dispute, resolved_on=SECOND, resolution="It is changed.")
    shown = page(at_step(Step.CHANGE, escalation=over)).dispute
    assert shown
    assert (shown.frozen, shown.resolved_on, shown.resolution) == (False, SECOND, "It is changed.")


def test_a_back_dated_row_says_when_it_was_recorded() -> None:
    """By local dates: an evening in the office is not the next day, though it is in UTC."""
    evening = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)  # 6 PM on 12/01
    same = Row("Record Update", "today", evening, "lena", recorded_at=evening + timedelta(hours=5, minutes=59))
    later = replace(same, description="yesterday", recorded_at=evening + timedelta(hours=6))
    unknown = replace(same, recorded_at=None)
    shown = page(at_step(Step.CLARIFICATION), same, later, unknown).history
    assert [row.recorded for row in shown] == [None, date(2026, 12, 2), None]


def test_a_response_that_only_a_register_tells_of() -> None:
    """What it was is shown, with its day where that is known; the rest nobody wrote down."""
    told = replace(at_step(Step.ACCEPTED), disposition=Disposition.DENIED, responses=(), milestones=())
    (shown,) = page(told).responses
    assert (shown.disposition, shown.on, shown.notice, shown.text) == ("Denied", None, "", "")
    (dated,) = page(replace(told, milestones=(Reached(Milestone.RESPONSE_ISSUED, FIRST),))).responses
    assert dated.on == FIRST
    assert page(replace(told, disposition=Disposition.NONE)).responses == ()
