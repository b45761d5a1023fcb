"""Saying back what was understood."""

import pytest

from bot.intake.arguments import in_full
from tests.intake.arguments.office import OFFICE, arguments


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "MEETING 12/3 10 am 1h30 bridge 5",
            "Thursday, December 3, 2026, 10:00 Mountain Time, 90 minutes; at bridge 5",
        ),
        (
            "ASSIGN CRPM lena DIRECTOR nils",
            "CRPM Lena Brandt <lena.brandt@meridell.example>; Director Nils Sorensen <nils.sorensen@meridell.example>",
        ),
        (
            "SME joe; lena",
            "Joe Castellano <joe.castellano@meridell.example>, Lena Brandt <lena.brandt@meridell.example>",
        ),
        ("OUTCOME ON 11/18 ACCEPTED ANSWERED NO TEST", "ACCEPTED ANSWERED NO TEST; Wednesday, November 18, 2026"),
        ("RESOLVE TO 5a we agreed", "step 5A; \u201cwe agreed\u201d"),
        ("AGENDA January", "January 2027"),
        ("DONE 3", "number 3"),
        (
            "AWAY UNTIL 12/3 DEPUTY nils",
            "Thursday, December 3, 2026; deputy Nils Sorensen <nils.sorensen@meridell.example>",
        ),
        ("CORRECT company Saltmarsh because renamed", "company: Saltmarsh; \u201crenamed\u201d"),
        ("DRAFT DENIED Basis: dear Reference: T4", "DENIED; Basis: dear; Reference: T4"),
        ("RELATE pc112226-02", "PC112226-2"),
        ("APPROVE", ""),
    ],
)
def test_in_full(line: str, said: str) -> None:
    """Dates with weekday and year, times with the zone's name, people with name and address."""
    assert in_full(arguments(line), OFFICE) == said


def test_a_long_text_is_cut() -> None:
    """It stands in full where the line itself is shown."""
    assert len(in_full(arguments("NOTE " + "word " * 100), OFFICE)) < 90
