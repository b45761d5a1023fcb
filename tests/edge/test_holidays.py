"""The holiday list: asked once, then read from a small file."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.edge.holidays import list_holidays

YEARS = (2026, 2027)


def test_the_federal_holidays_as_observed() -> None:
    """The days on which the office is closed: eleven a year, moved off the weekend."""
    days = list_holidays("US", YEARS)
    assert date(2026, 11, 26) in days
    assert date(2026, 7, 3) in days  # Independence Day 2026 is a Saturday
    assert date(2027, 12, 31) in days  # New Year 2028 is a Saturday
    assert date(2026, 11, 27) not in days


def test_a_state_has_its_own() -> None:
    """`US-CO` is Colorado's own list: Cabrini Day instead of Columbus Day."""
    state, country = list_holidays("US-CO", YEARS), list_holidays("US", YEARS)
    assert date(2026, 10, 5) in state - country
    assert date(2026, 10, 12) in country - state


@pytest.mark.parametrize("country", ["XX", "", "U", "US-XX", "../etc"])
def test_an_unknown_country_is_refused(country: str) -> None:
    """A country that nobody knows is a mistake, not an empty list."""
    with pytest.raises(ValueError, match="must be a country's two letters"):
        list_holidays(country, YEARS)


def test_the_library_is_asked_once(tmp_path: Path) -> None:
    """The second time the file answers, and the library is not even imported."""
    kept = tmp_path / "var" / "holidays.json"
    first = list_holidays("US", YEARS, kept)
    code = (
        "import sys; from pathlib import Path; from bot.edge.holidays import list_holidays;"
        f"days = list_holidays('US', {YEARS}, Path({str(kept)!r}));"
        "assert 'holidays' not in sys.modules; print(len(days))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(first)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"country": "US"}', '{"country":"US","years":[2026,2027],"days":7}']
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with the copy, the library is asked again and the copy replaced."""
    kept = tmp_path / "holidays.json"
    kept.write_text(content, "ascii")
    assert list_holidays("US", YEARS, kept) == list_holidays("US", YEARS)
    assert json.loads(kept.read_text("ascii"))["country"] == "US"


def test_another_year_or_country_is_asked_for(tmp_path: Path) -> None:
    """The copy answers only what it was made for."""
    kept = tmp_path / "holidays.json"
    list_holidays("US", YEARS, kept)
    assert all(day.year in {2030, 2031} for day in list_holidays("US", (2031,), kept))
    assert list_holidays("DE", YEARS, kept) != list_holidays("US", YEARS)


def test_a_folder_that_cannot_be_written_does_no_harm() -> None:
    """Without a place for the copy the list is made anew each time."""
    assert list_holidays("US", YEARS, Path("/proc/none/holidays.json")) == list_holidays("US", YEARS)
