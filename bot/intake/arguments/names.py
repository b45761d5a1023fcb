"""Names of things behind a verb: steps, change requests, months, codes, verbs.

Its one rule: a name is taken whole or not at all; what follows it is given back untouched.
"""

import re
from datetime import date

from bot.intake.arguments.dates import Looking, month_number
from bot.intake.arguments.unclear import Unclear
from bot.intake.near import nearest
from bot.intake.number import NUMBER, numbers_in, register_number
from bot.intake.value.dates import LAST_MONTH, YEARS
from bot.intake.verbs import VERBS
from bot.mail.token import LENGTH, PREFIX

STEPS = ("1", "1A", "2", "3", "4", "5", "5A", "5B", "5C", "5D", "6", "7", "8", "9", "10", "11")
"""The steps of the seed."""
FLAGS = re.ASCII | re.IGNORECASE
STEP = re.compile(r"(?:to\b[\s:]*)?(?:step\s*)?(\d{1,2}[a-d]?)(?=$|\s|[,;:.)](?!\d))[\s,;:.)-]*", FLAGS)
CODE = re.compile(rf"{PREFIX}(?:\s?[a-z2-7]){{{LENGTH}}}(?![a-z0-9])", FLAGS)
MONTH = re.compile(
    r"(?:(?P<name>[a-z]{3,9})\.?,?(?:\s+(?P<y1>\d{4}))?|(?P<y2>\d{4})[-/](?P<m2>\d{1,2})|(?P<m3>\d{1,2})/(?P<y3>\d{4}))",
    FLAGS,
)
RELATIVE = {"last month": -1, "this month": 0, "next month": 1}
COUNT = re.compile(r"(?:no\.?\s*|number\s*|item\s*)?#?\s*(\d{1,4})[.!]?", FLAGS)
AROUND = " \t\n.,:;!#[]()"
LONGEST = 60


def take_step(text: str) -> tuple[str, str] | None:
    """The step that opens a text, with or without TO and `step`, and what follows it. Raises Unclear for
    a step that the process does not have."""
    found = STEP.match(text)
    if found is None:
        return None
    step = "".join(found[1].split()).upper()
    if step not in STEPS:
        raise Unclear(f"There is no step {step}; the steps are {', '.join(STEPS)}.")
    return step, text[found.end() :]


def change_number(text: str) -> str:
    """The one CR number that a text is. Raises Unclear."""
    numbers = numbers_in(text)
    if len(numbers) == 1 and not NUMBER.sub("", text).strip(AROUND):
        return numbers[0]
    if earlier := register_number(text.strip(AROUND)):
        return earlier[0]
    if len(numbers) > 1:
        raise Unclear(f"It names {' and '.join(numbers)}; one line is about one change request.", shape=True)
    raise Unclear(f"{_short(text)} is no number of a change request, such as PC112226-1.", shape=True)


def month(text: str, today: date, looking: Looking) -> tuple[int, int]:
    """A month as (year, month); a year left out is the nearest on the side to which the verb looks, this
    month being on both. Raises Unclear."""
    written = " ".join(text.strip(" .!,").split())
    if written.lower() in RELATIVE:
        months = today.year * LAST_MONTH + today.month - 1 + RELATIVE[written.lower()]
        return months // LAST_MONTH, months % LAST_MONTH + 1
    found = MONTH.fullmatch(written)
    number = (month_number(found["name"]) if found["name"] else int(found["m2"] or found["m3"])) if found else 0
    if found is None or not 1 <= number <= LAST_MONTH:
        raise Unclear(f"{_short(text)} is no month, such as December 2026.", shape=True)
    year = int(found["y1"] or found["y2"] or found["y3"] or 0)
    if year and year not in YEARS:
        raise Unclear(f"There is no meeting in the year {year}.")
    if not year:
        behind = (number - today.month) * looking.value < 0
        year = today.year + (looking.value if behind else 0)
    return year, number


def item(text: str) -> int:
    """The number of an action item. Raises Unclear."""
    found = COUNT.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise Unclear(f"{_short(text)} is no number of an action item." if text else "It says no number.", shape=True)
    return int(found[1])


def code(text: str) -> str:
    """A code of one of our letters; a mail program may have broken it in two. Raises Unclear."""
    found = CODE.search(text)
    if found is None:
        raise Unclear("It holds no code. Please reply to the letter that carries it, leaving its line as it is.")
    return "".join(found[0].split()).lower()


def verb_named(text: str) -> str:
    """A verb by its name, or by the beginning of a text that explains it; empty for words that are like
    none. Raises Unclear where they are like one."""
    name = " ".join(text.strip(" .!?,:").split()).upper()
    if not name or any(verb.name == name for verb in VERBS):
        return name
    if near := nearest(name):
        raise Unclear(f"There is no verb {_short(name)}. Did you mean {' or '.join(near)}?")
    return ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}\u2026"
