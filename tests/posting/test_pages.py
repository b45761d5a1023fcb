"""Which pages there are and what each of them costs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.posting.pages import age, keys_of, month_of, page_of, path_of, rank
from bot.posting.public import posting
from tests.posting.samples import OFFICE, change, intake, record

NOON = datetime(2001, 3, 5, 19, tzinfo=UTC)


def test_a_change_request_is_on_its_pages() -> None:
    """Its own and its month's, the register, the home page, its lists and the feed; an intake is on none."""
    place = "lists/2026-11/submission/cedar-loop-telecom"
    assert keys_of(change()) == ("cr/PC112226-1", "month/2026-11", "register", "home", place, "feed")
    assert keys_of(intake()) == ()


def test_the_month_is_the_one_of_the_number() -> None:
    """Whatever day it is elsewhere when a mail arrives, its CR stands in the month that its number names."""
    late = change("PC113026-1", datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    assert keys_of(late)[1] == "month/2026-11"
    assert month_of("IN010127-12", NOON) == "2027-01"
    with pytest.raises(ValueError, match="no number of ours"):
        month_of("2026-11", NOON)


def test_a_number_without_a_date_stands_where_it_was_received() -> None:
    """An imported CR from before the dated numbers has a month, a page and an age like any other."""
    assert [month_of(number, NOON) for number in ("4302321", "14886", "SCR092601-1")] == [
        "2001-03",
        "2001-03",
        "2001-09",
    ]
    assert sorted(["PC010102-1", "SCR092601-1", "5236247", "14886"], key=age) == [
        "14886", "5236247", "SCR092601-1", "PC010102-1",
    ]  # fmt: skip
    assert change("4302321", NOON).logged
    assert keys_of(change("4302321", NOON))[:2] == ("cr/4302321", "month/2001-03")


def test_addresses_never_change() -> None:
    """A CR's page is named by its number alone, whatever becomes of the CR."""
    moved = replace(change(), flags=("X", "ES"), fields={**change().fields, "title": "../../index.html"})
    shown = [page_of(posting(one, OFFICE)).path for one in (record(moved), record())]
    assert shown == [path_of("cr/PC112226-1")] * 2


def test_what_is_linked_to_is_written_first() -> None:
    """Style sheet and form files, then the pages of the forms and the workflow, CRs, meetings, months, then
    the register, and last the home page."""
    paths = ["index.html", "register.html", "register/2026-11.html", "meetings.html", "meetings/2026-12-16.html"]
    paths += ["cr/PC112226-1.html", "workflow.html", "forms.html", "site.css"]
    assert sorted(paths, key=rank) == list(reversed(paths))
    assert rank("site.css") == rank("forms/change-request.docx")
