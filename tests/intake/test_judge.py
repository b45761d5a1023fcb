"""judge: what a whole form amounts to, and how a correction is laid over it."""

import time

from hypothesis import given
from hypothesis import strategies as st

from bot.intake.form import Code, Entry, RawForm
from bot.intake.judge import judge, merge
from tests.intake.forms import GOOD, SENDER, TABLE, judged, judged_good, raw


def test_a_good_form_is_complete() -> None:
    """Every required field valid: no problem, nothing asked."""
    form = judged_good()
    assert form.complete
    assert not (form.problems or form.advised_missing or form.notes)
    assert form.fields["originator_title"] == "Order Lead"
    assert form.fields["areas_impacted"] == ("Ordering", "Billing")
    assert form.places["originator_phone"] == "line 5"


def test_all_problems_are_found_at_once_in_the_order_of_the_form() -> None:
    """Each problem has its field, its place, and words that its sender understands."""
    form = judged(("Phone", "555-0118"), ("Title of Change", "DSL"), ("Company", ""), ("Description", "Too slow."))
    found = {problem.field: problem for problem in form.problems}
    assert list(found) == [
        "originator_name", "company", "originator_phone", "area_of_change", "title", "description",
        "areas_impacted", "products_impacted",
    ]  # fmt: skip
    assert found["title"].message == "Your title has 3 characters; it needs 5 to 200."
    assert found["title"].code is Code.INVALID
    assert found["originator_name"].message == "The name of the originator is missing."
    assert (found["company"].code, found["company"].place) == (Code.MISSING, "line 3")
    assert "7 digits" in found["originator_phone"].message
    assert form.fields["title"] == "DSL", "an invalid value is shown to its sender again"
    assert form.advised_missing == ("business_reason", "expected_deliverable", "availability")


def test_the_senders_address_stands_in_for_a_missing_one() -> None:
    """It is then neither among the fields nor missing; without a sender it is missing."""
    pairs = raw([(label, value) for label, value in GOOD.items() if label != "E-mail"])
    form = judge(pairs, TABLE, SENDER, "docx")
    assert form.complete
    assert "originator_email" not in form.fields
    assert [problem.field for problem in judge(pairs, TABLE, None, "docx").problems] == ["originator_email"]


def test_another_address_than_the_senders_is_said() -> None:
    """It counts, with a note."""
    form = judged_good(**{"E-mail": "bo@saltmarsh.example"})
    assert form.complete
    assert "bo@saltmarsh.example" in form.notes[0]


def test_two_answers_to_one_question_are_asked_about() -> None:
    """Neither is taken; the same answer twice is one answer."""
    twice = judged(*GOOD.items(), ("Telephone", "701-555-0199"))
    assert [(problem.field, problem.code) for problem in twice.problems] == [("originator_phone", Code.CONTRADICTORY)]
    assert "originator_phone" not in twice.fields
    same = judged(*GOOD.items(), ("Telephone", "701 555 0118"), ("Submitter", "VANCE, Ida"))
    assert same.complete


def test_spelling_is_no_contradiction() -> None:
    """The order of a list, punctuation and the legal form of a company do not count."""
    again = [
        ("CLEC Name", "SALTMARSH TELECOM, INC."),
        ("Areas affected", "billing; ordering"),
        ("CR Title", "Tell us which line of the order was rejected."),
        ("Contact e-mail", "Ida.Vance@Saltmarsh.example"),
    ]
    assert judged(*GOOD.items(), *again).complete


def test_a_contradiction_names_places_and_values_in_words() -> None:
    """Never a key, for a choice neither."""
    (problem,) = judged(*GOOD.items(), ("Track", "System")).problems
    assert problem.message == (
        "The form gives the area of change twice: \u201cProduct/Process\u201d (line 7) and "
        "\u201cSystem\u201d (line 15). Please give it once."
    )


def test_an_entry_without_a_field_is_said() -> None:
    """With its place; a blank one is nothing, and of many only the first are named."""
    form = judged(*GOOD.items(), ("Fax", "701-555-0119"), ("Pager", "N/A"))
    assert form.notes == ("We did not understand \u201cFax: 701-555-0119\u201d (line 15); it was left out.",)
    many = judged(*((f"Extra {letter}", "text") for letter in "abcdefghijkl"))
    assert len(many.notes) == 9
    assert "4 more" in many.notes[-1]


def test_an_optional_field_never_holds_a_form_up() -> None:
    """What cannot be read of it is left out and said in a note."""
    form = judged(*GOOD.items(), ("Regulatory", "perhaps"), ("Date", "soon"))
    assert form.complete
    assert "regulatory" not in form.fields
    assert "date_submitted" not in form.fields
    assert len(form.notes) == 2


def test_what_the_office_fills_in_is_ignored() -> None:
    """CR number, status, CRPM, Director and Owner of a submitter are not read."""
    office = [("CR #", "PC112026-9"), ("Status", "Closed"), ("CRPM", "me"), ("Director", "me"), ("Owner/SME", "me")]
    assert judged(*office, *GOOD.items()).fields == judged_good().fields


def test_the_originator_in_one_cell_is_taken_apart() -> None:
    """Name, title, e-mail and telephone of the 2002 layout, however they are parted."""
    expected = {
        "originator_name": "Ida Vance",
        "originator_title": "Order Lead, West",
        "originator_email": "ida@saltmarsh.example",
        "originator_phone": "701-555-0118 x4",
    }
    cells = [
        "Ida Vance, Order Lead, West, ida@saltmarsh.example / 701-555-0118 x4\nName, Title, and email/phone#",
        "Ida Vance\nOrder Lead, West\nE-mail: ida@saltmarsh.example\nPhone: 701-555-0118 x4",
        "Name: Ida Vance\nTitle: Order Lead, West\nida@saltmarsh.example\n701-555-0118 x4",
    ]
    for cell in cells:
        assert judged(("Originator", cell)).fields == expected
    assert judged(("Originator", "Vance, Ida")).fields == {"originator_name": "Vance, Ida"}
    assert judged(("Originator", "Vance, Ida, Order Lead, West, ida@saltmarsh.example, 701-555-0118 x4")).fields == (
        expected | {"originator_name": "Vance, Ida"}
    )
    contact = judged(("E-mail/Phone", "ida@saltmarsh.example, 701-555-0118")).fields
    assert contact == {"originator_email": "ida@saltmarsh.example", "originator_phone": "701-555-0118"}


def test_flags_may_share_a_cell() -> None:
    """A mark belongs to the flag beside it, and the label of the cell claims nothing."""
    shared = "Regulatory / Industry Guideline"
    assert judged((shared, "\u2610 Regulatory \u2612 Industry Guideline")).fields == {
        "regulatory": False,
        "industry_guideline": True,
    }
    assert judged(("This CR is", "X Regulatory        Industry Guideline")).fields["regulatory"] is True
    assert judged(("This CR is", "Industry Guideline")).fields == {"industry_guideline": True}
    assert judged((shared, "Regulatory        Industry Guideline")).fields == {}
    assert judged((shared, "Yes")).fields == {}
    both = judged(("Exception Requested", "Yes\n[x] Regulatory  [ ] Industry Guideline")).fields
    assert both == {"exception_requested": True, "regulatory": True, "industry_guideline": False}


def test_a_content_controls_tag_names_its_field() -> None:
    """The tag of our own blank form counts more than a label that somebody changed."""
    form = RawForm("form.docx", (Entry("Who are you?", "Ida Vance", "table 1, row 1", "originator_name"),))
    assert judge(form, TABLE, SENDER, "docx").fields == {"originator_name": "Ida Vance"}


def test_slots_in_fields_of_their_own_are_joined() -> None:
    """`Availability 1` to `Availability 5` are one list."""
    form = judged(("Availability 1", "12/01 10:00"), ("Availability 2", "12/02 11:00"), ("Availability 3", ""))
    assert form.fields["availability"] == ("12/01 10:00", "12/02 11:00")


def test_something_pasted_into_a_short_field_is_refused() -> None:
    """A one-line field of many pages is a mistake, a description is not."""
    assert [problem.field for problem in judged_good(Company="a " * 3000).problems] == ["company"]
    assert judged_good(**{"Description of Change": "word " * 9000}).complete


def test_a_correction_completes_an_earlier_form() -> None:
    """What it says counts, what it leaves out is kept, and the whole is reviewed anew."""
    earlier = judged_good(Phone="", **{"Title of Change": "DSL"})
    assert {problem.field for problem in earlier.problems} == {"originator_phone", "title"}
    one = merge(earlier.fields, judged(("Phone", "701-555-0118")), TABLE)
    assert [(problem.field, problem.code) for problem in one.problems] == [("title", Code.INVALID)]
    two = merge(one.fields, judged(("Title of Change", "A better title")), TABLE)
    assert two.complete
    assert two.fields["originator_phone"] == "701-555-0118"
    assert two.fields["company"] == "Saltmarsh Telecom"
    assert two.advised_missing == ()


def test_a_correction_that_cannot_be_understood_is_asked_about() -> None:
    """The later word counts, also where it makes a good form bad; the other areas go with the areas."""
    earlier = judged_good(**{"Area(s) Impacted": "Ordering, Testing"})
    assert earlier.fields["areas_other"] == "Testing"
    assert [problem.field for problem in merge(earlier.fields, judged(("Phone", "12")), TABLE).problems] == [
        "originator_phone"
    ]
    assert "areas_other" not in merge(earlier.fields, judged(("Area Impacted", "Billing")), TABLE).fields


@given(st.lists(st.tuples(st.sampled_from([row.label for row in TABLE.fields]), st.text(max_size=200)), max_size=30))
def test_no_form_is_too_strange(pairs: list[tuple[str, str]]) -> None:
    """judge and merge answer whatever was typed, and complete means no problem."""
    form = judged(*pairs)
    again = merge(form.fields, form, TABLE)
    assert form.complete == (not form.problems)
    assert {problem.field for problem in again.problems} == {problem.field for problem in form.problems}


def test_judging_is_cheap() -> None:
    """A form costs a fraction of a millisecond; the bound is wide for busy machines."""
    form = raw(list(GOOD.items()))
    judge(form, TABLE, SENDER, "txt")
    began = time.process_time()
    for _ in range(200):
        judge(form, TABLE, SENDER, "txt")
    assert (time.process_time() - began) / 200 < 0.002
