"""Atom: feeds that an independent reader opens, whose entries keep their names for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from bot.office.office import Office
from bot.posting.atom import ENTRIES, FEED, LONGEST, NOTHING_YET, cr_feed, feed, feed_path
from bot.posting.public import Record, posting
from bot.posting.withhold import NO_EMAIL
from bot.workflow.effect import Row
from tests.posting.lived import lived
from tests.posting.payloads import ALL as PAYLOADS
from tests.posting.samples import OFFICE, record, register

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://cmp.meridell.example/"


def opened(written: str) -> Any:
    """A feed as feedparser reads it, without a complaint; the XML parser of the language agrees."""
    ElementTree.fromstring(written.encode())
    found = feedparser.parse(written.encode())
    assert not found.bozo, found.get("bozo_exception")
    return found


def fed(one: Record, office: Office = OFFICE) -> str:
    """The feed of a change request."""
    return cr_feed(one, posting(one, office), office)


def test_the_feed_of_a_change_request_is_its_history() -> None:
    """Every public row once, the last recorded first, with its words, who and when, and the way to the page."""
    one = lived()
    found, shown = opened(fed(one)), posting(one, OFFICE)
    assert len(found.entries) == len(shown.history)
    assert {entry.summary for entry in found.entries} == {row.description.strip() for row in shown.history}
    assert {entry.author for entry in found.entries} == {row.by for row in shown.history}
    stamps = [entry.updated for entry in found.entries]
    assert stamps == sorted(stamps, reverse=True)
    assert found.feed.updated == stamps[0]
    number = one.change.number
    assert {entry.link: entry.summary for entry in found.entries} == {
        f"{SITE}cr/{number}.html#row-{row.place}": row.description.strip() for row in shown.history
    }
    assert found.feed.link == f"{SITE}cr/{number}.html"
    assert [link.href for link in found.feed.links if link.rel == "self"] == [f"{SITE}{feed_path(number)}"]


def test_an_entry_keeps_its_name() -> None:
    """Whatever is recorded later, happened earlier or is renamed; in both feeds it is the same entry."""
    one = lived()
    before = {entry.id: entry.summary for entry in opened(fed(one)).entries}
    late = Row("Additional Information", "Said by phone", one.change.received_at, "lena", recorded_at=NOTHING_YET)
    inside = replace(late, public=False, description="INTERNAL")
    more = replace(one, rows=(*one.rows, inside, late))
    after = {entry.id: entry.summary for entry in opened(fed(more)).entries}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    rows = {row.place: row.description for row in posting(one, OFFICE).history}
    assert rows.items() <= {row.place: row.description for row in posting(more, OFFICE).history}.items()
    of_all = {entry.id: entry.summary for entry in opened(feed((more, *register(3)), OFFICE)).entries}
    assert after.items() <= of_all.items()
    assert all(name.startswith("tag:meridell.example,2026:cr/PC") for name in of_all)


def test_a_stamp_is_when_it_was_recorded() -> None:
    """What is recorded late is new to whoever follows, though it happened long ago."""
    at = datetime(2027, 2, 1, 12, 30, 5, tzinfo=UTC)
    one = record()
    late = Row("Info Received From CLEC", "By phone", at - timedelta(days=60), "lena", recorded_at=at)
    first = opened(fed(replace(one, rows=(*one.rows, late)))).entries[0]
    assert (first.updated, first.summary) == ("2027-02-01T12:30:05Z", "By phone")


def test_the_feed_of_all_has_the_newest() -> None:
    """As many as readers fetch, over all change requests; nothing of what is internal, no intake's rows."""
    many = register(60)
    found = opened(feed(many, OFFICE))
    assert len(found.entries) == ENTRIES
    assert found.feed.title == "Meridell Product/Process Change Requests"
    assert found.entries[0].title.startswith(f"{many[-1].change.number} CR Posted to Web: ")
    assert len({entry.id for entry in found.entries}) == ENTRIES
    assert feed(many[::-1], OFFICE) == feed(many, OFFICE)


def test_a_feed_of_nothing_is_a_feed() -> None:
    """Before the first change request there is one to subscribe to, always the same."""
    found = opened(feed((), OFFICE))
    assert found.entries == []
    assert found.feed.updated == "2026-01-01T00:00:00Z"


def test_a_site_without_an_address_leads_on_from_where_the_feed_lies() -> None:
    """Its links are relative, and it does not claim an address of its own."""
    office = replace(OFFICE, organisation=replace(OFFICE.organisation, site_url=""))
    each, of_all = fed(record(), office), feed((record(),), office)
    assert 'href="../cr/PC112226-1.html#row-1"' in each
    assert 'href="cr/PC112226-1.html#row-1"' in of_all
    assert 'rel="self"' not in each + of_all
    assert FEED == "feed.atom"


def test_no_feed_says_what_the_pages_do_not() -> None:
    """No address, no number of anybody's, no internal row."""
    text = "Ask pat@cedarloop.example or (303) 555-0142"
    written = fed(lived(text)) + feed((lived(text),), OFFICE)
    for secret in ("pat@", "555-0142", "INTERNAL", "lena@"):
        assert secret not in written
    assert NO_EMAIL in written


@pytest.mark.parametrize("payload", [*PAYLOADS, "a\ud800b", "\x85\u2028\ufffe", "x" * (LONGEST + 500)])
def test_whatever_is_written_is_text(payload: str) -> None:
    """No element and no link comes from a sender's words; titles and summaries are plain text."""
    one = lived(payload)
    one = replace(one, change=replace(one.change, fields={**one.change.fields, "title": payload}))
    written = fed(one)
    opened(written)
    root = ElementTree.fromstring(written.encode())
    known = {"feed", "id", "title", "updated", "author", "name", "link", "entry", "category", "summary"}
    assert {each.tag.removeprefix(ATOM) for each in root.iter()} == known
    assert all((each.get("href") or "").startswith(SITE) for each in root.iter(f"{ATOM}link"))
    assert {each.get("type") for each in root.iter(f"{ATOM}summary")} == {"text"}
    assert all(len(each.text or "") <= LONGEST + 1 for each in root.iter(f"{ATOM}summary"))


def unrecorded(one: Record) -> Record:
    """The same, its last row about to be recorded."""
    return replace(one, rows=(*one.rows[:-1], replace(one.rows[-1], recorded_at=None)))


def test_the_row_of_the_first_posting_is_the_same_before_it_is_recorded() -> None:
    """It is recorded at the instant at which it happened."""
    one = lived()
    last = one.rows[-1]
    stood = replace(one, rows=(*one.rows[:-1], replace(last, recorded_at=last.at)))
    assert fed(unrecorded(one)) == fed(stood)
