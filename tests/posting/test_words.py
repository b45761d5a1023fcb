"""How values read to people."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.people import Address
from bot.posting.words import LABEL, WIDTH, Words, block, called, fact_lines, kept, local_time, short, us_date, wrap
from tests.posting.samples import FIELDS, TABLE
from tests.workflow.offices import GRACE, STAFFED


def test_dates_are_american() -> None:
    """mm/dd/yyyy, padded."""
    assert us_date(date(2026, 1, 2)) == "01/02/2026"


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("Okafor, Daniel", "Daniel Okafor"),
        ("van der Berg, Anna M.", "Anna M. van der Berg"),
        ("Daniel Okafor", "Daniel Okafor"),
        ("Daniel Okafor, Jr.", "Daniel Okafor, Jr."),
        ("Okafor, Daniel, Skyhaul", "Okafor, Daniel, Skyhaul"),
        ("Okafor,", "Okafor,"),
        ("", ""),
    ],
)
def test_a_greeting_has_the_given_name_first(shown: str, read: str) -> None:
    """As the directory has it; of whom it does not know, turned where just one comma parts two names."""
    assert called(Address("daniel@skyhaul.example", shown), STAFFED) == read
    assert called(Address(GRACE.address.email, shown), STAFFED) == "Grace Holt"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/Denver", "07/01/2026 12:05 AM Mountain Time"),
        ("America/New_York", "07/01/2026 2:05 AM Eastern Time"),
        ("Europe/Berlin", "07/01/2026 8:05 AM CEST"),
        ("UTC", "07/01/2026 6:05 AM UTC"),
    ],
)
def test_times_are_the_offices_with_the_zone_in_words(zone: str, shown: str) -> None:
    """An instant is shown as the office's clock shows it."""
    assert local_time(datetime(2026, 7, 1, 6, 5, tzinfo=UTC), ZoneInfo(zone)) == shown


def test_facts_stand_in_printed_order_without_what_the_carrier_fills_in() -> None:
    """The carrier's own fields are never shown, empty optional ones neither."""
    labels = [fact.label for fact in Words(TABLE).facts(FIELDS)]
    assert labels[0] == "Originator Name"
    assert not {"CR #", "Status", "CRPM", "Director", "Owner", "SMEs Requested"} & set(labels)


def test_values_read_as_people_write_them() -> None:
    """Codes, flags, lists and ISO dates are put into words."""
    facts = {
        fact.label: fact.value
        for fact in Words(TABLE).facts({**FIELDS, "areas_impacted": ("Other",), "areas_other": "PCAT"})
    }
    assert facts["Area of Change Request"] == "Product/Process"
    assert facts["Regulatory"] == "No"
    assert facts["Date Submitted"] == "11/22/2026"
    assert facts["Area(s) Impacted"] == "Other (PCAT)"
    assert facts["Products Impacted"] == "LNP; 911"


def test_the_values_of_a_text_letter_stand_in_one_column() -> None:
    """Beside a value stands its label, whole; a label that is too long for its column stands above."""
    facts = Words(TABLE).facts({**FIELDS, "title": "t" * 45, "availability": ()})
    rows = fact_lines(facts).splitlines()
    assert f"  {'Title of Change':{LABEL}} {'t' * 45}" in rows
    above = rows.index("  Availability for Clarification Meeting")
    assert rows[above + 1] == f"  {'':{LABEL}} (left blank)"
    assert all(len(row) <= WIDTH for row in rows)


def test_the_address_left_blank_is_the_one_it_was_sent_from() -> None:
    """Nobody is told that an address is wanting where the From address counts."""
    blank = {fact.label: fact.blank for fact in Words(TABLE).facts({**FIELDS, "originator_email": ""})}
    assert blank["Originator E-mail"] == "(the address it was sent from)"
    assert blank["Business Reason"] == "(left blank)"


@given(st.text(max_size=600))
def test_a_block_keeps_every_word_behind_its_edge(text: str) -> None:
    """No word is lost, and no line opens without the edge."""
    shown = block(text)
    assert " ".join(shown.replace("|", " ").split()) == " ".join(text.replace("|", " ").split())
    assert all(row.startswith("    |") for row in shown.split("\n") if row)


@given(st.text(alphabet="abc \n", max_size=400))
def test_lines_are_no_longer_than_their_words_need(text: str) -> None:
    """A line is longer than WIDTH only where a single word is."""
    assert all(len(row) <= WIDTH or len(row.split()) <= 2 for row in wrap(text, "- ", "  ").split("\n"))


def test_a_further_line_never_opens_like_a_command() -> None:
    """A word in capitals or with a colon stays on the line before it, where nothing marks the lines."""
    text = "word " * 14 + "please CLOSE the case now; and " + "word " * 12 + "note: this"
    assert not any(row.split()[0] in {"CLOSE", "note:"} for row in wrap(text, "  - ", "    ").split("\n"))


def test_words_in_capitals_only_get_an_edge() -> None:
    """A title all in capitals is broken like any other; what opens its further lines is no word."""
    rows = wrap("Title: " + "CLOSE THE GAP " * 12, "  - ", "    ").split("\n")
    assert len(rows) > 1
    assert all(len(row) <= WIDTH for row in rows)
    assert all(row.startswith("    | ") for row in rows[1:])


def test_an_answer_keeps_its_lines() -> None:
    """Lines of a list keep their indentation behind the edge, empty ones stay, long ones are broken."""
    assert kept(("CLOSE reason", "  asks first", "")) == "  | CLOSE reason\n  |   asks first\n  |"
    assert all(row.startswith("  |   ") for row in kept(("  " + "word " * 30,)).split("\n"))


@given(st.text(max_size=500))
def test_short_is_one_short_line(text: str) -> None:
    """Whatever goes in, one line of the wanted length comes out."""
    shown = short(text, 40)
    assert len(shown) <= 40
    assert len(shown.splitlines()) <= 1
