"""Parts that many verbs share: nothing, free text, a reason, `ON date` in front.

Its one rule: every word behind a verb is understood or asked back; nothing is dropped.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.intake.arguments import names
from bot.intake.arguments.arguments import Arguments
from bot.intake.arguments.dates import Looking, take_date
from bot.intake.arguments.responses import attached
from bot.intake.arguments.unclear import Unclear
from bot.intake.form import FieldTable
from bot.intake.number import numbers_in
from bot.intake.text.closing import ends
from bot.intake.verbs import VERBS
from bot.office.office import Office


@dataclass(frozen=True, slots=True)
class Known:
    """What a line is read by: the office with its people and its zone, its date today, the form's fields;
    `colon`: one sets off what stands behind the verb."""

    office: Office
    today: date
    table: FieldTable
    colon: bool = False


Reader = Callable[[str, Known], Arguments]

FLAGS = re.ASCII | re.IGNORECASE
NAMES = frozenset(verb.name for verb in VERBS)
FIRST_WORD = re.compile(r"[A-Za-z]+", re.ASCII)
POLITE = re.compile(r"please", FLAGS)
POLITE_END = re.compile(r"[\s,]+(?:please|thanks|thank you)[.!]*\Z", FLAGS)
ASIDE = re.compile(r"(?:[-:\u2013\u2014,;]\s*|(?=\())(?!DRY RUN\b)(\S.*\w.*)", re.DOTALL)
FINGERPRINT = re.compile(r"[\da-f]{4,64}", FLAGS)
BEHIND = " \t\n,;:.-"


def nothing(text: str, known: Known) -> Arguments:
    """A verb that stands alone; a polite word behind it says nothing."""
    if not _silent(text):
        raise Unclear("It stands alone; nothing may follow it.")
    return Arguments()


def aside(text: str, known: Known) -> Arguments:
    """A verb that stands alone, or a reason behind it that is set off: by a colon, a dash, a comma or in
    brackets. Bare words could say what is meant by the verb, and are no reason; a number names what is meant."""
    if _silent(text):
        return Arguments()
    found = ASIDE.fullmatch(f": {text}" if known.colon else text)
    if found is None:
        raise Unclear("It stands alone; only a reason may follow it, behind a dash.")
    if numbers_in(found[1]):
        raise Unclear("A number is no reason. To take back what was done to that one, put it in front of the verb.")
    no_second_verb(found[1])
    return Arguments(text=" ".join(found[1].split()))


def when(text: str, known: Known) -> Arguments:
    """The day on which what a verb records was done, with ON or without; nothing else."""
    taken = take_date(text, known.today, Looking.BACK)
    day, rest = taken or (None, text)
    if not _silent(rest):
        raise Unclear("Only ON and a date may follow it.", shape=True)
    return Arguments(on=day)


def approval(text: str, known: Known) -> Arguments:
    """The fingerprint of the draft that is approved, where a letter of ours carries it; else nothing."""
    draft = FINGERPRINT.fullmatch(text)
    return Arguments(code=text.lower()) if draft else nothing(text, known)


def words(lack: str) -> Reader:
    """Free text; `lack` is what is said where there is none, empty where none is needed."""

    def read(text: str, known: Known) -> Arguments:
        if lack and not re.search(r"\w", text):
            raise Unclear(lack)
        return Arguments(text=text.strip())

    return read


def or_attached(text: str, known: Known) -> Arguments:
    """Free text that may be in a file instead; `attached` behind the verb only says so."""
    return Arguments(text="" if attached(text) else text.strip())


def reason(text: str, known: Known) -> Arguments:
    """Why something is done. A second verb where the words should begin is no reason."""
    no_second_verb(text)
    return words("Please say why, behind the verb.")(text, known)


def dated(reader: Reader) -> Reader:
    """`ON date` in front of free text: the day on which what it records was done. Only in capitals, since
    a sentence may begin so."""

    def read(text: str, known: Known) -> Arguments:
        taken = take_date(text, known.today, Looking.BACK) if text.startswith("ON ") else None
        if taken is None:
            return reader(text, known)
        day, rest = taken
        return replace(reader(rest.lstrip(BEHIND), known), on=day)

    return read


def change(text: str, known: Known) -> Arguments:
    """A change request."""
    return Arguments(number=names.change_number(POLITE_END.sub("", text)))


def optional(reader: Reader) -> Reader:
    """What may be left out."""
    return lambda text, known: reader(text, known) if text.strip(BEHIND) else Arguments()


def month_of(looking: Looking) -> Reader:
    """A month, on one side of today."""
    return lambda text, known: Arguments(month=names.month(text, known.today, looking))


def no_second_verb(text: str) -> None:
    """Refuse a verb where words should begin: nobody knows which of the two is meant. Raises Unclear."""
    first = FIRST_WORD.match(text)
    if first and first[0] in NAMES:
        raise Unclear(f"A second verb follows it: {first[0]}. Please write one verb a line.")


def _silent(text: str) -> bool:
    """True for what says nothing: blanks, a full stop, a polite word."""
    rest = text.strip(" \t\n,.!-")
    return "?" not in text and (not rest or ends(rest) or POLITE.fullmatch(rest) is not None)
