"""The codec: what is stored comes back equal, and nothing else comes back at all."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edge.codec import decode, encode
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Document, Milestone, Phase, Reached, Revision, Step

ZONES = st.just(UTC) | st.integers(-12 * 60, 12 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(timezones=ZONES)
WORDS = st.text(max_size=20)
FIELDS = st.dictionaries(WORDS, st.booleans() | WORDS | st.lists(WORDS, max_size=3).map(tuple), max_size=5)
CHANGES = st.builds(
    ChangeRequest,
    key=WORDS,
    number=WORDS,
    step=st.sampled_from(Step),
    phase=st.sampled_from(Phase),
    status_date=st.dates(),
    first_arrived=INSTANTS,
    received_at=INSTANTS,
    originator=st.builds(Address, WORDS, WORDS),
    company=WORDS,
    fields=FIELDS,
    milestones=st.lists(st.builds(Reached, st.sampled_from(Milestone), st.dates()), max_size=2).map(tuple),
    revisions=st.lists(st.builds(Revision, st.integers(0, 9), INSTANTS, WORDS, FIELDS), max_size=2).map(tuple),
    documents=st.lists(st.builds(Document, WORDS, WORDS, WORDS, WORDS, INSTANTS), max_size=2).map(tuple),
    people=st.dictionaries(WORDS, st.lists(WORDS, max_size=2).map(tuple), max_size=2),
    flags=st.lists(WORDS, max_size=2).map(tuple),
)


@given(CHANGES)
def test_a_change_request_comes_back_equal(change: ChangeRequest) -> None:
    """Encoding, writing as JSON and decoding gives an equal change request, whatever is in it."""
    assert decode(ChangeRequest, json.loads(json.dumps(encode(change)))) == change


@dataclass(frozen=True, slots=True)
class Mark:
    """A small value of the tests' own."""

    on: date
    size: int | None = None
    done: bool = False


@pytest.mark.parametrize(
    ("stored", "complaint"),
    [
        ({"on": "2026-11-22", "colour": "red"}, "unknown colour"),
        ({"size": 3}, "on missing"),
        ({"on": 20261122}, "Mark.on: int where str belongs"),
        ({"on": "22.11.2026"}, "Mark.on: "),
        ({"on": "2026-11-22", "size": "3"}, "Mark.size: str does not belong here"),
        ({"on": "2026-11-22", "size": True}, "Mark.size: bool does not belong here"),
        ({"on": "2026-11-22", "done": 1}, "Mark.done: int where bool belongs"),
        (["2026-11-22"], "list where dict belongs"),
    ],
)
def test_what_does_not_fit_is_refused(stored: Any, complaint: str) -> None:
    """Decoding guesses nothing: a wrong type, an unknown or a missing field is named."""
    with pytest.raises(ValueError, match=complaint):
        decode(Mark, stored)


def test_a_field_with_a_default_may_be_absent() -> None:
    """What an older version wrote, before a field was added, can still be read."""
    assert decode(Mark, {"on": "2026-11-22"}) == Mark(date(2026, 11, 22))


def test_an_instant_without_a_zone_is_refused() -> None:
    """No instant is stored or read that does not say where it is."""
    with pytest.raises(ValueError, match="no time zone"):
        encode(datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001 - this is the point
    with pytest.raises(ValueError, match="no time zone"):
        decode(datetime, "2026-11-22T09:00:00")


def test_what_cannot_be_told_apart_is_refused_when_the_code_is_read() -> None:
    """A union whose members look the same in JSON never gets as far as a value."""

    @dataclass(frozen=True)
    class Either:
        value: date | str

    with pytest.raises(TypeError, match="told apart"):
        decode(Either, {"value": "2026-11-22"})
    with pytest.raises(TypeError, match="no place"):
        encode({1, 2})
