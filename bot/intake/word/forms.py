"""The forms of a Word document, made of what was found in it. Its one rule: what is said twice must
agree; what belongs to no form of its own is weighed against the form beside it.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.intake.form import Entry, Need, Shape
from bot.intake.labels import TITLE, normalise
from bot.intake.lines import Vocabulary
from bot.intake.table.repeated import in_forms

WHOLE = frozenset({"title", "description"})
SHARED = frozenset({Shape.NAME, Shape.FLAG})


def apart(entries: list[Entry], words: Vocabulary) -> list[list[Entry]]:
    """The entries of a document, one list a form. What has no title and description of its own is a
    summary, or a part, of the form beside it, and what it repeats must agree."""
    forms: list[list[Entry]] = []
    whole = True
    for form in in_forms(entries, words, ""):
        found = set(words.labels.keys([entry.label for entry in form.entries]))
        if forms and not (whole and found >= WHOLE):
            forms[-1] += [entry for entry in form.entries if entry not in forms[-1]]
            whole = whole or found >= WHOLE
        else:
            forms.append(list(form.entries))
            whole = found >= WHOLE
    return forms


def labelled_as(entry: Entry, key: str | None, words: Vocabulary) -> Entry:
    """QUIRK: other people's controls have tags too, and their `title` may be a person's. Where the
    printed label is known and means another field, it counts, and not the tag. A label of several
    fields (an originator's cell, a row of flags) has the tags of each."""
    if key is None or key == entry.tag or not words.has(entry.tag):
        return entry
    field = words.field(entry.label)
    if field is None or field.shape in SHARED:
        return entry
    return replace(entry, tag="")


def with_margins(entries: list[Entry], margins: Iterable[Entry], words: Vocabulary) -> list[Entry]:
    """A form with what headers and footers add to it. QUIRK: a footer may say `Title: Request form`
    or `Date: 2019` of the form itself, so they fill gaps; but of what is required they must not say
    another thing than the form does."""
    keys = words.labels.keys([entry.label for entry in entries])
    answered = {entry.tag or key for entry, key in zip(entries, keys, strict=True) if entry.value}
    added = []
    for entry in margins:
        field = words.field(entry.label)
        if field is None or not entry.value or field.shape is Shape.TEXT or normalise(entry.label) == TITLE:
            continue
        if field.need is Need.REQUIRED or field.key not in answered:
            added.append(entry)
    return [*entries, *added]
