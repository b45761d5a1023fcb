"""Versions: the texts that a request has had since it was logged, and what each revision changed.

Its one rule: only the fields that are public are compared; of any other it is said no more than that it changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.intake.form import Value, in_words
from bot.office.office import Office
from bot.posting.difference import Altered, altered
from bot.posting.people import last_first, name_of
from bot.workflow import revision as revisions
from bot.workflow.change import ChangeRequest

# The fields whose earlier texts are public too, in the order of the page.
TEXTS = (
    "title",
    "originator_name",
    "areas_impacted",
    "products_impacted",
    "regulatory",
    "industry_guideline",
    "exception_requested",
    "description",
    "business_reason",
    "expected_deliverable",
    "desired_implementation_date",
)


@dataclass(frozen=True, slots=True)
class Version:
    """The text of the request as one revision gave it, and what it changed; 0 is the original.

    `texts` are its public fields by their keys; `more` says that something changed which is not
    public.
    """

    number: int
    on: date
    by: str
    texts: Mapping[str, str]
    changes: tuple[Altered, ...] = ()
    more: bool = False


def versions_of(change: ChangeRequest, office: Office, clean: Callable[[str], str]) -> tuple[Version, ...]:
    """The texts of the request since it was logged, where there is more than one; what an intake
    looked like is not public."""
    public = revisions.versions(change)
    if len(public) < 2:  # noqa: PLR2004 - one text was never revised
        return ()
    shown = [_texts(revision.fields, clean) for revision in public]
    made = []
    for number, (revision, texts) in enumerate(zip(public, shown, strict=True)):
        by = name_of(revision.by, office) or clean(revision.by or change.company)
        version = Version(number, office.calendar.local_date(revision.at), by, texts)
        if number:
            earlier = shown[number - 1]
            keys = revisions.altered(public[number - 1].fields, revision.fields)
            seen = [key for key in TEXTS if key in keys and earlier[key] != texts[key]]
            changes = tuple(altered(key, earlier[key], texts[key]) for key in seen)
            version = replace(version, changes=changes, more=len(keys) > len(seen))
        made.append(version)
    return tuple(made)


def _texts(fields: Mapping[str, Value], clean: Callable[[str], str]) -> dict[str, str]:
    """The public fields of one text, in words; those it does not have are empty."""
    words = {key: in_words(fields.get(key, "")) for key in TEXTS}
    words["originator_name"] = last_first(words["originator_name"])
    words["areas_impacted"] = "; ".join(areas(fields))
    words["products_impacted"] = "; ".join(listed(fields, "products_impacted"))
    return {key: clean(text) for key, text in words.items()}


def areas(fields: Mapping[str, Value]) -> tuple[str, ...]:
    """The areas impacted; what a submitter wrote for Other is shown with it."""
    other = fields.get("areas_other", "")
    return tuple(f"Other ({other})" if area == "Other" and other else area for area in listed(fields, "areas_impacted"))


def listed(fields: Mapping[str, Value], key: str) -> tuple[str, ...]:
    """A field that is a list, as one; a text stands alone in it."""
    value = fields.get(key, ())
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()
