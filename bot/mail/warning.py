"""The warning that the gate of the recipient's company puts above a mail from outside. Its one rule: only what
stands above the first line of anybody's own is looked at; what speaks of the outside without warning stays.
"""

import re

from bot.mail import phrases
from bot.mail.phrases import any_of

LONGEST_LINE = 500
WRAPPED = 60  # a line of this length may have been wrapped by a mail program
FINISHED = ".!?)]*|"  # ends a sentence, or what is set in brackets or stars

OUTSIDE_ALONE = re.compile(rf"[\W_]*{any_of(phrases.OUTSIDE_ALONE)}[\W_]*", re.IGNORECASE)
OUTSIDE_TAG = re.compile(rf"\s*\[{any_of(phrases.OUTSIDE_ALONE)}\]:?\s+", re.IGNORECASE)
FROM_OUTSIDE = re.compile(
    rf"[\W_]*(?:{any_of(phrases.FROM_OUTSIDE)}|{any_of(phrases.WARNING)}\b.{{0,120}}\b{any_of(phrases.OUTSIDE)})",
    re.IGNORECASE,
)
WORDS = re.compile(r"[^\W_]{2}")
IN_CAPITALS = re.compile(r"[A-Z]{3,}\b")
CAREFUL = re.compile(rf"[\W_]*{any_of(phrases.CAREFUL)}", re.IGNORECASE)


def below_warning(lines: list[str]) -> list[str]:
    """The lines without the warning that a company's gate puts above what comes from outside; a long line
    of it that ends no sentence goes on below, but not with a word in capitals."""
    warned, above = False, ""
    for number, line in enumerate(lines):
        bare = line.strip()[:LONGEST_LINE]
        if WORDS.search(bare):
            begins = OUTSIDE_ALONE.fullmatch(bare) or FROM_OUTSIDE.match(bare)
            goes_on = warned and (CAREFUL.match(bare) or (_unfinished(above) and not IN_CAPITALS.match(bare)))
            if not (begins or goes_on):
                untagged = OUTSIDE_TAG.sub("", line, count=1)
                return [untagged, *lines[number + 1 :]] if warned or untagged != line else lines
            warned = True
        above = bare
    return [] if warned else lines


def _unfinished(line: str) -> bool:
    return len(line) >= WRAPPED and line[-1] not in FINISHED
