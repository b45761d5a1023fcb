"""Several forms in one file, or one form in several places: which entries belong together.

Its one rule: a form ends where its labels begin again, title or description among them; two
answers to one question that do not make a form each stay side by side, and are asked about.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.intake.form import Entry, Shape
from bot.intake.lines import Vocabulary

SUBJECT = frozenset({"title", "description"})
"""What makes a form of its own: each change request has them."""

UNFILLED = "A form without title and description was left out: {}."
REPEATED = "A form that says the same as another one was left out: {}."
ASIDE = "Not read as a form: sheet {}."

Form = list[Entry]


def stacked(entries: Form, words: Vocabulary) -> list[Form]:
    """One run of entries as the forms that stand below each other in it; what stands once above
    them all (`Company`, `Originator`) belongs to each."""
    keys = words.labels.keys([entry.label for entry in entries])
    subject = SUBJECT.intersection(keys)
    if not subject or all(keys.count(key) == 1 for key in subject):
        return [entries]
    parts = _parts(entries, keys, subject, words)
    if len(parts) == 1:
        return [entries]
    again = _key(parts[1][0], words)
    once = next(at for at, entry in enumerate(parts[0]) if _key(entry, words) == again)
    return [parts[0], *(_with_common(parts[0][:once], part, words) for part in parts[1:])]


def _parts(entries: Form, keys: Sequence[str | None], subject: frozenset[str], words: Vocabulary) -> list[Form]:
    """Parts that hold the whole subject each; what is repeated without it stays where it is."""
    parts: list[Form] = [[]]
    seen: set[str | None] = set()
    for at, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        field = words.field(entry.label)
        again = key in seen and field is not None and field.shape is not Shape.SLOTS
        if again and subject <= seen and subject <= set(keys[at:]):
            parts.append([])
            seen = set()
        parts[-1].append(entry)
        seen.add(key)
    return parts


def _with_common(common: Form, part: Form, words: Vocabulary) -> Form:
    own = known(part, words)
    return [*(entry for entry in common if _key(entry, words) not in own), *part]


def joined(sheets: Mapping[str, list[Form]], words: Vocabulary) -> tuple[list[Form], list[str]]:
    """The forms of all sheets, and what is to be noted. Sheets that ask different questions are
    parts of one form; a sheet with other questions than a form's is none."""
    groups: list[tuple[list[str], list[Form]]] = []
    for name, forms in sheets.items():
        for at, (names, others) in enumerate(groups):
            if (both := _together(others, forms, words)) is not None:
                groups[at] = ([*names, name], both)
                break
        else:
            groups.append(([name], forms))
    real = [forms for _, forms in groups if any(SUBJECT & known(form, words) for form in forms)]
    real = real or [forms for _, forms in groups]
    counted = ((names, forms) for names, forms in groups if forms not in real)
    aside = [name for names, forms in counted if any(map(words.is_form, forms)) for name in names]
    kept, notes = _filled(real, words)
    return kept, notes + [ASIDE.format(name) for name in aside]


def _together(first: list[Form], second: list[Form], words: Vocabulary) -> list[Form] | None:
    """Two sheets as one; None where they ask the same questions."""
    one, other = (set[str]().union(*(known(form, words) for form in forms)) for forms in (first, second))
    if not one.isdisjoint(other) or not (one and other):
        return None
    if len(second) == 1:
        return [[*form, *second[0]] for form in first] if len(first) == 1 or not SUBJECT & other else None
    return [[*first[0], *form] for form in second] if len(first) == 1 and not SUBJECT & one else None


def _filled(sheets: Sequence[list[Form]], words: Vocabulary) -> tuple[list[Form], list[str]]:
    """The forms without copies: those that nobody filled in, beside one that somebody did, and
    sheets that say what another one says."""
    kept: list[Form] = []
    notes: list[str] = []
    said: list[list[list[tuple[str | None, str]]]] = []
    filled = any(SUBJECT & answered(form, words) for forms in sheets for form in forms)
    for forms in sheets:
        content = [[(_key(entry, words), entry.value) for entry in form if entry.value] for form in forms]
        if content in said and any(content):
            notes.append(REPEATED.format(forms[0][0].place))
            continue
        said.append(content)
        real = [form for form in forms if not filled or _begun(form, words)]
        notes += [UNFILLED.format(form[0].place) for form in forms if form not in real]
        kept += real
    return kept, notes


def _begun(form: Form, words: Vocabulary) -> bool:
    """True for a form that its sender began to fill in: what the change is, or most of the rest."""
    keys = answered(form, words)
    return bool(SUBJECT & keys) or 2 * len(keys) > len(known(form, words))


def known(form: Iterable[Entry], words: Vocabulary) -> set[str]:
    """The keys of the labels in a form."""
    return {key for entry in form if (key := _key(entry, words))}


def answered(form: Iterable[Entry], words: Vocabulary) -> set[str]:
    """The keys of the labels that have an answer, even one that cannot be read."""
    return known((entry for entry in form if entry.value or entry.unreadable), words)


def _key(entry: Entry, words: Vocabulary) -> str | None:
    return words.labels.key(entry.label)
