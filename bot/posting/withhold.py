"""Withhold: what of a text the public does not read, though the text itself is public.

Its one rule: no e-mail address, no telephone number and no code of anybody's gets through, nor a character
that changes what is seen (DESIGN section 7; reliability.md T46).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from bot.intake.form import in_words
from bot.mail.token import without_codes
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Row

# Characters that no reader sees but that change what is seen: controls, and the bidirectional
# overrides that can turn a whole line round (reliability.md T46).
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
MAYBE_DISGUISED = re.compile(r"[(\[]at[)\]]", re.IGNORECASE)
DISGUISED = re.compile(
    r"[\w.+-]{1,64}\s?[(\[]at[)\]]\s?[\w-]{1,63}(?:\s?(?:\.|[(\[]dot[)\]])\s?[\w-]{1,63}){1,8}", re.IGNORECASE
)
"""An address as people hide it from machines: `ann (at) cedarloop.example`."""
BRIDGE = re.compile(
    r"(?:(?:pass|access|participant|conference|host)\s?code|\bpin)\b\W{0,3}\d{4,12}#?|(?<![\w#])\d{4,12}#",
    re.IGNORECASE,
)
"""What opens the bridge of a conference."""
MAYBE_PHONE = re.compile(r"\d{3}\)?[\s./-]{0,3}\d{4}|\+\d")
PHONE = re.compile(
    r"(?<![\w-])"
    r"(?:(?:\+?1[\s./-]?)?(?:\(\d{3}\)[\s./-]{0,2}|\d{3}[\s./-]{1,3})\d{3}[\s./-]{1,3}\d{4}"
    r"|\+\d{1,3}(?:[\s().-]{0,2}\d){7,12})"
    r"(?:\s{0,2}(?:x|ext\.?|extension)\s{0,2}\d{1,6})?(?![\w-])",
    re.IGNORECASE,
)
NO_EMAIL = "[e-mail address withheld]"
NO_PHONE = "[phone number withheld]"
NO_CODE = "[code withheld]"
SHORTEST_PHONE = 7  # digits of a local number


def withhold(text: str, own: tuple[str, ...] = ()) -> str:
    """A text without anybody's e-mail address or telephone number, without the codes of our letters and of
    conference bridges, and without invisible tricks.

    `own` are telephone numbers, as written, that are known to be a person's.

    >>> withhold("Call Ann at 303-555-0142 x7 or ann@cedarloop.example about PC112226-1.")
    'Call Ann at [phone number withheld] or [e-mail address withheld] about PC112226-1.'
    """
    text = without_codes(INVISIBLE.sub("", text), NO_CODE)
    if "@" in text:
        text = EMAIL.sub(NO_EMAIL, text)
    if MAYBE_DISGUISED.search(text):
        text = DISGUISED.sub(NO_EMAIL, text)
    text = BRIDGE.sub(NO_CODE, text)
    for number in own:
        text = text.replace(number, NO_PHONE)
    return PHONE.sub(NO_PHONE, text) if MAYBE_PHONE.search(text) else text


def cleaner(change: ChangeRequest) -> Callable[[str], str]:
    """The filter that every text of a change request goes through; it knows the telephone numbers of
    all its revisions, since an earlier text may hold an earlier number."""
    texts = (change.fields, *(revision.fields for revision in change.revisions))
    phones = dict.fromkeys(in_words(fields.get("originator_phone", "")) for fields in texts)
    digits = ("".join(filter(str.isdigit, phone)) for phone in phones)
    own = dict.fromkeys(number for number in (*phones, *digits) if len(number) >= SHORTEST_PHONE)
    return partial(withhold, own=tuple(own))


def public_rows(change: ChangeRequest, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The public rows of a history, as the public reads them."""
    clean = cleaner(change)
    return tuple(replace(row, description=clean(row.description)) for row in rows if row.public)
