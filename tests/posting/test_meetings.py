"""The pages of Monthly Meetings: what was mailed, and what became of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.edge.templates import Templates
from bot.posting.agenda import Became, Line, Since
from bot.posting.meetings import DISCUSSED, Unmailed, meeting_page, meetings_page, unmailed
from bot.posting.minutes import Minutes
from bot.posting.news import Told
from bot.workflow.agenda import ISSUED, LEFT_OVER, REQUEST, Candidate, Group
from bot.workflow.carry.record import TAKEN_BACK
from bot.workflow.carry.words import names
from bot.workflow.change import ChangeRequest, Phase, Step
from bot.workflow.effect import Row
from bot.workflow.package import Frozen, Missing, Place
from tests.posting.lived import lived
from tests.posting.markup import parsed
from tests.posting.samples import OFFICE, TABLE, TEMPLATES, change

MEETING = date(2026, 12, 16)
MAILED = datetime(2026, 12, 11, 17, 0, tzinfo=UTC)


def line(found: ChangeRequest, *rows: Row, added: date | None = None, papers: tuple[str, ...] = ()) -> Line:
    """The one line of the page of a meeting."""
    place = Place(found.key, Group.CLEC, papers, added)
    page = meeting_page(MEETING, Frozen(MAILED, (place,)), {found.key: Candidate(found, (), rows)}, OFFICE)
    parts: Any = page.context["parts"]
    ((_, (only,)),) = parts
    assert isinstance(only, Line)
    return only


def test_a_page_cites_the_response_that_went_out() -> None:
    """The package of December shows the response of December, whatever was issued since."""
    (found,) = line(lived().change, papers=(ISSUED,)).papers
    assert found.what == "Response: Denied, issued on 12/09/2026"
    (later,) = line(lived().change, papers=(ISSUED,), added=date(2027, 1, 13)).papers
    assert later.what == "Response: Accepted, issued on 01/13/2027"


def test_what_became_otherwise_is_told_apart() -> None:
    """Added later, moved to another meeting, left without a word, or on no agenda any more."""
    there = replace(change(), step=Step.CLARIFICATION, phase=Phase.CLARIFICATION, agenda=MEETING)
    assert line(there).since is None
    assert line(there, added=date(2026, 12, 14)).since == Since(Became.ADDED, date(2026, 12, 14))
    moved = replace(there, agenda=date(2027, 1, 20))
    assert line(moved).since == Since(Became.MOVED, date(2027, 1, 20))
    left = Row("Record Update", LEFT_OVER.format("12/16/2026"), MAILED, "bot", public=False)
    assert line(moved, left).since == Since(Became.UNRECORDED, date(2027, 1, 20))
    ended = replace(there, agenda=None, step=Step.CLARIFICATION, phase=Phase.WITHDRAWN)
    assert line(ended).since == Since(Became.ELSEWHERE, ended.status_date, "Withdrawn")


def test_who_presented_stays_once_the_meeting_is_over() -> None:
    """By the part of the package: the originator a request, the SMEs a response, the CRPM a closure."""
    over = replace(
        change(), step=Step.CLOSED, phase=Phase.COMPLETION, agenda=None, people={"crpm": ("lena",), "smes": ("joan",)}
    )
    told = {group: presents(over, group) for group in Group}
    assert told[Group.CLEC] == over.text("originator_name")
    assert told[Group.RESPONSE] == told[Group.REVISED] == told[Group.OTHER] == names(("joan",), OFFICE)
    assert told[Group.CLOSURE] == names(("lena",), OFFICE)
    assert presents(over, Group.WALK_ON, REQUEST) == over.text("originator_name")
    assert presents(over, Group.WALK_ON, ISSUED) == names(("joan",), OFFICE)
    gone_on = replace(over, step=Step.PRESENTATION, phase=Phase.PRESENTED, agenda=MEETING)
    assert presents(gone_on, Group.CLEC) == over.text("originator_name")


def presents(found: ChangeRequest, group: Group, *papers: str) -> str:
    """Who presents what stood in a part of the package."""
    kept = Frozen(MAILED, (Place(found.key, group, papers),))
    page = meeting_page(MEETING, kept, {found.key: Candidate(found)}, OFFICE)
    parts: Any = page.context["parts"]
    ((_, (only,)),) = parts
    assert isinstance(only, Line)
    return only.presents


def test_what_was_put_on_after_all_is_not_named_as_absent() -> None:
    """A walk-on behind the package stands on the agenda, and no more under what is not on it."""
    there = replace(change(), step=Step.CLARIFICATION, phase=Phase.CLARIFICATION, agenda=MEETING)
    absent = tuple(Missing(number, "It was late.", date(2027, 1, 20)) for number in (there.number, "PC120326-1"))
    kept = Frozen(MAILED, (Place(there.key, Group.WALK_ON, (), date(2026, 12, 14)),), absent)
    page = meeting_page(MEETING, kept, {there.key: Candidate(there)}, OFFICE)
    assert page.context["missing"] == absent[1:]


def test_the_list_of_meetings_has_minutes_and_what_is_ahead() -> None:
    """Agendas newest first, beside them what is handed in."""
    minutes = (Minutes(MEETING, "Minutes", "PC112226-1", "Title", "cr/PC112226-1.html#meetings"),)
    page = meetings_page({MEETING: Frozen(MAILED), date(2027, 1, 20): Frozen(MAILED)}, minutes)
    meetings: Any = page.context["meetings"]
    assert [one.path for one in meetings] == ["meetings/2027-01-20.html", "meetings/2026-12-16.html"]
    assert page.context["minutes"] == minutes


def test_what_came_later_stands_with_its_day() -> None:
    """What is recorded between this meeting and the next is told with the day on which it was."""
    there = replace(change(), step=Step.CLARIFICATION, phase=Phase.CLARIFICATION, agenda=MEETING)
    rows = [
        Row("Status Changed", f"On {day}", datetime(2026, month, day, 20, tzinfo=UTC), "brandt")
        for month, day in ((12, 15), (12, 16), (12, 18))
    ]
    late = Row("Status Changed", "On the next", datetime(2027, 1, 20, 20, tzinfo=UTC), "brandt")
    assert line(there, *rows, late).results == ((MEETING, "On 16"), (date(2026, 12, 18), "On 18"))


def test_a_meeting_without_a_package_is_listed_with_what_was_discussed() -> None:
    """By the day of the meeting, once each change request; not what was taken back, nor what has a page."""
    at = datetime(2026, 12, 16, 20, tzinfo=UTC)
    held = Row(DISCUSSED, "Presented by the CLEC", at, "lena", recorded_at=at)
    other_day = replace(held, at=datetime(2026, 12, 17, 20, tzinfo=UTC))
    undone = Row("Record Update", f"{TAKEN_BACK}: {held.action}: {held.description}", at, "lena", recorded_at=at)
    first, second, third = (change(f"PC112226-{n}") for n in (1, 2, 3))
    told = (
        Told(third, undone),
        Told(third, held),
        Told(second, other_day),
        Told(second, held),
        Told(first, held),
        Told(first, held),
    )
    found = unmailed(told, (), OFFICE.calendar)
    assert found == (Unmailed(MEETING, ("PC112226-1", "PC112226-2")),)
    assert unmailed(told, (MEETING,), OFFICE.calendar) == ()
    page = meetings_page({}, without=found)
    shown = parsed(Templates(TEMPLATES, OFFICE, TABLE).page(page.template, page.context))
    assert "Wednesday, December 16, 2026: PC112226-1 PC112226-2" in " ".join(shown.text.split())
    assert "cr/PC112226-2.html#history" in shown.links
