"""Values that are lists: chosen areas, products, meeting slots.

Its one rule: a printed list that nobody marked is no choice, and a word that we do not know is
kept as it was written.
"""

import re
from functools import lru_cache

from bot.intake.form import Field
from bot.intake.value.reading import BLANK, Reading, filler, fold
from bot.intake.value.ticks import BOX, LONE, Ticks, ticks

PIECE = re.compile("(?:\\([^()]*\\)|[^,;\n\t|\u2022])+")
"""What stands between separators; a separator inside parentheses belongs to its item."""

BULLET = re.compile("\\s*(?:[\u2022\u2023\u25aa\u25cf\u25e6\u2043\u00b7*]\\s*|[-\u2010-\u2015+o]\\s+)")
NUMBER = re.compile(r"\s*\(?(\d{1,2})[.)](?:\s+|$)")
NAMED = re.compile(r"\s*(?:slot|option|choice|date)\s*#?\d{1,2}\s*[:.)-]\s*", re.IGNORECASE)
WIDE = re.compile(r"[^\S\n]{3,}")
INLINE = re.compile(r"(?:^|(?<=\s))\(?([1-9])[.)](?=\s)")
JOINT = re.compile(r"\s*(?:&|/|\+|\band\b)\s*", re.IGNORECASE)
OTHER = re.compile("other(?:\\s+areas?)?\\b[\\s:;,=._\u2010-\u2015-]*", re.IGNORECASE)
ASIDE = re.compile(r"\((?:please |if )?(?:specify|explain|describe|list|name|applicable)[^()]{0,80}\)", re.IGNORECASE)
VERDICT = re.compile(
    "(.*?)(?:\\s*[:=\u2010-\u2015-]\\s*(yes|no|y|n)|\\s(yes|no))\\.?|(yes|no|y|n)\\s*[:=\u2010-\u2015-]\\s*(.*)",
    re.IGNORECASE,
)
VERDICTS = re.compile("([^\n,;|:=]{2,60}?)\\s*[:=\u2010-\u2015-]\\s*(yes|no|y|n)\\b[\\s,;|.]*", re.IGNORECASE)
LONGEST_NAME = 80
LAST = re.compile(r"\s+and\s+", re.IGNORECASE)
STARTS_WITH_DATE = re.compile(r"\W{0,4}(?:[a-z]{2,9}\.?,?\s+)?\d{1,4}[-/]\d{1,2}\b", re.IGNORECASE)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
UNFINISHED = re.compile(
    rf"(?P<day>\b{WEEKDAY}),[ \t]*\n[ \t]*(?!{WEEKDAY}|[\s*-])"
    r"|,[ \t]*\n[ \t]*(?=\d{1,2}(?::\d\d|\s?[ap]\.?m\b)|\(|[ap]\.?m\b|[a-z]{1,2}t\b)",
    re.IGNORECASE,
)
"""Where a line ends in the middle of a slot: behind the comma of a day of the week, or before the time of day."""
AND = re.compile(r"and\s+", re.IGNORECASE)
UNCLEAR = "We cannot tell which boxes are ticked for the {name}; please mark them again."


def read_choices(text: str, field: Field) -> Reading:
    """The choices of a field that are ticked or named, in printed order, and the text behind Other.

    A name that is none of them counts as Other and is kept in `other`.
    """
    if LONE.fullmatch(text):
        return Reading(wrong=UNCLEAR.format(name=field.name))
    known = _spellings(field.choices)
    text = ASIDE.sub(" ", text)
    marked = ticks(text, _printed(field.choices)) or verdicts(text)
    if marked is None:
        named = _named(text, field)
        if named is None:
            return BLANK
    elif marked.unsure:
        return Reading(wrong=UNCLEAR.format(name=field.name))
    else:
        named = _ticked(text, marked)
    chosen, strange = set(), []
    for name in named:
        choice = known.get(_key(name)) or known.get(_key(name.split("\n")[0]))
        rest = "" if choice and not OTHER.match(name) else OTHER.sub("", name, count=1)
        chosen.add(choice or "Other")
        strange.append(_bare(rest))
    if not chosen:
        return BLANK
    return Reading(
        tuple(choice for choice in field.choices if choice in chosen), other="; ".join(filter(None, strange))
    )


def _bare(words: str) -> str:
    """The words behind Other without what parts or encloses them."""
    bare = fold(words).strip(" .:_")
    return bare[1:-1].strip() if bare.startswith("(") and bare.find(")") == len(bare) - 1 else bare


def _ticked(text: str, marked: Ticks) -> list[str]:
    """The names beside ticked marks; an Other that is not ticked but filled in counts as well."""
    named = [name for name in marked.on if name]
    if not BOX.search(text) and (other := OTHER.search(text)):
        behind = LONE.sub(" ", text[other.end() :])
        named = [name for name in named if not OTHER.match(name)]
        ticked = any(OTHER.match(name) for name in marked.on)
        return [*named, f"Other {behind}"] if ticked or not filler(behind) else named
    return named + [name for name in marked.off if (found := OTHER.match(name)) and not filler(name[found.end() :])]


def _named(text: str, field: Field) -> list[str] | None:
    """The names in a text without ticks; None for a printed list as it came from the printer."""
    names: list[str] = []
    known = _spellings(field.choices)
    for item in items(text):
        name = _said(item)
        if name is None:
            continue
        parts = [part for part in JOINT.split(name) if part]
        if _key(name) in known or OTHER.match(name):
            names.append(name)
        elif len(parts) > 1 and all(_key(part) in known for part in parts):
            names += parts
        elif not re.sub(r"[\s:&/_]|\band\b", "", _printed(field.choices).sub("", name)):
            names += [found.group() for found in _printed(field.choices).finditer(name)]
        else:
            names.append(name)
    every = {known.get(_key(name), name) for name in names}
    untouched = len(every) >= len(field.choices) - 1 and every <= set(field.choices)
    return None if untouched and not re.search("[,;]", text) else names


def _said(item: str) -> str | None:
    """An item without its verdict: `Ordering: Yes` is Ordering, `Billing: No` is nothing, and so is
    `not Billing`."""
    item = item.removesuffix(" only")
    if item[:4].lower() in {"not ", "not\t"}:
        return None
    found = VERDICT.fullmatch(item) if len(item) <= LONGEST_NAME else None
    if found is None:
        return item
    name, word = (found[5], found[4]) if found[4] else (found[1], found[2] or found[3])
    return name if word[0].lower() == "y" and name else None


def verdicts(text: str) -> Ticks | None:
    """`Ordering: Yes, Billing: No` as ticks; None for any other text."""
    on: list[str] = []
    off: list[str] = []
    at = 0
    while found := VERDICTS.match(text, at):
        (on if found[2][0].lower() == "y" else off).append(found[1].strip())
        at = found.end()
    return Ticks(tuple(on), tuple(off)) if on + off and at == len(text) else None


def read_list(text: str, field: Field) -> Reading:
    """A free list: ticked names, or what stands between commas, semicolons, wide gaps and line breaks."""
    marked = ticks(text, _printed(field.choices)) or _crossed(text)
    if LONE.fullmatch(text) or (marked is not None and marked.unsure):
        return Reading(wrong=UNCLEAR.format(name=field.name))
    found: list[str] = []
    for item in _english(items(WIDE.sub("\n", text))) if marked is None else _ticked(text, marked):
        parts = JOINT.split(item)
        known = len(parts) > 1 and all(_key(part) in _spellings(field.choices) for part in parts)
        for part in parts if known else [item]:
            name = fold(OTHER.sub("", part, count=1) or part).removesuffix(".")
            if not filler(name) and name not in found:
                found.append(name)
    return Reading(tuple(found)) if found else BLANK


def _crossed(text: str) -> Ticks | None:
    """Lines that begin with a lone X among names that are not printed on the form."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    on = tuple(LONE.sub("", line, count=1).strip() for line in lines if LONE.match(line))
    return Ticks(on) if on else None


def _english(names: list[str]) -> list[str]:
    """`A, B and C` is three names."""
    *front, last = names or [""]
    return [*front, *LAST.split(last)] if front and len(LAST.split(last)) == len("BC") else names


def read_slots(text: str, field: Field) -> Reading:
    """Dates and times, one a line or between semicolons; slot numbers are not part of them."""
    lines = [part for line in re.split("[\n;]", UNFINISHED.sub(_joined, text)) for part in _dated(line)]
    slots = [fold(slot) for slot in _unnumbered([slot for line in lines for slot in _inline(line)])]
    kept = tuple(slot for slot in slots if not filler(slot))
    return Reading(kept) if kept else BLANK


def _joined(end: re.Match[str]) -> str:
    return f"{end['day'] or ''}, "


def _dated(line: str) -> list[str]:
    """`12/01 10:00, 12/02 14:00`: commas part slots where a date stands behind each of them."""
    parts = line.split(",")
    return parts if all(STARTS_WITH_DATE.match(part) for part in parts) else [line]


def items(text: str) -> list[str]:
    """The items of a list, without bullets, numbers, a last `and`, and fillers."""
    pieces = _unnumbered([part for piece in PIECE.finditer(text) for part in _inline(piece.group())])
    bare = (AND.sub("", piece, count=1) if AND.match(piece) else piece for piece in pieces)
    return [item for item in bare if not filler(item)]


def _unnumbered(lines: list[str]) -> list[str]:
    """Lines without list marks. A number is a list mark only when it counts the lines: in
    `4. December` it is a day."""
    expected, bare = 1, []
    for line in lines:
        mark = NUMBER.match(line)
        if mark and int(mark[1]) == expected:
            expected += 1
        else:
            mark = NAMED.match(line) or BULLET.match(line)
        bare.append(line[mark.end() if mark else 0 :].strip())
    return bare


def _inline(line: str) -> list[str]:
    """`1. 9:00 2. 10:00 3. 11:00`: slots that are numbered on one line."""
    marks = list(INLINE.finditer(line))
    if len(marks) < len("12") or [int(mark[1]) for mark in marks] != list(range(1, len(marks) + 1)):
        return [line]
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(line)]
    return [line[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


def is_choice(text: str, field: Field) -> bool:
    """True for the name of a printed choice of a field, and for Other with or without its text."""
    return _key(text) in _spellings(field.choices) or (OTHER.match(text) is not None and "Other" in field.choices)


def _key(name: str) -> str:
    """A choice's name by its letters: `Pre-Order`, `preordering` and `Pre-Ordering:` are one."""
    letters = "".join(word for word in re.findall(r"[^\W_]+", name.casefold()) if word != "and")
    return letters.removesuffix("s").removesuffix("ing")


@lru_cache(maxsize=32)
def _spellings(choices: tuple[str, ...]) -> dict[str, str]:
    """Every way to name a choice: whole, or of a pair like `Maintenance & Repair` either half,
    both in the other order, and the initials."""
    known = {_key(choice): choice for choice in choices}
    for choice in choices:
        halves = [half.strip() for half in choice.split("&")]
        if len(halves) > 1:
            for way in (*halves, " ".join(reversed(halves)), "".join(half[0] for half in halves)):
                known.setdefault(_key(way), choice)
    return known


@lru_cache(maxsize=32)
def _printed(choices: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the printed choices in a text, the longest first."""
    ways = sorted({re.sub(r"\W+", "\\\\W{0,3}(?:and\\\\W{1,3})?", choice) for choice in choices}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(ways)})\b" if ways else "(?!)", re.IGNORECASE)
