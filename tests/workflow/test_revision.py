"""revision: who may give a numbered change request a new text, when, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.intake.form import Code, Field, FieldTable, Need, Problem, Shape, Submission, Value
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Letter
from bot.mail.message import Attachment
from bot.office.office import Absence
from bot.office.people import Address, Person, Role
from bot.workflow.change import ChangeRequest, Revision, Step
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Keep, Meet, Open, Publish, Send
from bot.workflow.revision import AMENDABLE, altered, laid_over, revise, versions
from tests.workflow.offices import (
    ARRIVED,
    FIELDS,
    FORGER,
    GROUP,
    HOMELESS,
    MANAGER,
    MISSING_PHONE,
    NOW,
    OFFICE,
    PAT,
    STRANGER,
    UNPROVEN,
    submitted,
)

NEW: Mapping[str, Value] = {"description": "The reject notice does not name the failing field of the order."}
LENA = Person("lena", "Lena Marsh", Address("lena.marsh@meridell.example"), frozenset({Role.CRPM}))
STAFFED = replace(OFFICE, directory=replace(OFFICE.directory, people=(*OFFICE.directory.people, LENA)))
BY_LENA = Standing(LENA.address, person=LENA, ours=True, verified=True)
BY_MANAGER = Standing(MANAGER.address, person=MANAGER, ours=True, verified=True)
BY_GROUP = Standing(GROUP.address, person=GROUP, ours=True, verified=True)
COLLEAGUE = replace(PAT, sender=Address("kit@pine.example"))
TABLE = FieldTable(
    "Form",
    (
        Field("originator_email", "E-mail", Shape.EMAIL, Need.REQUIRED),
        Field("title", "Title of Change", Shape.LINE, Need.REQUIRED),
        Field("business_reason", "Business Reason", Shape.TEXT, Need.ADVISED),
        Field("areas_impacted", "Areas Impacted", Shape.CHOICES, Need.REQUIRED),
        Field("desired_implementation_date", "Date", Shape.LINE, Need.OPTIONAL),
    ),
)
PRESENT: Mapping[str, Value] = {
    "originator_email": "pat@pine.example",
    "title": "Name the failing field",
    "business_reason": "Two calls an order",
    "areas_impacted": ("Other",),
    "areas_other": "Directory",
    "desired_implementation_date": "Q2",
}


def logged(step: Step = Step.SME_ASSIGNMENT, **changes: object) -> ChangeRequest:
    """A change request of Pat's that has its number."""
    change = decide(None, submitted(), OFFICE, NOW).change
    assert change is not None
    made: ChangeRequest = replace(change, step=step, **changes)  # type: ignore[arg-type]  # whatever a test wants
    return made


def letters(decision: Decision) -> list[Letter]:
    """The letters that a decision owes."""
    return [effect.letter for effect in decision.effects if isinstance(effect, Send)]


def owed(decision: Decision) -> set[tuple[Kind, str]]:
    """Kind and recipient of every letter."""
    return {(letter.kind, letter.to.email) for letter in letters(decision)}


@pytest.mark.parametrize("step", list(Step))
def test_the_text_may_be_changed_in_the_steps_2_to_5a(step: Step) -> None:
    """In any other step the form waits for a person, with a reason that names the step."""
    change = logged(step)
    decision = decide(change, submitted(fields=NEW, number="", cause="b/0"), OFFICE, NOW)
    if step in AMENDABLE:
        assert decision.fate is Fate.OBEYED
    else:
        assert (decision.fate, decision.change) == (Fate.PARKED, change)
        assert f"step {step.value} (" in decision.reason
    assert {step.value for step in AMENDABLE} == {"2", "3", "4", "5", "5A"}


@pytest.mark.parametrize(
    ("standing", "fate"),
    [
        (PAT, Fate.OBEYED),
        (COLLEAGUE, Fate.OBEYED),
        (replace(PAT, company=None), Fate.OBEYED),
        (BY_LENA, Fate.OBEYED),
        (BY_MANAGER, Fate.OBEYED),
        (BY_GROUP, Fate.OBEYED),
        (UNPROVEN, Fate.PARKED),
        (replace(BY_LENA, verified=False), Fate.PARKED),
        (STRANGER, Fate.PARKED),
        (FORGER, Fate.PARKED),
        (replace(HOMELESS, verified=True), Fate.PARKED),
        (Standing(None), Fate.PARKED),
    ],
)
def test_only_the_originator_and_who_runs_it_may(standing: Standing, fate: Fate) -> None:
    """The originator, the originator's company, the CRPM and the managers, each proven; nobody else."""
    change = logged(people={"crpm": ("lena",)})
    decision = decide(change, submitted(standing, "", fields=NEW, cause="b/0"), STAFFED, NOW)
    assert decision.fate is fate
    assert (decision.change == change) is (fate is Fate.PARKED)


def test_a_crpm_of_another_request_may_not() -> None:
    """The right comes from the assignment, not from the role."""
    decision = decide(logged(), submitted(BY_LENA, "", fields=NEW, cause="b/0"), STAFFED, NOW)
    assert decision.fate is Fate.PARKED


def test_who_stands_in_for_the_crpm_may_and_is_told() -> None:
    """While the CRPM is away a revision is taken from the deputy, and one of the CLEC's is read by the deputy too."""
    away = replace(STAFFED, absences=(Absence("lena", NOW.date() + timedelta(days=3), "hollis"),))
    deputy = replace(GROUP, roles=frozenset({Role.SME}))
    office = replace(away, directory=replace(away.directory, people=(MANAGER, deputy, LENA)))
    change = logged(people={"crpm": ("lena",)})
    taken = decide(change, submitted(replace(BY_GROUP, person=deputy), "", fields=NEW, cause="b/0"), office, NOW)
    assert taken.fate is Fate.OBEYED
    read = owed(decide(change, submitted(fields=NEW, number="", cause="c/0"), office, NOW))
    assert {(Kind.REVISED, LENA.address.email), (Kind.REVISED, GROUP.address.email)} <= read


def test_a_revision_stands_beside_the_text_before_it() -> None:
    """Fields, revisions, journal row, page and kept form; number, dates, step and deadlines stay."""
    change = logged()
    file = Attachment("form.rtf", "application/rtf", b"{\\rtf1 form}")
    event = submitted(fields=NEW, number="", cause="b/0", file=file)
    decision = decide(change, replace(event, arrived=ARRIVED + timedelta(days=3)), OFFICE, NOW + timedelta(days=3))
    revised = decision.change
    assert revised is not None
    assert revised.fields == {**FIELDS, **NEW}
    assert [text.fields for text in versions(revised)] == [FIELDS, {**FIELDS, **NEW}]
    assert (revised.revisions[1].by, revised.revisions[1].mail) == ("Pine Telecom LLC", "b/0")
    assert replace(revised, fields=change.fields, revisions=change.revisions) == change
    assert [(row.action, row.public) for row in decision.rows] == [("Record Update", True)]
    (kept,) = [effect for effect in decision.effects if isinstance(effect, Keep)]
    assert kept.document.name == "PC112326-1 form.rtf"
    assert any(isinstance(effect, Publish) for effect in decision.effects)
    assert not any(isinstance(effect, Open | Meet) for effect in decision.effects)


def test_who_is_told() -> None:
    """The submitter; the CRPM, or the CMP Manager while there is none; an originator for whom staff wrote."""
    plain = decide(logged(), submitted(fields=NEW, number="", cause="b/0"), STAFFED, NOW)
    assert owed(plain) == {(Kind.REVISED, "pat@pine.example"), (Kind.REVISED, MANAGER.address.email)}
    run = logged(people={"crpm": ("lena",)})
    by_clec = decide(run, submitted(fields=NEW, number="", cause="b/0"), STAFFED, NOW)
    assert owed(by_clec) == {(Kind.REVISED, "pat@pine.example"), (Kind.REVISED, LENA.address.email)}
    by_crpm = decide(run, submitted(BY_LENA, "", fields=NEW, cause="b/0"), STAFFED, NOW)
    assert owed(by_crpm) == {(Kind.REVISED, LENA.address.email), (Kind.REVISED, "orders@pine.example")}
    assert all(letter.context["before"] == FIELDS for letter in letters(by_crpm))
    assert letters(plain)[0].thread.in_reply_to == "<a@pine.example>"


def test_a_form_that_says_the_same_changes_nothing() -> None:
    """Neither white space nor the order of a list nor a new date makes a new text; the sender reads so."""
    change = logged()
    same: dict[str, Value] = {
        "description": "The reject notice\ndoes not name   the failing field.",
        "date_submitted": "2026-12-01",
        "regulatory": False,
    }
    decision = decide(change, submitted(fields=same, number="", cause="b/0"), OFFICE, NOW)
    assert (decision.fate, decision.change) == (Fate.ANSWERED, change)
    assert owed(decision) == {(Kind.REVISED, "pat@pine.example")}
    assert not any(row.public for row in decision.rows)


def test_a_replay_does_not_bring_an_earlier_text_back() -> None:
    """A mail that gave a text before gives it no second time, whatever stands there now."""
    first = decide(logged(), submitted(fields=NEW, number="", cause="b/0"), OFFICE, NOW).change
    later = {**NEW, "description": "The reject notice names no failing field of any order."}
    second = decide(first, submitted(fields=later, number="", cause="c/0"), OFFICE, NOW).change
    for cause in ("0123456789ab/0", "b/0"):
        again = decide(second, submitted(fields=NEW, number="", cause=cause), OFFICE, NOW)
        assert (again.fate, again.change) == (Fate.ANSWERED, second)


def test_a_form_with_problems_is_asked_about() -> None:
    """The change request stays as it is, and the sender gets everything back to correct."""
    change = logged()
    prefilled = Enclosure("form.docx", "x/y", b"form")
    event = replace(submitted(fields=NEW, number="", cause="b/0", problems=(MISSING_PHONE,)), prefilled=(prefilled,))
    decision = decide(change, event, OFFICE, NOW)
    assert (decision.fate, decision.change) == (Fate.INCOMPLETE, change)
    (letter,) = letters(decision)
    assert (letter.kind, letter.to.email, letter.enclosures) == (Kind.INCOMPLETE, "pat@pine.example", (prefilled,))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"company": "Bare Networks"}, "names another company"),
        ({"company": "MERIDELL"}, "names another company"),
        ({"area_of_change": "both"}, "crossover"),
        (
            {"title": "Publish holidays", "description": "A list of the days without provisioning."},
            "a change of its own",
        ),
    ],
)
def test_what_may_be_meant_otherwise_waits(fields: dict[str, Value], words: str) -> None:
    """Another company, another track or another change altogether is no revision for a program."""
    change = logged()
    decision = decide(change, submitted(fields=fields, number="", cause="b/0"), OFFICE, NOW)
    assert (decision.fate, decision.change) == (Fate.PARKED, change)
    assert words in decision.reason


def test_a_file_that_cannot_be_read_waits() -> None:
    """Whether it is a form at all only a person can see; its sender reads why."""
    problem = Problem("", Code.UNREADABLE, "x.doc", "This is an old Word file.")
    decision = decide(logged(), submitted(number="", cause="b/0", problems=(problem,)), OFFICE, NOW)
    assert decision.fate is Fate.PARKED
    assert "This is an old Word file." in decision.reason


def test_flags_follow_the_form_only_where_it_says_something_new() -> None:
    """The originator sets and clears the originator's flags; all others, and those that staff removed, stay."""
    change = logged(flags=("X", "IG"), fields={**FIELDS, "industry_guideline": True, "exception_requested": True})
    form: dict[str, Value] = {**NEW, "exception_requested": True, "regulatory": True}
    revised = decide(change, submitted(fields=form, number="", cause="b/0"), OFFICE, NOW).change
    assert revised is not None
    assert revised.flags == ("X", "RG")


def test_an_exception_is_the_cmp_managers_to_know_at_once() -> None:
    """Whoever asks for the exception process, with the form or with a revision of it, is heard the same day (domain.md
    section 5, field 10); once."""
    alarm = (Kind.EXCEPTION, MANAGER.address.email)
    fields: dict[str, Value] = {**NEW, "exception_requested": True}
    assert alarm not in owed(decide(None, submitted(), OFFICE, NOW))
    assert alarm in owed(decide(None, submitted(fields=fields), OFFICE, NOW))
    revised = decide(logged(), submitted(fields=fields, number="", cause="b/0"), OFFICE, NOW)
    assert alarm in owed(revised)
    assert revised.change is not None
    again = submitted(fields={**fields, "business_reason": "It costs days."}, number="", cause="c/0")
    assert alarm not in owed(decide(revised.change, again, OFFICE, NOW))


def test_a_revision_is_never_older_than_the_receipt() -> None:
    """A mail server whose clock goes wrong hides no text from the page."""
    event = replace(submitted(fields=NEW, number="", cause="b/0"), arrived=ARRIVED - timedelta(days=1))
    revised = decide(logged(), event, OFFICE, NOW).change
    assert revised is not None
    assert len(versions(revised)) == 2


def test_what_an_intake_said_is_no_version() -> None:
    """The texts before the one that was logged stay inside."""
    early = Revision(0, ARRIVED - timedelta(days=2), "a/0", {})
    assert [text.number for text in versions(logged(revisions=(early, Revision(1, ARRIVED, "b/0", FIELDS))))] == [1]


def test_only_a_change_request_that_is_there_is_revised() -> None:
    """Without one it is a bug of ours, not a decision."""
    with pytest.raises(ValueError, match="that is there"):
        revise(None, submitted(), OFFICE, NOW)


def over(
    fields: dict[str, Value],
    blank: tuple[str, ...] = (),
    *problems: Problem,
    left_out: tuple[str, ...] = (),
    present: Mapping[str, Value] = PRESENT,
) -> Submission:
    """A form with some fields filled in and some labels left blank, laid over the present text."""
    places = dict.fromkeys((*fields, *blank, *left_out), "line 1")
    return laid_over(present, Submission("form", fields, places, problems, left_out=left_out), TABLE)


def test_what_a_form_does_not_mention_stands() -> None:
    """One labelled line changes one field."""
    laid = over({"title": "Name the failing fields"})
    assert laid.complete
    assert laid.fields == {**PRESENT, "title": "Name the failing fields"}


def test_a_blank_answer_empties_its_field() -> None:
    """Advised and optional ones just so; of a required one the sender is asked."""
    gone = over({}, ("business_reason", "desired_implementation_date"))
    assert set(PRESENT) - set(gone.fields) == {"business_reason", "desired_implementation_date"}
    assert (gone.complete, gone.advised_missing) == (True, ("business_reason",))
    missing = Problem("title", Code.MISSING, "line 1", "The title is missing.")
    assert over({}, ("title",), missing).problems == (missing,)


def test_what_was_not_understood_is_not_emptied() -> None:
    """An optional answer that was left out leaves the present one; a required one is asked about."""
    assert over({}, left_out=("desired_implementation_date",)).fields == PRESENT
    twice = Problem("title", Code.CONTRADICTORY, "line 1", "The form gives the title twice.")
    laid = over({}, ("title",), twice)
    assert laid.problems == (twice,)


def test_a_blank_e_mail_address_stands_for_the_one_there_is() -> None:
    """Whoever sends the form, the originator's address is not lost by leaving it blank."""
    assert over({}, ("originator_email",)).fields == PRESENT


def test_nobody_is_asked_for_what_was_missing_before() -> None:
    """What the CMP Manager logged without it, or as it is, holds no revision up."""
    missing = Problem("title", Code.MISSING, "", "The title is missing.")
    odd = Problem("areas_impacted", Code.INVALID, "", "We do not know this area.")
    bare = {key: value for key, value in PRESENT.items() if key != "title"}
    laid = over({"areas_impacted": ("Other",), "business_reason": "New"}, ("title",), missing, odd, present=bare)
    assert laid.complete
    fresh = over({"areas_impacted": ("Odd",)}, (), odd)
    assert fresh.problems == (odd,)


def test_the_text_of_other_goes_with_its_list() -> None:
    """New areas bring their own text or none; old ones keep theirs."""
    assert over({"title": "Name it"}).fields["areas_other"] == "Directory"
    assert "areas_other" not in over({"areas_impacted": ("Ordering",)}).fields
    changed = over({"areas_impacted": ("Other",), "areas_other": "Mapping"}).fields
    assert altered(PRESENT, changed) == ("areas_impacted",)


def test_altered_counts_sense_not_shape() -> None:
    """White space, order and No against nothing are no change; emptied and filled are."""
    before: dict[str, Value] = {"a": "x  y", "b": ("2", "1"), "c": False, "d": "gone"}
    after: dict[str, Value] = {"a": "x\ny", "b": ("1", "2"), "e": True}
    assert altered(before, after) == ("e", "d")
