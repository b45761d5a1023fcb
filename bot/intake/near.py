"""Near: what is all but a command: a sentence that opens like one, CONFIRM within prose, a word for a verb.

Its one rule: what is only near is asked about or proposed, never carried out; CONFIRM alone counts wherever
it stands, for its code says all that it needs.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches

from bot.intake.command import GREETING, TABLE, WORD
from bot.intake.number import leading_number
from bot.intake.request import CommandLine
from bot.intake.text.whole import EDGES, lines_of
from bot.intake.verbs import MEANT
from bot.mail.token import WRITTEN

OPENING = re.compile(
    r"(?:(?:yes|ok|okay|sure|please|i|we|hereby|have|it is|this is|that is)\b[\s,.:!-]*){1,4}(?=\w)", re.IGNORECASE
)
"""What may stand before the word that counts, where a sentence all but orders something."""
NEAR_ENOUGH = 0.7
"""How like a word a verb must be to be proposed for it."""
MOST_NEAR = 3

CONFIRMING = re.compile(
    rf"^[ \t*_\u00a0]{{0,20}}CONFIRM[ \t]*:?\s{{1,9}}({WRITTEN.pattern})\W*$", re.IGNORECASE | re.MULTILINE
)
DENYING = re.compile(r"\b(?:not|no|never|nobody|nothing|wrong)\b|n['\u2019]t\b", re.IGNORECASE)


def nearly(own_text: str, verbs: Collection[str]) -> CommandLine | None:
    """The first line of a text that is no command where it opens with one of some verbs, or with a word that
    means one, as if it were written rightly; None where it does not. To be asked about, never to be
    carried out.

    >>> found = nearly("Yes, we agreed to that.", {"CONSENT"})
    >>> found.line, found.verb
    ('Yes, we agreed to that.', 'CONSENT')
    """
    lines = [line for line in lines_of(own_text) if line]
    first = lines[1] if len(lines) > 1 and GREETING.fullmatch(lines[0]) else "".join(lines[:1])
    number, rest = leading_number(first)
    found = WORD.fullmatch(OPENING.sub("", rest))
    if found is None:
        return None
    word = found[1].upper()
    if word in verbs:
        return CommandLine(first, word, found[3].strip(), number)
    meant = (phrase.partition(" ") for form in _forms(word) for phrase in MEANT.get(form, (form,)))
    return next((CommandLine(first, verb, args, number) for verb, _, args in meant if verb in verbs), None)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it is a past form of.

    >>> _forms("APPROVED")
    ('APPROVED', 'APPROVE', 'APPROV')
    """
    return (word, word[:-1], word[:-2]) if word.endswith("ED") else (word,)


def confirming(own_text: str) -> CommandLine | None:
    """The line CONFIRM with a code anywhere in a text, for people write above it what they have to say; None
    where there is none, or where what stands above may say that the mail was not theirs."""
    found = CONFIRMING.search(own_text)
    if found is None or DENYING.search(own_text, 0, found.start()):
        return None
    return CommandLine(found[0].strip(EDGES), "CONFIRM", "".join(found[1].split()))


def nearest(word: str) -> tuple[str, ...]:
    """What a word that is no verb may be meant for: the verbs that it is nearly, the nearest first, or
    those of which it is the everyday name."""
    name = word.upper()
    return MEANT.get(name) or tuple(get_close_matches(name, TABLE, MOST_NEAR, NEAR_ENOUGH))
