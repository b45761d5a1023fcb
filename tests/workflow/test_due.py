"""Due: which stage, told to whom, and why; each once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.office.office import Absence, Office
from bot.office.people import Directory, Role
from bot.workflow.change import MANAGER as AT_MANAGER
from bot.workflow.change import SENDER, ActionItem, ChangeRequest, Meeting, Phase, Step
from bot.workflow.deadline import ESCALATES, OWNERS, Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.due import TOLD, UNTOLD, stage_name, stage_of
from bot.workflow.effect import Remind
from bot.workflow.event import Awaited
from tests.workflow.offices import GROUP, LENA, MANAGER, STAFFED, TOBY, at_step

BEGUN = date(2026, 11, 23)
DUE = date(2026, 12, 3)  # a Thursday
HELD = Deadline(DeadlineKind.CLARIFY, DUE)


def morning(day: date) -> datetime:
    """Nine o'clock in the office (aware, UTC)."""
    return datetime.combine(day, time(9), STAFFED.calendar.zone).astimezone(UTC)


def reminded(
    change: ChangeRequest,
    due: Deadline,
    today: date,
    office: Office = STAFFED,
    *,
    since: date = BEGUN,
    refused: Sequence[str] = (),
) -> list[Remind]:
    """Whom a deadline is told to on a day."""
    decision = decide(change, Awaited(due, since, frozenset(refused)), office, morning(today))
    assert not decision.rows
    return [effect for effect in decision.effects if isinstance(effect, Remind)]


def who(reminders: Sequence[Remind]) -> dict[str, str]:
    """Their ids, and why they hear of it."""
    return {each.person.id: each.why for each in reminders}


CR = at_step(Step.CLARIFICATION)


def test_stages_lead_up_to_the_day_and_count_on_from_it() -> None:
    """Three business days before, one before, on the day, and every business day after it; none twice."""
    days = [date(2026, 11, 26) + timedelta(days=n) for n in range(14)]  # Thursday and Friday are holidays
    found = [stage_of(DUE, BEGUN, day, STAFFED) for day in days if STAFFED.calendar.is_business_day(day)]
    assert found == [-3, -3, -1, 0, 1, 2, 3, 4]
    assert [stage_name(stage) for stage in (-3, -1, 0, 4)] == ["before-3", "before-1", "due", "overdue-4"]


def test_what_was_said_when_the_clock_began_is_not_said_again() -> None:
    """A stage that had been reached by then; of a clock that began in the days to come everything is told."""
    assert stage_of(DUE, date(2026, 12, 2), date(2026, 12, 2), STAFFED) is None
    assert stage_of(DUE, date(2026, 12, 1), date(2026, 12, 2), STAFFED) == -1
    assert stage_of(DUE, DUE, DUE, STAFFED) is None
    assert stage_of(DUE, DUE, date(2026, 12, 4), STAFFED) == 1
    assert stage_of(DUE, date(2027, 1, 4), DUE, STAFFED) == 0


def test_what_is_due_on_a_day_without_business_is_told_before_it() -> None:
    """Due on Saturday: on Friday; and on Monday it is overdue by one day."""
    saturday = date(2026, 12, 5)
    days = [date(2026, 12, day) for day in (2, 3, 4, 7)]
    assert [stage_of(saturday, BEGUN, day, STAFFED) for day in days] == [-3, -1, 0, 1]


def test_the_stages_are_those_of_the_configuration() -> None:
    """Days before, and how often of what is overdue."""
    rules = replace(STAFFED.reminding, before=(5, 2), overdue_every=3)
    office = replace(STAFFED, reminding=rules)
    days = [day for n in range(23) if STAFFED.calendar.is_business_day(day := date(2026, 11, 23) + timedelta(days=n))]
    found = [stage_of(DUE, date(2026, 11, 1), day, office) for day in days]
    assert found == [None, -5, -5, -5, -2, -2, 0, 1, 1, 1, 4, 4, 4, 7, 7]


def test_the_stricter_reading_is_reminded_of_a_day_before() -> None:
    """The posting and the response, whatever is configured (domain.md section 8, 2 and 11)."""
    office = replace(STAFFED, reminding=replace(STAFFED.reminding, before=()))
    eve = date(2026, 12, 2)
    assert who(reminded(CR, Deadline(DeadlineKind.RESPOND, DUE), eve, office)) == {"lena": ""}
    assert who(reminded(CR, Deadline(DeadlineKind.POST, DUE), eve, office)) == {"mona": ""}
    assert who(reminded(CR, Deadline(DeadlineKind.MINUTES, DUE), eve, office)) == {}


@pytest.mark.parametrize("kind", TOLD)
def test_every_deadline_is_told_to_its_owners_and_then_above(kind: DeadlineKind) -> None:
    """Before and on the day to whoever answers for it; overdue to the escalation role too, never to a CLEC."""
    ids = {
        Role.CRPM: {"lena"},
        Role.DIRECTOR: {"grace"},
        Role.SME: {"anita", "joe"},
        Role.CMP_MANAGER: {"mona"},
        Role.GROUP_MANAGER: {"hollis"},
    }
    change = replace(CR, actions=(ActionItem(1, "lena", DUE, "Ask the billing team"),), waits_for=AT_MANAGER)
    owners = set().union(*(ids[role] for role in OWNERS[kind]))
    late = date(2026, 12, 7) if kind not in (DeadlineKind.PRESENT, DeadlineKind.PRESENT_RESPONSE) else date(2026, 12, 9)
    assert set(who(reminded(change, Deadline(kind, DUE), DUE))) == owners
    assert set(who(reminded(change, Deadline(kind, DUE), late))) == owners | ids[ESCALATES[kind]]


def test_every_deadline_escalates_to_somebody_else() -> None:
    """The table is whole, and CLECs are nobody to escalate to."""
    assert set(ESCALATES) == set(DeadlineKind) == {*TOLD, *UNTOLD}
    assert Role.CLEC not in ESCALATES.values()
    assert Role.CLEC not in {role for kind in TOLD for role in OWNERS[kind]}


def test_whoever_stands_in_hears_of_it_and_why() -> None:
    """AWAY hands reminders over; the absent one keeps them for the day they are back."""
    office = replace(STAFFED, absences=(Absence("lena", date(2026, 12, 10), "toby"),))
    assert who(reminded(CR, Deadline(DeadlineKind.MINUTES, DUE), DUE, office)) == {
        "lena": "",
        "toby": "you stand in for Lena Brook",
    }
    assert TOBY.id == "toby"


def test_where_nobody_stands_in_the_role_above_hears_of_it() -> None:
    """At any stage, beside the absent one, and why; back again, or where another owner is there, as ever."""
    office = replace(STAFFED, absences=(Absence("lena", date(2026, 12, 10)),))
    minutes = Deadline(DeadlineKind.MINUTES, DUE)
    why = "Lena Brook is away until 12/10/2026, and nobody stands in"
    assert who(reminded(CR, minutes, DUE, office)) == {"lena": "", "hollis": why}
    assert who(reminded(CR, minutes, DUE)) == {"lena": ""}
    assert who(reminded(CR, Deadline(DeadlineKind.OPTIONS, DUE), DUE, office)) == {"anita": "", "joe": ""}


def test_where_the_role_above_is_away_too_the_next_one_hears_of_it() -> None:
    """What is overdue is never with somebody alone who reads nothing for weeks; a deputy is enough."""
    minutes, late = Deadline(DeadlineKind.MINUTES, DUE), date(2026, 12, 4)
    away = Absence("hollis", date(2026, 12, 31))
    overdue = STAFFED.reminding.escalate
    day = STAFFED.calendar.add_business_days(late, overdue - 1)
    found = who(reminded(CR, minutes, day, replace(STAFFED, absences=(away,))))
    gone = "overdue with Lena Brook; Hollis Reed is away until 12/31/2026, and nobody stands in"
    assert found == {"lena": "", "hollis": "overdue with Lena Brook", "mona": gone}
    deputised = replace(STAFFED, absences=(replace(away, deputy="toby"),))
    assert set(who(reminded(CR, minutes, day, deputised))) == {"lena", "hollis", "toby"}


def test_an_address_that_refuses_letters_is_rerouted_and_reported() -> None:
    """To the escalation role, at any stage; and nobody is written to in vain."""
    found = reminded(CR, Deadline(DeadlineKind.MINUTES, DUE), DUE, refused=[LENA.address.email])
    assert who(found) == {"hollis": "Lena Brook cannot be reached: lena.brook@meridell.example refuses our letters"}


def test_whoever_has_left_is_rerouted_and_reported() -> None:
    """So is a role that nobody has been given."""
    gone = replace(STAFFED, directory=Directory((MANAGER, GROUP), STAFFED.directory.companies))
    due = Deadline(DeadlineKind.MINUTES, DUE)
    assert who(reminded(CR, due, DUE, gone)) == {"hollis": "lena is not in the directory any more"}
    nobody = replace(CR, people={})
    assert who(reminded(nobody, due, DUE)) == {"hollis": "nobody is assigned as CRPM yet"}
    draft = Deadline(DeadlineKind.DRAFT, DUE)
    assert who(reminded(nobody, draft, DUE)) == {"hollis": "nobody is assigned as SME yet"}


def test_when_nobody_above_can_be_reached_either_the_cmp_manager_is_told() -> None:
    """Nothing that runs is ever silently dropped."""
    refused = [LENA.address.email, GROUP.address.email]
    assert set(who(reminded(CR, Deadline(DeadlineKind.MINUTES, DUE), DUE, refused=refused))) == {"mona"}


def test_one_person_hears_of_a_stage_once_whatever_their_roles() -> None:
    """As owner and as escalation role; a cause is one stage of one date of one person."""
    both = replace(GROUP, roles=frozenset({Role.GROUP_MANAGER, Role.CMP_MANAGER}))
    office = replace(STAFFED, directory=Directory((both, LENA), STAFFED.directory.companies))
    found = reminded(CR, Deadline(DeadlineKind.ASSIGN, DUE), date(2026, 12, 7), office)
    assert who(found) == {"hollis": ""}
    days = [date(2026, 12, day) for day in (1, 2, 3, 4, 7)]
    causes = [each.cause for day in days for each in reminded(CR, HELD, day)]
    assert len(causes) == len(set(causes))
    assert "due/PC112326-1/hold the clarification meeting/2026-12-03/overdue-2/lena" in causes


def test_action_items_are_due_too_each_on_its_own_day() -> None:
    """Whoever is named is reminded; what is done is not."""
    items = (
        ActionItem(1, "toby", DUE, "Ask the billing team"),
        ActionItem(2, "grace", date(2026, 12, 7), "Read the tariff"),
        ActionItem(3, "joe", DUE, "Draw the picture", done_on=BEGUN),
    )
    change = replace(CR, actions=items)
    found = reminded(change, Deadline(DeadlineKind.ACT, DUE), date(2026, 12, 4))
    assert [(each.person.id, each.item, each.stage) for each in found] == [
        ("toby", 1, 1),
        ("lena", 1, 1),
        ("grace", 2, -1),
    ]


def test_an_intake_is_told_once_it_waits_for_the_cmp_manager() -> None:
    """While it waits for its sender, only that one is reminded."""
    due = Deadline(DeadlineKind.FINISH_INTAKE, DUE)
    intake = replace(CR, number="IN112326-1", key="IN112326-1", step=Step.REQUEST, waits_for=AT_MANAGER)
    assert who(reminded(intake, due, DUE)) == {"mona": ""}
    assert reminded(replace(intake, waits_for=SENDER), due, DUE) == []
    assert reminded(replace(intake, phase=Phase.WITHDRAWN), due, DUE) == []


def test_the_days_after_a_monthly_meeting_are_not_nagged_about() -> None:
    """Its results are asked for in a letter of their own."""
    due = Deadline(DeadlineKind.PRESENT, date(2026, 12, 16))
    days = [date(2026, 12, day) for day in (16, 17, 18, 21, 22)]
    assert [bool(reminded(CR, due, day)) for day in days] == [True, False, False, False, True]


def test_nobody_is_told_to_present_what_is_not_issued() -> None:
    """At step 4 its own clock tells when it goes out; once it is issued, the meeting is told of."""
    due = Deadline(DeadlineKind.PRESENT_RESPONSE, date(2026, 12, 16))
    assert not reminded(at_step(Step.RESPONSE), due, date(2026, 12, 15))
    assert set(who(reminded(at_step(Step.PRESENTATION), due, date(2026, 12, 15)))) == {"lena", "anita", "joe"}


def test_a_line_says_what_is_planned_and_what_is_missed() -> None:
    """The meeting that is planned; the Monthly Meeting that a response has missed."""
    planned = replace(CR, meeting=Meeting(datetime(2026, 12, 3, 17, 0, tzinfo=UTC)))
    (note,) = reminded(planned, HELD, DUE)[0].notes
    assert note == "the meeting is planned for Thursday, December 3, 2026, 10:00 AM Mountain Time"
    (note,) = reminded(CR, Deadline(DeadlineKind.RESPOND, date(2026, 12, 9)), date(2026, 12, 10))[0].notes
    assert note.startswith("for the Monthly Meeting of 12/16/2026, which it has missed")


def test_a_meeting_whose_time_is_over_is_asked_after() -> None:
    """Not announced as if it were to come; who answered the invitation is of no use any more."""
    meeting = Meeting(datetime(2026, 12, 2, 17, 0, tzinfo=UTC), invited=(LENA.address,))
    (note,) = reminded(replace(CR, meeting=meeting), HELD, DUE)[0].notes
    assert note == (
        "the meeting was planned for Wednesday, December 2, 2026, 10:00 AM Mountain Time, and nothing is recorded of "
        "it: record how it went, HELD if it took place, else MEETING with another date"
    )
