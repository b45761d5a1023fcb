"""Forms in the body of a mail: `Label: value`, one below the other in any order, or an HTML table.

Its one rule: a value ends where a sender's eye sees it end, at the next known label, at the
blank line after a one-line answer, or at the mail's closing; what stands elsewhere is no value.
"""

import re
from dataclasses import dataclass, field

from bot.intake.closing import ends, polite
from bot.intake.form import Entry, Field, FieldTable, Need, RawForm, Shape
from bot.intake.grid import read_rows
from bot.intake.html import tables
from bot.intake.lines import HELP, REMARK, Line, Vocabulary
from bot.intake.ticks import ticks

SOURCE = "the mail's text"
LONGEST = 200_000
"""Characters read of one text; the longest real form is a fiftieth of it."""

BETWEEN = re.compile(r"\t+|\s{3,}")
RULE = re.compile(r"[-=_*~#+\s]{3,}|([-=_*~#])\1{1,}.*\1{2,}")
HEADING = re.compile(r"(?:section|part)\s+(?:\d{1,2}|[a-d]|[ivx]{1,4})\b.{0,60}", re.IGNORECASE)
STRANGE_LABEL = re.compile(r"[A-Z][\w /#&()'.-]{1,40}:(?:\s|$)")
NO_OPTION = re.compile(r"(?!)")
ITEM = re.compile(
    "\\s*(?:[-*+\u2022\u2010-\u2015\u2610-\u2612\u2713\u2714]\\s|\\(?\\d{1,2}[.)]\\s|\\[[ xX_]?\\]|\\([ xX]\\)|[xX]\\s)"
)
WRAPPED = range(50, 101)
"""Lengths of a line that a mail program may have broken; a longer one was never broken."""

MOST_BREAKS = 2
"""Line breaks in a row that a text keeps, as in a Word form: one blank line between paragraphs."""

ONE_LINE = frozenset({Shape.LINE, Shape.NAME, Shape.EMAIL, Shape.PHONE, Shape.DATE})
PERSONAL = frozenset({"originator_name", "originator_email", "originator_phone", "company"})
SHARED = PERSONAL | {"originator_title", "date_submitted", "area_of_change"}


@dataclass(slots=True)
class _Open:
    """The entry that is being read."""

    label: str
    field: Field
    place: str
    value: str
    width: int
    alone: bool
    """The label stood on a line of its own."""


@dataclass(slots=True)
class _Walk:
    """The state of one walk down the lines of a text."""

    words: Vocabulary
    last_label: int
    entries: list[Entry] = field(default_factory=list)
    open: _Open | None = None
    gap: int = 0
    """The blank lines right above."""
    name: frozenset[str] = frozenset()

    def close(self) -> None:
        """The open entry has ended."""
        if self.open:
            value = self.words.answer(self.open.value)
            self.entries.append(Entry(self.open.label, value, self.open.place))
            if self.open.field.shape is Shape.NAME:
                self.name |= frozenset(value.casefold().replace(",", " ").split())
        self.open = None


def read_text(text: str, table: FieldTable, source: str = SOURCE) -> tuple[RawForm, ...]:
    """Every labelled value of a text, as one form or as several: a further title of a change
    begins another form. Whether they amount to a form is the caller's question. Raises nothing.
    """
    words = Vocabulary(table)
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    splits = [_split(line.strip(), words) for line in lines]
    walk = _Walk(words, max((at for at, split in enumerate(splits) if split), default=-1))
    for at, (line, split) in enumerate(zip(lines, splits, strict=True)):
        if at > walk.last_label and walk.open is None:
            break
        _step(walk, at, line, split)
    walk.close()
    return in_forms(walk.entries, words, source)


def read_html(html: str, table: FieldTable, source: str = SOURCE) -> tuple[RawForm, ...]:
    """Every labelled value in the tables of an HTML body, as one form or several. Whether they
    amount to a form is the caller's question. Raises nothing."""
    words = Vocabulary(table)
    together: list[Entry] = []
    lists: list[list[Entry]] = []
    for rows in tables(html):
        forms = read_rows(rows, words)
        together += forms[0] if len(forms) == 1 else []
        lists += forms if len(forms) > 1 else []
    return (*in_forms(together, words, source), *(RawForm(source, tuple(entries)) for entries in lists))


def _split(line: str, words: Vocabulary) -> list[tuple[str, str]]:
    """The labels of a line with their values: none, one, or several with wide gaps between."""
    if not line or line[0] == ">" or line.startswith(HELP):
        return []
    if ITEM.match(line) and (flags := _flags(line, words)):
        return flags
    parts = [words.split(Line(part, "")) for part in BETWEEN.split(line)] if "   " in line or "\t" in line else []
    several = [part for part in parts if part]
    if len(several) > 1 and len(several) == len(parts) and all(value for _, value in several):
        return [_plain(*part) for part in several]
    found = words.split(Line(line, ""))
    return [_plain(*found)] if found else []


def _flags(line: str, words: Vocabulary) -> list[tuple[str, str]]:
    """`[x] Regulatory   [ ] Industry Guideline` on a line of its own: every flag with its mark."""
    marked = ticks(line, NO_OPTION)
    if marked is None or marked.unsure:
        return []
    found = [(label, mark) for mark, side in (("[x]", marked.on), ("[ ]", marked.off)) for label in side]
    fields = [words.field(label) for label, _ in found]
    return found if all(known and known.shape is Shape.FLAG for known in fields) else []


def _plain(label: str, value: str) -> tuple[str, str]:
    """QUIRK: bold type made plain shows as stars: `*Company:* Example Tel`."""
    return (label.strip("*_ "), value.lstrip("*_ ")) if label[:1] in {"*", "_"} else (label, value)


def _step(walk: _Walk, at: int, line: str, split: list[tuple[str, str]]) -> None:
    """Take one line: a label, more of the open value, an end, or nothing to us."""
    bare = line.strip()
    if not bare:
        walk.gap += 1
        return
    now = walk.open
    within = now is not None and now.field.shape is Shape.TEXT and not walk.gap and bool(now.value)
    if split and not (within and _ignored(walk, split)):
        for label, value in split:
            walk.close()
            known = walk.words.field(label)
            if known:
                walk.open = _Open(label, known, f"line {at + 1}", value, len(line), alone=not value)
    elif now is None or bare.startswith((REMARK, HELP)) or not walk.words.answer(bare):
        pass
    elif _ended(walk, now, at, line, bare):
        walk.close()
    else:
        _continue(walk, now, line, bare)
    walk.gap = 0


def _ignored(walk: _Walk, split: list[tuple[str, str]]) -> bool:
    """True for `Status: ...` and the like in the middle of a description: there it is prose."""
    known = walk.words.field(split[0][0])
    return known is not None and known.need is Need.IGNORED


def _ended(walk: _Walk, now: _Open, at: int, line: str, bare: str) -> bool:
    """True when a line without a label no longer belongs to the open value."""
    if bare[0] == ">" or ends(bare) or RULE.fullmatch(bare) or HEADING.fullmatch(bare) or _signature(walk, bare):
        return True
    shape = now.field.shape
    if walk.gap and now.value:
        if shape is Shape.TEXT:
            return at > walk.last_label and polite(bare)
        return shape in ONE_LINE or not ITEM.match(line)
    if walk.gap:
        return at > walk.last_label and (shape in ONE_LINE or polite(bare))
    if shape not in ONE_LINE:
        return False
    if STRANGE_LABEL.match(bare):
        return True
    if not now.value or line[0] in " \t":
        return False
    return now.width not in WRAPPED and not (shape is Shape.NAME and now.alone)


def _signature(walk: _Walk, bare: str) -> bool:
    """True for the originator's name, or a part of it, as a line of its own."""
    words = bare.casefold().replace(",", " ").rstrip(".").split()
    return bool(words) and walk.name.issuperset(words)


def _continue(walk: _Walk, now: _Open, line: str, bare: str) -> None:
    """Add a line to the open value. A line that a mail program broke is joined with a blank; people
    part paragraphs by one blank line, and only a second one is meant to be seen."""
    shape = now.field.shape
    if not now.value:
        joint = ""
    elif line[0] in " \t" and not walk.gap and shape is Shape.TEXT and not ITEM.match(line):
        joint = " "
    elif walk.gap and shape is Shape.TEXT:
        joint = "\n" * min(walk.gap, MOST_BREAKS)
    elif walk.gap or ITEM.match(line) or (shape is Shape.NAME and now.alone):
        joint = "\n"
    elif shape in ONE_LINE:
        joint = " "
    elif shape is Shape.SLOTS or shape is Shape.LIST:
        joint = " " if now.width in WRAPPED and not now.alone else "\n"
    else:
        joint = " " if now.width in WRAPPED else "\n"
    now.value += joint + bare
    now.width = len(line)


def in_forms(entries: list[Entry], words: Vocabulary, source: str) -> tuple[RawForm, ...]:
    """Entries as forms: where a label comes again and a further title of a change follows, another
    form begins. The originator may be named once for all of them."""
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
        groups = _shared(groups, words)
    return tuple(RawForm(source, tuple(group)) for group in groups)


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
