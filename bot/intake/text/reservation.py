"""Reservations: what people write below a command that has no room for it.

Its one rule: a line that may take something of the command back is never dropped, and one that only
is polite takes nothing back.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from bot.intake.number import numbers_in
from bot.intake.text.closing import REACH_OF_SIGN, disclaims, polite

CHANGES = (
    r"(?:change|correct|fix|amend|edit|revise|re-?word|rephrase|rewrite|replace|remove|delete|strike|omit|insert"
    r"|(?:add|include)(?!\s+me\b)|put|make|leave|take\s+(?:out|off|back)|wait|hold|stop|pause|delay|postpone"
    r"|first|only|ensure|(?:do\s+not|don.t)(?!\s+hesitate))"
)
"""What somebody is asked to do before, or otherwise than, the command says."""
OPENING = re.compile(
    r"(?:(?:but|if|unless|provided|providing|assuming|except|only|when|subject\s+to|as\s+long\s+as|pending|until"
    r"|once(?!\s+(?:again|more))|not(?!\s+a\s+problem)|without|however|wait|hold|actually|correction|never\s?mind|(?:i|we)\s+meant"
    r"|before(?!\s+(?:you\s+)?print)"
    r"|after(?!\s+(?:all|hours|lunch|having|reading|reviewing|checking|talking|discussing|consulting)\b)"
    r"|(?:up)?on\s+(?:the\s+)?condition"
    r"|(?:with\s+)?(?:one|two|some|a\s+few|these|the\s+following)\s+(?:\w+\s+)?"
    r"(?:change|correction|condition|exception|reservation|caveat)s?"
    r"|sorry(?![\s,]+(?:for|about|to|again|i.m|it\s+took|(?:that\s+)?(?:it|this)\s+(?:is|took))\b)"
    r"|(?:(?:also|and|then|so|just)\s*,?\s+)?(?:(?:could|can|would|will)\s+you\s+)?please\s+"
    rf"(?:also\s+|just\s+|still\s+)?{CHANGES}"
    r")\b|no(?:\s*[,:;!]|\s+[-\u2013\u2014]|\s+wait\b|\W*\Z)|\?)",
    re.IGNORECASE,
)
WITHIN = re.compile(
    r"\b(?:(?:as|so)\s+long\s+as|on\s+(?:the\s+)?condition|provided\s+that|only\s+(?:if|when|after|once\s+\w+)"
    r"|(?:i|we)\s+(?:\w+\s+)?(?:approve|consent|agree)\b[^.!?]{0,200}\b(?:but|if|unless|once|after|until|except)"
    r"|before\s+(?:you|it\s+\w+)(?!\s+print)"
    rf"|but\s+(?:please|not|first|only|{CHANGES}))\b",
    re.IGNORECASE,
)
HOLDS_BACK = re.compile(r"\b(?:but|however|hold|wait|until|unless|only|except|before|after)\b", re.IGNORECASE)
"""What no mere thanks has in it."""
WORD = re.compile(r"(?:^|(?<=[\s(\"'\u2018\u201c]))[^\W\d_]{2,}(?=[.,;:!?)\"'\u2019\u201d]*(?:\s|$|['\u2019]))")
SIGNING = frozenset(
    {
        *("of", "and", "for", "the", "at", "in", "on", "to", "de", "der", "la", "le", "van", "von"),
        *("cell", "desk", "direct", "ext", "fax", "mobile", "office", "phone", "tel"),
    }
)
"""What stands in small letters in names, titles and addresses, too."""


def reserves(line: str) -> bool:
    """True for a line below a command that may take something of it back, or ask for something else first.

    >>> reserves("However, please change it"), reserves("Yes, as long as it is listed"), reserves("looks good to me")
    (True, True, False)
    """
    return WITHIN.search(line) is not None or (OPENING.match(line) is not None and not polite(line))


def unheard(lines: Sequence[str]) -> str:
    """What of the lines below a command says something to us: no thanks, no name or address of a signature, nothing
    from where a company's server speaks.

    >>> unheard(["The date is wrong.", "Thanks for your help.", "Ida Vance", "Order Lead, 701-555-0118"])
    'The date is wrong.'
    """
    spoken = takewhile(lambda at: not disclaims(lines[at : at + REACH_OF_SIGN]), range(len(lines)))
    return "\n".join(lines[at] for at in spoken if _speaks(lines[at]))


def _speaks(line: str) -> bool:
    """A name or a title has hardly a word in small letters."""
    if polite(line) and not HOLDS_BACK.search(line):
        return False
    return bool(numbers_in(line)) or any(not word[0].isupper() and word not in SIGNING for word in WORD.findall(line))
