"""Letters: owed once, tried again for five days, never longer apart than the longest wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.mail.letter import Enclosure, Kind, Letter, Thread, retry_at
from bot.office.people import Address

NOW = datetime(2026, 11, 23, 16, 12, tzinfo=UTC)
LETTER = Letter("0123456789ab/0", Kind.ACKNOWLEDGEMENT, Address("pat@pine.example", "Pat"))


def test_a_letter_is_known_by_cause_kind_and_recipient() -> None:
    """What it says, and what name it is addressed by, makes it no other letter."""
    same = replace(
        LETTER,
        to=Address("pat@pine.example"),
        number="PC112326-1",
        thread=Thread("<a@pine.example>"),
        enclosures=(Enclosure("a.txt", "text/plain", b"a"),),
    )
    others = {
        replace(LETTER, cause="0123456789ab/1").id,
        replace(LETTER, kind=Kind.FORWARD).id,
        replace(LETTER, to=Address("kim@pine.example")).id,
    }
    assert same.id == LETTER.id
    assert len(others - {LETTER.id}) == 3
    assert len(LETTER.id) == 24


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 300), (2, 600), (3, 1200), (4, 2400), (5, 4000), (6, 4000), (10_000, 4000)]
)
def test_waits_double_up_to_the_longest(tries: int, seconds: int) -> None:
    """Five minutes at first, twice as long each time, and never more than 4,000 seconds."""
    assert retry_at(tries, NOW, NOW, 0.5) == NOW + timedelta(seconds=seconds)


def test_waits_are_spread() -> None:
    """Letters that failed together are not tried together: a tenth sooner to a tenth later."""
    assert retry_at(1, NOW, NOW, 0.0) == NOW + timedelta(seconds=270)
    assert retry_at(1, NOW, NOW, 1.0) == NOW + timedelta(seconds=330)


def test_after_five_days_a_letter_is_dead() -> None:
    """Then it is not tried again, however few the tries were."""
    first = NOW - timedelta(days=5)
    assert retry_at(5, NOW, first, 0.5) is None
    assert retry_at(4, NOW, first, 0.5) is not None, "the clock was wrong when it was tried first"
    assert retry_at(90, NOW - timedelta(seconds=1), first, 0.5) is not None
