"""Telephone numbers as people write them in a form: what is one number is found, and nothing else is taken for one."""

import re

import pytest

from bot.workflow.telephones import figures_of, phones_in, way_of

WRITTEN = [
    ("303-555-0177", ["3035550177"]),
    ("303-555-0177 x12", ["3035550177"]),
    ("303-555-0177x12", ["3035550177"]),
    ("(303) 555-0177 ext. 12", ["3035550177"]),
    ("303.555.0177, Extension: 1234", ["3035550177"]),
    ("303-555-0177 (x12)", ["3035550177"]),
    ("303-555-0177 #12", ["3035550177"]),
    ("Tel # 303-555-0177", ["3035550177"]),
    ("+1 (303) 555 0177", ["3035550177"]),
    ("1 303 555 0177", ["3035550177"]),
    ("303/555-0177", ["3035550177"]),
    ("+44 (0)20 7946 0958", ["2079460958"]),
    ("555-0177", ["5550177"]),
    ("303-555-0177 / 303-555-0178", ["3035550177", "3035550178"]),
    ("303-555-0177 x12; 303-555-0178 x13", ["3035550177", "3035550178"]),
    ("303-555-0177 (cell: 303-555-0178)", ["3035550177", "3035550178"]),
    ("303-555-0177 (303) 555-0178", ["3035550177", "3035550178"]),
    ("+1 303 555 0177 +1 303 555 0178", ["3035550177", "3035550178"]),
    ("303-555-0177 or 303-555-0178", ["3035550177", "3035550178"]),
    ("303-555-0177 (office)", ["3035550177"]),
]
ODD = [
    ("303-555-0177/0178", ["3035550177"]),
    ("303-555-0177 303-555-0178", []),
    ("1-800-FLOWERS", []),
    ("5550", []),
]


@pytest.mark.parametrize(("written", "figures"), WRITTEN)
def test_what_is_a_number(written: str, figures: list[str]) -> None:
    """Each number by its figures, without its extension, and nothing is left over."""
    found, left = phones_in(written)
    assert [figures_of(each) for each in found] == figures
    assert left == []
    assert all(re.search(way_of(each), written) for each in found)


@pytest.mark.parametrize(("written", "figures"), ODD)
def test_what_is_not_sure_is_left_over(written: str, figures: list[str]) -> None:
    """Figures that are no number for sure are handed back."""
    found, left = phones_in(written)
    assert [figures_of(each) for each in found] == figures
    assert left


@pytest.mark.parametrize("written", ["", "(erased)", "ask the desk", "n/a"])
def test_words_are_no_number(written: str) -> None:
    """Where there are no figures there is no number, and nothing is left."""
    assert phones_in(written) == ([], [])
