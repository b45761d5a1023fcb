"""What stands below the last answer of a form in a mail's text. Its one rule: a paragraph tells something
where it is a sentence and no courtesy, signature or disclaimer; it is never lost without a word.
"""

from collections.abc import Sequence

from bot.intake.text.closing import REACH_OF_SIGN, SENTENCE, disclaims, ends, polite, signs
from bot.intake.text.margins import LONGEST_BLOCK, is_contact_block

FEWEST_WORDS = 5
"""In a sentence that is no motto."""
REACH = 40
"""Lines looked at."""


def telling_below(lines: Sequence[str], at: int, name: frozenset[str]) -> int | None:
    """The line, from 0, at which the next paragraph begins that tells something below the line `at`; None where a
    closing or a signature comes before it. `name` is the originator's, in small letters."""
    below = [line.strip() for line in lines[at : at + REACH]]
    for start in range(1, len(below)):
        first = below[start]
        if not first or (below[start - 1] and start > 1):
            continue
        if ends(first) or signs(first, name) or disclaims(below[start : start + REACH_OF_SIGN]):
            return None
        if is_contact_block(below[start : start + LONGEST_BLOCK]):
            return None
        stop = below.index("", start) if "" in below[start:] else len(below)
        if not polite(first) and _tells(" ".join(below[start:stop])):
            return at + start
    return None


def _tells(paragraph: str) -> bool:
    return len(paragraph.split()) >= FEWEST_WORDS and SENTENCE.fullmatch(paragraph) is not None
