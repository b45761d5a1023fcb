"""Reactions: what follows from the CLECs' word on a response, from a dispute and from a deferral."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.mail.letter import Enclosure, Kind
from bot.office.people import Address, Company, Directory
from bot.workflow.change import (
    ChangeRequest,
    Disposition,
    Escalation,
    Milestone,
    Phase,
    Reached,
    Reaction,
    Response,
    Step,
    Way,
)
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Decision, Fate
from tests.workflow.offices import (
    BARE,
    LENA,
    MANAGER,
    PAT,
    PINE,
    STAFFED,
    at_step,
    ended,
    letters_of,
    obeyed,
    opened,
    running,
    told,
)

ISSUED, TODAY = date(2026, 11, 24), date(2026, 12, 1)
MEETING, NEXT = date(2026, 12, 16), date(2027, 1, 20)
WAITING = running((DeadlineKind.PRESENT_RESPONSE, MEETING))


def answered(step: Step = Step.PRESENTATION, said: Disposition = Disposition.ACCEPTED, **more: object) -> ChangeRequest:
    """A change request whose response is issued."""
    response = Response(said, "We will.", "0" * 64, "anita", ISSUED, issued_on=ISSUED)
    return replace(at_step(step, disposition=said, responses=(response,)), **more)  # type: ignore[arg-type]  # fields by name


def left(decision: Decision) -> ChangeRequest:
    """The change request that a line left."""
    assert decision.fate is Fate.OBEYED, decision.reason
    assert decision.change is not None
    return decision.change


def said(decision: Decision) -> list[tuple[str, str]]:
    """The rows of a decision."""
    return [(row.action, row.description) for row in decision.rows]


def reached(change: ChangeRequest) -> list[tuple[Milestone, date]]:
    """The milestones, in order."""
    return [(one.milestone, one.on) for one in change.milestones]


@pytest.mark.parametrize(
    ("way", "step", "phase"),
    [
        ("ANSWERED", Step.TEST, Phase.CLEC_TEST),
        ("ANSWERED NO TEST", Step.ACCEPTED, Phase.CLEC_TEST),
        ("PLAN", Step.CHANGE, Phase.DEVELOPMENT),
    ],
)
def test_an_accepted_response_goes_on_by_its_way(way: str, step: Step, phase: Phase) -> None:
    """Reaction, way and both milestones are recorded, all concerned hear where it goes (seed step 6)."""
    decision = obeyed(answered(), f"OUTCOME ACCEPTED {way}", LENA, running=WAITING)
    change = left(decision)
    assert (change.step, change.phase, change.reaction) == (step, phase, Reaction.ACCEPTED)
    assert (change.way, change.no_test) == (Way(way.split(maxsplit=1)[0]), way.endswith("TEST"))
    assert reached(change) == [(Milestone.RESPONSE_PRESENTED, TODAY), (Milestone.RESPONSE_ACCEPTED, TODAY)]
    assert [action for action, _ in said(decision)] == ["Discussed at Monthly CMP Meeting", "Status Changed"]
    assert ended(decision) == {DeadlineKind.PRESENT_RESPONSE}
    assert told(decision) == {(Kind.OUTCOME, who) for who in ("pat", "grace.holt", "anita.vale", "joe.castle")}
    assert all(letter.context["goes_on"] for letter in letters_of(decision))
    assert change.agenda == (MEETING if step is Step.TEST else None)


def test_a_presentation_that_is_on_record_is_not_recorded_again() -> None:
    """Once PRESENTED was said, the outcome adds its own milestone alone, on its own date."""
    presented = answered(milestones=(Reached(Milestone.RESPONSE_PRESENTED, date(2026, 11, 30)),))
    decision = obeyed(presented, "OUTCOME ON 11/30/2026 ACCEPTED PLAN", LENA)
    assert len(decision.rows) == 1
    on = date(2026, 11, 30)
    assert reached(left(decision)) == [(Milestone.RESPONSE_PRESENTED, on), (Milestone.RESPONSE_ACCEPTED, on)]


def test_a_denied_response_allows_denial_only_and_denial_needs_one() -> None:
    """Disposition and way have to agree; the refusal names what would do (DESIGN section 4, step 6)."""
    denied = answered(said=Disposition.DENIED)
    change = left(obeyed(denied, "OUTCOME ACCEPTED DENIAL", LENA, running=WAITING))
    assert (change.step, change.phase, change.way) == (Step.ACCEPTED, Phase.DECLINED, Way.DENIAL)
    for way in ("ANSWERED", "ANSWERED NO TEST", "PLAN"):
        refused = obeyed(denied, f"OUTCOME ACCEPTED {way}", LENA)
        assert refused.fate is Fate.REFUSED
        assert "OUTCOME ACCEPTED DENIAL" in refused.reason
    refused = obeyed(answered(), "OUTCOME ACCEPTED DENIAL", LENA)
    assert (refused.fate, "OUTCOME ACCEPTED PLAN" in refused.reason) == (Fate.REFUSED, True)


def test_at_6_the_way_is_corrected_and_both_are_seen() -> None:
    """The row names the way before and the way now; the date of acceptance stays."""
    first = left(obeyed(answered(), "OUTCOME ACCEPTED ANSWERED NO TEST", LENA, running=WAITING))
    again = obeyed(first, "OUTCOME ACCEPTED ANSWERED NO TEST", LENA)
    assert (again.fate, "CLOSE" in again.reason) == (Fate.REFUSED, True)
    accepted = replace(first, milestones=(Reached(Milestone.RESPONSE_ACCEPTED, date(2026, 11, 30)),))
    decision = obeyed(accepted, "OUTCOME ACCEPTED PLAN", LENA)
    assert left(decision).step is Step.CHANGE
    assert reached(left(decision)) == [(Milestone.RESPONSE_ACCEPTED, date(2026, 11, 30))]
    ((_, row),) = said(decision)
    assert row.startswith("Administrative: way corrected. Was: it answers the CR, and no test is needed. Now: its plan")


@pytest.mark.parametrize("line", ["ACCEPTED PLAN", "REJECTED", "REVISE Say by when."])
def test_an_outcome_on_a_day_without_a_meeting_is_remarked_on(line: str) -> None:
    """It is recorded as written, and whoever mistook the day reads so."""
    wrong = obeyed(answered(), f"OUTCOME ON 12/1/2026 {line}", LENA, running=WAITING)
    assert (wrong.fate, "not the day of a Monthly Meeting" in wrong.answer[0]) == (Fate.OBEYED, True)
    there = datetime(2026, 12, 16, 20, 0, tzinfo=UTC)
    assert obeyed(answered(), f"OUTCOME {line}", LENA, now=there, running=WAITING).answer == ()


def test_acceptance_may_come_late() -> None:
    """From 5B it goes on as from 5, and the clock of the choice is met (DESIGN section 4, 5B)."""
    declined = answered(Step.NOT_ACCEPTED, reaction=Reaction.REJECTED)
    decision = obeyed(declined, "OUTCOME ACCEPTED PLAN", LENA, running=running((DeadlineKind.REACT, MEETING)))
    assert (left(decision).reaction, left(decision).step) == (Reaction.ACCEPTED, Step.CHANGE)
    assert ended(decision) == {DeadlineKind.REACT}
    assert "Late acceptance" in said(decision)[0][1]


def test_a_rejection_asks_the_originator_and_tells_the_others() -> None:
    """One letter each: the choice to the originator, the outcome to the rest (DESIGN section 4, 5B)."""
    decision = obeyed(answered(), "OUTCOME REJECTED", LENA, running=WAITING)
    change = left(decision)
    assert (change.step, change.phase, change.reaction) == (Step.NOT_ACCEPTED, Phase.DECLINED, Reaction.REJECTED)
    assert change.disposition is Disposition.ACCEPTED
    assert reached(change) == [(Milestone.RESPONSE_PRESENTED, TODAY)]
    assert told(decision) == {
        (Kind.CHOICE, "pat"),
        *((Kind.OUTCOME, who) for who in ("grace.holt", "anita.vale", "joe.castle")),
    }
    assert opened(decision) == {DeadlineKind.REACT: date(2026, 12, 15)}


def test_a_revision_is_asked_of_the_smes_for_the_next_meeting() -> None:
    """5A: the SMEs read what to change and by when, the others that it is so; a draft begins anew."""
    old = Response(Disposition.ACCEPTED, "", "1" * 64, "anita", ISSUED)
    decision = obeyed(answered(draft=old), "OUTCOME REVISE Say by when.", LENA, running=WAITING)
    change = left(decision)
    assert (change.step, change.phase, change.reaction) == (Step.REVISION, Phase.PRESENTED, Reaction.REVISE)
    assert (change.agenda, change.draft) == (MEETING, None)
    assert opened(decision) == {DeadlineKind.REVISE: date(2026, 12, 9)}
    asked = {letter.to.email.partition("@")[0]: letter.context["asked"] for letter in letters_of(decision)}
    due = date(2026, 12, 9)
    assert asked == {"anita.vale": due, "joe.castle": due, "pat": None, "grace.holt": None}


def test_nobody_answers_a_response_before_it_is_issued() -> None:
    """A date that cannot be is asked back, whatever the outcome."""
    for outcome in ("ACCEPTED PLAN", "REJECTED", "REVISE Say when."):
        refused = obeyed(answered(), f"OUTCOME ON 11/23/2026 {outcome}", LENA)
        assert refused.fate is Fate.REFUSED
        assert "11/24/2026" in refused.reason


def test_an_escalation_is_numbered_and_stops_the_clocks() -> None:
    """Flag, number, company and reason; what had been planned stays on record (seed step 5C)."""
    clocks = running((DeadlineKind.REACT, date(2026, 12, 15)), (DeadlineKind.MINUTES, date(2026, 12, 2)))
    writer = Address("pat@pine.example", "Pat Example")
    pat = replace(PAT, sender=writer, confirmed=True)
    declined = answered(Step.NOT_ACCEPTED, followers=(PINE.contacts[0],))
    decision = obeyed(declined, "ESCALATE The basis is wrong.", pat, running=clocks, number="7")
    change = left(decision)
    pats = Escalation(7, TODAY, "Pine Telecom LLC", "The basis is wrong.", Step.NOT_ACCEPTED)
    assert change.escalation == replace(pats, speakers=(writer,))
    assert (change.step, change.phase, change.flags) == (Step.ESCALATED, Phase.ESCALATED, ("ES",))
    assert ended(decision) == {DeadlineKind.REACT, DeadlineKind.MINUTES}
    public, private = decision.rows
    assert public.description == "Escalation #7 opened by Pine Telecom LLC: The basis is wrong. Status is Escalated."
    assert not private.public
    assert private.description == "Deadlines stopped by the escalation: issue the minutes, due 12/02/2026"
    people = ("mona.finch", "lena.brook", "grace.holt", "anita.vale", "joe.castle", "orders")
    assert told(decision) == {(Kind.ESCALATED, who) for who in people}
    asked = [letter.to.email.partition("@")[0] for letter in letters_of(decision) if letter.context["yours"]]
    assert asked == ["lena.brook"]


def test_a_clec_confirms_an_escalation_first() -> None:
    """Everybody sees it: the CLEC is asked back once; the CRPM on their word is not."""
    declined = answered(Step.NOT_ACCEPTED)
    assert obeyed(declined, "ESCALATE The basis is wrong.", PAT).fate is Fate.PARKED
    decision = obeyed(declined, "ESCALATE Bare Networks: The basis is wrong.", LENA, number="8")
    escalation = left(decision).escalation
    assert escalation is not None
    assert (escalation.by, escalation.reason) == ("Bare Networks", "The basis is wrong.")
    assert "as Lena Brook was told" in decision.rows[0].description


def test_the_files_of_an_escalation_go_to_its_crpm() -> None:
    """Who is in charge of it reads them; the others read why it was escalated."""
    declined, paper = answered(Step.NOT_ACCEPTED), Enclosure("samples.xlsx", "", b"PK")
    pat = replace(PAT, confirmed=True)
    decision = obeyed(declined, "ESCALATE See the samples.", pat, number="7", files=(paper,))
    assert [letter.to for letter in letters_of(decision) if letter.enclosures] == [LENA.address]


def test_a_second_escalation_joins_the_first() -> None:
    """Companies are added once each; the staff say whose word it is (domain.md section 1.6)."""
    opened_by = Escalation(7, TODAY, "Pine Telecom LLC", "wrong", Step.NOT_ACCEPTED)
    disputed = answered(Step.ESCALATED, escalation=opened_by)
    writer = Address("kim@bare.example", "Kim")
    kim = replace(PAT, company=BARE, sender=writer, confirmed=True)
    decision = obeyed(disputed, "ESCALATE We see it too.", kim)
    joined = left(decision)
    assert joined.escalation == replace(opened_by, joined=("Bare Networks",), speakers=(writer,))
    assert decision.rows[0].description == "Bare Networks joined escalation #7: We see it too."
    for again in (disputed, joined):
        refused = obeyed(again, "ESCALATE Me too.", replace(PAT, confirmed=True))
        assert (refused.fate, "COMMENT" in refused.reason) == (Fate.REFUSED, True)
    refused = obeyed(disputed, "ESCALATE Somebody else, too.", LENA)
    assert (refused.fate, "Say which company" in refused.reason) == (Fate.REFUSED, True)
    told_so = left(obeyed(disputed, "ESCALATE Bare Networks: on the phone", LENA)).escalation
    assert told_so == replace(opened_by, joined=("Bare Networks",))


def test_who_disputes_hears_how_it_began_and_ended() -> None:
    """A CLEC that is not the originator: its contacts and whoever wrote, once each; also where the CRPM opened it on
    their word, and where a withdrawal ends it."""
    oak = Company("Oak Telephone", frozenset({"oak.example"}), (Address("cmp@oak.example", "Oak"),))
    people = STAFFED.directory.people
    office = replace(STAFFED, directory=Directory(people, (PINE, BARE, oak)))
    declined = answered(Step.NOT_ACCEPTED, followers=(Address("cmp@oak.example"),))
    opened_so = obeyed(declined, "ESCALATE Oak Telephone: on the phone", LENA, number="7", office=office)
    assert _addresses(opened_so, Kind.ESCALATED).count("cmp@oak.example") == 1
    kim = replace(PAT, company=BARE, sender=Address("kim@bare.example"), confirmed=True)
    joined = obeyed(left(opened_so), "ESCALATE We see it too.", kim, office=office)
    assert _addresses(joined, Kind.ESCALATED).count("cmp@oak.example") == 1
    assert "kim@bare.example" not in _addresses(joined, Kind.ESCALATED)
    ends = (("RESOLVE TO 5A As agreed.", Kind.RESOLVED), ("WITHDRAW They said so.", Kind.WITHDRAWN))
    for line, kind in ends:
        told_to = _addresses(obeyed(left(joined), line, LENA, office=office), kind)
        assert len(told_to) == len(set(told_to))
        assert {"pat@pine.example", "cmp@oak.example", "kim@bare.example"} <= set(told_to)
    settled = left(obeyed(left(joined), "RESOLVE TO 5A As agreed.", LENA, office=office))
    later = obeyed(settled, "WITHDRAW They said so.", LENA, office=office)
    assert "kim@bare.example" not in _addresses(later, Kind.WITHDRAWN)


def _addresses(decision: Decision, kind: Kind) -> list[str]:
    """To whom the letters of a kind go."""
    return [letter.to.email for letter in letters_of(decision) if letter.kind is kind]


@pytest.mark.parametrize(
    ("to", "phase", "reaction", "way", "due"),
    [
        ("5", Phase.PRESENTED, Reaction.NONE, Way.NONE, {DeadlineKind.PRESENT_RESPONSE: MEETING}),
        ("5A", Phase.PRESENTED, Reaction.REVISE, Way.NONE, {DeadlineKind.REVISE: date(2026, 12, 9)}),
        ("6", Phase.CLEC_TEST, Reaction.ACCEPTED, Way.NONE, {}),
        ("7", Phase.DEVELOPMENT, Reaction.ACCEPTED, Way.PLAN, {}),
        ("11", Phase.COMPLETION, Reaction.REJECTED, Way.NONE, {}),
    ],
)
def test_a_dispute_ends_at_one_of_five_steps(
    to: str, phase: Phase, reaction: Reaction, way: Way, due: dict[DeadlineKind, date]
) -> None:
    """Resolved is reached; 6 and 7 record Accepted, 11 closes, 5 and 5A are on the next agenda."""
    dispute = Escalation(7, date(2026, 11, 25), "Pine Telecom LLC", "wrong", Step.NOT_ACCEPTED)
    disputed = answered(Step.ESCALATED, escalation=dispute, reaction=Reaction.REJECTED, flags=("ES",))
    decision = obeyed(disputed, f"RESOLVE TO {to} As agreed.", LENA)
    change = left(decision)
    assert (change.step.value, change.phase, change.reaction, change.way) == (to, phase, reaction, way)
    assert change.escalation == replace(dispute, resolved_on=TODAY, resolution="As agreed.")
    milestones = [milestone for milestone, _ in reached(change)]
    more = {"6": [Milestone.RESPONSE_ACCEPTED], "7": [Milestone.RESPONSE_ACCEPTED], "11": [Milestone.CR_CLOSED]}
    assert milestones == [Milestone.RESOLVED, *more.get(to, [])]
    assert (opened(decision), change.agenda) == (due, MEETING if to in ("5", "5A") else None)
    assert (Kind.RESOLVED, "mona.finch") in told(decision)
    assert change.flags == ("ES",)


def test_a_denial_that_is_let_rest_by_a_resolution_is_a_denial() -> None:
    """At 6 a Denied response has one way only; any other is given later by OUTCOME."""
    dispute = Escalation(7, TODAY, "Pine Telecom LLC", "wrong", Step.NOT_ACCEPTED)
    disputed = answered(Step.ESCALATED, Disposition.DENIED, escalation=dispute)
    change = left(obeyed(disputed, "RESOLVE TO 6 They let it rest.", LENA))
    assert (change.way, change.phase) == (Way.DENIAL, Phase.DECLINED)
    open_way = left(obeyed(answered(Step.ESCALATED, escalation=dispute), "RESOLVE TO 6 Agreed.", LENA))
    assert left(obeyed(open_way, "OUTCOME ACCEPTED PLAN", LENA)).way is Way.PLAN


def test_a_dispute_about_an_accepted_response_keeps_its_way() -> None:
    """Escalated from 6 and resolved to 6: it waits there as before (DESIGN section 5, ESCALATE)."""
    accepted = answered(Step.ACCEPTED, way=Way.ANSWERED, no_test=True, reaction=Reaction.ACCEPTED)
    disputed = left(obeyed(accepted, "ESCALATE Not so.", replace(PAT, confirmed=True), number="9"))
    assert disputed.escalation is not None
    assert disputed.escalation.opened_from is Step.ACCEPTED
    settled = left(obeyed(disputed, "RESOLVE TO 6 It is so.", LENA))
    assert (settled.way, settled.no_test, settled.phase) == (Way.ANSWERED, True, Phase.CLEC_TEST)


def test_a_deferral_is_reviewed_only_where_a_date_is_given() -> None:
    """Nothing closes by silence, and nothing is due without a date (domain.md section 8, 25)."""
    declined = answered(Step.NOT_ACCEPTED, reaction=Reaction.REJECTED)
    clocks = running((DeadlineKind.REACT, MEETING))
    decision = obeyed(declined, "DEFER", PAT, running=clocks)
    change = left(decision)
    assert (change.step, change.phase, change.deferred_until) == (Step.NOT_ACCEPTED, Phase.DEFERRED, None)
    assert (opened(decision), ended(decision)) == ({}, {DeadlineKind.REACT})
    decision = obeyed(change, "DEFER UNTIL 03/01/2027 budget", PAT)
    assert left(decision).deferred_until == date(2027, 3, 1)
    assert opened(decision) == {DeadlineKind.RESUME: date(2027, 3, 2)}
    assert said(decision) == [("Status Changed", "Deferred until 03/01/2027. budget")]
    assert decision.rows[0].at.date() == TODAY
    refused = obeyed(declined, "DEFER UNTIL 12/01/2026", PAT)
    assert refused.fate is Fate.REFUSED


def test_a_deferral_ends_where_it_began() -> None:
    """RESUME goes back to 5B, and the originator has to choose again."""
    deferred = answered(
        Step.NOT_ACCEPTED,
        phase=Phase.DEFERRED,
        reaction=Reaction.REJECTED,
        deferred_until=NEXT,
    )
    decision = obeyed(deferred, "RESUME", LENA, running=running((DeadlineKind.RESUME, NEXT)))
    change = left(decision)
    assert (change.step, change.phase, change.reaction) == (Step.NOT_ACCEPTED, Phase.DECLINED, Reaction.REJECTED)
    assert change.deferred_until is None
    assert (ended(decision), opened(decision)) == ({DeadlineKind.RESUME}, {DeadlineKind.REACT: date(2026, 12, 15)})
    assert (Kind.RESUMED, "pat") in told(decision)


def test_a_manager_may_act_for_the_crpm_and_history_says_so() -> None:
    """Over the CRPM's head, with a row of its own that is not posted."""
    decision = obeyed(answered(), "OUTCOME REJECTED", MANAGER, running=WAITING, office=STAFFED)
    assert any("in place of its CRPM" in row.description and not row.public for row in decision.rows)
    assert (Kind.OUTCOME, "lena.brook") in told(decision)
