"""The originator's cell of the 2002 form taken apart: name, title, e-mail and telephone in one.

Its one rule: what is plainly an address or a number is taken out first; of the rest one part is the
name and the others are the title.
"""

import re

from bot.intake.labels import Labels, normalise
from bot.intake.value.reading import filler, fold
from bot.intake.value.values import EMAIL, EXTENSION, FEWEST_DIGITS, PHONE

KEYS = frozenset({"originator_name", "originator_title", "originator_email", "originator_phone", "company"})
REACHED_BY = frozenset({"originator_email", "originator_phone"})
CONTACT_WORDS = frozenset(
    {"and", "contact", "details", "email", "info", "information", "number", "or", "phone", "telephone"}
)
"""The words of a label such as `E-mail/Phone #`: no name is asked for."""

TITLE_WORDS = frozenset(
    {
        "account",
        "administrator",
        "advisor",
        "affairs",
        "agent",
        "analyst",
        "architect",
        "assistant",
        "associate",
        "attorney",
    }
    | {"avp", "ceo", "cfo", "chief", "cio", "consultant", "coo", "coordinator", "counsel", "cto", "department", "dept"}
    | {
        "director",
        "engineer",
        "evp",
        "executive",
        "lead",
        "leader",
        "liaison",
        "manager",
        "mgr",
        "officer",
        "operations",
    }
    | {"planner", "president", "principal", "project", "regulatory", "rep", "representative", "senior", "specialist"}
    | {"supervisor", "superintendent", "svp", "team", "technician", "vice", "vp", "wholesale"}
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "pmp", "mba", "phd", "cpa", "pe", "md"})
"""What may follow a name behind a comma and belongs to it."""

LONGEST_TITLE = 60

PRINTED = re.compile(
    r"(?:\W|\b(?:originator|name|job|title|and|or|e-?mail|phone|telephone|number|address|contact)\b)*", re.IGNORECASE
)
FAX = re.compile(r"\b(?:f|fax|facsimile)\W{0,3}$", re.IGNORECASE)
CAPTION = re.compile(
    r"\b(?:e-?mail|phone|telephone|tel|office|work|direct|cell|mobile|fax|ph|mailto)\b\.?\s*[#(]?\s*[:)]?\s*(?=$|[,;/|\n])|\b[tmcdfop]\b\.?\s*:?\s*(?=\n)",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s*[,;/|\n()<>\t]\s*|\s+[-\u2010-\u2015]\s+|\s{3,}")
BETWEEN = re.compile(r"([,;|]\s*)")
INITIAL = re.compile(r"[^\W\d_][\w'\u2019-]*(?:\s[^\W\d_]\.?)?")
WORD = re.compile(r"[^\W_]+")
CONTACT = re.compile(PHONE.pattern + rf"(?:{EXTENSION.pattern})?", re.IGNORECASE)


def apart(text: str, label: str, labels: Labels, company: str = "") -> dict[str, str]:
    """What an originator's cell holds, by field key; a plain name gives only itself. `Pat Example, Process
    Manager, pat@clec.example / 303-555-0142 x7` is a name, a title, an address and a number.
    `company` is the form's own entry: named again in the cell, it is no part of the title.
    """
    words = set(normalise(label).split())
    if words <= CONTACT_WORDS and len(words) > 1:
        return {key: value for key, value in _loose(text, company).items() if key in REACHED_BY}
    found: dict[str, str] = {}
    loose: list[str] = []
    for line in text.split("\n"):
        rest = _labelled(line, labels, found)
        if not PRINTED.fullmatch(rest):
            loose.append(rest)
    rest = "\n".join(loose)
    if not found and "\n" not in text and "@" not in text and "title" not in words and not _phone(text):
        others = [part for part in PARTS.split(text) if part][1:]
        if not any(map(_is_title, others)):
            return {"originator_name": text}
    return {**_loose(rest, company), **found}


def reaches(line: str) -> bool:
    """True for a line that tells how to reach somebody or what their title is."""
    return "@" in line or _phone(line) is not None or (len(line) <= LONGEST_TITLE and _is_title(line))


def _labelled(line: str, labels: Labels, found: dict[str, str]) -> str:
    """Take `Title: Order Lead` and the like out of a line, whether they are alone on it or several;
    gives what is left."""
    if ":" not in line and labels.split(line) is None:
        return line
    last = ""
    loose: list[str] = []
    for part in BETWEEN.split(line):
        split = labels.split(part.strip())
        key = labels.key(split[0]) if split else None
        if split and key in KEYS and key not in found and split[1]:
            last = key or ""
            found[last] = split[1]
        elif last and WORD.search(part) and "@" not in part and not _phone(part):
            found[last] += f", {part.strip()}"
        else:
            loose.append(part)
    return "".join(loose)


def _phone(text: str, start: int = 0) -> re.Match[str] | None:
    matches = CONTACT.finditer(text, start)
    return next((found for found in matches if sum(map(str.isdigit, found.group())) >= FEWEST_DIGITS), None)


def _loose(text: str, company: str) -> dict[str, str]:
    """An unlabelled run of parts: `Name, Title, address / number`."""
    found: dict[str, str] = {}
    if address := EMAIL.search(text):
        found["originator_email"] = address.group()
        text = f"{text[: address.start()]}\n{text[address.end() :]}"
    while phone := _phone(text):
        if not FAX.search(text, 0, phone.start()):
            found.setdefault("originator_phone", phone.group().strip())
        text = f"{text[: phone.start()]}\n{text[phone.end() :]}"
    parts = [fold(part).strip("<>()[]: ") for part in PARTS.split(CAPTION.sub("", text))]
    parts = [part for part in parts if part and not filler(part) and not PRINTED.fullmatch(part)]
    parts = [part for part in parts if not company or normalise(part) != normalise(company)]
    if len(parts) > 1 and _is_title(parts[0]) and not _is_title(parts[1]):
        parts[:2] = parts[1::-1]
    named = _parts_of_the_name(parts)
    if parts:
        found["originator_name"] = ", ".join(parts[:named])
    if parts[named:]:
        found["originator_title"] = ", ".join(parts[named:])
    return found


def _parts_of_the_name(parts: list[str]) -> int:
    """How many parts in front are the name. `Example, Pat` is one name: a single word, and then one
    or one with an initial, with no more to follow but a title. QUIRK: with exactly two single words that
    are no known titles nothing tells a first name from a title."""
    if len(parts) < len("ab"):
        return len(parts)
    suffixed = WORD.findall(parts[1].casefold())
    if " " in parts[0] and suffixed and SUFFIXES.issuperset(suffixed):
        return 2
    surname_first = " " not in parts[0] and INITIAL.fullmatch(parts[1]) and not _is_title(parts[1])
    return 2 if surname_first else 1


def _is_title(part: str) -> bool:
    return not TITLE_WORDS.isdisjoint(WORD.findall(part.casefold()))
