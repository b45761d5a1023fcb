"""How a text is laid out: how long its lines are, what parts them, and what stands below it.

Its one rule: it looks at lines as they are; what they mean for a form is said elsewhere (plain.py).
"""

import re
from itertools import pairwise

from bot.intake.lines import Vocabulary
from bot.intake.text.closing import ends
from bot.intake.text.labelled import ITEM, Labelled
from bot.intake.value.originator import reaches

WRAPPED = range(50, 101)
"""Lengths of a line that a mail program may have broken; a longer one was never broken."""

NARROWEST = 64
"""Hardly a mail program breaks lines before this column; a form of short lines shows no column at all."""

TIME = re.compile(r"\d{1,2}:\d\d\b")
DAY = re.compile(
    r"(?:(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?,?\s|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s\d"
    r"|\d{1,4}[/-]\d)",
    re.IGNORECASE,
)
"""Begins a slot of its own."""

SPACED = 0.8
"""The share of lines with a blank one below from which on every line has one, and it parts nothing."""

FEWEST_LINES = 8
LONGEST_BLOCK = 10
LONGEST_OF_BLOCK = 60
CONTACT = frozenset({"originator_name", "originator_title", "originator_email", "originator_phone", "company"})
"""What people also write below their name."""


def width_of(lines: list[str]) -> int:
    """The column at which a mail program may have broken lines: 0 where a longer one shows that it breaks
    none."""
    longest = max((len(line) for line in lines if " " in line.strip()), default=0)
    return longest if longest in WRAPPED else 0


def may_be_broken(above: int, line: str, width: int) -> bool:
    """True where a mail program may have broken the line above, `above` characters long, before `line`: the
    next word did not fit. A word that begins no line of anybody's own counts from a narrower column on."""
    if above not in WRAPPED or not width or DAY.match(line):
        return False
    return above + 1 + len(line.split(maxsplit=1)[0]) > (width if goes_on(line) else max(width, NARROWEST))


def goes_on(line: str) -> bool:
    """True for a line that begins as nobody begins one: in small letters, with a bracket or a time of day."""
    return line[0].islower() or line[0] in "([" or TIME.match(line) is not None


def is_spaced(lines: list[str]) -> bool:
    """True where almost every line has a blank one below it."""
    full = [at for at, line in enumerate(lines) if line.strip()]
    apart = sum(lower - upper > 1 for upper, lower in pairwise(full))
    return len(full) > FEWEST_LINES and apart >= SPACED * (len(full) - 1)


def above_signature(splits: list[list[Labelled]], lines: list[str], words: Vocabulary) -> list[list[Labelled]]:
    """The labels of every line without those of a signature: below a closing where nothing but contact data
    follows, and above which something else is asked for."""
    keys = [{words.labels.key(label) for label, _ in split} for split in splits]
    end = next((at for at in range(len(lines) - 1, 0, -1) if keys[at] - CONTACT), 0)
    below = range(end + 1, len(lines))
    if not end or not any(keys[at] for at in below):
        return splits
    closing = next(
        (at for at in below if not keys[at] and ends(lines[at].strip()) and not _answers(at, splits, lines)), None
    )
    return splits if closing is None else [split if at < closing else [] for at, split in enumerate(splits)]


def _answers(at: int, splits: list[list[Labelled]], lines: list[str]) -> bool:
    """True for a line right below a label without an answer."""
    above = next((number for number in range(at - 1, max(at - 4, -1), -1) if lines[number].strip()), at)
    return bool(splits[above]) and not splits[above][-1][1]


def is_contact_block(lines: list[str]) -> bool:
    """True for lines that begin with a block of short ones with an address or a number: a signature without
    its dashes."""
    bare = [line.strip() for line in lines]
    block = bare[: bare.index("")] if "" in bare else bare
    short = all(len(line) <= LONGEST_OF_BLOCK and line[-1] not in ".?!:;" and not ITEM.match(line) for line in block)
    return len(block) > 1 and short and any(map(reaches, block))
