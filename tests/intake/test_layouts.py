"""A random change request, laid out in a random way, is read as it was meant, or asked about.

Its one rule: the mail goes through the real pipeline, and layouts/verdict.py forgives nothing. The
examples are the same in every run; LAYOUT_EXAMPLES=1000 looks for new ones, so many a family.
"""

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.intake.file.attachment import open_attachment
from bot.intake.read import read
from bot.intake.request import Request
from bot.mail.parse import parse
from tests.intake.forms import TABLE
from tests.intake.layouts import docx, html, plain, xlsx
from tests.intake.layouts.laid import Family, Laid
from tests.intake.layouts.pen import Pen
from tests.intake.layouts.verdict import exact, silent

HUNT = int(os.environ.get("LAYOUT_EXAMPLES", "0"))
EXAMPLES = HUNT or 80
FAMILIES: dict[str, Family] = {
    f"{module.__name__.rpartition('.')[2]} {family.__name__}": family
    for module in (docx, xlsx, plain, html)
    for family in module.FAMILIES
}
FEWEST_EXACT = 0.5
"""Share of a family that has to be read with nothing to ask: a reader that refuses all is no reader.
Values are odd on purpose (a title that is a label, areas ticked behind their names), so not all are."""


@st.composite
def forms(draw: st.DrawFn, family: Family) -> Laid:
    """Forms of one family."""
    return family(Pen(draw))


def received(mail: bytes) -> Request:
    """What the bot makes of a mail."""
    return read(parse(mail), partial(open_attachment, table=TABLE), TABLE)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_field_is_equal_or_reported(name: str) -> None:
    """Whatever the layout: no field is lost, invented or changed without a word to its sender."""
    read_exactly: list[bool] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=not HUNT,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(forms(FAMILIES[name]))
    def law(laid: Laid) -> None:
        request = received(laid.mail)
        read_exactly.append(exact(laid, request))
        assert silent(laid, request) == []

    law()
    assert len(read_exactly) >= EXAMPLES
    assert sum(read_exactly) >= FEWEST_EXACT * len(read_exactly)


def test_the_families_are_many() -> None:
    """At least twelve layout families, and over 2,000 examples, in every run."""
    assert len(FAMILIES) >= 12
    assert len(FAMILIES) * EXAMPLES > 2_000
