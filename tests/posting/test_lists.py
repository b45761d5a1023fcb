"""The lists of the register for readers without scripts."""

from bot.posting.lists import (
    ALWAYS,
    KINDS,
    by_slug,
    list_page,
    list_path,
    listing,
    lists_at,
    lists_page,
    part_page,
    tallied,
)
from bot.posting.pages import place_of
from bot.posting.public import line
from bot.posting.register import Printed, scripted
from bot.posting.slug import slug
from bot.workflow.change import ENDED, Phase
from tests.posting.payloads import PAYLOADS
from tests.posting.samples import OFFICE, register

LINES = tuple(Printed(shown.number, "", scripted(shown)) for shown in (line(each, OFFICE) for each in register(7)))
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_place_stands_for_every_list_that_a_change_request_is_on() -> None:
    """Open or closed, its phase, its company, each with its month; its year, and the page that names all."""
    for phase in Phase:
        pages = lists_at(place_of("2026-11", phase, "Tin Cup CLEC, Inc."))
        state = "closed" if phase in ENDED else "open"
        heads = [f"list/{state}", f"phase/{slug(phase)}", "company/tin-cup-clec-inc"]
        assert set(pages) == {"lists", "year/2026", *heads, *(f"{head}/2026-11" for head in heads)}
        assert {page.partition("/")[0] for page in pages} == set(KINDS)


def test_names_of_files_are_ours() -> None:
    """Whatever a company calls itself, its list lies in the folder of companies under a plain name; no number or
    address of anybody gets into it."""
    for name in (
        *PAYLOADS,
        "../../index",
        "",
        "a" * 600,
        "Call 303-555-0142",
        "ann@cedarloop.example",
        "CON",
        "\udcff",
    ):
        made = slug(name)
        assert made and len(made) <= 40 and set(made) <= PLAIN and not made.startswith("-")
        assert list_path(f"company/{made}") == f"company/{made}.html"
    names = ("Call 303-555-0142", "3035550142", "ann@cedarloop.example")
    told = lists_page(tallied(("2026-11", "Submission", True, name, 1) for name in names)).context["companies"]
    assert all("withheld" in way.name for way in told)  # type: ignore[attr-defined]  # a context holds objects
    assert "555" not in slug("Call 303-555-0142") and "ann" not in slug("ann@cedarloop.example")


def test_only_names_that_are_alike_share_a_list() -> None:
    """Case, spaces and points make no difference, letters do; the spelling that most use comes first."""
    named = by_slug({"Tin Cup CLEC, Inc.": 2, "TIN CUP CLEC INC": 5, "T\u00ecn Cup CLEC Inc": 1})
    assert len(named) == 2
    assert named["tin-cup-clec-inc"] == ["TIN CUP CLEC INC", "Tin Cup CLEC, Inc."]


def test_a_long_list_leads_to_its_months() -> None:
    """It shows its newest and every month with its count; a short one shows all, and a year's months are the
    register's."""
    one = listing("phase/clec-test", {})
    assert one is not None and one.phase is Phase.CLEC_TEST
    short = list_page(one, LINES, {"2026-11": 7})
    assert (short.path, short.context["months"]) == ("phase/clec-test.html", ())
    long = list_page(one, LINES, {"2026-10": 5, "2026-11": 7})
    paths = [month.path for month in long.context["months"]]  # type: ignore[attr-defined]  # a context holds objects
    assert paths == ["phase/clec-test/2026-11.html", "phase/clec-test/2026-10.html"]
    assert part_page(one, "2026-10", LINES).path == paths[1]
    year = listing("year/2026", {})
    assert year is not None
    ways = list_page(year, LINES, {"2026-10": 5, "2026-11": 7}).context["months"]
    assert [month.path for month in ways] == ["register/2026-11.html", "register/2026-10.html"]  # type: ignore[attr-defined]  # a context holds objects


def test_the_page_of_lists_names_every_one() -> None:
    """Each with its count: both states and all phases even when they are empty, and each company once."""
    stands = [("2025-12", "Completion", False, "Zeta", 3)]
    stands += [("2026-01", "Submission", True, name, 2) for name in ("alpha", "ALPHA")]
    page = lists_page(tallied(stands))
    found = {way.path: way.count for part in ("states", "phases", "companies", "years") for way in page.context[part]}  # type: ignore[attr-defined]  # a context holds objects
    assert {list_path(key) for key in ALWAYS} <= set(found)
    assert (found["lists/open.html"], found["lists/closed.html"], found["phase/completion.html"]) == (4, 3, 3)
    assert (found["company/alpha.html"], found["company/zeta.html"]) == (4, 3)
    assert (found["year/2026.html"], found["year/2025.html"]) == (4, 3)


def test_what_there_is_counts_on_every_list_that_it_is_on() -> None:
    """By month: its state, its phase, its company however it is spelt, its year."""
    stands = [("2025-12", "Completion", False, "Zeta", 3), ("2026-01", "Submission", True, "alpha", 2)]
    tally = tallied([*stands, ("2026-01", "Submission", True, "ALPHA", 1)])
    assert tally.lists["company/alpha"] == tally.lists["list/open"] == tally.lists["phase/submission"] == {"2026-01": 3}
    assert tally.lists["list/closed"] == tally.lists["year/2025"] == {"2025-12": 3}
    assert (tally.months, tally.companies["ALPHA"]) == ({"2025-12": 3, "2026-01": 3}, 1)


def test_what_is_no_list_has_no_page() -> None:
    """A company that has no change request any more, or a word that is no phase."""
    assert listing("company/gone", {}) is None
    assert listing("phase/nowhere", {}) is None
    assert listing("list/other", {}) is None
