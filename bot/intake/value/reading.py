"""A Reading: what one value turned out to mean, and the small words that all readers share.

Its one rule: a filler (`N/A`, `none`, a placeholder, a row of dots) is no value.
"""

import re
from dataclasses import dataclass

from bot.intake.form import Field, Shape, Value
from bot.intake.value.ticks import DRAWN_TICK

FILLER = re.compile(
    r"[\s._\-\u2010-\u2015\u2026/*?:;,|]*"
    r"|[(\[]?(?:n\s?[./]?\s?a\.?|not\s+applicable|none|nil|tbd|tba|to\s+be\s+determined|blank|unknown)[)\]]?[\s.!]*",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"\W{0,3}(?:please )?(?:"
    r"(?:click|tap|press)(?: or (?:click|tap))?(?: here)? to (?:enter|add|choose|select|type)\b.{0,40}"
    r"|(?:choose|pick) (?:an? (?:item|option|date|value)|one)|choose"
    r"|(?:select|pick)(?: an?| one)?(?: (?:item|option|date|value))?"
    r"|(?:select|pick|choose) from (?:the |a )?(?:drop-?down|list)"
    r"|(?:mm|dd)/(?:mm|dd)/yy(?:yy)?|yyyy-mm-dd|\(?xxx\)?[ -]xxx-xxxx"
    r"|(?:enter|type|insert) (?:your |a |the )?(?:text|date)?(?: ?here)?"
    r")\W{0,4}"
    r"|[<\[({]\s?(?:please |enter|type|insert|fill|your)\b[^<>\[\](){}]{0,60}[>\])}]"
    "|\u00ab[^\u00ab\u00bb]{0,60}\u00bb",
    re.IGNORECASE,
)
INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
DRAWN_LINE = re.compile(r"\A_{2,}|_{2,}\Z")
"""The line that a form prints to write on, left standing around the answer."""

EXAMPLE = re.compile(r"\(?(?:e\.\s?g\.|for example\b|example\s*:)", re.IGNORECASE)
EXEMPLARY = frozenset({Shape.LINE, Shape.NAME, Shape.EMAIL, Shape.PHONE, Shape.DATE})
"""Where `e.g. 303-555-0142` is what the form printed; a list or a text may begin so."""

LONGEST_PROMPT = 120
SHOWN = 60
"""Characters of a value that a problem repeats."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value means. `value` is None where it is blank or cannot be told; `wrong` says in a
    sentence why it will not do; `other` is the text behind the choice Other."""

    value: Value | None = None
    wrong: str = ""
    other: str = ""


BLANK = Reading()


def fold(text: str) -> str:
    """A text on one line: every run of white space is one blank."""
    return " ".join(text.split())


def filler(text: str) -> bool:
    """True for a text that stands for nothing."""
    return FILLER.fullmatch(text.strip()) is not None or _prompt(text)


def _prompt(line: str) -> bool:
    """True for what Word shows in a control that nobody filled in."""
    return len(line) <= LONGEST_PROMPT and PLACEHOLDER.fullmatch(fold(line)) is not None


def answer(text: str, field: Field) -> str:
    """A value without placeholders, printed hints and outer white space; empty when nothing is left.

    Line breaks and paragraph breaks stay as they are.
    """
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in text:
        lines = [line.rstrip() for line in text.split("\n")]
        text = "\n".join(line for line in lines if not (line and (_prompt(line) or line.strip() == field.hint)))
    text = text.strip()
    if "__" in text and not DRAWN_TICK.search(text):
        text = DRAWN_LINE.sub("", text).strip()
    if field.shape in EXEMPLARY and EXAMPLE.match(text):
        return ""
    return "" if text == field.hint or filler(text) else text


def quote(text: str) -> str:
    """A value as a problem repeats it: on one line, in quotation marks, shortened."""
    short = fold(text)
    return f"\u201c{short if len(short) <= SHOWN else short[: SHOWN - 1] + chr(0x2026)}\u201d"
