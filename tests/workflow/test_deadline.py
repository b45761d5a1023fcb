"""Deadlines: computed from receipt and acknowledgement, met or missed by the day."""

from datetime import UTC, date, datetime

import pytest

from bot.workflow.deadline import OWNERS, Deadline, DeadlineKind, on_intake, on_receipt
from tests.workflow.offices import OFFICE

DUE = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("met_on", "extended_to", "state"),
    [
        (None, None, "open"),
        (None, date(2026, 12, 1), "open"),
        (date(2026, 11, 24), None, "met"),
        (DUE, None, "met"),
        (date(2026, 11, 26), None, "missed"),
        (date(2026, 11, 26), date(2026, 11, 26), "met"),
        (date(2026, 11, 27), date(2026, 11, 26), "missed"),
    ],
)
def test_the_day_decides(met_on: date | None, extended_to: date | None, state: str) -> None:
    """On the day is in time; an agreed later date is no miss."""
    assert Deadline(DeadlineKind.POST, DUE, met_on, extended_to).state == state


def test_every_deadline_has_an_owner() -> None:
    """Somebody answers for each kind, and is named by role."""
    assert set(OWNERS) == set(DeadlineKind)
    assert Deadline(DeadlineKind.NAME_SMES, DUE).owner == "Director, CRPM"


def test_receipt_counts_from_day_zero_and_acknowledgement_from_its_day() -> None:
    """A form of Friday evening counts from Monday, and so does its acknowledgement (domain.md section 8, 5)."""
    friday_evening = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)  # 18:30 in the office
    due = {each.kind: each.due for each in on_receipt(OFFICE, friday_evening, friday_evening)}
    assert due[DeadlineKind.ACKNOWLEDGE] == date(2026, 12, 9)
    assert due[DeadlineKind.ASSIGN] == date(2026, 12, 8)
    assert due[DeadlineKind.NAME_SMES] == date(2026, 12, 10)
    assert due[DeadlineKind.CLARIFY] == date(2026, 12, 17)
    assert due[DeadlineKind.PRESENT] == date(2027, 1, 20)


def test_an_intake_waits_two_days_for_answer_and_end() -> None:
    """Its notice meets the first at once; the other two run for the CMP Manager and for its sender."""
    arrived = datetime(2026, 11, 23, 16, 12, tzinfo=UTC)
    answer, finish, correct = on_intake(OFFICE, arrived, arrived)
    assert (answer.due, answer.met_on) == (DUE, date(2026, 11, 23))
    assert (finish.due, finish.state) == (DUE, "open")
    assert (correct.due, correct.owner) == (DUE, "CLEC")
