"""The home page: what changed, what is due, and when the next meeting is."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.posting import news
from bot.posting.ahead import meetings_ahead, next_meeting
from bot.posting.home import COUNTED, MOST_LATE, Awaited, counted, due_by_day, home_page, late_of
from bot.posting.news import Told, by_day, sorts, taken_back
from bot.workflow.carry.record import TAKEN_BACK
from bot.workflow.change import Meeting, Phase, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Row
from tests.edge.test_templates import WORDS
from tests.posting.fronts import told_of
from tests.posting.lived import lived
from tests.posting.samples import OFFICE, change, record

WANTED = sorts(news.SORTS, "Meridell")
AT = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def row(action: str, description: str, at: datetime = AT) -> Row:
    """A public row, recorded when it happened."""
    return Row(action, description, at, "lena", recorded_at=at)


def test_a_cut_off_is_the_first_business_day_of_its_month() -> None:
    """Whoever sends a form in time for a meeting is told so; the office's own rule says which meeting that is."""
    for day in (date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 1), date(2027, 1, 4)):
        submitted = OFFICE.calendar.presentation_meeting(day)
        found = next(each for each in meetings_ahead(OFFICE, day, {}, 3) if each.on == submitted)
        assert day <= found.cutoff
        assert OFFICE.calendar.presentation_meeting(found.cutoff) == submitted
        assert OFFICE.calendar.presentation_meeting(found.cutoff + timedelta(days=1)) > submitted


def test_the_meeting_of_today_is_the_next_one() -> None:
    """It stays on the page until its day is over, with its agenda once that was mailed."""
    meeting = date(2026, 12, 16)
    mailed = {meeting: date(2026, 12, 11)}
    for today in (date(2026, 12, 3), meeting):
        found = next_meeting(OFFICE, today, mailed)
        assert (found.on, found.path, found.mailed) == (meeting, "meetings/2026-12-16.html", date(2026, 12, 11))
    after = next_meeting(OFFICE, date(2026, 12, 17), mailed)
    assert (after.on, after.path) == (date(2027, 1, 20), "")
    assert after.respond_by == date(2027, 1, 13)
    assert after.package_by == date(2027, 1, 15)


def test_news_stand_by_day_and_change_request() -> None:
    """The newest day first; on a day the rows of one change request together, in their order."""
    one, other = change("PC112226-1"), change("PC112226-2")
    told = [
        Told(one, row("Clarification Meeting Held", "Meeting held on 12/01/2026", AT)),
        Told(other, row("Status Changed", "Status is Clarification", AT + timedelta(hours=1))),
        Told(one, row("Info Sent to CLEC", "Minutes of the meeting of 12/01/2026\nText", AT + timedelta(hours=2))),
        Told(other, row("Communicator Issued", "Notice N sent", AT + timedelta(days=2))),
    ]
    found = by_day(told[::-1], OFFICE.calendar)
    assert [day for day, _ in found] == [date(2026, 12, 3), date(2026, 12, 1)]
    first, second = found[1][1]
    assert [each.number for each in (first, second)] == ["PC112226-1", "PC112226-2"]
    assert [said.text for said in first.said] == ["Meeting held on 12/01/2026", "Minutes of the meeting of 12/01/2026"]


def test_what_was_taken_back_is_no_news() -> None:
    """Neither the row nor its taking back is told; the taking back of an earlier row is."""
    held = row("Clarification Meeting Held", "Meeting held on 12/01/2026")
    undone = row("Record Update", f"{TAKEN_BACK}: {held.action}: {held.description}", AT + timedelta(hours=1))
    both = (Told(change(), undone), Told(change(), held))
    assert by_day(both, OFFICE.calendar) == ()
    assert taken_back(both) == {id(each) for each in both}
    assert len(by_day(both[:1], OFFICE.calendar)) == 1
    other = (replace(both[0], change=change("PC112226-2")), both[1])
    assert taken_back(other) == frozenset()


def test_a_row_of_an_earlier_day_says_so() -> None:
    """It is news on the day of recording, with the day on which it happened."""
    late = replace(row("Clarification Meeting Held", "Meeting held on 12/01/2026"), recorded_at=AT + timedelta(days=3))
    ((day, (found,)),) = by_day((Told(change(), late),), OFFICE.calendar)
    assert day == date(2026, 12, 4)
    assert [said.on for said in found.said] == [date(2026, 12, 1)]


def test_news_lead_to_what_they_tell_of() -> None:
    """To the minutes and the response on the page; what the row says itself leads no further."""
    one = lived()
    told = told_of((one,), WANTED)
    found = {said.text: said.part for _, news in by_day(told, OFFICE.calendar) for each in news for said in each.said}
    assert found["Minutes of the meeting of 11/18/2026"] == "meetings"
    assert [part for text, part in found.items() if text.startswith("CLECs notified by")] == [
        "response-2",
        "response-1",
    ]
    assert found["The notice does not name the field."] == ""
    made = home_page(told, (), {}, {}, OFFICE, date(2027, 1, 20))
    assert f'<a href="cr/{one.change.number}.html#response-2">' in WORDS.page(made.template, made.context)


def test_only_what_the_public_may_read_is_news() -> None:
    """The carrier's own ticks are none, and nobody's telephone number gets through."""
    text = "Call (303) 555-0142 or pat@cedarloop.example."
    told = (
        Told(change(), row("Record Update", "Response inserted in the CMP database")),
        Told(change(), row("CLEC Provided Information", text)),
    )
    ((_, (found,)),) = by_day(told, OFFICE.calendar)
    assert [said.text for said in found.said] == ["Call [phone number withheld] or [e-mail address withheld]."]


def test_what_is_due_stands_by_day_and_kind() -> None:
    """What is due alike on one day is named once, with all it is due for."""
    day = date(2026, 12, 16)
    awaited = [Awaited(change(f"PC112226-{n}"), DeadlineKind.PRESENT, day) for n in (1, 2)]
    awaited.append(Awaited(change("PC112226-1"), DeadlineKind.RESPOND, day + timedelta(days=1)))
    first, second = due_by_day(awaited)
    assert first[0] == day
    assert [(one.what, [each.number for each in one.of]) for one in first[1]] == [
        ("CLEC presentation at the Monthly CMP Meeting", ["PC112226-1", "PC112226-2"])
    ]
    assert [one.what for one in second[1]] == ["Response issued"]


def test_what_is_late_stands_by_day_with_a_count_of_the_rest() -> None:
    """The oldest are shown; how many more there are is said, or that there are at least so many."""
    day, today = date(2026, 11, 24), date(2026, 12, 18)
    late = [Awaited(change(f"PC112226-{n}"), DeadlineKind.ASSIGN, day) for n in range(MOST_LATE)]
    found = late_of(late, MOST_LATE + 3, OFFICE.calendar, today)
    ((on, (due,)),) = found.by_day
    assert (on, due.what, len(due.of)) == (day, "CRPM and Director assignment", MOST_LATE)
    assert (found.more, found.above) == (3, False)
    assert late_of(late, COUNTED, OFFICE.calendar, today).above
    assert late_of((), 0, OFFICE.calendar, today).by_day == ()


def test_what_was_put_off_by_agreement_is_not_late() -> None:
    """A meeting that is still to come is not late by the day by which it was due; an escalation stops all dates."""
    day, meeting = date(2026, 12, 4), Meeting(datetime(2026, 12, 16, 17, 0, tzinfo=UTC))
    held_later = Awaited(replace(change(), meeting=meeting), DeadlineKind.CLARIFY, day)
    assert late_of((held_later,), 1, OFFICE.calendar, date(2026, 12, 16)).by_day == ()
    assert late_of((held_later,), 1, OFFICE.calendar, date(2026, 12, 17)).by_day != ()
    stopped = Awaited(replace(change(), step=Step.ESCALATED), DeadlineKind.REVISE, day)
    assert late_of((stopped,), 1, OFFICE.calendar, date(2026, 12, 17)).by_day == ()


def test_what_is_due_and_what_is_late_name_their_crs_alike() -> None:
    """Both lead to each CR, by number and title, in the same words."""
    today = date(2026, 12, 18)
    some = [Awaited(change(f"PC112226-{n}"), DeadlineKind.PRESENT, today) for n in (1, 2)]
    late = late_of([replace(each, on=date(2026, 12, 16)) for each in some], 2, OFFICE.calendar, today)
    made = home_page((), some, {}, {}, OFFICE, today, late)
    written = WORDS.page(made.template, made.context).partition('id="due"')[2]
    due, past = re.findall(r"<ul>.*?</ul>", written, re.DOTALL)
    assert due == past
    assert [due.count(f'href="cr/PC112226-{n}.html">PC112226-{n}<') for n in (1, 2)] == [1, 1]


def test_phases_stand_in_the_order_of_the_process() -> None:
    """Only those that hold a change request, each with the list of them."""
    found = counted({Phase.COMPLETION: 3, Phase.CLEC_TEST: 1, Phase.DECLINED: 0, Phase.SUBMISSION: 2})
    assert [(one.phase, one.path, one.count) for one in found] == [
        ("Submission", "phase/submission.html", 2),
        ("CLEC Test", "phase/clec-test.html", 1),
        ("Completion", "phase/completion.html", 3),
    ]


def test_the_same_day_gives_the_same_page() -> None:
    """The page depends on its arguments alone; another day is another page."""
    told = told_of((record(), lived()), WANTED)
    page = home_page(told, (), {Phase.SUBMISSION: 1}, {}, OFFICE, date(2026, 12, 3))
    assert page == home_page(told, (), {Phase.SUBMISSION: 1}, {}, OFFICE, date(2026, 12, 3))
    assert page != home_page(told, (), {Phase.SUBMISSION: 1}, {}, OFFICE, date(2026, 12, 4))
    assert page.path == "index.html"
