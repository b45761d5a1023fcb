"""Where a change request stands, in the few words of a letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.posting.bearings import bearings
from bot.workflow.change import ChangeRequest, Meeting, Step
from tests.workflow.offices import STAFFED, at_step

JANUARY = date(2027, 1, 20)
BOOKED = Meeting(datetime(2026, 12, 1, 17, 0, tzinfo=UTC))


def ahead(change: ChangeRequest) -> str:
    """What comes next."""
    return dict(bearings(change, STAFFED)).get("Next", "")


@pytest.mark.parametrize(
    ("step", "meeting", "first"),
    [
        (Step.CLARIFICATION, None, "Clarification Meeting, not planned yet"),
        (Step.CLARIFICATION, BOOKED, "Clarification Meeting on Tuesday, December 1, 2026"),
        (Step.CLARIFICATION, replace(BOOKED, held_on=date(2026, 12, 1)), "Monthly CMP Meeting"),
        (Step.RESPONSE, None, "response of Meridell, then Monthly CMP Meeting"),
        (Step.REVISION, None, "revised response of Meridell, then Monthly CMP Meeting"),
        (Step.PRESENTATION, None, "Monthly CMP Meeting"),
    ],
)
def test_what_comes_before_the_monthly_meeting_is_said_first(step: Step, meeting: Meeting | None, first: str) -> None:
    """The meeting that is booked, and what the step itself is for, come before the agenda that it stands on."""
    said = ahead(at_step(step, agenda=JANUARY, meeting=meeting))
    assert said.startswith(first)
    assert said.endswith("Monthly CMP Meeting on Wednesday, January 20, 2027")


def test_what_has_no_date_is_named_all_the_same() -> None:
    """Nobody reads a letter of an open change request that says nothing of what comes."""
    assert ahead(at_step(Step.NOT_ACCEPTED, agenda=None)) == "Decision how it goes on"
    assert ahead(at_step(Step.CLOSED, agenda=None)) == ""


def test_what_comes_stands_in_the_order_of_its_dates() -> None:
    """A clarification meeting that is booked for after the Monthly Meeting comes after it."""
    late = ahead(at_step(Step.CLARIFICATION, agenda=date(2026, 11, 25), meeting=BOOKED))
    assert late == (
        "Monthly CMP Meeting on Wednesday, November 25, 2026, then Clarification Meeting on Tuesday, December 1, 2026, "
        "10:00 AM Mountain Time"
    )


def test_a_meeting_that_is_over_is_not_said_to_come() -> None:
    """By the time at which the letter is written: what is asked for is what came of it."""
    booked = at_step(Step.CLARIFICATION, agenda=JANUARY, meeting=BOOKED)

    def next_at(change: ChangeRequest, now: datetime) -> str:
        return dict(bearings(change, STAFFED, now))["Next"]

    begun, over = BOOKED.at + timedelta(minutes=59), BOOKED.at + timedelta(minutes=60)
    assert next_at(booked, begun) == ahead(booked)
    assert next_at(booked, over) == (
        "what came of the Clarification Meeting on Tuesday, December 1, 2026, 10:00 AM Mountain Time (nothing is "
        "recorded of it yet), then Monthly CMP Meeting on Wednesday, January 20, 2027"
    )
    listed = at_step(Step.TEST, agenda=JANUARY)
    assert next_at(listed, datetime(2027, 1, 21, 6, 59, tzinfo=UTC)) == ahead(listed)  # still the 20th there
    assert next_at(listed, datetime(2027, 1, 21, 7, 0, tzinfo=UTC)) == (
        "what came of the Monthly CMP Meeting on Wednesday, January 20, 2027 (nothing is recorded of it yet)"
    )
