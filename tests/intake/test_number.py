"""Numbers as they are written in mails and in registers."""

import pytest

from bot.intake.number import earlier_numbers_in, leading_number, numbers_in, register_number


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("PC122801-1", ("PC122801-1", ())),
        ("pc 062603 - 03", ("PC062603-3", ())),
        ("SCR121903-01", ("SCR121903-1", ())),
        ("PC022703-25X", ("PC022703-25", ("X",))),
        ("PC082808-1IGXES", ("PC082808-1", ("IG", "X", "ES"))),
        ("SCR080502-01EX", ("SCR080502-1", ("EX",))),
        ("4302321", ("4302321", ())),
        (" 14886 ", ("14886", ())),
        ("#5579345", ("5579345", ())),
        ("CR# 5579345", ("5579345", ())),
        ("5579346.0", ("5579346", ())),
        ("4302321-X", ("4302321", ("X",))),
        ("5608156IGEX", ("5608156", ("IG", "EX"))),
        ("5608156Q", None),
        ("5579346.5", None),
        ("AI031903-1", None),
        ("IN112226-1", None),
        ("pending", None),
        ("303-555-0142", None),
        ("\u0664\u0663\u0660\u0662\u0663\u0662\u0661", None),
        ("", None),
    ],
)
def test_a_register_numbers_as_it_always_did(cell: str, meant: tuple[str, tuple[str, ...]] | None) -> None:
    """Padding goes, suffixes become flags, figures alone stay as they are; anything else is no number."""
    assert register_number(cell) == meant


def test_a_number_of_figures_counts_only_where_it_stands_alone() -> None:
    """A telephone number, a date, a time, an amount or part of a dated number is never one."""
    assert earlier_numbers_in("RE: [5236247] and CR #14886: status?") == ("5236247", "14886")
    assert earlier_numbers_in("[1042] of 2026") == ("1042",)
    for other in ("call 303-555-0142", "on 11/22/2026", "at 10:3000", "PC112226-1", "$1,234,567.89", "v2.14886"):
        assert earlier_numbers_in(other) == ()
    assert numbers_in("[SCR092601-01ES] 4302321") == ("SCR092601-1",)


def test_a_line_may_be_led_by_any_number() -> None:
    """Figures lead a line only with a colon behind them, so that no sentence is taken for a command; what they are
    before a verb, the table of verbs says."""
    assert leading_number("4302321: CLOSE done") == ("4302321", "CLOSE done")
    assert leading_number("[4302321]: CLOSE done") == ("4302321", "CLOSE done")
    assert leading_number("SCR092601-1 - CLOSE") == ("SCR092601-1", "CLOSE")
    assert leading_number("4302321 orders failed") == ("", "4302321 orders failed")
    assert leading_number("10:30 MEETING") == ("", "10:30 MEETING")
