"""Figures: what stands where on a drawing, and that it says the same in numbers and in words."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.posting.drawing import HEIGHT, WIDTH, bar, kept_curve, tally_bar, volume_columns
from bot.posting.figures import (
    FIGURES,
    Standing,
    figures_page,
    names_of,
    phases,
    public_adherence,
    shown_months,
    volumes,
)
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.answers.adherence import Adherence, Tally, adherence
from bot.workflow.change import ENDED, Phase
from bot.workflow.deadline import DeadlineKind
from bot.workflow.promise import Promise
from tests.edge.test_templates import CSP, WORDS
from tests.posting.markup import parsed
from tests.posting.payloads import PAYLOADS
from tests.posting.samples import OFFICE, kept

TODAY = date(2026, 11, 23)
STANDINGS = tuple(
    Standing(phase, TODAY - timedelta(days=days), count)
    for phase in Phase
    for days, count in ((0, 1), (14, 2), (15, 3), (90, 1), (91, 2))
)
RECEIVED = {"2026-10": 7, "2026-11": 30, "2024-01": 99}


def promised(*kinds: DeadlineKind) -> Adherence:
    """Public adherence to promises of some kinds, one a month."""
    made = [
        Promise(kind, date(2026, month, 10), met_on=date(2026, month, 9 + month % 3))
        for kind in kinds
        for month in range(1, 12)
        if month != 6
    ]
    return public_adherence(made, OFFICE.calendar, TODAY)


def page_of(found: Adherence) -> str:
    """The page of figures."""
    page = figures_page(found, STANDINGS, RECEIVED)
    assert page.path == FIGURES
    return WORDS.page(page.template, page.context)


def test_the_page_shows_a_year_and_this_month() -> None:
    """Thirteen months, over the end of a year."""
    assert shown_months(date(2026, 1, 31)) == (
        "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10",
        "2025-11", "2025-12", "2026-01",
    )  # fmt: skip


def test_the_public_reads_of_its_own_dates_only() -> None:
    """How the carrier comes to a response stays inside."""
    found = promised(*DeadlineKind)
    assert {kind for kind, _ in found.kinds} == set(PUBLIC_DEADLINES)
    shown = page_of(found)
    for kind in set(DeadlineKind) - set(PUBLIC_DEADLINES):
        assert names_of(kind) not in shown
        assert kind.value not in shown


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 3), (3, 4, 5, 6), (1, 999, 1, 0)])
def test_a_bar_has_no_gap_and_no_overlap(counts: tuple[int, int, int, int]) -> None:
    """Its pieces lie side by side and fill it; what counts nothing is not drawn."""
    made = tally_bar("x", Tally(*counts))
    assert [piece.count for piece in made.pieces] == [count for count in counts if count]
    at = 0.0
    for piece in made.pieces:
        assert piece.x == pytest.approx(at, abs=0.02)
        at += piece.width
    assert at == pytest.approx(100 if sum(counts) else 0, abs=0.05)
    assert made.says.startswith("x: ")


def test_bars_of_one_drawing_have_one_scale() -> None:
    """The phase with most reaches over the whole length, the others in proportion; what ended is none."""
    found = phases((*STANDINGS, Standing(Phase.EVALUATION, TODAY, 9)), TODAY)
    assert [made.label for made, _ in found] == [phase.value for phase in Phase if phase not in ENDED]
    assert {made.label: made.total for made, _ in found} == {
        phase.value: 18 if phase is Phase.EVALUATION else 9 for phase in Phase if phase not in ENDED
    }
    lengths = {made.label: sum(piece.width for piece in made.pieces) for made, _ in found}
    assert lengths["Evaluation"] == pytest.approx(100, abs=0.05)
    assert lengths["Submission"] == pytest.approx(50, abs=0.05)
    assert {made.label: numbers for made, numbers in found}["Submission"] == (3, 3, 1, 2)
    assert bar("none", (), 0).pieces == ()


def test_a_month_without_a_value_is_a_gap() -> None:
    """The line is broken where nothing was decided; higher is more, and all lies on the sheet."""
    curve = kept_curve(promised(DeadlineKind.RESPOND))
    assert len(curve.paths) == 2
    assert len(curve.dots) == 10
    for dot in curve.dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
    best, worst = (min(dot.y for dot in curve.dots), max(dot.y for dot in curve.dots))
    assert all(dot.y == (best if dot.value == 100 else worst) for dot in curve.dots)
    assert "June 2026 nothing decided" in curve.says
    assert [tick.below for tick in curve.months if tick.below] == ["2025", "2026"]


def test_columns_stand_on_the_ground_beside_each_other() -> None:
    """Received and ended of a month touch and do not overlap; none is higher than the sheet."""
    flows = volumes(STANDINGS, RECEIVED, shown_months(TODAY))
    assert [(each.received, each.ended) for each in flows][-4:] == [(0, 9), (0, 0), (7, 0), (30, 18)]
    drawing = volume_columns(flows)
    (_, came), (_, went) = drawing.columns
    for one, other in zip(came, went, strict=True):
        assert one.x + drawing.width == pytest.approx(other.x, abs=0.11)
        assert one.y + one.height == pytest.approx(other.y + other.height)
    assert all(0 < dot.y <= HEIGHT for dot in (*came, *went))
    assert [tick.says for tick in drawing.scale] == ["0", "25", "50"]


def test_the_same_state_gives_the_same_bytes() -> None:
    """In whatever order the database gives what it holds."""
    promises = [*kept().promises]
    first = page_of(public_adherence(promises, OFFICE.calendar, TODAY))
    assert page_of(public_adherence(reversed(promises), OFFICE.calendar, TODAY)) == first


def test_the_page_of_an_empty_register() -> None:
    """Nothing fell due, nothing is open: that is said."""
    page = figures_page(public_adherence((), OFFICE.calendar, TODAY), (), {})
    text = parsed(WORDS.page(page.template, page.context)).text
    assert text.count("Nothing has fallen due yet.") == 2
    assert "No CR is open." in text


def test_every_drawing_is_said_in_words_and_in_numbers() -> None:
    """Each has a text alternative, and no style of its own; the policy comes first."""
    shown = page_of(promised(*DeadlineKind))
    assert shown.index(CSP) < shown.index("<title>")
    found = parsed(shown)
    assert all(name != "style" for _, name, _ in found.attributes)
    drawings = re.findall(r"<svg[^>]*>", shown)
    assert len(drawings) > 20
    for drawing in drawings:
        assert 'role="img" aria-label="' in drawing or 'aria-hidden="true"' in drawing
    assert "January 2026 100" in shown
    assert shown.count("<table") == 4


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_report_acts(payload: str) -> None:
    """The file that stands alone holds its style, allowed by its hash, and titles as text."""
    promises = [replace(each, title=payload, number=payload[:20]) for each in kept().promises]
    report = adherence(promises, ("2026-10", "2026-11"), OFFICE.calendar, TODAY)
    intervals = tuple((kind.value, tally_bar(kind.value, tally), tally) for kind, tally in report.kinds)
    shown = WORDS.sheet("report.html", {"report": report, "intervals": intervals, "curve": kept_curve(report)})
    found = parsed(shown)
    assert set(found.acts) <= {"svg", "style"}
    assert all(name != "style" for _, name, _ in found.attributes)
    assert found.links == ["data:,"]
    assert "script-src" not in shown
    assert "default-src 'none'; style-src 'sha256-" in shown
