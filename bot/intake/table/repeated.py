"""Several forms in one text. Its one rule: a further title of a change begins another form; the
originator may be named once for all of them."""

from bot.intake.form import Entry, RawForm
from bot.intake.lines import TELLING, Vocabulary

PERSONAL = frozenset({"originator_name", "originator_email", "originator_phone", "company"})
SHARED = PERSONAL | {"originator_title", "date_submitted", "area_of_change"}


def in_forms(entries: list[Entry], words: Vocabulary, source: str, notes: tuple[str, ...] = ()) -> tuple[RawForm, ...]:
    """Entries as forms: where a label comes again and a further title of a change follows, another
    form begins. The originator may be named once for all of them; notes go with the first."""
    keys = words.labels.keys([entry.label for entry in entries])
    last_title = max((at for at, key in enumerate(keys) if key == "title"), default=-1)
    groups: list[list[Entry]] = []
    seen: set[str] = set()
    for at, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        if not groups or (key in seen and "title" in seen and at <= last_title):
            groups.append([])
            seen = set()
        groups[-1].append(entry)
        if key:
            seen.add(key)
    if len(groups) > 1:
        groups = _shared(groups, words) if all(_is_request(group, words) for group in groups) else [entries]
    return tuple(RawForm(source, tuple(group), () if at else notes) for at, group in enumerate(groups))


def _is_request(group: list[Entry], words: Vocabulary) -> bool:
    """True for entries with a title and something else that tells of a change. Otherwise a label came twice by
    mistake, or stands in an answer, and a person is asked."""
    said = {words.labels.key(entry.label) for entry in group if entry.value}
    return len(said & TELLING) > 1 and not said.isdisjoint({"title", "originator_title"})


def _shared(groups: list[list[Entry]], words: Vocabulary) -> list[list[Entry]]:
    """Give the originator of the first form that has one, and the area of change if that is said
    there too, to the forms that have none."""
    keys = [[words.labels.key(entry.label) for entry in group] for group in groups]
    named = next((at for at, found in enumerate(keys) if PERSONAL & set(found)), None)
    if named is None:
        return groups
    lent = [(key, entry) for entry, key in zip(groups[named], keys[named], strict=True) if key in SHARED]
    return [
        group if PERSONAL & set(found) else [*(entry for key, entry in lent if key not in found), *group]
        for group, found in zip(groups, keys, strict=True)
    ]
