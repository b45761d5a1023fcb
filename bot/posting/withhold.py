"""Withhold: what of a text the public does not read, though the text itself is public.

Its one rule: no e-mail address, no telephone number, no code of anybody's and no way into a meeting gets through,
nor a character that changes what is seen (DESIGN section 7; reliability.md T46).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from bot.intake.form import in_words
from bot.mail.token import without_codes
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Row

# Characters that no reader sees but that change what is seen or break a word for whoever looks for it: controls,
# the bidirectional overrides that can turn a whole line round (reliability.md T46), and what has no width.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
DASH = r"\-\u2010-\u2015\u2212\ufe63\uff0d"  # Word and Outlook put others in for the plain one
GAP = rf"[\s./_{DASH}]"

LINK = re.compile(
    r"<https?://[^<>]{1,2000}>"
    r"|(?:https?://|www\.)[^\s<>\"]{0,2000}[^\s<>\".,;:!?)\]]"
    r"|(?<![\w.@-])(?:[\w-]{1,63}\.){0,3}(?:zoom\.us|webex\.com|meet\.google\.com|teams\.(?:microsoft|live)\.com)"
    r"/[^\s<>\"]{0,2000}[^\s<>\".,;:!?)\]]",
    re.IGNORECASE,
)
"""A link; in angle brackets it may go on over the end of a line."""
OPENS_MEETING = re.compile(
    r"^<?(?:https?://)?(?:[\w-]{1,63}\.){0,6}"
    r"(?:zoom|zoomgov|teams|webex|meet|meetings?|gotomeeting|gotomeet|bluejeans|whereby|jitsi|skype|chime)\."
    r"|[?&;#](?:pwd|passcode|passwd|password|pin|mtid|meeting_?id|confid)=",
    re.IGNORECASE,
)
"""What the host or the query of a link says when whoever has it can come in."""
AT = r"[@\ufe6b\uff20]"
EMAIL = re.compile(
    # Broken behind a dot, or with blanks around its mark, it is one only where the domain ends as domains do.
    rf"(?:\"[^\"@\n]{{1,64}}\"|[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}})"
    rf"(?:{AT}(?:[\w-]{{1,63}}\.){{1,8}}\s{{0,2}}\n\s{{0,2}}"
    r"(?:[a-z][\w-]{0,62}\.)?(?:com|net|org|biz|us|gov|example)\b"
    rf"|{AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,8}}"
    rf"|\s{{0,3}}{AT}\s{{0,3}}(?:[\w-]{{1,63}}\.){{1,8}}[a-zA-Z]{{2,}})"
)
DISGUISED = re.compile(
    r"[\w.+-]{1,64}\s?[(\[{<]\s?at\s?[)\]}>]\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[(\[{<]\s?(?:dot|\.)\s?[)\]}>])\s?[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
"""An address as people hide it from machines: `ann (at) cedarloop.example`."""
BRIDGE = re.compile(
    r"(?:(?:pass|access|participant|conference|meeting|host|dial-in|entry)\s?code|\bpassword|\bpin"
    r"|\b(?:meeting|conference|webinar|bridge|zoom)\s(?:id|number|no))\b(?:\sis\b)?\W{0,3}"
    r"(?:\d{3}(?:[ -]\d{2,4}){1,4}|\d\d(?: \d\d){2,4}|\d{4,12})(?!\w)#?"
    r"|(?<![\w#])(?:\d{4,12}|\d{3,4}(?:[ -]\d{3,4}){1,3})#"
    r"|\b(?:passcode|password)\s?[:=]\s?(?=\S{0,31}(?:\d|(?-i:[a-z][A-Z])))[^\s,;]{4,32}"
    r"|\bpwd=[^\s&,;]{3,64}",
    re.IGNORECASE,
)
"""What opens the bridge of a conference."""
DIGIT = re.compile(r"\d")
MAYBE_PHONE = re.compile(rf"[0-9\uff10-\uff19](?:\d\d[)\]]?{GAP}{{0,3}}\d{{4}}|(?<=0)0[1-9])|\+\d")
PHONE = re.compile(
    r"(?=[\d(\[+])(?:(?<!\w)(?<!\w-)|(?<=fax)|(?<=tel)|(?<=phone)|(?<=cell)|(?<=call)|(?<=mobile))"
    rf"(?:(?:\+?1{GAP}?)?"
    rf"(?:(?:[(\[]\d{{3}}[)\]]{GAP}{{0,2}}|\d{{3}}{GAP}{{1,3}})\d{{3}}{GAP}{{1,3}}\d{{4}}"
    rf"|[(\[]\d{{3}}[)\]]{GAP}{{0,2}}\d{{7}}"
    # Without separators only a number of North America is one, and not behind the word for something else.
    rf"|(?<!#)(?<!# )(?<!ticket )(?<!order )(?<!pon )[2-9]\d\d{GAP}{{0,2}}[2-9]\d{{6}})"
    rf"|\+\d{{1,3}}(?:[\s().{DASH}]{{0,2}}\d){{7,12}}"
    rf"|00[1-9](?=(?:[\s()/{DASH}]{{0,2}}\d){{8}})\d{{0,2}}[\s/{DASH}]\(?\d{{1,5}}\)?(?:[\s/{DASH}]\d{{2,8}}){{1,4}}"
    r"|0\d{2,4}\s\d{3,4}\s\d{3,4})"
    rf"(?:[/{DASH}]\d{{4}}(?:\d{{6}})?)?"  # to the last number of several
    rf"(?:\s{{0,2}}(?:x|ext\.?|extension)\s{{0,2}}\d{{1,6}})?(?!\w|[{DASH}]\d)",
    re.IGNORECASE,
)
LOCAL = re.compile(
    r"\b((?:call|dial|(?:tele)?phone|tel|fax|cell|mobile|local)\b"
    r"(?:\s(?:number|no|me|us|him|her|them|is|at|on)\b){0,2}[\s.:]{0,3}"
    rf"|at\s(?=\d{{3}}[.{DASH}]))[2-9]\d\d[\s.{DASH}]{{0,3}}\d{{4}}(?!\w|[.{DASH}]\d)",
    re.IGNORECASE,
)
"""A number without its area code, known by the word in front of it."""
AFTER_PHONE = re.compile(r"(?<=number withheld\])(\W{1,3}(?:and |then |with )?code\b\W{0,3})\d{4,12}\b", re.IGNORECASE)
"""Any code is one of a bridge where it stands behind the bridge's number."""
LINKED = ("://", "www.", "zoom.us", "webex.com", "meet.google.com", "teams.")
ADDRESSED = ("@", "\ufe6b", "\uff20")
MAYBE_DISGUISED = re.compile(r"[(\[{<] ?at ?[)\]}>]", re.IGNORECASE)
CODED = ("#", "pwd=", "passcode", "password")
NEAR_DIGITS = tuple(re.compile(rf"{word}\b(?:\sis\b)?\W{{0,3}}\d") for word in ("code", "pin", "id", "no", "number"))
"""Asked of the text in small letters, each beginning with a plain word, as they are found fastest."""
NO_EMAIL = "[e-mail address withheld]"
NO_PHONE = "[phone number withheld]"
NO_CODE = "[code withheld]"
NO_LINK = "[link withheld]"
SHORTEST_PHONE = 7  # digits of a local number


def withhold(text: str, own: tuple[str, ...] = ()) -> str:
    """A text without anybody's e-mail address or telephone number, without the codes of our letters, the codes and
    links that open a meeting, and without invisible tricks.

    `own` are telephone numbers, as written, that are known to be a person's.

    >>> withhold("Call Ann at 303-555-0142 x7 or ann@cedarloop.example about PC112226-1.")
    'Call Ann at [phone number withheld] or [e-mail address withheld] about PC112226-1.'
    """
    text = without_codes(INVISIBLE.sub("", text), NO_CODE)
    low = text.lower()
    if any(map(low.__contains__, LINKED)):
        text = LINK.sub(_unless_it_opens_a_meeting, text)
    if any(map(low.__contains__, ADDRESSED)):
        text = EMAIL.sub(NO_EMAIL, text)
    if MAYBE_DISGUISED.search(text):
        text = DISGUISED.sub(NO_EMAIL, text)
    digits = DIGIT.search(text)  # without one most texts are done
    if any(map(low.__contains__, CODED)) or (digits and any(near.search(low) for near in NEAR_DIGITS)):
        text = BRIDGE.sub(NO_CODE, text)
    for number in own:
        text = text.replace(number, NO_PHONE)
    if digits and MAYBE_PHONE.search(text):
        text = LOCAL.sub(rf"\1{NO_PHONE}", PHONE.sub(NO_PHONE, text))
        text = AFTER_PHONE.sub(rf"\1{NO_CODE}", text)
    return text


def _unless_it_opens_a_meeting(link: re.Match[str]) -> str:
    return NO_LINK if OPENS_MEETING.search(link[0]) else link[0]


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
