"""Which pages there are and what each of them costs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.posting.pages import NEWEST, keys_of, month_of, month_page, page_of, path_of, rank, register_page
from tests.posting.samples import OFFICE, change, intake, record, register


def test_a_change_request_is_on_its_pages() -> None:
    """Its own, its month's, the register and the home page; an intake is on none."""
    assert keys_of(change()) == ("cr/PC112226-1", "month/2026-11", "register", "home")
    assert keys_of(intake()) == ()


def test_the_month_is_the_one_of_the_number() -> None:
    """Whatever day it is elsewhere when a mail arrives, its CR stands in the month that its number names."""
    late = change("PC113026-1", datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    assert keys_of(late)[1] == "month/2026-11"
    assert month_of("IN010127-12") == "2027-01"
    with pytest.raises(ValueError, match="no number of ours"):
        month_of("2026-11")


def test_addresses_never_change() -> None:
    """A CR's page is named by its number alone, whatever becomes of the CR."""
    moved = replace(change(), flags=("X", "ES"), fields={**change().fields, "title": "../../index.html"})
    assert page_of(record(moved), OFFICE).path == page_of(record(), OFFICE).path == path_of("cr/PC112226-1")


def test_the_register_shows_the_newest_and_leads_to_all() -> None:
    """However many there are, the first page shows a hundred, newest first, and counts the rest."""
    many = register(NEWEST + 20)
    page = register_page(many, {"2026-10": 3, "2026-11": 117, "2026-02": 1}, OFFICE)
    numbers = [line.number for line in page.context["lines"]]  # type: ignore[attr-defined]
    assert len(numbers) == NEWEST
    assert numbers[0] == many[-1].change.number
    assert [month.key for month in page.context["months"]] == ["2026-11", "2026-10", "2026-02"]  # type: ignore[attr-defined]
    assert page.context["total"] == 121


def test_numbers_sort_by_day_and_count() -> None:
    """Newest first by the day in the number and then by its count, not letter by letter."""
    numbers = ("PC123125-2", "PC010126-1", "PC010126-10", "PC010126-9")
    days = [datetime(2026, 1, 1, 18, tzinfo=UTC)] * 4
    page = month_page("2026-01", [record(change(n, at)) for n, at in zip(numbers, days, strict=True)], OFFICE)
    shown = [line.number for line in page.context["lines"]]  # type: ignore[attr-defined]
    assert shown == ["PC010126-10", "PC010126-9", "PC010126-1", "PC123125-2"]


def test_what_is_linked_to_is_written_first() -> None:
    """Style sheet and form files, then the pages of the forms and the workflow, CRs, meetings, months, then
    the register, and last the home page."""
    paths = ["index.html", "register.html", "register/2026-11.html", "meetings.html", "meetings/2026-12-16.html"]
    paths += ["cr/PC112226-1.html", "workflow.html", "forms.html", "site.css"]
    assert sorted(paths, key=rank) == list(reversed(paths))
    assert rank("site.css") == rank("forms/change-request.docx")
