"""The record: corrected and completed in sight of everybody, and taken back while it can be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.mail.letter import Kind
from bot.office.people import Address
from bot.workflow.change import ChangeRequest, Revision, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Recall, Restore, Row
from bot.workflow.event import Undoing
from bot.workflow.order import carry_out
from tests.workflow.carry.test_reaction import WAITING, answered, left, said
from tests.workflow.offices import (
    ARRIVED,
    BARE,
    FIELDS,
    GRACE,
    LENA,
    MANAGER,
    MORNING,
    PAT,
    PINE,
    STAFFED,
    TOBY,
    at_step,
    by,
    letters_of,
    obeyed,
    opened,
    ordered,
    told,
)

DUE = date(2026, 12, 16)
HOUR = timedelta(hours=1)


def logged(**more: object) -> ChangeRequest:
    """A change request with its first text."""
    first = Revision(0, ARRIVED, "0123456789ab/0", FIELDS)
    return replace(at_step(Step.RESPONSE, revisions=(first,)), **more)  # type: ignore[arg-type]  # fields by name


def event(
    change: ChangeRequest, *, who: str = "lena", said: str = "Response not accepted by the CLECs", **more: object
) -> Undoing:
    """The latest event, as the store gives it."""
    row = Row("Status Changed", said, MORNING - HOUR, who)
    undoing = Undoing(("aa9876543210/0",), MORNING - HOUR, who, (row,), change)
    return replace(undoing, **more)  # type: ignore[arg-type]  # fields by name


def test_amend_without_a_form_says_what_to_send() -> None:
    """A form makes a revision; the verb alone has nothing to record."""
    refused = obeyed(logged(), "AMEND", PAT)
    assert (refused.fate, "Title of Change: Name the failing field" in refused.reason) == (Fate.REFUSED, True)


def test_a_correction_is_a_new_revision() -> None:
    """The old text stays among the revisions, and history says what was corrected and why."""
    decision = obeyed(logged(), 'CORRECT title "Name each failing field" because it is a list', MANAGER)
    change = left(decision)
    assert change.title == "Name each failing field"
    assert [(one.number, one.fields["title"], one.by) for one in change.revisions] == [
        (0, "Name the failing field", ""),
        (1, "Name each failing field", "mona"),
    ]
    public, private = decision.rows
    assert (public.public, public.description) == (True, "Administrative: title corrected: it is a list")
    assert (private.public, private.description) == (False, "title was: Name the failing field")
    people = ("pat", "lena.brook", "grace.holt", "anita.vale", "joe.castle")
    assert told(decision) == {(Kind.CORRECTED, who) for who in people}


def test_a_corrected_field_is_what_its_shape_makes_of_it() -> None:
    """Lists are lists, ticks are ticks and set their flags, and the words of Other stay with the areas."""
    areas = left(obeyed(logged(), "CORRECT areas impacted: Billing, Rocket Science -- they said so", MANAGER))
    assert set(areas.fields["areas_impacted"]) == {"Billing", "Other"}  # type: ignore[arg-type]  # a list
    assert areas.fields["areas_other"] == "Rocket Science"
    ticked = left(obeyed(logged(flags=("ES",)), "CORRECT regulatory Yes -- an order of the commission", MANAGER))
    assert (ticked.fields["regulatory"], ticked.flags) == (True, ("ES", "RG"))


def test_what_cannot_be_a_value_is_refused() -> None:
    """A field is judged as in a form; what it says already needs no correction."""
    refused = obeyed(logged(), "CORRECT title: 911 -- shorter", MANAGER)
    assert (refused.fate, "title cannot be corrected to that" in refused.reason) == (Fate.REFUSED, True)
    refused = obeyed(logged(), "CORRECT regulatory perhaps -- who knows", MANAGER)
    assert refused.fate is Fate.REFUSED
    refused = obeyed(logged(), "CORRECT title: Name the failing  field -- spaces", MANAGER)
    assert (refused.fate, "already" in refused.reason) == (Fate.REFUSED, True)


def test_two_corrections_in_one_mail_both_stand() -> None:
    """Each line corrects what the one before left."""
    change = logged()
    lines = ("CORRECT title: Name each failing field -- a list", "CORRECT products: UNE-P -- not LNP")
    orders = [(change, ordered(line, by(MANAGER))) for line in lines]
    last = carry_out(orders, STAFFED, MORNING, lambda series, _: "1")[-1][0].change
    assert last is not None
    assert (last.title, last.fields["products_impacted"]) == ("Name each failing field", ("UNE-P",))
    assert [one.number for one in last.revisions] == [0, 1, 2]


def test_a_corrected_company_owns_the_change_request() -> None:
    """Whoever it belongs to by the directory; a corrected address is where we write from then on."""
    change = left(obeyed(logged(), "CORRECT company: bare networks -- a typing error", MANAGER))
    assert (change.company, change.text("company")) == ("Bare Networks", "bare networks")
    decision = obeyed(logged(), "CORRECT originator e-mail: Kim@bare.example -- she took over", MANAGER)
    assert left(decision).originator == Address("kim@bare.example", "Pat Example")


def test_contact_data_are_nobody_elses_concern() -> None:
    """A corrected telephone number is told to the originator and the CRPM alone."""
    decision = obeyed(logged(followers=(PINE.contacts[0],)), "CORRECT phone: 303-555-0199 -- moved", MANAGER)
    assert told(decision) == {(Kind.CORRECTED, "pat"), (Kind.CORRECTED, "lena.brook")}
    assert "0142" not in decision.rows[0].description


def test_a_link_is_recorded_where_the_line_is_carried_out() -> None:
    """Each of the two is told of the other by a decision of its own."""
    other = at_step(Step.CLARIFICATION, key="PC112426-1", number="PC112426-1")
    decision = obeyed(logged(), "RELATE PC112426-1", MANAGER, other=other)
    assert left(decision).related == ("PC112426-1",)
    assert said(decision) == [("Record Update", "Related to PC112426-1: Name the failing field")]
    again = obeyed(left(decision), "RELATE PC112426-1", MANAGER, other=other)
    assert (again.fate, again.rows, again.answer) == (Fate.OBEYED, (), ("PC112426-1 is linked to it already.",))
    intake = replace(other, key="IN112426-1", number="IN112426-1")
    for wrong in (None, logged(), intake):
        assert obeyed(logged(), "RELATE PC112426-1", MANAGER, other=wrong).fate is Fate.REFUSED


def test_undo_gives_back_what_stood_before() -> None:
    """State, deadlines and letters: unsent ones are recalled, and who was told gets a correction."""
    before = answered()
    rejected = left(obeyed(before, "OUTCOME REJECTED", LENA, running=WAITING))
    clock = Deadline(DeadlineKind.PRESENT_RESPONSE, DUE)
    kinds = (DeadlineKind.PRESENT_RESPONSE, DeadlineKind.REACT)
    sent = ((Address("pat@pine.example"), Kind.CHOICE), (LENA.address, Kind.OUTCOME), (GRACE.address, Kind.OUTCOME))
    latest = event(before, kinds=kinds, deadlines=(clock,), sent=sent, unsent=2)
    decision = obeyed(rejected, "UNDO", LENA, undoing=latest)
    assert decision.change == before
    assert Restore(kinds, (clock,)) in decision.effects
    assert Recall("aa9876543210/0") in decision.effects
    assert told(decision) == {(Kind.UNDONE, "pat"), (Kind.UNDONE, "grace.holt")}
    assert {letter.to.name: letter.context["heard"] for letter in letters_of(decision)} == {
        "Pat Example": "asked how to go on",
        "Grace Holt": "told how the CLECs took the response",
    }
    ((action, row),) = said(decision)
    assert (action, row) == (
        "Record Update",
        "Administrative: taken back: Status Changed: Response not accepted by the CLECs; status is Presented again",
    )
    assert any("not sent: 2" in line for line in decision.answer)


def test_undo_says_all_that_it_takes_back_and_keeps_why_inside() -> None:
    """Every row of the event stands in the answer; the reason given is for the staff."""
    rows = (
        Row("CR Posted to Web", "Response posted", MORNING - HOUR, "lena"),
        Row("Issued", "Notice", MORNING, "lena"),
    )
    decision = obeyed(answered(), "UNDO - wrong button", LENA, undoing=replace(event(answered()), said=rows))
    assert decision.answer[:3] == ("Taken back:", "  - CR Posted to Web: Response posted", "  - Issued: Notice")
    assert [(row.description, row.public) for row in decision.rows[1:]] == [("Why: wrong button", False)]


def test_what_is_taken_back_in_silence_stays_silent() -> None:
    """An internal row is taken back by an internal row, and no letter quotes it."""
    row = Row("Additional Information", "They will pay for it", MORNING - HOUR, "lena", public=False)
    latest = event(logged(), said="", sent=((PINE.contacts[0], Kind.OPTIONS),))
    decision = obeyed(logged(), "UNDO", LENA, undoing=replace(latest, said=(row,)))
    assert [one.public for one in decision.rows] == [False]
    assert {letter.context["said"] for letter in letters_of(decision)} == {""}


@pytest.mark.parametrize("who", [LENA, MANAGER])
def test_undo_is_for_who_did_it_and_for_the_cmp_manager(who: object) -> None:
    """Both may; anybody else reads who did what, and when."""
    decision = obeyed(answered(), "UNDO", who, undoing=event(answered()))  # type: ignore[arg-type]  # of the staff
    assert decision.fate is Fate.OBEYED
    for other in (TOBY, GRACE, PAT, replace(PAT, company=BARE)):
        refused = obeyed(answered(), "UNDO", other, undoing=event(answered()))
        assert refused.fate is Fate.REFUSED
        assert "by Lena Brook, of 12/01/2026: Status Changed: Response not accepted" in refused.reason


def test_a_company_takes_its_own_back() -> None:
    """What the originator ordered is theirs to take back, like anybody's."""
    deferred = event(answered(Step.NOT_ACCEPTED), who="Pine Telecom LLC", said="Deferred; no date is set")
    assert obeyed(answered(Step.NOT_ACCEPTED), "UNDO", PAT, undoing=deferred).fate is Fate.OBEYED


def test_undo_ends_after_a_day() -> None:
    """24 hours to the second; after that the record is corrected by going on."""
    latest = event(answered())
    assert obeyed(answered(), "UNDO", LENA, undoing=latest, now=latest.at + 24 * HOUR).fate is Fate.OBEYED
    late = obeyed(answered(), "UNDO", MANAGER, undoing=latest, now=latest.at + 24 * HOUR + timedelta(seconds=1))
    assert (late.fate, "24 hours" in late.reason) == (Fate.REFUSED, True)


def test_some_things_stay() -> None:
    """A number is never given back, an UNDO is not taken back, and without an event there is nothing."""
    numbered = obeyed(logged(), "UNDO", MANAGER, undoing=replace(event(logged()), before=None))
    assert (numbered.fate, "WITHDRAW" in numbered.reason) == (Fate.REFUSED, True)
    undone = left(obeyed(answered(), "UNDO", LENA, undoing=event(answered())))
    row = obeyed(answered(), "UNDO", LENA, undoing=event(answered())).rows[0]
    again = obeyed(undone, "UNDO", LENA, undoing=replace(event(answered()), said=(row,)))
    assert (again.fate, "send the line itself again" in again.reason) == (Fate.REFUSED, True)
    assert obeyed(logged(), "UNDO", LENA).fate is Fate.REFUSED


def _together(*lines: str) -> Decision:
    change = left(obeyed(answered(), "OUTCOME REJECTED", LENA, running=WAITING))
    latest = event(answered(), kinds=(DeadlineKind.PRESENT_RESPONSE,), deadlines=WAITING)
    orders = [(change, ordered(line, by(LENA), undoing=latest)) for line in lines]
    return carry_out(orders, STAFFED, MORNING, lambda series, _: "1")[-1][0]


def test_undo_comes_before_what_replaces_it() -> None:
    """One mail may take back and record anew; taking back what it says itself would be a riddle."""
    decision = _together("UNDO", "OUTCOME REVISE Say by when.")
    assert left(decision).step is Step.REVISION
    assert opened(decision) == {DeadlineKind.REVISE: date(2026, 12, 9)}
    refused = _together("DEFER", "UNDO")
    assert (refused.fate, "a mail before this one" in refused.reason) == (Fate.REFUSED, True)
