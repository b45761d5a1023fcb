"""Dates behind verbs: what is read, on which side of today, and what is asked back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.arguments.dates import MONTHS, WEEKDAYS, Looking, in_words, split_at_date, take_date
from bot.intake.arguments.unclear import Unclear
from tests.intake.arguments.office import TODAY

AHEAD, BACK = Looking.AHEAD, Looking.BACK
DECEMBER_3 = date(2026, 12, 3)


@pytest.mark.parametrize(
    "written",
    [
        "12/03/2026", "12/3/2026", "12/3/26", "12-03-2026", "12-3-26", "12/3", "12 / 3 / 2026",
        "2026-12-03", "2026/12/3", "2026.12.03", "3 Dec", "3 Dec 2026", "3-Dec-2026", "3-Dec-26", "Dec 3", "Dec. 3",
        "Dec 3, 2026", "December 3, 2026", "December 3rd", "december 3rd, 2026", "the 3rd of December"[4:],
        "3rd of December 2026", "Dec 3 '26", "Thu 3 Dec", "Thurs, December 3rd", "Thursday 12/3", "THU, 2026-12-03",
        "12/3 (Thu)", "on 12/3", "Thu 12/3/2026",
    ],
)  # fmt: skip
def test_a_date_as_people_write_it(written: str) -> None:
    """All of these are one day, and what follows it is untouched."""
    for behind in ("", " 10:00 bridge", ", at noon", ": send it", "\nand more"):
        assert take_date(written + behind, TODAY, AHEAD) == (DECEMBER_3, behind)


@pytest.mark.parametrize(
    ("written", "looking", "day"),
    [
        ("today", AHEAD, date(2026, 11, 23)),
        ("today", BACK, date(2026, 11, 23)),
        ("tomorrow", AHEAD, date(2026, 11, 24)),
        ("yesterday", BACK, date(2026, 11, 22)),
        ("Friday", AHEAD, date(2026, 11, 27)),
        ("this Friday", AHEAD, date(2026, 11, 27)),
        ("Friday", BACK, date(2026, 11, 20)),
        ("last Friday", BACK, date(2026, 11, 20)),
        ("next Monday", AHEAD, date(2026, 11, 30)),
        ("this Monday", AHEAD, date(2026, 11, 23)),
        ("1/5", AHEAD, date(2027, 1, 5)),
        ("3/5", BACK, date(2026, 3, 5)),
        ("11/23", AHEAD, date(2026, 11, 23)),
        ("11/23", BACK, date(2026, 11, 23)),
        ("25/12", AHEAD, date(2026, 12, 25)),
        ("25.12.", AHEAD, date(2026, 12, 25)),
        ("25.12.2026", AHEAD, date(2026, 12, 25)),
        ("4.4.2027", AHEAD, date(2027, 4, 4)),
        ("Sat 5.12.2026", AHEAD, date(2026, 12, 5)),
        ("Dec 3, 10 am", AHEAD, DECEMBER_3),
        ("Dec 3 10:30", AHEAD, DECEMBER_3),
        ("2/29/2028", AHEAD, date(2028, 2, 29)),
    ],
)
def test_a_year_or_a_week_left_out(written: str, looking: Looking, day: date) -> None:
    """It is the nearest on the side to which the verb looks; a weekday may settle the order of figures."""
    taken = take_date(written, TODAY, looking)
    assert taken
    assert taken[0] == day


@pytest.mark.parametrize(
    ("written", "looking", "said"),
    [
        ("3.12.2026", AHEAD, ("March 12, 2026", "December 3, 2026")),
        ("Fri 12/3", AHEAD, ("is a Thursday, not a Friday", "Thursday, December 3, 2026 or Friday, December 4, 2026")),
        ("12/3 (Fri)", AHEAD, ("is a Thursday, not a Friday",)),
        ("next Wednesday", AHEAD, ("Wednesday, November 25, 2026 or Wednesday, December 2, 2026",)),
        ("Monday", AHEAD, ("Monday, November 23, 2026 or Monday, November 30, 2026",)),
        ("Monday", BACK, ("Monday, November 16, 2026", "Monday, November 23, 2026")),
        ("last Friday", AHEAD, ("must be today or later",)),
        ("next Friday", BACK, ("must not be in the future",)),
        ("2/30/2027", AHEAD, ("no such date as 2/30/2027",)),
        ("13/14/2026", AHEAD, ("no such date",)),
        ("Feb 30", AHEAD, ("no such date as Feb 30",)),
        ("2/29/2027", AHEAD, ("no such date",)),
        ("0/3/2026", AHEAD, ("no such date",)),
        ("12/3/1726", AHEAD, ("no such date",)),
        ("11/20/2026", AHEAD, ("Friday, November 20, 2026 has passed",)),
        ("yesterday", AHEAD, ("Sunday, November 22, 2026 has passed",)),
        ("tomorrow", BACK, ("Tuesday, November 24, 2026 is still to come",)),
        ("12/3/2026", BACK, ("Thursday, December 3, 2026 is still to come",)),
        ("11/20", AHEAD, ("Friday, November 20, 2026 or Saturday, November 20, 2027", "write the year")),
        ("12/3", BACK, ("Thursday, December 3, 2026 or Wednesday, December 3, 2025", "write the year")),
    ],
)
def test_a_date_that_is_asked_back(written: str, looking: Looking, said: tuple[str, ...]) -> None:
    """One that is none, could be two, contradicts its weekday or lies on the wrong side; both readings are named."""
    with pytest.raises(Unclear) as unclear:
        take_date(written, TODAY, looking)
    for words in said:
        assert words in unclear.value.message


@pytest.mark.parametrize(
    "text",
    ["", "soon", "10:00", "60 minutes", "Marta 3", "Mayor 5", "the 3rd", "Decker 3", "12", "1/2/3/4", "12/3x", "5A",
     "٣/١٢/٢٠٢٦", "friend", "sunny", "PC112226-1", "303-555-0100"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    """Nothing is taken."""
    assert take_date(text, TODAY, AHEAD) is None


def test_on_a_sunday_next_is_not_doubtful() -> None:
    """Where the nearest day and that of the next week are one, nothing is asked."""
    assert take_date("next Wednesday", date(2026, 11, 22), AHEAD) == (date(2026, 11, 25), "")


def test_a_date_behind_other_words() -> None:
    """What stands before it, and what follows it."""
    assert split_at_date("minutes of the call to 12/3 agreed", TODAY, AHEAD) == (
        "minutes of the call to",
        DECEMBER_3,
        " agreed",
    )
    assert split_at_date("nothing here", TODAY, AHEAD) is None


@given(st.dates(TODAY, TODAY + timedelta(3000)), st.sampled_from("imndw"))
def test_what_is_written_in_full_is_read_back(day: date, way: str) -> None:
    """Every day in every full way of writing it is that day."""
    month = MONTHS[day.month - 1]
    written = {
        "i": day.isoformat(),
        "m": f"{day.month}/{day.day}/{day.year}",
        "n": f"{month[:3]} {day.day}, {day.year}",
        "d": f"{day.day} {month} {day.year}",
        "w": in_words(day),
    }[way]
    assert take_date(written, TODAY, AHEAD) == (day, "")
    assert WEEKDAYS[day.weekday()] in in_words(day)


@given(st.dates(TODAY - timedelta(290), TODAY))
def test_a_past_day_without_its_year(day: date) -> None:
    """It is the latest such day for a verb that records."""
    assert take_date(f"{day.month}/{day.day}", TODAY, BACK) == (day, "")
