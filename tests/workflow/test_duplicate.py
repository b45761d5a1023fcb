"""duplicate: what makes two submissions alike."""

from dataclasses import replace

import pytest

from bot.intake.form import Value
from bot.mail.letter import Kind
from bot.workflow.decide import decide
from bot.workflow.duplicate import Lookalike, Marks, likeness, likest, marks
from bot.workflow.effect import Fate, Send
from bot.workflow.submission import Route, route
from tests.workflow.offices import FIELDS, MANAGER, NOW, OFFICE, PINE, STRANGER, submitted

FORM: dict[str, Value] = {"title": "Name the failing field", "internal_ref": "EX-2026-17"}


@pytest.mark.parametrize(
    ("company", "fields", "shared"),
    [
        ("Pine Telecom LLC", FORM, "the same title and the same Internal Ref #"),
        ("PINE TELECOM, LLC", {"title": "  name the\nFAILING field. "}, "the same title"),
        ("Pine Telecom LLC", {"title": "Something else", "internal_ref": "ex 2026 17"}, "the same Internal Ref #"),
        ("Pine Telecom LLC", {"title": "Name the failing fields"}, ""),
        ("Pine Telecom LLC", {"title": "EX-2026-17", "internal_ref": "Name the failing field"}, ""),
        ("Cedar Loop Telecom", FORM, ""),
        ("", FORM, ""),
        ("Pine Telecom LLC", {"title": "?!", "internal_ref": "--"}, ""),
        ("Pine Telecom LLC", {}, ""),
    ],
)
def test_alike_is_the_same_company_with_the_same_title_or_reference(
    company: str, fields: dict[str, Value], shared: str
) -> None:
    """Case, punctuation and spacing do not count; another company's form is never alike."""
    assert likeness(marks("Pine Telecom LLC", FORM), marks(company, fields)) == shared


def test_nothing_to_compare_is_never_alike() -> None:
    """Two forms without a title are not the same for that."""
    assert likeness(Marks(), Marks()) == ""


def test_any_text_has_its_mark() -> None:
    """Lone surrogates and other scripts neither fail nor fall together."""
    odd = [marks("Pine", {"title": title}).title for title in ("\ud800 x", "\u0639\u0631\u0636", "\u8a2d\u5b9a")]
    assert len(set(odd)) == 3
    assert all(odd)


def test_the_one_to_name_has_its_number_and_is_not_oneself() -> None:
    """A numbered change request goes before an intake, an older before a younger; oneself is left out."""
    own = marks("Pine", FORM)
    intake = Lookalike("IN112026-1", "IN112026-1", "Name the failing field", logged=False, marks=own)
    older = Lookalike("PC112126-1", "PC112126-1", "Name the failing field", logged=True, marks=own)
    newer = Lookalike("IN112226-1", "PC112226-1", "Name the failing field", logged=True, marks=own)
    assert likest(own, (intake, older, newer)) is older
    assert likest(own, (intake,)) is intake
    assert likest(own, (intake,), "IN112026-1") is None
    assert likest(marks("Pine", {"title": "Other"}), (intake, older)) is None


def test_a_lookalike_waits_and_both_are_told_of_what() -> None:
    """The form is parked as an intake of its own; the letters name the other one and how they are alike."""
    like = Lookalike("PC112126-1", "PC112126-1", "Name the Failing Field", logged=True, marks=marks(PINE.name, FIELDS))
    event = replace(submitted(number="IN112326-1"), lookalike=like)
    decision = decide(None, event, OFFICE, NOW)
    assert decision.fate is Fate.PARKED
    assert decision.reason == "IN112326-1: it looks like PC112126-1: the same company and the same title"
    assert decision.change is not None
    assert decision.change.number == "IN112326-1"
    letters = [effect.letter for effect in decision.effects if isinstance(effect, Send)]
    assert {(letter.kind, letter.to.email) for letter in letters} == {
        (Kind.PARKED, "pat@pine.example"),
        (Kind.REVIEW, MANAGER.address.email),
    }
    assert all(letter.context["lookalike"] is like for letter in letters)


def test_who_we_do_not_know_learns_of_no_lookalike() -> None:
    """A stranger's form waits because of the stranger; nothing is said of what others sent."""
    like = Lookalike("PC112126-1", "PC112126-1", "Name the Failing Field", logged=True, marks=marks(PINE.name, FIELDS))
    assert route(submitted().form.submission, STRANGER, OFFICE, None, like) is Route.UNKNOWN
