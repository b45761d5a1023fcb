"""The field table: the shipped one holds what the design names, and a wrong one is refused."""

import pytest

from bot.intake.fields import table_from
from bot.intake.form import Need
from tests.intake.forms import ROWS, TABLE

REQUIRED = ["originator_name", "company", "originator_email", "originator_phone"]
REQUIRED += ["area_of_change", "title", "description", "areas_impacted", "products_impacted"]
ROW = {"key": "title", "label": "Title", "shape": "line", "need": "required"}


def test_the_shipped_table_asks_for_what_the_design_asks_for() -> None:
    """Required and advised are exactly the fields of DESIGN section 5."""
    by_need = {need: {row.key for row in TABLE.fields if row.need is need} for need in Need}
    assert by_need[Need.REQUIRED] == set(REQUIRED)
    assert by_need[Need.ADVISED] == {"business_reason", "expected_deliverable", "availability"}
    assert by_need[Need.IGNORED] == {"cr_number", "status", "crpm", "director", "owner"}
    assert (ROWS["title"].shortest, ROWS["title"].longest) == (5, 200)
    assert ROWS["description"].shortest == 20


def test_every_field_to_fill_in_has_a_hint_and_a_name_for_letters() -> None:
    """People are told what belongs into a field, and letters can name it."""
    for row in TABLE.fields:
        assert row.need is Need.IGNORED or (row.hint and row.spoken)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({}, "title"),
        ({"title": "Form"}, "list of fields"),
        ({"title": "Form", "fields": ["title"]}, "field 1"),
        ({"title": "Form", "fields": [ROW | {"lenght": 3}]}, "lenght"),
        ({"title": "Form", "fields": [ROW | {"shape": "cube"}]}, "cube"),
        ({"title": "Form", "fields": [ROW | {"need": None}]}, "field title"),
        ({"title": "Form", "fields": [ROW | {"label": "*"}]}, "label"),
        ({"title": "Form", "fields": [ROW | {"synonyms": "Name"}]}, "list of texts"),
        ({"title": "Form", "fields": [ROW | {"shortest": "5"}]}, "whole number"),
        ({"title": "Form", "fields": [ROW, ROW]}, "twice"),
        ({"title": "Form", "fields": [ROW, ROW | {"key": "job", "label": "TITLE:"}]}, "belongs to title"),
    ],
)
def test_a_wrong_table_is_refused_in_words(mapping: dict[str, object], words: str) -> None:
    """The message names the row or the setting."""
    with pytest.raises(ValueError, match=words):
        table_from(mapping)
