"""The originator's cell, in every order in which people fill it."""

import pytest

from tests.intake.forms import judged

NAME, TITLE, EMAIL, PHONE = "originator_name", "originator_title", "originator_email", "originator_phone"
WHOLE = {NAME: "Ida Vance", TITLE: "Order Lead", EMAIL: "ida@saltmarsh.example", PHONE: "701-555-0118"}


@pytest.mark.parametrize(
    "cell",
    [
        "Ida Vance, Order Lead, ida@saltmarsh.example / 701-555-0118",
        "Ida Vance / Order Lead / 701-555-0118 / ida@saltmarsh.example",
        "Ida Vance - Order Lead - 701-555-0118 - ida@saltmarsh.example",
        "Ida Vance (Order Lead) 701-555-0118 <ida@saltmarsh.example>",
        "Order Lead, Ida Vance, ida@saltmarsh.example, 701-555-0118",
        "701-555-0118, ida@saltmarsh.example, Ida Vance, Order Lead",
        "Ida Vance, Order Lead, tel: 701-555-0118, fax 701-555-0119, ida@saltmarsh.example",
        "Name: Ida Vance, Title: Order Lead, E-mail: ida@saltmarsh.example, Phone: 701-555-0118",
        "Ida Vance | Order Lead | T 701-555-0118 | ida@saltmarsh.example",
        "Ida Vance\nOrder Lead\nSaltmarsh\n701-555-0118\nida@saltmarsh.example",
    ],
)
def test_the_parts_are_told_by_what_they_are(cell: str) -> None:
    """Name, title, address and number in any order, with any separator, labelled or not."""
    found = dict(judged(("Company", "Saltmarsh"), ("Originator", cell)).fields)
    found.pop("company")
    assert found == WHOLE


@pytest.mark.parametrize(
    ("cell", "name", "title"),
    [
        ("Vance, Ida", "Vance, Ida", None),
        ("Vance, Ida M., Order Lead", "Vance, Ida M.", "Order Lead"),
        ("Ida Vance, Jr., Order Lead", "Ida Vance, Jr.", "Order Lead"),
        ("Ida Vance, PMP", "Ida Vance, PMP", None),
        ("Ida Vance, Manager", "Ida Vance", "Manager"),
        ("Ida, Manager, ida@saltmarsh.example", "Ida", "Manager"),
        ("Ida Vance", "Ida Vance", None),
    ],
)
def test_a_name_with_commas(cell: str, name: str, title: str | None) -> None:
    """A surname in front, a suffix behind, or a title."""
    found = judged(("Originator", cell)).fields
    assert (found.get(NAME), found.get(TITLE)) == (name, title)


def test_a_name_that_holds_a_title_is_asked_about() -> None:
    """Nobody can tell where the title ends and the name begins."""
    (problem,) = (problem for problem in judged(("Name", "Order Lead Ida Vance")).problems if problem.field == NAME)
    assert "without the job title" in problem.message
