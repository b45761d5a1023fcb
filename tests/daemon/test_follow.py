"""Monthly Meetings that the configuration puts on another day: everything that was set for them goes with them,
once, and nobody falls off an agenda."""

from dataclasses import replace
from datetime import date

import pytest

from bot.daemon.desk import Desk
from bot.daemon.follow import astray, follow
from bot.daemon.meeting import meet
from bot.daemon.publish import publish
from bot.edge.store import Unit
from bot.mail.letter import Kind
from bot.posting.public import Record
from bot.workflow.deadline import SET_FOR, DeadlineKind
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import WHOLE, text_of
from tests.daemon.test_matters import LENA, of_staff
from tests.daemon.test_meeting import DECEMBER, JANUARY, clarified, morning
from tests.daemon.test_take_in import written

EARLIER, LATER = date(2026, 12, 9), date(2026, 12, 23)
FIRST = date(2026, 12, 1)
LENA_AT, PRUITT_AT = "lena.brandt@meridell.example", "anita.pruitt@meridell.example"


def meeting_on(desk: Desk, *days: date) -> Desk:
    """The office with Monthly Meetings moved to other days."""
    office = desk.settings.office
    calendar = replace(office.calendar, meeting=replace(office.calendar.meeting, moved=days))
    return replace(desk, settings=replace(desk.settings, office=replace(office, calendar=calendar)))


def record_of(desk: Desk, number: str) -> Record:
    """A change request as it is stored."""
    found = desk.store.view(number)
    assert found is not None
    return found


def due(desk: Desk, number: str) -> dict[DeadlineKind, date]:
    """What is due for a meeting, and by when."""
    clocks = record_of(desk, number).deadlines
    return {each.kind: each.by for each in clocks if each.state == "open" and each.kind in SET_FOR}


@pytest.mark.parametrize(
    ("to", "options"), [(EARLIER, date(2026, 12, 7)), (LATER, date(2026, 12, 21))], ids=["earlier", "later"]
)
def test_a_moved_meeting_takes_what_was_set_for_it_along(desk: Desk, to: date, options: date) -> None:
    """Its place on the agenda and its deadlines; the history and a letter say both dates; nothing is missed."""
    number = clarified(desk)
    there = meeting_on(morning(desk, FIRST), to)
    assert [(was, now) for _, was, now in astray(there.store, there.settings.office, FIRST)] == [(DECEMBER, to)]
    assert [follow(there) for _ in range(3)] == [3, 0, 0]
    assert record_of(desk, number).change.agenda == to
    assert due(desk, number) == {DeadlineKind.PRESENT: to, DeadlineKind.OPTIONS: options}
    said = f"The Monthly Meeting of 12/16/2026 has been moved to {to:%m/%d/%Y}"
    assert [row.public for row in record_of(desk, number).rows if row.description == said] == [True]
    told = letters(desk, Kind.AGENDA_ITEM)[1:]
    assert {letter.recipient for letter in told} == {"kim@bench00.example", LENA_AT, PRUITT_AT}
    assert "the Monthly Meeting has been moved" in text_of(desk, told[0])
    promises = desk.store.promises(FIRST, date(2027, 3, 1), there.settings.office.calendar.zone)
    assert [each.due for each in promises if each.kind is DeadlineKind.PRESENT] == [to]


def test_it_may_be_moved_to_and_fro(desk: Desk) -> None:
    """Each time all of it goes along, and the package of the day that holds goes out."""
    number = clarified(desk)
    for days in ((EARLIER,), (), (EARLIER,)):
        follow(meeting_on(morning(desk, FIRST), *days))
    assert record_of(desk, number).change.agenda == EARLIER
    assert meet(meeting_on(morning(desk, date(2026, 12, 4)), EARLIER)) > 0
    assert f"{number}: " in text_of(desk, letters(desk, Kind.AGENDA)[0])


def test_a_response_has_its_week_before_the_new_day(desk: Desk) -> None:
    """What is due before the meeting is counted from its new day; where its week is over by then, it goes to the
    meeting after, and no deadline is missed by that."""
    number = clarified(desk)
    day = morning(desk, DECEMBER, 11)
    arrive(day, of_staff(LENA, "ALIGNED in the notice itself\n", f"[{number}]"))
    follow(meeting_on(morning(desk, date(2026, 12, 28)), date(2027, 1, 13)))
    assert due(desk, number) == {
        DeadlineKind.DRAFT: date(2027, 1, 4),
        DeadlineKind.RESPOND: date(2027, 1, 6),
        DeadlineKind.PRESENT_RESPONSE: date(2027, 1, 13),
    }
    follow(morning(desk, date(2026, 12, 29)))
    assert record_of(desk, number).change.agenda == JANUARY
    follow(meeting_on(morning(desk, date(2027, 1, 8)), date(2027, 1, 13)))
    assert record_of(desk, number).change.agenda == date(2027, 2, 17)
    assert due(desk, number)[DeadlineKind.RESPOND] == date(2027, 2, 10)
    assert "it goes to the meeting of 02/17/2027" in record_of(desk, number).rows[-1].description


def test_a_draft_has_a_business_day_and_follows_back(desk: Desk) -> None:
    """Its date for the new day may be over: it is due tomorrow then, and the SMEs read that. Where the meeting is put
    later again, so is the draft. A response whose week would begin today goes to the meeting after."""
    number = clarified(desk)
    arrive(morning(desk, DECEMBER, 11), of_staff(LENA, "ALIGNED in the notice itself\n", f"[{number}]"))
    follow(meeting_on(morning(desk, date(2027, 1, 5)), date(2027, 1, 13)))
    assert due(desk, number)[DeadlineKind.DRAFT] == date(2027, 1, 6)
    told = {letter.recipient: text_of(desk, letter) for letter in letters(desk, Kind.AGENDA_ITEM)[1:]}
    assert "By Wednesday, January 6, 2027: draft the response" in told[PRUITT_AT]
    assert "draft the response" not in told["kim@bench00.example"]
    follow(meeting_on(morning(desk, date(2027, 1, 6)), date(2027, 1, 27)))
    assert due(desk, number)[DeadlineKind.DRAFT] == date(2027, 1, 15)
    follow(meeting_on(morning(desk, date(2027, 1, 7)), date(2027, 1, 14)))
    assert record_of(desk, number).change.agenda == date(2027, 2, 17)


def test_one_that_was_over_before_anybody_said_so_is_carried_on(desk: Desk) -> None:
    """Its results are asked for, and what has none goes to the next meeting: nobody falls off an agenda."""
    number = clarified(desk)
    late = meeting_on(morning(desk, date(2026, 12, 15)), EARLIER)
    follow(late)
    meet(late)
    assert record_of(desk, number).change.agenda == JANUARY
    assert len(letters(desk, Kind.OUTCOMES)) == 1


def test_a_kill_in_between_loses_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What had not moved moves at the next turn, and what had does not move again."""
    numbers = [clarified(desk), clarified(desk, 2, "Publish the retired USOCs")]
    there = meeting_on(morning(desk, FIRST), LATER)
    flush, done = Unit.flush, list[Unit]()

    def killed(self: Unit) -> None:
        done.append(self)
        if len(done) > 1:
            raise KeyboardInterrupt
        flush(self)

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "flush", killed)
        with pytest.raises(KeyboardInterrupt):
            follow(there)
    follow(there)
    for number in numbers:
        record = record_of(desk, number)
        assert record.change.agenda == LATER
        assert sum("has been moved" in row.description for row in record.rows) == 1


def test_before_the_smes_are_named_its_date_goes_along(desk: Desk) -> None:
    """It has no agenda of its own yet, and a package that names the old day says where it went."""
    assert arrive(desk, written(WHOLE, "form")) == {Fate.REGISTERED: 1}
    number = "PC112326-1"
    assert meet(morning(desk, date(2026, 12, 11))) > 0
    there = meeting_on(morning(desk, date(2026, 12, 14)), LATER)
    assert follow(there) == 2
    assert due(desk, number) == {DeadlineKind.PRESENT: LATER}
    publish(there)
    shown = " ".join((desk.site.root / "meetings/2026-12-16.html").read_text("utf-8").split())
    assert number in shown
    assert "12/23/2026" in shown
