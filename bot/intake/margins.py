"""How a text is laid out: how long its lines are, what parts them, and what stands below it.

Its one rule: it looks at lines as they are; what they mean for a form is said elsewhere (plain.py).
"""

from itertools import pairwise

from bot.intake.closing import ends
from bot.intake.labelled import ITEM, Labelled
from bot.intake.lines import Vocabulary
from bot.intake.originator import reaches

WRAPPED = range(50, 101)
"""Lengths of a line that a mail program may have broken; a longer one was never broken."""

NARROWEST = 64
"""Hardly a mail program breaks lines before this column; a form of short lines shows no column at all."""

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
    closing = next((at for at in below if not keys[at] and ends(lines[at].strip())), None)
    return splits if closing is None else [split if at < closing else [] for at, split in enumerate(splits)]


def is_contact_block(lines: list[str]) -> bool:
    """True for lines that begin with a block of short ones with an address or a number: a signature without
    its dashes."""
    bare = [line.strip() for line in lines]
    block = bare[: bare.index("")] if "" in bare else bare
    short = all(len(line) <= LONGEST_OF_BLOCK and line[-1] not in ".?!:;" and not ITEM.match(line) for line in block)
    return len(block) > 1 and short and any(map(reaches, block))
