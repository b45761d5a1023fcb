"""The register's page, and the lines that its script searches."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.posting.pages import NEWEST
from bot.posting.register import facts_page, month_pages, register_page
from tests.posting.payloads import PAYLOADS
from tests.posting.samples import OFFICE, TABLE, advanced, change, record, register


def handed(script: str | bytes) -> Any:
    """What a script of lines hands over, after its name."""
    called = re.fullmatch(r"cmpbot\((.*)\);\n", str(script))
    assert called is not None
    return json.loads(f"[{called[1]}]")[1]


def test_the_register_shows_the_newest_and_leads_to_all() -> None:
    """However many there are, the first page shows a hundred, newest first, and counts the rest by month, with
    how many of each month are open."""
    many = register(NEWEST + 20)
    page = register_page(many, {"2026-10": 3, "2026-11": 117, "2026-02": 1}, {"2026-11": 12}, OFFICE)
    numbers = [line.number for line in page.context["lines"]]  # type: ignore[attr-defined]  # a context holds objects
    assert len(numbers) == NEWEST
    assert numbers[0] == many[-1].change.number
    months = [(month.key, month.open) for month in page.context["months"]]  # type: ignore[attr-defined]  # a context holds objects
    assert months == [("2026-11", 12), ("2026-10", 0), ("2026-02", 0)]
    assert page.context["total"] == 121


def test_numbers_sort_by_day_and_count() -> None:
    """Newest first by the day in the number and then by its count, not letter by letter."""
    numbers = ("PC123125-2", "PC010126-1", "PC010126-10", "PC010126-9")
    days = [datetime(2026, 1, 1, 18, tzinfo=UTC)] * 4
    page, lines = month_pages("2026-01", [record(change(n, at)) for n, at in zip(numbers, days, strict=True)], OFFICE)
    shown = [line.number for line in page.context["lines"]]  # type: ignore[attr-defined]  # a context holds objects
    assert shown == ["PC010126-10", "PC010126-9", "PC010126-1", "PC123125-2"]
    assert [row[0] for row in handed(lines.content)] == shown


def test_a_line_says_the_same_to_the_script_as_on_the_page() -> None:
    """Every column of the register is in it, in their order, and nothing else."""
    _, lines = month_pages("2026-11", [advanced()], OFFICE)
    (row,) = handed(lines.content)
    assert row == [
        "PC110326-1",
        "IG ES",
        advanced().change.title,
        "Cedar Loop Telecom",
        ["Ordering", "Provisioning"],
        ["LNP", "911"],
        "Evaluation",
        "2026-12-16",
        "Response issued",
        "2027-01-13",
        "Marsh, Lena",
    ]
    assert lines.path == "data/2026-11.js"


def test_no_text_ends_the_script_that_it_is_in() -> None:
    """Whatever a title says: its script is ASCII, without the sign that begins a tag, and says the title."""
    for text in PAYLOADS:
        hostile = replace(change(), fields={**change().fields, "title": text, "company": text}, company=text)
        page, lines = month_pages("2026-11", [record(hostile)], OFFICE)
        content = str(lines.content)
        assert content.isascii() and "<" not in content
        titles = [shown.title for shown in page.context["lines"]]  # type: ignore[attr-defined]  # a context holds objects
        assert [row[2] for row in handed(content)] == titles


def test_what_can_be_chosen_is_public() -> None:
    """The filters offer the phases, the choices of the form, the CRPMs by their names and the companies, without
    anybody's number or address."""
    page = facts_page(["Zeta", "alpha", "Call 303-555-0142", "3035550142"], TABLE, OFFICE, {"EX": "exception"})
    facts = handed(page.content)
    assert page.path == "data/months.js"
    assert facts["company"] == ["alpha", "Zeta"]
    assert facts["ended"] == ["Completion", "Withdrawn", "Crossover"]
    assert "UNE-P" in facts["product"] and "Ordering" in facts["area"]
    assert facts["crpm"] == ["Marsh, Lena"]
