"""The notices: what was announced to the CLECs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.posting import minutes, notices
from bot.posting.minutes import minutes_of
from bot.posting.news import Told, sorts
from bot.posting.notices import NEWEST, Notice, Subject, notices_of, notices_page, year_pages
from bot.posting.pages import Page
from bot.posting.public import Record
from bot.workflow.carry.record import TAKEN_BACK
from bot.workflow.effect import Row
from tests.edge.test_templates import WORDS
from tests.posting.fronts import told_of
from tests.posting.lived import NOTICES, lived
from tests.posting.markup import parsed
from tests.posting.samples import OFFICE, change

WANTED = sorts(notices.SORTS, "Meridell")
AT = datetime(2026, 12, 9, 17, 0, tzinfo=UTC)
SAID = (
    (
        "Communicator Issued",
        "Notice PROS.02.22.27.F.00003.Implementation sent to all CLECs: implementation on 03/08/2027",
    ),
    ("Communicator Issued", "Notice PROS.03.08.27.F.00004.CLEC_Test sent to all CLECs: CLEC Test & Acceptance is open"),
    ("Status Changed", "Closed with the consent of the originator: nothing is open."),
    ("Status Changed", "Administrative: withdrawn by the originator: no longer needed"),
    ("Status Changed", "Status is Clarification"),
)


def announced(*said: tuple[str, str]) -> Record:
    """A change request with these rows, an hour after one another."""
    rows = (Row(action, text, AT + timedelta(hours=n), "lena", recorded_at=AT) for n, (action, text) in enumerate(said))
    return Record(change(), tuple(rows))


def test_notices_are_read_from_the_history() -> None:
    """Each with its subject, its number and its words; a mere change of status is none."""
    found = notices_of(told_of((announced(*SAID),), WANTED), {}, OFFICE)
    assert [(one.subject, one.number, one.said) for one in found[::-1]] == [
        (Subject.COMMUNICATOR, "PROS.02.22.27.F.00003.Implementation", "Implementation on 03/08/2027"),
        (Subject.COMMUNICATOR, "PROS.03.08.27.F.00004.CLEC_Test", "CLEC Test & Acceptance is open"),
        (Subject.ENDED, "", "Closed with the consent of the originator: nothing is open."),
        (Subject.ENDED, "", "Withdrawn by the originator: no longer needed"),
    ]
    responses = [one for one in notices_of(told_of((lived(),), WANTED), {}, OFFICE) if one.subject is Subject.RESPONSE]
    assert [(one.number, one.said) for one in responses] == [(NOTICES[1], "Denied"), (NOTICES[0], "Denied")]


def test_a_notice_leads_to_what_it_speaks_of() -> None:
    """To the very response on the page of its change request; where that says no more, or was taken back, to the
    history."""
    one = lived()
    page = f"cr/{one.change.number}.html"

    def led(record: Record) -> list[str]:
        return [each.path for each in notices_of(told_of((record,), WANTED), {}, OFFICE)]

    assert led(one) == [f"{page}#response-2", f"{page}#response-1"]
    assert led(replace(one, change=replace(one.change, responses=one.change.responses[:1]))) == [
        f"{page}#history",
        f"{page}#response-1",
    ]
    assert set(led(announced(*SAID))) == {"cr/PC112226-1.html#history"}
    made = notices_page(notices_of(told_of((one,), WANTED), {}, OFFICE), ())
    links = parsed(WORDS.page(made.template, made.context)).links
    assert [link for link in links if link.startswith("cr/")] == [
        f"{page}#response-2",
        page,
        f"{page}#response-1",
        page,
    ]


def test_a_package_is_a_notice() -> None:
    """It stands on the day on which it was mailed, and leads to the page of its meeting."""
    (found,) = notices_of((), {date(2026, 12, 16): date(2026, 12, 11)}, OFFICE)
    assert (found.on, found.subject, found.path) == (date(2026, 12, 11), Subject.PACKAGE, "meetings/2026-12-16.html")


def test_a_notice_that_was_taken_back_stays_and_says_so() -> None:
    """Whoever got it finds it, and reads that it does not hold."""
    undone = ("Record Update", f"{TAKEN_BACK}: {SAID[0][0]}: {SAID[0][1]}")
    record = announced(SAID[0], undone)
    rows = (record.rows[0], replace(record.rows[1], recorded_at=AT + timedelta(hours=1)))
    found = notices_of(told_of((replace(record, rows=rows),), WANTED), {}, OFFICE)
    assert [one.taken_back for one in found] == [True]


def many(count: int) -> tuple[Notice, ...]:
    """Notices of a year, newest first, three days apart."""
    last = date(2026, 12, 30)
    return tuple(
        Notice(last - timedelta(days=n), Subject.COMMUNICATOR, "", f"Notice {n}", "cr/PC112226-1.html", "PC112226-1")
        for n in range(count)
    )


def shown(page: Page) -> list[Notice]:
    """The notices on a page."""
    months: Any = page.context["months"]
    return [one for _, some in months for one in some]


def led(page: Page, key: str) -> list[str]:
    """Where a page leads."""
    parts: Any = page.context[key]
    return [part.path for part in parts]


def test_a_year_with_many_notices_has_its_months_apart() -> None:
    """Up to a hundred stand on one page; more of them by month, and none is lost."""
    (whole,) = year_pages(2026, many(NEWEST))
    assert len(shown(whole)) == NEWEST
    year, *months = year_pages(2026, many(NEWEST + 20))
    assert year.path == "notices/2026.html"
    assert [page.path for page in months[:2]] == ["notices/2026-12.html", "notices/2026-11.html"]
    assert led(year, "parts") == [page.path for page in months]
    assert sum(len(shown(page)) for page in months) == NEWEST + 20


def test_the_first_page_has_the_newest() -> None:
    """As many as it shows, and the way to every year."""
    page = notices_page(many(NEWEST + 20), range(2024, 2027))
    assert len(shown(page)) == NEWEST
    assert led(page, "years") == [
        "notices/2026.html",
        "notices/2025.html",
        "notices/2024.html",
    ]


def test_minutes_lead_to_where_they_stand() -> None:
    """The section of their change request's page; what was taken back is not listed."""
    found = minutes_of(told_of((lived(),), minutes.SORTS), OFFICE.calendar)
    assert [(one.what, one.path) for one in found] == [
        ("Minutes of the meeting of 11/18/2026", f"cr/{lived().change.number}.html#meetings")
    ]
    said = Row("Info Sent to CLEC", "Minutes of the meeting of 11/18/2026", AT, "lena", recorded_at=AT)
    undone = Row("Record Update", f"{TAKEN_BACK}: {said.action}: {said.description}", AT, "lena", recorded_at=AT)
    assert minutes_of((Told(change(), undone), Told(change(), said)), OFFICE.calendar) == ()
