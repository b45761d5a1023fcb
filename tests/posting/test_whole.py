"""Years in one file, and the page that names every download: all that a reader may look for is in them."""

from dataclasses import replace

import pytest

from bot.edge.templates import Templates
from bot.posting import atom, downloads, exports, feeds, figures
from bot.posting.downloads import DOWNLOADS, downloads_page
from bot.posting.public import Record, posting
from bot.posting.whole import ALL, Part, all_page, part_page, year_page
from tests.posting.lived import lived
from tests.posting.markup import parsed
from tests.posting.payloads import ALL as PAYLOADS
from tests.posting.samples import OFFICE, TABLE, TEMPLATES, advanced, record, register

WORDS = Templates(TEMPLATES, OFFICE, TABLE)


def piece(month: str, *records: Record) -> Part:
    """A month of a year."""
    page = part_page(month, [posting(one, OFFICE) for one in records])
    return Part(month, len(records), WORDS.page(page.template, page.context))


def year(*parts: Part) -> str:
    """The page of a year."""
    page = year_page("2026", parts)
    assert page.path == "all/2026.html"
    return WORDS.page(page.template, page.context)


def test_a_year_has_the_whole_text_of_every_change_request() -> None:
    """Description, response, minutes, history, people, and the way to each page; the newest month first."""
    one, many = lived(), register(5)
    shown = year(piece("2026-10", one), piece("2026-11", *many[::-1]))
    found = parsed(shown)
    for each in (one, *many):
        told = posting(each, OFFICE)
        assert f"../cr/{each.change.number}.html" in found.links
        words = [told.description, told.originator, told.deliverable, told.owner, told.line.company]
        words += [row.description for row in told.history] + [said.text for said in told.responses]
        assert all(text in found.text for text in words)
    assert found.text.index("November 2026") < found.text.index("October 2026")
    assert shown.index('id="month-2026-11"') < shown.index('id="month-2026-10"')
    assert "6 Change Requests" in found.text
    assert shown.index("Content-Security-Policy") < shown.index("<title>")


def test_the_years_are_led_to_with_their_size() -> None:
    """Each with its count; months of one year are counted together."""
    page = all_page({"2025-12": 3, "2026-01": 1, "2026-11": 4}, {"2025": 1024, "2026": 1025})
    found = parsed(WORDS.page(page.template, page.context))
    text = " ".join(found.text.split())
    assert "2026 5 CRs, 2 kB 2025 3 CRs, 1 kB" in text
    assert {"all/2025.html", "all/2026.html"} <= set(found.links)
    empty = all_page({}, {})
    assert "No Change Request" in parsed(WORDS.page(empty.template, empty.context)).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_year_acts(payload: str) -> None:
    """Whatever people wrote is text, though the pieces are put together as they are."""
    base = lived(payload)
    texts = dict.fromkeys(("title", "company", "originator_name", "description", "business_reason", "areas_other"))
    fields = {**base.change.fields, **dict.fromkeys(texts, payload), "products_impacted": (payload,)}
    one = replace(base, change=replace(base.change, fields=fields, company=payload))
    found = parsed(year(piece("2026-11", one)))
    assert found.acts == []
    assert all(name != "style" for _, name, _ in found.attributes)
    assert all(link.startswith(("../", "#", "mailto:cmpcr@meridell.example", "data:,")) for link in found.links)


def test_a_year_says_nothing_that_the_pages_do_not() -> None:
    """No address, no number of anybody's, no internal row, no draft."""
    shown = year(piece("2026-11", lived("Ask pat@cedarloop.example or (303) 555-0142"), record(), advanced()))
    for secret in ("pat@", "555-0142", "INTERNAL", "lena@", ".docx"):
        assert secret not in shown


def test_the_page_of_downloads_names_every_feed_and_export() -> None:
    """Each is linked, with its whole address beside it, and explained."""
    page = downloads_page()
    assert page.path == DOWNLOADS
    found = parsed(WORDS.page(page.template, page.context))
    offered = {exports.JSON, exports.SCHEMA, exports.CSV, exports.XLSX, figures.FIGURES_CSV, feeds.PUBLIC_FEED}
    offered |= {atom.FEED, ALL}
    assert offered <= set(found.links)
    assert {each.path for each in (*downloads.FILES, *downloads.FEEDS)} == offered
    assert all(f"https://cmp.meridell.example/{path}" in found.text for path in offered)
    assert [path for path, _, _ in downloads.EACH] == [atom.feed_path("NUMBER"), feeds.calendar_path("NUMBER")]
    alternates = [value for tag, name, value in found.attributes if tag == "link" and name == "type"]
    assert {"application/atom+xml", "text/calendar", "application/json", "text/csv"} <= set(alternates)
