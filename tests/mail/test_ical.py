"""iCalendar text: nothing that anybody writes becomes a line of its own."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.ical import day, escaped, instant, parameter, written


def unfolded(content: bytes) -> list[str]:
    """The content lines, as a reader puts them together again."""
    assert content.endswith(b"\r\n")
    return content[:-2].replace(b"\r\n ", b"").decode().split("\r\n")


@given(st.text(max_size=400))
def test_a_text_is_one_property(text: str) -> None:
    """Whatever a text holds, it is one content line of at most 75 octets a piece, and no raw control."""
    content = written([f"SUMMARY:{escaped(text)}", "END:VEVENT"])
    assert len(unfolded(content)) == 2
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.decode().replace("\r\n", "").replace("\t", "").isprintable() or not text.isprintable()


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs")), max_size=300))
def test_reading_gives_the_text_back(text: str) -> None:
    """Folding and escaping lose nothing."""
    line = unfolded(written([f"SUMMARY:{escaped(text)}"]))[0].removeprefix("SUMMARY:")
    marks = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n"}
    out, at = "", 0
    while at < len(line):
        step = 2 if line[at] == "\\" else 1
        out += marks[line[at : at + 2]] if step == 2 else line[at]
        at += step
    assert out == text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x85", "\u2028", "\u2029"])
def test_no_line_end_gets_through(end: str) -> None:
    """Neither into a value nor into a parameter."""
    assert escaped(f"a{end}ATTENDEE:mailto:x@y.example") == "a\\nATTENDEE:mailto:x@y.example"
    assert parameter(f'a"{end};b') == '"a\' ;b"'


def test_dates_and_instants() -> None:
    """A local date stays what it is; an instant is written in UTC whatever its zone."""
    assert day(date(2026, 2, 1)) == "20260201"
    mountain = timezone(timedelta(hours=-7))
    assert instant(datetime(2026, 12, 16, 9, 0, tzinfo=mountain)) == instant(datetime(2026, 12, 16, 16, 0, tzinfo=UTC))
    assert instant(datetime(2026, 12, 16, 16, 0, tzinfo=UTC)) == "20261216T160000Z"
