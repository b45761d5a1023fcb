"""The originator's cell of the 2002 form taken apart: name, title, e-mail and telephone in one.

Its one rule: what is plainly an address or a number is taken out first; of the rest the first
part is the name and the others are the title.
"""

import re

from bot.intake.labels import Labels, normalise
from bot.intake.reading import filler, fold
from bot.intake.values import EMAIL, EXTENSION, FEWEST_DIGITS, PHONE

KEYS = frozenset({"originator_name", "originator_title", "originator_email", "originator_phone", "company"})
REACHED_BY = frozenset({"originator_email", "originator_phone"})
CONTACT_WORDS = frozenset(
    {"and", "contact", "details", "email", "info", "information", "number", "or", "phone", "telephone"}
)
"""The words of a label such as `E-mail/Phone #`: no name is asked for."""

PRINTED = re.compile(
    r"(?:\W|\b(?:originator|name|job|title|and|or|e-?mail|phone|telephone|number|address|contact)\b)*", re.IGNORECASE
)
CAPTION = re.compile(
    r"\b(?:e-?mail|phone|telephone|tel|office|work|direct|ph|mailto)\b\.?\s*#?\s*:?\s*(?=$|[,;/|\n])", re.IGNORECASE
)
PARTS = re.compile(r"\s*[,;/|\n]\s*|\s+-\s+")
CONTACT = re.compile(PHONE.pattern + rf"(?:{EXTENSION.pattern})?", re.IGNORECASE)


def apart(text: str, label: str, labels: Labels) -> dict[str, str]:
    """What an originator's cell holds, by field key; a plain name gives only itself. `Pat Example, Process
    Manager, pat@clec.example / 303-555-0142 x7` is a name, a title, an address and a number.
    """
    words = set(normalise(label).split())
    if words <= CONTACT_WORDS and len(words) > 1:
        return {key: value for key, value in _loose(text).items() if key in REACHED_BY}
    if "\n" not in text and "@" not in text and "title" not in words and not _phone(text):
        return {"originator_name": text}
    found: dict[str, str] = {}
    loose: list[str] = []
    for line in text.split("\n"):
        split = labels.split(line)
        key = labels.key(split[0]) if split else None
        if split and key in KEYS and split[1]:
            found.setdefault(key, split[1])
        elif not PRINTED.fullmatch(line):
            loose.append(line)
    return {**_loose("\n".join(loose)), **found}


def _phone(text: str) -> re.Match[str] | None:
    matches = CONTACT.finditer(text)
    return next((found for found in matches if sum(map(str.isdigit, found.group())) >= FEWEST_DIGITS), None)


def _loose(text: str) -> dict[str, str]:
    """An unlabelled run of parts: `Name, Title, address / number`."""
    found: dict[str, str] = {}
    if address := EMAIL.search(text):
        found["originator_email"] = address.group()
        text = f"{text[: address.start()]}\n{text[address.end() :]}"
    if phone := _phone(text):
        found["originator_phone"] = phone.group().strip()
        text = f"{text[: phone.start()]}\n{text[phone.end() :]}"
    parts = [fold(part).strip("<>()[]: ") for part in PARTS.split(CAPTION.sub("", text))]
    parts = [part for part in parts if part and not filler(part) and not PRINTED.fullmatch(part)]
    named = 2 if _surname_first(parts) else 1
    if parts:
        found["originator_name"] = ", ".join(parts[:named])
    if parts[named:]:
        found["originator_title"] = ", ".join(parts[named:])
    return found


def _surname_first(parts: list[str]) -> bool:
    """`Example, Pat` is one name: a single word, and then one or two with no more to follow but
    a title. QUIRK: with exactly two single words nothing tells a first name from a title."""
    return len(parts) > 1 and " " not in parts[0] and " " not in parts[1]
