"""What one value means, by its shape. Its one rule: a value that can be read in two ways is not
read at all; the sender is asked.

Every reader takes the text as it was found, without fillers, and its field; none raises.
"""

import re
from collections.abc import Callable, Mapping

from bot.intake.form import TRACKS, Field, Shape
from bot.intake.value.choices import read_choices, read_list, read_slots, verdicts
from bot.intake.value.dates import iso_date
from bot.intake.value.reading import BLANK, Reading, fold, quote
from bot.intake.value.ticks import ticks

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z]{2,24}(?![\w@-])")
BESIDE_EMAIL = re.compile(r"(?:mailto:|e-?mail:?|\([^()]{0,80}\)|[\s<>\[\]()\"',;:.|/])*", re.IGNORECASE)
DISPLAYED = re.compile(r"[^<>@]{0,100}<\s*(?:mailto:)?[^<>]{1,100}>\W*", re.IGNORECASE)
PHONE = re.compile("\\+?\\s?\\(?\\d[\\d\\s().\u2010-\u2015-]{7,24}\\d")
EXTENSION = re.compile(r"[\s,;]*\(?\b(?:x|ext\.?|extension)\s*[:.#]?\s*\d{1,6}\b\)?", re.IGNORECASE)
AREA_SLASH = re.compile(r"(?<!\d)(\d{3}\)?)\s?/\s?(\d{3})(?=[\s.-]?\d{4}(?!\d))")
FEWEST_DIGITS, MOST_DIGITS = 10, 15
"""Ten digits make a North American number; ITU-T E.164 allows no more than fifteen."""
LETTERS_OF_A_NAME, WORDS_OF_A_NAME = 2, 2
JOB = frozenset(
    {"analyst", "coordinator", "director", "engineer", "lead", "manager", "officer", "president", "specialist"}
    | {"supervisor"}
)
"""Words that hardly any name holds: beside two other words somebody's title stands in its name."""

YES_NO = re.compile(r"\b(?:yes|no)\b", re.IGNORECASE)
YES = re.compile(
    "(?:yes|y|true|x|checked|ticked|on|required|requested|\u221a)(?:$|[\\s.,;:!(/\u2010-\u2015-])", re.IGNORECASE
)
NO = re.compile(
    "(?:no|n|false|unchecked|off|not? (?:requested|required|needed|applicable|at this time))"
    "(?:$|[\\s.,;:!(/\u2010-\u2015-])",
    re.IGNORECASE,
)
PRINTED = re.compile(
    r"(?:yes|y)[\s/|,_:-]*(?:or\s+)?(?:no|n)\b[\s/|,_:.?-]*|no[\s/|,_:-]*(?:or\s+)?yes\b[\s/|,_:.?-]*", re.IGNORECASE
)
"""Both answers as they were printed; what follows them may be the sender's."""

INITIALS = {"pp": "product_process", "p/p": "product_process", "product_process": "product_process"}
AREA = re.compile(
    r"product\s*(?:/|&|and|or|-|_)?\s*process(?:es)?\b|products?\b|process(?:es)?\b|systems?\b|both\b", re.IGNORECASE
)
AREA_NOISE = frozenset(
    {"a", "an", "and", "area", "change", "changes", "cmp", "cr", "crs", "interface", "interfaces", "is", "it", "only"}
    | {"oss", "request", "requests", "s", "the", "this", "track", "type"}
)
JOINT = re.compile(r"\band\b|[&+,;]", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")


def read_line(text: str, field: Field) -> Reading:
    """One line of text, as long as its field allows."""
    line = fold(text)
    return Reading(line, _length(line, field))


def read_text(text: str, field: Field) -> Reading:
    """A text, verbatim, as long as its field allows; white space does not count as length."""
    return Reading(text, _length(fold(text), field))


def _length(text: str, field: Field) -> str:
    size = len(text)
    if size >= field.shortest and (not field.longest or size <= field.longest):
        return ""
    wanted = f"{field.shortest} to {field.longest}" if field.longest else f"{field.shortest} or more"
    return f"Your {field.name} has {size} character{'' if size == 1 else 's'}; it needs {wanted}."


def read_name(text: str, field: Field) -> Reading:
    """A person's name: anything with at least two letters."""
    name = fold(text)
    if sum(map(str.isalpha, name)) < LETTERS_OF_A_NAME or "@" in name:
        return Reading(name, f"The {field.name} reads {quote(name)}, which is not a name.")
    words = WORD.findall(name.casefold())
    if len(words) > WORDS_OF_A_NAME and not JOB.isdisjoint(words):
        return Reading(
            name, f"The {field.name} reads {quote(name)}; please give the name alone, without the job title."
        )
    return Reading(name)


def read_email(text: str, field: Field) -> Reading:
    """One e-mail address; a display name or `mailto:` around it does not belong to it."""
    line = fold(text)
    found = {address.lower(): address for address in EMAIL.findall(line)}
    if len(found) > 1:
        return Reading(line, f"The {field.name} reads {quote(line)}; please give just one address.")
    for address in found.values():
        rest = line.replace(address, " ")
        if BESIDE_EMAIL.fullmatch(rest) or DISPLAYED.fullmatch(line):
            return Reading(address.strip("'"))
    return Reading(line, f"The {field.name} reads {quote(line)}, which is not an e-mail address.")


def read_phone(text: str, field: Field) -> Reading:
    """A telephone number of ten digits or more, as written; an extension comes on top."""
    line = fold(text)
    bare = EXTENSION.sub(" ", AREA_SLASH.sub(r"\1 \2", line))
    sizes = [sum(map(str.isdigit, found)) for found in PHONE.findall(bare)]
    if any(FEWEST_DIGITS <= size <= MOST_DIGITS for size in sizes):
        return Reading(line)
    size = sum(map(str.isdigit, bare))
    if FEWEST_DIGITS <= size <= MOST_DIGITS:
        return Reading(line, f"The {field.name} reads {quote(line)}, which we cannot read as one number.")
    bounds = f"at most {MOST_DIGITS}" if size > MOST_DIGITS else f"at least {FEWEST_DIGITS}, area code included"
    wrong = f"The {field.name} reads {quote(line)}; it has {size} digit{'' if size == 1 else 's'} and needs {bounds}."
    return Reading(line, wrong)


def read_date(text: str, field: Field) -> Reading:
    """A date in the ways of US forms, as `yyyy-mm-dd`."""
    found = iso_date(text)
    return (
        Reading(found) if found else Reading(wrong=f"The {field.name} reads {quote(text)}; we cannot read that date.")
    )


def read_flag(text: str, field: Field) -> Reading:
    """True or False by a tick, a Yes or a No; a printed `Yes No` without a mark is blank."""
    marked = ticks(text, YES_NO)
    if marked is None:
        printed = PRINTED.match(text)
        said = text[printed.end() :] if printed else text
        if not said:
            return BLANK
        if YES.match(said):
            return Reading(value=True)
        return Reading(value=False) if NO.match(said) else _unclear(text, field)
    on, off = ({_yes_no(words) for words in side} for side in (marked.on, marked.off))
    if marked.unsure or {True, False} <= on:
        return _unclear(text, field)
    if on & {True, False}:
        return Reading(value=True in on)
    if off & {True, False}:
        # The boxes Yes and No are there and nobody ticked them; other ticks in the cell are remarks.
        return BLANK
    if len(marked.on) + len(marked.off) == 1:
        return Reading(value=bool(marked.on))
    return _unclear(text, field) if marked.on else Reading(value=False)


def _yes_no(words: str) -> bool | None:
    return True if YES.match(words) else False if NO.match(words) else None


def _unclear(text: str, field: Field) -> Reading:
    return Reading(wrong=f"The {field.name} reads {quote(text)}; we cannot tell whether that is Yes or No.")


def read_area(text: str, field: Field) -> Reading:
    """`product_process`, `system` or `both`; the printed choices without a mark are blank."""
    if text in TRACKS or text.lower() in INITIALS:
        return Reading(INITIALS.get(text.lower(), text))
    marked = ticks(text, AREA) or verdicts(text)
    wrong = f"We cannot tell from {quote(text)} which {field.name} you mean; please choose Product/Process or System."
    if marked is None:
        return _area_in_words(text, wrong)
    if not (marked.on or marked.unsure):
        return BLANK
    kinds = [_areas_of(words) for words in marked.on]
    if marked.unsure or not all(len(kind) == 1 for kind in kinds):
        return Reading(wrong=wrong)
    return _area_of(set.union(*kinds))


def _area_in_words(text: str, wrong: str) -> Reading:
    """An area that is written, not ticked: nothing may stand beside the words that we know."""
    kinds = _areas_of(text)
    rest = AREA.sub(" ", text)
    strange = [word for word in WORD.findall(rest.casefold()) if word not in AREA_NOISE]
    if not kinds or strange:
        return Reading(wrong=wrong)
    if len(kinds) > 1 and not JOINT.search(rest) and "both" not in kinds:
        return BLANK
    return _area_of(kinds)


def _areas_of(text: str) -> set[str]:
    """The areas that a text names; QUIRK: product alone and process alone are one area."""
    words = (found.lower() for found in AREA.findall(text))
    return {"product_process" if word.startswith("pro") else word.removesuffix("s") for word in words}


def _area_of(kinds: set[str]) -> Reading:
    return Reading(next(iter(kinds)) if len(kinds) == 1 else "both")


READERS: Mapping[Shape, Callable[[str, Field], Reading]] = {
    Shape.LINE: read_line,
    Shape.TEXT: read_text,
    Shape.NAME: read_name,
    Shape.EMAIL: read_email,
    Shape.PHONE: read_phone,
    Shape.DATE: read_date,
    Shape.FLAG: read_flag,
    Shape.AREA: read_area,
    Shape.CHOICES: read_choices,
    Shape.LIST: read_list,
    Shape.SLOTS: read_slots,
}
