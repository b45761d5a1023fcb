"""The register's page, and the lines that its script searches."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.posting.public import Record, line
from bot.posting.register import Printed, facts_page, month_pages, newest_first, register_page, scripted
from tests.posting.payloads import PAYLOADS
from tests.posting.samples import OFFICE, TABLE, advanced, change, record, register


def handed(script: str | bytes) -> Any:
    """What a script of lines hands over, after its name."""
    called = re.fullmatch(r"cmpbot\((.*)\);\n", str(script))
    assert called is not None
    return json.loads(f"[{called[1]}]")[1]


def printed(one: Record) -> Printed:
    """A line of the register, as far as no template is asked for it."""
    shown = line(one, OFFICE)
    return Printed(shown.number, shown.title, scripted(shown))


def test_the_register_shows_the_newest_and_leads_to_all() -> None:
    """Its lines as they are given; all of them are counted by month, with how many of each month are open."""
    lines = tuple(map(printed, register(3)))
    page = register_page(lines, {"2026-10": 3, "2026-11": 117, "2026-02": 1}, {"2026-11": 12})
    assert page.context["lines"] == lines
    months = [(month.key, month.open) for month in page.context["months"]]  # type: ignore[attr-defined]  # a context holds objects
    assert months == [("2026-11", 12), ("2026-10", 0), ("2026-02", 0)]
    assert page.context["total"] == 121


def test_numbers_sort_by_day_and_count() -> None:
    """Newest first by the day in the number and then by its count, not letter by letter."""
    numbers = ("PC123125-2", "PC010126-1", "PC010126-10", "PC010126-9")
    days = [datetime(2026, 1, 1, 18, tzinfo=UTC)] * 4
    shown = newest_first(printed(record(change(n, at))) for n, at in zip(numbers, days, strict=True))
    assert [each.number for each in shown] == ["PC010126-10", "PC010126-9", "PC010126-1", "PC123125-2"]
    page, lines = month_pages("2026-01", shown)
    assert page.context["lines"] == shown
    assert [row[0] for row in handed(lines.content)] == [each.number for each in shown]


def test_a_line_says_the_same_to_the_script_as_on_the_page() -> None:
    """Every column of the register is in it, in their order, and nothing else."""
    _, lines = month_pages("2026-11", [printed(advanced())])
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
        shown = printed(record(hostile))
        _, lines = month_pages("2026-11", [shown])
        content = str(lines.content)
        assert content.isascii() and "<" not in content
        assert [row[2] for row in handed(content)] == [shown.html]


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
