"""decide: what becomes of a form, a comment, a question and a mail that nobody can read."""

from dataclasses import replace
from datetime import date

import pytest

from bot.intake.form import Value
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter, Thread
from bot.mail.message import Attachment
from bot.workflow.change import Milestone, Phase, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Keep, Meet, Open, Publish, Send
from bot.workflow.event import Asked, Commented, Held, Posted, SetAside, Undelivered
from bot.workflow.submission import Route, route, series
from tests.workflow.offices import (
    ARRIVED,
    FORGER,
    GROUP,
    HOMELESS,
    MANAGER,
    MISSING_PHONE,
    NOW,
    OFFICE,
    OWN,
    PAT,
    PINE,
    STRANGER,
    UNPROVEN,
    submitted,
)


def letters(decision: Decision) -> list[Letter]:
    """The letters that a decision owes."""
    return [effect.letter for effect in decision.effects if isinstance(effect, Send)]


def owed(decision: Decision) -> set[tuple[Kind, str]]:
    """Kind and recipient of every letter."""
    return {(letter.kind, letter.to.email) for letter in letters(decision)}


@pytest.mark.parametrize(
    ("standing", "fields", "complete", "expected"),
    [
        (PAT, {}, True, Route.REGISTER),
        (UNPROVEN, {}, True, Route.REGISTER),
        (PAT, {}, False, Route.ASK),
        (UNPROVEN, {}, False, Route.ASK),
        (HOMELESS, {}, False, Route.UNANSWERABLE),
        (HOMELESS, {}, True, Route.REGISTER),
        (STRANGER, {}, True, Route.UNKNOWN),
        (STRANGER, {}, False, Route.UNKNOWN),
        (OWN, {}, True, Route.OWN),
        (PAT, {"company": "MERIDELL"}, True, Route.OWN),
        (PAT, {"area_of_change": "system"}, True, Route.CROSSOVER),
        (PAT, {"area_of_change": "both"}, True, Route.CROSSOVER),
        (PAT, {"area_of_change": "both"}, False, Route.ASK),
    ],
)
def test_routes(standing: Standing, fields: dict[str, Value], complete: bool, expected: Route) -> None:
    """Each kind of sender and form goes where DESIGN section 5 says."""
    event = submitted(standing, problems=() if complete else (MISSING_PHONE,), fields=fields)
    assert route(event.form.submission, standing, OFFICE) is expected


def test_registration_is_seed_step_1() -> None:
    """A complete form is numbered, received, acknowledged, forwarded, and waits in step 2."""
    decision = decide(None, submitted(), OFFICE, NOW)
    change = decision.change
    assert change is not None
    assert decision.fate is Fate.REGISTERED
    assert (change.number, change.step, change.phase) == ("PC112326-1", Step.SME_ASSIGNMENT, Phase.SUBMISSION)
    assert [(reached.milestone, reached.on) for reached in change.milestones] == [
        (Milestone.CR_RECEIVED, date(2026, 11, 23))
    ]
    assert owed(decision) == {(Kind.ACKNOWLEDGEMENT, "pat@pine.example"), (Kind.FORWARD, GROUP.address.email)}
    assert [row.action for row in decision.rows] == ["CR Submitted", "CR Received", "CR Acknowledged"]
    assert any(isinstance(effect, Publish) for effect in decision.effects)
    assert len(change.revisions) == 1


def test_the_clocks_start() -> None:
    """Registration opens the deadlines of DESIGN section 4 and meets the first of them."""
    decision = decide(None, submitted(), OFFICE, NOW)
    opened = {effect.deadline.kind: effect.deadline for effect in decision.effects if isinstance(effect, Open)}
    assert opened[DeadlineKind.ACKNOWLEDGE].state == "met"
    assert opened[DeadlineKind.POST].due == date(2026, 11, 25)
    assert opened[DeadlineKind.ASSIGN].due == date(2026, 11, 24)
    assert opened[DeadlineKind.CLARIFY].due == date(2026, 12, 3)
    assert opened[DeadlineKind.PRESENT].due == date(2026, 12, 16)


def test_the_logged_form_goes_with_the_letters() -> None:
    """Acknowledgement and forward carry the form with its number, and the CR keeps it."""
    file = Attachment("form.rtf", "application/rtf", b"{\\rtf1 form}")
    decision = decide(None, submitted(file=file), OFFICE, NOW)
    for letter in letters(decision):
        assert [enclosure.name for enclosure in letter.enclosures] == ["PC112326-1 form.rtf"]
    assert [effect.document.name for effect in decision.effects if isinstance(effect, Keep)] == ["PC112326-1 form.rtf"]


def test_a_form_that_is_too_large_is_kept_and_not_sent_back() -> None:
    """The letters say so; many servers would refuse them with it."""
    file = Attachment("form.rtf", "application/rtf", b"{\\rtf1" + bytes(6 * 1024 * 1024))
    decision = decide(None, submitted(file=file), OFFICE, NOW)
    assert [letter.enclosures for letter in letters(decision)] == [(), ()]
    assert [letter.context["too_large"] for letter in letters(decision)] == [True, True]
    assert any(isinstance(effect, Keep) for effect in decision.effects)


def test_an_unproven_sender_is_acknowledged_at_the_directory_address_only() -> None:
    """Without verification the acknowledgement goes to the registered contact (DESIGN section 5)."""
    assert (Kind.ACKNOWLEDGEMENT, "orders@pine.example") in owed(decide(None, submitted(UNPROVEN), OFFICE, NOW))


def test_an_incomplete_form_is_asked_about_once_with_everything() -> None:
    """The notice goes to the sender; nothing is posted, and no CR number is needed."""
    event = submitted(number="IN112326-1", problems=(MISSING_PHONE,))
    decision = decide(None, event, OFFICE, NOW)
    assert decision.fate is Fate.INCOMPLETE
    assert owed(decision) == {(Kind.INCOMPLETE, "pat@pine.example")}
    assert not any(isinstance(effect, Publish) for effect in decision.effects)
    assert decision.change is not None
    assert not decision.change.logged
    assert not any(row.public for row in decision.rows)


def test_a_correction_finishes_the_same_intake() -> None:
    """The number's date is the correction's; the first arrival stays; the intake's clocks are met."""
    first = decide(None, submitted(number="IN112326-1", problems=(MISSING_PHONE,)), OFFICE, NOW).change
    later = replace(submitted(number="PC112426-1", cause="ba9876543210/0"), arrived=ARRIVED.replace(day=24))
    decision = decide(first, later, OFFICE, NOW.replace(day=24))
    change = decision.change
    assert change is not None
    assert (change.key, change.number) == ("IN112326-1", "PC112426-1")
    assert (change.first_arrived, change.received_at) == (ARRIVED, later.arrived)
    assert len(change.revisions) == 2
    met = {effect.kind for effect in decision.effects if isinstance(effect, Meet)}
    assert met == {DeadlineKind.ANSWER_INCOMPLETE, DeadlineKind.FINISH_INTAKE, DeadlineKind.CORRECT}


@pytest.mark.parametrize(
    ("standing", "told", "step"),
    [
        (STRANGER, {(Kind.PARKED, "sam@elsewhere.example")}, Step.REQUEST),
        (FORGER, set(), Step.REQUEST),
        (OWN, {(Kind.PARKED, GROUP.address.email)}, Step.OWN_REQUEST),
    ],
)
def test_parked_forms_wait_for_the_cmp_manager(standing: Standing, told: set[tuple[Kind, str]], step: Step) -> None:
    """The CMP Manager is told; the sender only where no bystander can be hit."""
    decision = decide(None, submitted(standing, "IN112326-1"), OFFICE, NOW)
    assert decision.fate is Fate.PARKED
    assert owed(decision) == told | {(Kind.REVIEW, MANAGER.address.email)}
    assert decision.change is not None
    assert decision.change.step is step


def test_an_intake_leaves_step_1a_when_its_form_is_put_right() -> None:
    """The carrier's own name in the form parks it in step 1A; asked about a corrected one, it is in step 1."""
    parked = decide(None, submitted(number="IN112326-1", fields={"company": "Meridell"}), OFFICE, NOW).change
    assert parked is not None
    assert parked.step is Step.OWN_REQUEST
    asked = decide(parked, submitted(number="", problems=(MISSING_PHONE,), cause="ba9876543210/0"), OFFICE, NOW)
    assert asked.change is not None
    assert (asked.fate, asked.change.step) == (Fate.INCOMPLETE, Step.REQUEST)


def test_series() -> None:
    """A registration takes a PC number; anything else an IN number, unless it has one."""
    intake = decide(None, submitted(number="IN112326-1", problems=(MISSING_PHONE,)), OFFICE, NOW).change
    assert series(Route.REGISTER, None) == series(Route.REGISTER, intake) == "PC"
    assert series(Route.ASK, None) == series(Route.UNKNOWN, None) == "IN"
    assert series(Route.ASK, intake) == ""


def test_a_comment_is_kept_inside() -> None:
    """A CLEC's prose becomes an internal row and a letter to whoever runs the CR; it is not posted."""
    change = decide(None, submitted(), OFFICE, NOW).change
    decision = decide(change, Commented("c", ARRIVED, "We see the same.", PAT, Thread()), OFFICE, NOW)
    assert decision.fate is Fate.COMMENTED
    assert [(row.action, row.public) for row in decision.rows] == [("Info Received From CLEC", False)]
    assert owed(decision) == {(Kind.COMMENT, MANAGER.address.email)}


def test_a_strangers_comment_waits() -> None:
    """Nobody we do not know writes into a CR's history by himself."""
    change = decide(None, submitted(), OFFICE, NOW).change
    decision = decide(change, Commented("c", ARRIVED, "Hello", FORGER, Thread()), OFFICE, NOW)
    assert decision.fate is Fate.PARKED
    (review,) = letters(decision)
    assert (review.kind, review.context["text"], review.context["answered"]) == (Kind.REVIEW, "Hello", False)


@pytest.mark.parametrize(
    ("standing", "fate", "kind"),
    [(PAT, Fate.ANSWERED, Kind.HELP), (STRANGER, Fate.ANSWERED, Kind.HELP), (FORGER, Fate.PARKED, Kind.REVIEW)],
)
def test_questions(standing: Standing, fate: Fate, kind: Kind) -> None:
    """A question gets help where an answer can hit no bystander, else it waits."""
    decision = decide(None, Asked("q", "How do I file a CR?", standing, Thread()), OFFICE, NOW)
    assert decision.fate is fate
    assert {letter.kind for letter in letters(decision)} == {kind}


def test_a_mail_set_aside_is_reported_once() -> None:
    """Quarantine tells the CMP Manager, and a sender whom we may tell."""
    decision = decide(None, SetAside("m", "its attachment hangs", "Hello", PAT, Thread()), OFFICE, NOW)
    assert decision.fate is Fate.QUARANTINED
    assert owed(decision) == {(Kind.TROUBLE, MANAGER.address.email), (Kind.UNREADABLE, "pat@pine.example")}


def test_held_mail_is_parked() -> None:
    """A mail for a person is parked, the CMP Manager and its sender are told, and the CR it concerns remembers it."""
    held = Held("m", "commands wait", "Re: hello", PAT, Thread())
    decision = decide(None, held, OFFICE, NOW)
    assert (decision.fate, owed(decision)) == (
        Fate.PARKED,
        {(Kind.PARKED, "pat@pine.example"), (Kind.REVIEW, MANAGER.address.email)},
    )
    assert decision.rows == ()
    change = decide(None, submitted(), OFFICE, NOW).change
    (row,) = decide(change, held, OFFICE, NOW).rows
    assert not row.public
    assert "commands wait" in row.description


def test_posting_meets_its_deadline() -> None:
    """The first publication is a history row and meets the deadline to post."""
    change = decide(None, submitted(), OFFICE, NOW).change
    decision = decide(change, Posted(NOW), OFFICE, NOW)
    assert [row.action for row in decision.rows] == ["CR Posted to Web"]
    assert decision.effects == (Meet(DeadlineKind.POST, NOW),)


def test_deciding_twice_is_deciding_once() -> None:
    """The same arguments give the same decision, down to the letters' ids."""
    first, second = decide(None, submitted(), OFFICE, NOW), decide(None, submitted(), OFFICE, NOW)
    assert first == second
    assert [letter.id for letter in letters(first)] == [letter.id for letter in letters(second)]


def test_a_company_is_known_by_its_address_not_by_its_word() -> None:
    """The form may claim any company; the CR goes under the one that the sender writes from."""
    change = decide(None, submitted(fields={"company": "Somebody Else Inc."}), OFFICE, NOW).change
    assert change is not None
    assert change.company == PINE.name


def test_a_dead_letter_is_shown_to_the_cmp_manager() -> None:
    """Whoever runs the mailbox learns that a letter was refused; never of their own, in a circle."""
    dead = Undelivered("l1", Kind.FORWARD, GROUP.address.email, "PC112326-1", "550 no such user")
    assert owed(decide(None, dead, OFFICE, NOW)) == {(Kind.UNDELIVERED, MANAGER.address.email)}
    own = Undelivered("l2", Kind.UNDELIVERED, MANAGER.address.email, "", "550 no such user")
    assert owed(decide(None, own, OFFICE, NOW)) == set()


def test_nobody_is_acknowledged_on_paper() -> None:
    """A CR whose sender nobody can answer is logged; history claims no acknowledgement, its clock
    goes on, and the CMP Manager is told."""
    decision = decide(None, submitted(HOMELESS), OFFICE, NOW)
    assert decision.fate is Fate.REGISTERED
    assert [row.action for row in decision.rows] == ["CR Submitted", "CR Received"]
    assert owed(decision) == {(Kind.REVIEW, MANAGER.address.email), (Kind.FORWARD, GROUP.address.email)}
    assert not any(isinstance(effect, Meet) for effect in decision.effects)
