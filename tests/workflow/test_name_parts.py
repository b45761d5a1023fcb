"""Parts of a name that stand alone: they go where they can mean nobody and nothing else, and else they are named."""

from typing import Any

import pytest

from bot.workflow.erasure import Eraser, Traces
from bot.workflow.name_parts import alone_in

WHO = "someone@alderpoint.example"
OTHERS = ("Lena Brandt", "Alderpoint Communications")


def left(name: str, said: str, *more: dict[str, Any]) -> tuple[str, set[str]]:
    """A description in a change request of somebody's, without them, and the parts that are left."""
    state = {"description": said, "phase": "CLEC Test", "company": "Pine Telecom"}
    traces = Traces(WHO, frozenset({name}))
    alone = alone_in(traces.names, WHO, [state, *more], OTHERS)
    clean = Eraser(traces, traces.pattern(), alone=alone.clean).clean(state)
    assert {**clean, "description": said} == state
    again = Eraser(traces, traces.pattern(), alone=alone.clean).clean(clean)
    assert again == clean
    return clean["description"], {*alone.left_in([clean])}


@pytest.mark.parametrize(
    ("name", "said", "then"),
    [
        ("Kim Osborn", "Kim called, Kim Osborn agreed.", "(erased) called, (erased) agreed."),
        ("Kim Osborn", "Ask Osborn, Mr. Osborn or Kim's desk.", "Ask (erased), Mr. (erased) or (erased)'s desk."),
        ("kim osborn", "Kim called kim@pine.example.", "(erased) called kim@pine.example."),
        ("KIM OSBORN", "KIM and Kim; kimono, Kimberly, a-Kim, KIM-1.",
         "(erased) and (erased); kimono, Kimberly, a-Kim, KIM-1."),
        ("Se\u00e1n O'Brien", "Se\u00e1n spoke to O'Brien.", "(erased) spoke to (erased)."),
        ("Will Marsh", "Will it be done? We asked Will, and told Mr. Marsh.",
         "Will it be done? We asked (erased), and told Mr. (erased)."),
        ("Mark Long", "Mark the field. Long orders wait for Mark.", "Mark the field. Long orders wait for (erased)."),
        ("May Order", "In May, on May 3, Order forms.", "In May, on May 3, Order forms."),
        ("Test Person", "CLEC Test by a person.", "CLEC Test by a person."),
        ("Kim Osborn", "Kim Lee called. Osborn Telecom objects.", "Kim Lee called. Osborn Telecom objects."),
        ("Mary Ann Cruz", "The Santa Cruz exchange, and Mary.", "The Santa Cruz exchange, and (erased)."),
        ("Dean Frost", "Frost & Sullivan asked Dean.", "Frost & Sullivan asked (erased)."),
        ("Le An", "An order was rejected.", "An order was rejected."),
    ],
)  # fmt: skip
def test_a_part_goes_where_it_means_the_person(name: str, said: str, then: str) -> None:
    """With a capital and as a whole word; one that is a word as well only amid a sentence, and a day never."""
    assert left(name, said)[0] == then


@pytest.mark.parametrize(
    "more",
    [
        {"followers": [{"email": "kim@pine.example", "name": "Kim Lee"}]},
        {"fields": {"originator_email": "kim@pine.example", "originator_name": "Kim Lee"}},
        {"company": "Kim Telephone"},
        {"text": "the kim of the form"},
    ],
    ids=["follower", "originator", "company", "word"],
)
def test_what_may_mean_another_stays_and_is_named(more: dict[str, Any]) -> None:
    """Somebody else of that name, a company, a word in small letters: the operator is to look."""
    assert left("Kim Osborn", "Kim called Osborn.", more) == ("Kim called (erased).", {"Kim"})


def test_the_staff_and_the_companies_are_spared() -> None:
    """Whoever shares a name with them is erased by the other part alone."""
    assert left("Lena Osborn", "Lena met Osborn.") == ("Lena met (erased).", {"Lena"})
    assert left("Ada Alderpoint", "Alderpoint asked Ada.") == ("Alderpoint asked (erased).", {"Alderpoint"})


def test_only_what_people_wrote_is_looked_through() -> None:
    """A name that is one of our own words changes no phase, no milestone and no title of a file."""
    state: dict[str, Any] = {
        "milestones": [{"milestone": "Response Issued", "on": "2026-11-23"}],
        "documents": [{"sha256": "0", "name": "Form by Form.docx", "title": "Change Request form, as received"}],
        "originator": {"email": "other@pine.example", "name": "Issued Other"},
        "responses": [{"sha256": "0", "text": "Osborn Form said so"}],
    }
    alone = alone_in(["Form Osborn"], WHO, [state], OTHERS)
    clean = Eraser(Traces(WHO), Traces(WHO).pattern(), alone=alone.clean).clean(state)
    assert clean["milestones"] == state["milestones"]
    assert clean["originator"] == state["originator"]
    assert clean["documents"] == [{**state["documents"][0], "name": "(erased) by (erased).docx"}]
    assert clean["responses"][0]["text"] == "(erased) (erased) said so"
