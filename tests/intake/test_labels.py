"""Labels: what counts as the same label, and that nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.form import FieldTable
from bot.intake.labels import LONGEST_LABEL, Labels, normalise
from tests.intake.forms import TABLE

LABELS = Labels(TABLE)


def test_every_label_of_the_table_is_found() -> None:
    """Each label and synonym leads to its own field, however it is decorated."""
    for row in TABLE.fields:
        for label in (row.label, *row.synonyms):
            assert LABELS.key(label) == row.key
            assert LABELS.key(f"  3. {label.upper()} *: ") == row.key
            assert LABELS.key(f"{label} (required)") == row.key


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Phone #", "originator_phone"),
        ("E\u2011mail address:", "originator_email"),
        ("Area Impacted", "areas_impacted"),
        ("Availability 3", "availability"),
        ("Regulatory / Industry Guideline", "regulatory"),
        ("Contact number", "originator_phone"),
        ("Section 1: Originator", None),
        ("Empresa / Company", "company"),
        ("Company / Phone", None),
        ("Regulatory: No", None),
        ("Regulatory (X)", None),
        ("Previous title of change", None),
        ("Fax", None),
        ("Title 2", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_a_label_is_its_words(label: str, key: str | None) -> None:
    """Case, punctuation and numbering do not count; other words do."""
    assert LABELS.key(label) == key


@pytest.mark.parametrize(
    ("labels", "keys"),
    [
        (["Name", "Title", "Company", "Title of Change"], ["originator_title", "title"]),
        (["Title", "Description", "Name", "Company"], ["title"]),
        (["Name", "Title", "Description"], ["originator_title"]),
        (["Date", "Title", "Phone", "Description"], ["originator_title"]),
        (["Name", "Company", "Phone", "Title", "Description"], ["title"]),
        (["Name", "Title", "Company", "Phone", "Title", "Description"], ["originator_title", "title"]),
    ],
)
def test_a_bare_title_is_told_by_its_neighbours(labels: list[str], keys: list[str]) -> None:
    """Among the originator's fields it is the originator's; else the title of the change."""
    found = LABELS.keys(labels)
    assert [key for key in found if key in {"title", "originator_title"}] == keys


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Company: Saltmarsh: Telecom", ("Company", "Saltmarsh: Telecom")),
        ("Company - Saltmarsh", ("Company", "Saltmarsh")),
        ("Title \u2013 see below: why", ("Title", "see below: why")),
        ("Internal Ref# SM 7", ("Internal Ref", "SM 7")),
        ("Phone#: 701", ("Phone#", "701")),
        ("Company ..... Saltmarsh", ("Company", "Saltmarsh")),
        ("Is this a regulatory CR? No", ("Is this a regulatory CR", "No")),
        ("Company\tSaltmarsh", ("Company", "Saltmarsh")),
        ("Products Impacted:", ("Products Impacted", "")),
        ("Internal Ref #: #44, rev. 2", ("Internal Ref #", "#44, rev. 2")),
        ("Internal Ref # - B-17", ("Internal Ref", "B-17")),
        ("Title of Change\t=2+2 is wrong", ("Title of Change", "=2+2 is wrong")),
        ("Industry Guideline: No", ("Industry Guideline", "No")),
        ("Regulatory: (X)", ("Regulatory", "(X)")),
        ("Company -> Saltmarsh", ("Company", "Saltmarsh")),
        ("Company- Saltmarsh", ("Company", "Saltmarsh")),
        ("Company \u2026\u2026 Saltmarsh", ("Company", "Saltmarsh")),
        ("Company ____ Saltmarsh", ("Company", "Saltmarsh")),
        ("3: Company: Saltmarsh", ("3: Company", "Saltmarsh")),
        ("We met the company: it agreed", None),
        ("Company Saltmarsh", None),
        ("", None),
    ],
)
def test_a_label_and_its_value_are_parted(text: str, split: tuple[str, str] | None) -> None:
    """A known label in front, then a colon, a dash, a tab, a sign of equality or a number sign."""
    assert LABELS.split(text) == split


@given(st.text(max_size=300))
def test_no_text_is_too_strange_for_a_label(text: str) -> None:
    """Nothing raises, and what is split off is a known label."""
    assert len(normalise(text)) <= 20 * LONGEST_LABEL
    split = LABELS.split(text)
    assert split is None or LABELS.key(split[0])


def test_an_equal_table_has_an_equal_hash() -> None:
    """The cheap hash of a table keeps the promise that equal values have equal hashes."""
    twin = FieldTable(TABLE.title, TABLE.fields)
    assert twin == TABLE
    assert hash(twin) == hash(TABLE)


def test_no_synonym_belongs_to_two_fields() -> None:
    """Nor is one made of the choices that a form prints: a ticked choice would be taken for a label."""
    owners: dict[str, str] = {}
    printed = {normalise(choice) for row in TABLE.fields for choice in row.choices}
    for row in TABLE.fields:
        for label in (row.label, *row.synonyms):
            assert owners.setdefault(normalise(label), row.key) == row.key
            assert normalise(label) not in printed
            assert not set(normalise(label).split()) <= {"product", "process", "system", "systems", "or", "and"} or (
                "system" not in label.casefold()
            )


def test_a_label_may_be_meant_for_a_known_one() -> None:
    """It shares a word of some length with one."""
    assert LABELS.near("Contact cell")
    assert not LABELS.near("Fax")
    assert not LABELS.near("Company")
