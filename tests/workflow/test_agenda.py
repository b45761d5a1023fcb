"""The Monthly Meeting: who is on its agenda and why, the package, the question for results, what is left
over."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.intake.command import read_commands
from bot.mail.letter import Enclosure, Kind
from bot.office.calendar import Calendar, MeetingRule
from bot.office.office import Absence, Office
from bot.workflow.agenda import (
    Absent,
    Agenda,
    Candidate,
    Group,
    Item,
    agenda_of,
    judge,
    last_meeting,
    lettered,
    letters,
    starts_at,
)
from bot.workflow.change import ChangeRequest, Closing, Disposition, Document, Response, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Fate, Open, Row, Settle
from bot.workflow.event import Adjourned, Missed, Packaged
from bot.workflow.package import agendas, as_mailed, frozen, of_text, to_text, with_added
from bot.workflow.results import lines_of
from tests.workflow.offices import (
    ANITA,
    LENA,
    MANAGER,
    OFFICE,
    STAFFED,
    TOBY,
    at_step,
    letters_of,
    obeyed,
    opened,
    running,
    told,
)

ZONE = ZoneInfo("America/Denver")
HOLIDAYS = frozenset({date(2001, 11, 12), date(2001, 11, 22), date(2001, 11, 23), date(2001, 12, 25)})
WORKED: Office = replace(OFFICE, calendar=Calendar(zone=ZONE, holidays=HOLIDAYS))
"""The office of domain.md's worked example: meetings on 11/21/2001 and 12/19/2001."""
DECEMBER, JANUARY = date(2026, 12, 16), date(2027, 1, 20)
NOW = datetime(2026, 12, 11, 16, 0, tzinfo=UTC)
TODAY = date(2026, 12, 11)


def received(on: date, at: time = time(10, 12), **more: object) -> ChangeRequest:
    """A change request in clarification, received on a local date; fields by name."""
    arrived = datetime.combine(on, at, ZONE).astimezone(UTC)
    return replace(at_step(Step.CLARIFICATION), first_arrived=arrived, received_at=arrived, **more)  # type: ignore[arg-type]  # fields by name


def response(issued: date, disposition: Disposition = Disposition.ACCEPTED) -> Response:
    """A response issued on a local date."""
    return Response(disposition, "", "0" * 64, "anita", issued, position="We will do it.", issued_on=issued)


def answered(issued: date, meeting: date = DECEMBER) -> ChangeRequest:
    """A change request whose response was issued on a local date, on the agenda of a meeting."""
    return at_step(Step.PRESENTATION, agenda=meeting, responses=(response(issued),))


def judged(
    change: ChangeRequest, meeting: date = DECEMBER, today: date = TODAY, **more: object
) -> Item | Absent | None:
    """Where the rules put a change request; parts of the candidate by name."""
    return judge(Candidate(change, **more), meeting, STAFFED, today)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("on", "at", "meeting"),
    [
        (date(2001, 10, 25), time(10, 12), date(2001, 11, 21)),
        (date(2001, 11, 1), time(10, 12), date(2001, 11, 21)),
        (date(2001, 11, 1), time(23, 59), date(2001, 11, 21)),
        (date(2001, 11, 2), time(0, 0), date(2001, 12, 19)),
        (date(2001, 11, 2), time(10, 12), date(2001, 12, 19)),
        (date(2001, 12, 3), time(10, 12), date(2001, 12, 19)),  # the 1st is a Saturday
        (date(2001, 12, 4), time(10, 12), date(2002, 1, 16)),
    ],
)
def test_the_first_business_day_decides(on: date, at: time, meeting: date) -> None:
    """The boundaries of the worked example: on the agenda of its meeting, and named on the one before
    only where it missed that (domain.md section 8, 9)."""
    change = received(on, at, agenda=meeting)
    found = judge(Candidate(change), meeting, WORKED, meeting)
    assert isinstance(found, Item)
    assert found.group is Group.CLEC
    assert f"Received on {on:%m/%d/%Y}" in found.why
    month = date(on.year, on.month, 1)
    before = WORKED.calendar.meeting.date_in(month.year, month.month)
    missed = judge(Candidate(change), before, WORKED, before) if before < meeting else None
    if missed is not None:
        assert isinstance(missed, Absent)
        assert missed.goes_to == meeting
        assert "after the first business day" in missed.why


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2001, 11, 1), "Received on 11/01/2001, by the first business day of November (11/01/2001)."),
        (date(2001, 10, 25), "Received on 10/25/2001, after the first business day of October (10/01/2001)."),
    ],
)
def test_the_rule_is_explained(on: date, says: str) -> None:
    """With the dates that decide, for each change request."""
    found = judge(Candidate(received(on, agenda=date(2001, 11, 21))), date(2001, 11, 21), WORKED, on)
    assert found is not None
    assert found.why == says


@pytest.mark.parametrize(
    ("issued", "group"),
    [
        (date(2026, 12, 8), Group.RESPONSE),
        (date(2026, 12, 9), Group.RESPONSE),  # exactly seven days ahead is in time (domain.md section 8, 11)
        (date(2026, 12, 10), Group.WALK_ON),  # six days ahead: only as a walk-on
    ],
)
def test_the_week_before_decides(issued: date, group: Group) -> None:
    """A response issued on the line is in time; one a day later is there by a walk-on only."""
    found = judged(answered(issued))
    assert isinstance(found, Item)
    assert found.group is group
    assert f"Issued on {issued:%m/%d/%Y}" in found.why
    assert "12/09/2026" in found.why


def test_a_late_response_is_named_with_the_meeting_it_goes_to() -> None:
    """Issued six days ahead it is on the next agenda, and this one says why."""
    found = judged(answered(date(2026, 12, 10), JANUARY))
    assert isinstance(found, Absent)
    assert (found.why, found.goes_to) == (
        "Its response was issued on 12/10/2026, later than 12/09/2026, one week before.",
        JANUARY,
    )
    assert judged(answered(date(2026, 11, 30), JANUARY)) is None


def test_a_walk_on_says_who_put_it_on() -> None:
    """The CMP Manager by name, and the day; without that row it is called a walk-on all the same."""
    row = Row("Record Update", "Walk-on: on the agenda of 12/16/2026 instead of 01/20/2027", NOW, MANAGER.id)
    found = judged(received(date(2026, 12, 2), agenda=DECEMBER), rows=(row,))
    assert isinstance(found, Item)
    assert found.group is Group.WALK_ON
    assert found.why.endswith("By that it would go to 01/20/2027. A walk-on: put on by Mona Finch on 12/11/2026.")
    without = judged(received(date(2026, 12, 2), agenda=DECEMBER))
    assert without is not None
    assert without.why.endswith("A walk-on.")


def test_what_is_not_answered_yet_waits_for_the_line() -> None:
    """Before it, it stands there on that condition; after it, it goes on, unless it walked on."""
    change = at_step(Step.RESPONSE, agenda=DECEMBER)
    due = running((DeadlineKind.RESPOND, date(2026, 12, 9)))
    before = judged(change, today=date(2026, 12, 9), clocks=due)
    assert isinstance(before, Item)
    assert before.why == (
        "Its response is not issued yet. Issued by 12/09/2026 it is presented here, else on 01/20/2027."
    )
    after = judged(change, today=date(2026, 12, 10), clocks=due)
    assert isinstance(after, Absent)
    assert after.goes_to == JANUARY
    walked = judged(change, clocks=running((DeadlineKind.RESPOND, date(2027, 1, 13))))
    assert isinstance(walked, Item)
    assert walked.group is Group.WALK_ON


@pytest.mark.parametrize(
    ("due", "why"),
    [
        (Deadline(DeadlineKind.REVISE, date(2026, 12, 9)).carried_on(date(2027, 1, 13)), "It was put off."),
        (Deadline(DeadlineKind.REVISE, date(2027, 1, 13)), None),
        (Deadline(DeadlineKind.RESPOND, date(2026, 12, 9)).carried_on(date(2027, 1, 13)),
         "No response was issued by 12/09/2026, one week before the meeting."),
        (Deadline(DeadlineKind.RESPOND, date(2026, 12, 9), extended_to=date(2027, 1, 13)), "It was put off."),
        (Deadline(DeadlineKind.RESPOND, date(2027, 1, 13)), None),
    ],
)  # fmt: skip
def test_a_response_that_moved_on_is_named_where_it_was_expected(due: Deadline, why: str | None) -> None:
    """One that missed its week or was put off is named, with where it goes; one that was for the later meeting from
    the beginning is not."""
    step = Step.RESPONSE if due.kind is DeadlineKind.RESPOND else Step.REVISION
    found = judged(at_step(step, agenda=JANUARY), clocks=(due,))
    assert (found and (found.why, isinstance(found, Absent) and found.goes_to)) == (why and (why, JANUARY))


@pytest.mark.parametrize(
    ("change", "clocks", "group"),
    [
        (at_step(Step.SME_ASSIGNMENT), running((DeadlineKind.PRESENT, DECEMBER)), Group.CLEC),
        (at_step(Step.CLARIFICATION, agenda=DECEMBER), (), Group.CLEC),
        (replace(answered(date(2026, 12, 1)), agenda=None),
         running((DeadlineKind.PRESENT_RESPONSE, DECEMBER)), Group.RESPONSE),
        (replace(answered(date(2026, 12, 14)), responses=(response(date(2026, 11, 1)), response(date(2026, 12, 14)))),
         (), Group.REVISED),
        (at_step(Step.REVISION, agenda=DECEMBER), (), Group.REVISED),
        (at_step(Step.TEST, agenda=DECEMBER, closing=Closing("done", TODAY, "lena")), (), Group.CLOSURE),
        (at_step(Step.TEST, agenda=DECEMBER, closing=Closing("done", TODAY, "lena", "no")), (), Group.OTHER),
        (at_step(Step.TEST, agenda=DECEMBER), (), Group.OTHER),
        (at_step(Step.CLARIFICATION, agenda=date(2027, 2, 17)), running((DeadlineKind.PRESENT, DECEMBER)), None),
        (at_step(Step.CLARIFICATION), running((DeadlineKind.CLARIFY, DECEMBER)), None),
        (at_step(Step.CLARIFICATION), (Deadline(DeadlineKind.PRESENT, DECEMBER, met_on=DECEMBER),), None),
        (at_step(Step.CLOSED, agenda=DECEMBER), (), None),
        (at_step(Step.REQUEST, number="IN112326-1", agenda=DECEMBER), (), None),
    ],
)  # fmt: skip
def test_a_cr_stands_on_an_agenda_once(
    change: ChangeRequest, clocks: tuple[Deadline, ...], group: Group | None
) -> None:
    """Under what is done with it there; its own agenda counts before what is due."""
    found = judged(change, clocks=clocks)
    assert (found.group if isinstance(found, Item) else None) is group


def test_who_presents_it() -> None:
    """The originator a request, the experts a response; the CRPM is named beside."""
    request, answer = judged(received(date(2026, 11, 20), agenda=DECEMBER)), judged(answered(date(2026, 12, 1)))
    assert isinstance(request, Item)
    assert isinstance(answer, Item)
    assert (request.presents, request.crpm) == ("Pat Example", "Lena Brook")
    assert answer.presents == "Anita Vale; Joe Castle"


def agenda() -> Agenda:
    """An agenda with one item of each of four parts, and one that is not on it."""
    file = Document("f" * 64, "answer.pdf", "application/pdf", "Response", NOW)
    form = Document("e" * 64, "form.docx", "application/x", "Change Request form, as received and numbered", NOW)
    changes = [
        received(date(2026, 11, 20), key="PC112026-1", number="PC112026-1", agenda=DECEMBER),
        replace(answered(date(2026, 12, 1)), key="PC110126-1", number="PC110126-1", documents=(form, file),
                responses=(replace(response(date(2026, 12, 1)), files=("f" * 64,)),)),
        at_step(Step.TEST, key="PC100126-1", number="PC100126-1", agenda=DECEMBER,
                closing=Closing("It works", TODAY, "lena"), people={"crpm": ("toby",)}),
        received(date(2026, 12, 2), key="PC120226-1", number="PC120226-1", agenda=DECEMBER),
        received(date(2026, 12, 3), key="PC120326-1", number="PC120326-1", agenda=JANUARY),
    ]  # fmt: skip
    return agenda_of(DECEMBER, [Candidate(change) for change in changes], STAFFED, TODAY)


def test_the_agenda_has_its_parts_in_order_and_letters_its_attachments() -> None:
    """CLECs, responses, walk-ons, closures; A, B, C through all of it, and never a form."""
    found = agenda()
    assert [item.group for item in found.items] == [Group.CLEC, Group.RESPONSE, Group.WALK_ON, Group.CLOSURE]
    assert [(paper.letter, paper.is_) for item in found.items for paper in item.papers] == [
        ("A", "request"), ("B", "response"), ("C", "f" * 64), ("D", "request"),
    ]  # fmt: skip
    assert [one.change.number for one in found.absent] == ["PC120326-1"]
    assert list(islice(letters(), 25, 28)) == ["Z", "AA", "AB"]


def test_those_that_came_together_stand_in_the_order_of_their_numbers() -> None:
    """The second before the tenth, and those of another day by their day."""
    keys = [f"PC112326-{n}" for n in (10, 2, 1, 11)]
    came = [received(date(2026, 11, 23), key=key, number=key, agenda=DECEMBER) for key in keys]
    came.append(received(date(2026, 11, 20), key="PC112026-3", number="PC112026-3", agenda=DECEMBER))
    found = agenda_of(DECEMBER, [Candidate(change) for change in came], STAFFED, TODAY)
    assert [item.change.number for item in found.items] == [
        "PC112026-3", "PC112326-1", "PC112326-2", "PC112326-10", "PC112326-11",
    ]  # fmt: skip


def test_when_it_begins_and_which_was_the_last() -> None:
    """By the configured rule, with moved dates, in the office's zone."""
    assert starts_at(DECEMBER, STAFFED) == datetime(2026, 12, 16, 16, 0, tzinfo=UTC)
    assert last_meeting(STAFFED, DECEMBER) == date(2026, 11, 18)
    assert last_meeting(STAFFED, date(2026, 12, 17)) == DECEMBER
    moved = replace(STAFFED, calendar=replace(STAFFED.calendar, meeting=MeetingRule(moved=(date(2026, 12, 9),))))
    assert last_meeting(moved, date(2027, 1, 5)) == date(2026, 12, 9)


def test_the_package_goes_to_everybody_concerned_once() -> None:
    """All CLECs, the originators, CRPMs, SMEs, the CMP Manager; the agenda is kept as it was mailed."""
    found = agenda()
    files = (Enclosure("Attachment C.pdf", "application/pdf", b"x"),)
    decision = decide(None, Packaged("agenda/2026-12-16", found, files), STAFFED, NOW)
    to = [letter.to.email.partition("@")[0] for letter in letters_of(decision)]
    assert sorted(to) == ["anita.vale", "joe.castle", "lena.brook", "mona.finch", "orders", "pat", "toby.marsh"]
    assert {letter.enclosures for letter in letters_of(decision)} == {files}
    (kept,) = [effect for effect in decision.effects if isinstance(effect, Settle)]
    assert kept.key == "agenda/2026-12-16"
    assert agendas({kept.key: kept.value, "away/lena": "2026-12-24"}) == {DECEMBER: frozen(found, NOW)}
    assert decide(None, Packaged("agenda/2026-12-16", found, files), STAFFED, NOW) == decision


def test_what_comes_later_is_told_apart() -> None:
    """A walk-on after the package stands behind what was mailed, with its day; what is known stays."""
    found = agenda()
    fewer = replace(found, items=found.items[:2])
    mailed = frozen(fewer, NOW)
    grown = with_added(mailed, found, date(2026, 12, 14))
    assert [place.added for place in grown.places] == [None, None, date(2026, 12, 14), date(2026, 12, 14)]
    assert with_added(grown, fewer, date(2026, 12, 15)) is grown
    assert of_text(to_text(grown)) == grown


def test_each_crpm_is_asked_once_with_a_line_for_each() -> None:
    """Deputies too; the result with which it goes on is prefilled, but its wording and consent never are."""
    away = replace(STAFFED, absences=(Absence(TOBY.id, date(2026, 12, 31), ANITA.id),))
    decision = decide(None, Adjourned("outcomes/2026-12-16", agenda()), away, NOW)
    assert told(decision) == {(Kind.OUTCOMES, name) for name in ("lena.brook", "toby.marsh", "anita.vale")}
    (lena,) = [letter for letter in letters_of(decision) if letter.to == LENA.address]
    assert str(lena.context["reply"]).splitlines() == [
        "# Monthly Meeting of 12/16/2026. Complete the lines, and delete those of what was not talked over.",
        "# PC112026-1: write what was agreed behind it. Without consensus: PRESENTED ON 12/16/2026",
        "PC112026-1: ALIGNED ON 12/16/2026 ",
        "PC110126-1: OUTCOME ON 12/16/2026 ",
        "# PC120226-1: write what was agreed behind it. Without consensus: PRESENTED ON 12/16/2026",
        "PC120226-1: ALIGNED ON 12/16/2026 ",
    ]
    (toby,) = [letter for letter in letters_of(decision) if letter.to == TOBY.address]
    assert read_commands(str(toby.context["reply"])) == ()


@pytest.mark.parametrize("item", agenda().items, ids=lambda item: item.group.name)
def test_the_lines_that_record_are_commands(item: Item) -> None:
    """Each of them, once it stands alone."""
    for line in lines_of(item):
        (command,) = read_commands(f"{item.change.number}: {line}")
        assert command.number == item.change.number


def test_what_no_result_can_be_recorded_of_is_named() -> None:
    """With what is to be done first; before the SMEs are named a presentation can be recorded."""
    changes = [
        at_step(Step.RESPONSE, key="a", number="PC110226-1", agenda=DECEMBER),
        at_step(Step.REVISION, key="b", number="PC110326-1", agenda=DECEMBER),
        at_step(Step.SME_ASSIGNMENT, key="c", number="PC110426-1", agenda=DECEMBER),
    ]
    stood = agenda_of(DECEMBER, [Candidate(change) for change in changes], STAFFED, date(2026, 12, 9))
    decision = decide(None, Adjourned("outcomes/2026-12-16", stood), STAFFED, NOW)
    (letter,) = letters_of(decision)
    others: Any = letter.context["others"]
    assert {item.change.number: why.partition(".")[0] for item, why in others} == {
        "PC110226-1": "Its response is not issued",
        "PC110326-1": "Its revised response is not issued",
    }
    (only,) = str(letter.context["reply"]).splitlines()[1:]
    assert only == "PC110426-1: PRESENTED ON 12/16/2026"


def test_it_is_carried_over_from_the_latest_meeting() -> None:
    """Of several that left it over the latest is named, and the first for which it was due."""
    rows = tuple(
        Row("Record Update", f"Nothing is recorded of the Monthly Meeting of {day}; it is on", NOW, "bot")
        for day in ("12/16/2026", "01/20/2027")
    )
    change = received(date(2026, 11, 20), agenda=date(2027, 2, 17))
    found = judge(Candidate(change, (), rows), date(2027, 2, 17), STAFFED, date(2027, 2, 1))
    assert found is not None
    assert found.why.startswith("Carried over from the meeting of 01/20/2027. It was due for 12/16/2026. Received on")


def test_what_was_mailed_keeps_its_letters() -> None:
    """What was added since comes behind the attachments of the package, with its day."""
    whole = agenda()
    mailed = replace(whole, items=lettered(item for item in whole.items if item.change.number != "PC112026-1"))
    later, added = as_mailed(whole, frozen(mailed, NOW), date(2026, 12, 14))
    assert [(item.change.number, [paper.letter for paper in item.papers]) for item in later.items] == [
        ("PC112026-1", ["D"]), ("PC110126-1", ["A", "B"]), ("PC120226-1", ["C"]), ("PC100126-1", []),
    ]  # fmt: skip
    assert added == {"PC112026-1": date(2026, 12, 14)}


def test_what_is_left_over_goes_to_the_next_meeting() -> None:
    """With what is due there, as one promise each; the originator and the CRPM hear of it, and the history says so."""
    now = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
    due = running((DeadlineKind.PRESENT, DECEMBER), (DeadlineKind.OPTIONS, date(2026, 12, 14)))
    change = at_step(Step.CLARIFICATION, agenda=DECEMBER)
    decision = decide(change, Missed(DECEMBER, due), STAFFED, now)
    assert decision.change is not None
    assert decision.change.agenda == JANUARY
    assert opened(decision) == {DeadlineKind.PRESENT: JANUARY, DeadlineKind.OPTIONS: date(2027, 1, 18)}
    assert [(row.public, row.by) for row in decision.rows] == [(True, "bot")]
    present = next(each.deadline for each in decision.effects if isinstance(each, Open))
    assert (present.due, present.by, present.promised) == (DECEMBER, JANUARY, DECEMBER)
    assert told(decision) == {(Kind.AGENDA_ITEM, "pat"), (Kind.AGENDA_ITEM, "lena.brook")}
    assert {(letter.context["was"], letter.context["meeting"]) for letter in letters_of(decision)} == {
        (DECEMBER, JANUARY)
    }
    assert decide(decision.change, Missed(DECEMBER, running((DeadlineKind.PRESENT, JANUARY))), STAFFED, now).rows == ()


def test_a_revised_response_that_is_left_over_gets_a_later_date() -> None:
    """It stays one promise; the SMEs, who write it, are told with the others."""
    due = running((DeadlineKind.REVISE, date(2026, 12, 9)))
    change = at_step(Step.REVISION, agenda=DECEMBER)
    decision = decide(change, Missed(DECEMBER, due), STAFFED, datetime(2026, 12, 18, 16, 0, tzinfo=UTC))
    (revise,) = (each.deadline for each in decision.effects if isinstance(each, Open))
    assert (revise.by, revise.promised) == (date(2027, 1, 13), date(2026, 12, 9))
    assert {name for _, name in told(decision)} == {"pat", "lena.brook", "anita.vale", "joe.castle"}


@pytest.mark.parametrize(
    "change",
    [
        at_step(Step.CLARIFICATION, agenda=JANUARY),
        at_step(Step.CHANGE),
        at_step(Step.CLOSED, agenda=DECEMBER),
        None,
    ],
)
def test_what_was_talked_over_stays(change: ChangeRequest | None) -> None:
    """Whatever has moved on, or ended, is left alone."""
    assert decide(change, Missed(DECEMBER), STAFFED, NOW).rows == ()


def test_an_objection_to_closing_was_a_result() -> None:
    """It leaves the agenda, for nothing is to be talked over until it is asked again."""
    change = at_step(Step.ACCEPTED, agenda=DECEMBER, closing=Closing("done", TODAY, "lena", "it fails"))
    decision = decide(change, Missed(DECEMBER), STAFFED, datetime(2026, 12, 18, 16, 0, tzinfo=UTC))
    assert decision.change is not None
    assert decision.change.agenda is None


@pytest.mark.parametrize("closing", [None, Closing("done", TODAY, "lena", "it fails")])
def test_a_test_that_goes_on_is_the_matter_of_the_crpm(closing: Closing | None) -> None:
    """It is on each agenda until it ends, also after an objection to closing; the CRPM alone reads so, as of a
    test, and no page says that a result is missing (domain.md section 8, 30)."""
    change = at_step(Step.TEST, agenda=DECEMBER, closing=closing)
    decision = decide(change, Missed(DECEMBER), STAFFED, datetime(2026, 12, 18, 16, 0, tzinfo=UTC))
    assert decision.change == replace(change, agenda=JANUARY)
    assert [row.public for row in decision.rows] == [False]
    (letter,) = letters_of(decision)
    assert (letter.kind, letter.to, letter.context["of"]) == (Kind.AGENDA_ITEM, LENA.address, "test")


def test_an_unanswered_question_about_closing_is_everybodys() -> None:
    """While the originator is asked, a meeting without a word of it is told to them, at step 10 too."""
    change = at_step(Step.TEST, agenda=DECEMBER, closing=Closing("done", TODAY, "lena"))
    decision = decide(change, Missed(DECEMBER), STAFFED, datetime(2026, 12, 18, 16, 0, tzinfo=UTC))
    assert told(decision) == {(Kind.AGENDA_ITEM, "pat"), (Kind.AGENDA_ITEM, "lena.brook")}
    assert [row.public for row in decision.rows] == [True]


def test_of_a_test_the_crpm_is_asked_what_can_be_recorded() -> None:
    """What a reply may say is what the table takes at step 10; none of it is prefilled."""
    stood = agenda_of(DECEMBER, [Candidate(at_step(Step.TEST, agenda=DECEMBER))], STAFFED, date(2026, 12, 9))
    (letter,) = letters_of(decide(None, Adjourned("outcomes/2026-12-16", stood), STAFFED, NOW))
    choices: Any = letter.context["choices"]
    ((item, lines),) = choices
    assert lines == ("CLOSE reason", "REWORK reason", "COMMENT what was said")
    assert all(obeyed(item.change, line, LENA).fate is Fate.OBEYED for line in lines)
    assert (letter.context["others"], letter.context["testing"]) == ((), True)
    assert all(line.startswith("#") for line in str(letter.context["reply"]).splitlines())


def test_before_the_smes_are_named_only_the_deadline_moves() -> None:
    """There is no agenda of its own yet."""
    now = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
    due = running((DeadlineKind.PRESENT, DECEMBER), (DeadlineKind.NAME_SMES, date(2026, 11, 30)))
    decision = decide(at_step(Step.SME_ASSIGNMENT), Missed(DECEMBER, due), STAFFED, now)
    assert decision.change is not None
    assert (decision.change.agenda, opened(decision)) == (None, {DeadlineKind.PRESENT: JANUARY})
