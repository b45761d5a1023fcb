"""Bounce: what a mail system says of a letter of ours that it could not deliver, or not yet (RFC 3464).

Its one rule: a report speaks only of the mail that it returns; which letter that was, and whether it was one
of ours at all, is the store's question. It is asked of mail that the screen took for a machine's alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.intake import machines
from bot.mail.identity import MESSAGE_ID
from bot.mail.letter import Fault
from bot.mail.message import Message


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report: the Message-IDs of what it returns, the surest first; its fault; what the mail system `said`, in one
    line; and the address that it names (lower case; empty: none)."""

    message_ids: tuple[str, ...]
    fault: Fault
    said: str
    about: str = ""


STATUS = "message/delivery-status"
RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
OTHER_REPORTS = machines.REPORTS - {STATUS, "multipart/report"}
LONGEST = 64 * 1024
"""Octets of a part that are looked at; what we want stands at its top."""
LONGEST_SAID = 300
MOST_IDS = 5
FOLD = re.compile(r"\n[ \t]+")
FIELD = re.compile(r"([A-Za-z-]+)[ \t]*:[ \t]*(.*)")
ID_LINE = re.compile(r"^[ \t>|]*Message-ID[ \t]*:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
BASIC = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ -])(?![\d.])")
DELAYED = re.compile(
    r"\bdelay(?:ed)?\b|will (?:be retried|retry|keep trying|continue)|still being|not yet been delivered"
    r"|warning message",
    re.IGNORECASE,
)
GOOD = frozenset({"delivered", "relayed", "expanded"})
TOO_LARGE = "552"
# Of the letter or of us, not of the address (RFC 3463): too large, its content, the sender's address.
NOT_THE_ADDRESS = ("5.1.7", "5.1.8", "5.2.3", "5.3.4", "5.6.")
OUR_ACCOUNT = re.compile(
    r"(?<![\d.])5\.(?:1\.8|1\.90|2\.252|4\.5|7\.60|7\.708)(?![\d.])"
    r"|submissionquota|sendasdenied|permissions? to send as|sender (?:address )?rejected|not owned by user"
    r"|sending (?:limit|quota)",
    re.IGNORECASE,
)
"""How mail systems say that we may not send: Exchange Online's and Gmail's codes, their words and Postfix's."""
NO_RELAY = re.compile(r"relay(?:ing)? (?:access )?denied|unable to relay|not permitted to relay", re.IGNORECASE)
"""That this server does not carry mail to where the address is. It may to others, and another server may."""


def bounce_in(message: Message, *, certain: bool = False) -> Bounce | None:
    """The report that a machine's mail is; None for any other, for one that reports that all is well, and for one that
    returns nothing, unless it is `certain` otherwise which letter it is about. Raises nothing for anything that a
    sender can do."""
    kinds = {message.content_type, *(file.content_type for file in message.attachments)}
    if kinds & OTHER_REPORTS or message.subject.lower().startswith(machines.COMPLAINTS):
        return None
    if not (kinds & machines.REPORTS or _by_system(message)):
        return None
    ids = tuple(dict.fromkeys(_returned(message, declared=bool(kinds & machines.REPORTS))))[:MOST_IDS]
    if not (ids or certain):
        return None
    groups = tuple(
        group for file in message.attachments if file.content_type == STATUS for group in _groups(file.content)
    )
    return _declared(ids, groups) if groups else _told(ids, message)


def fault_of(status: str) -> Fault:
    """The fault in an enhanced or a basic status code at the top of an answer (RFC 3463, RFC 5321).

    >>> fault_of("550 5.1.1 no such user"), fault_of("552 5.3.4 too large"), fault_of("451 later")
    (<Fault.ADDRESS: 'address'>, <Fault.LETTER: 'letter'>, <Fault.FOR_NOW: 'for now'>)
    """
    if of_our_account(status) or NO_RELAY.search(status):
        return Fault.LETTER
    if found := ENHANCED.search(status):
        if found[1] != "5":
            return Fault.FOR_NOW
        return Fault.LETTER if found[0].startswith(NOT_THE_ADDRESS) else Fault.ADDRESS
    basic = BASIC.search(f"{status} ")
    if basic and (basic[1] == "4" or basic[0] == TOO_LARGE):
        return Fault.FOR_NOW if basic[1] == "4" else Fault.LETTER
    return Fault.ADDRESS


def of_our_account(answer: str) -> bool:
    """Whether a refusal is about our own account, whatever the letter and whoever is to get it: it may not send, not
    under this name, or no more today.

    >>> of_our_account("550 5.4.5 Daily user sending limit exceeded"), of_our_account("550 5.1.1 no such user")
    (True, False)
    """
    return OUR_ACCOUNT.search(answer) is not None


def _by_system(message: Message) -> bool:
    """Whether a report without RFC 3464 is one: its sender or its subject says so."""
    written = message.sender.email if message.sender else message.header("from")
    local = written.partition("@")[0].rpartition("<")[2].strip().lower()
    return local in machines.POSTMASTERS or message.subject.lower().startswith(machines.FAILURES)


def _returned(message: Message, *, declared: bool) -> Iterator[str]:
    """The Message-IDs of what a report returns: of the part that is it, else below its words, else of what a report
    says that it answers."""
    for file in message.attachments:
        if file.content_type in RETURNED and (found := ID_LINE.search(_decoded(file.content))):
            yield found[1]
    if found := ID_LINE.search(message.text[:LONGEST]):
        yield found[1]
    if declared:
        yield from (each for each in (message.in_reply_to, *message.references) if MESSAGE_ID.fullmatch(each))


def _groups(content: bytes) -> tuple[dict[str, str], ...]:
    """The fields of each recipient; those of the whole report name none, and fall away."""
    found = []
    for block in re.split(r"\n[ \t]*\n", _decoded(content)):
        fields = (FIELD.fullmatch(line.strip()) for line in FOLD.sub(" ", block).split("\n"))
        group = {each[1].lower(): each[2].strip() for each in fields if each}
        if "action" in group or "status" in group:
            found.append(group)
    return tuple(found)


def _declared(ids: tuple[str, ...], groups: tuple[dict[str, str], ...]) -> Bounce | None:
    """What the recipients' fields of a report come to; one of several that was served serves all: what stands behind
    an address is its owner's affair."""
    if any(_action(group) in GOOD for group in groups):
        return None
    worst = next((group for group in groups if _action(group) == "failed"), groups[0])
    diagnostic = worst.get("diagnostic-code", "").partition(";")[2].strip()
    said = _line(f"{worst.get('status', '')} {diagnostic or worst.get('diagnostic-code', '')}")
    fault = fault_of(worst.get("status", ""))
    if _action(worst) == "failed" and fault is Fault.FOR_NOW:
        fault = Fault.LETTER  # given up: this letter comes no more, but another may
    elif _action(worst) != "failed" and worst.get("action"):
        fault = Fault.FOR_NOW
    about = worst.get("final-recipient", "").rpartition(";")[2].strip().strip("<>").lower()
    return Bounce(ids, fault, said, about)


def _told(ids: tuple[str, ...], message: Message) -> Bounce:
    """What a report in words alone comes to: the first code in it counts."""
    words = ID_LINE.split(message.text[:LONGEST], maxsplit=1)[0]
    found = ENHANCED.search(words) or BASIC.search(words)
    said = _line(words[found.start() :].partition("\n")[0]) if found else _line(message.subject)
    waits = DELAYED.search(f"{message.subject}\n{words}") and not (found and found[1] == "5")
    return Bounce(ids, Fault.FOR_NOW if waits else fault_of(found[0]) if found else Fault.LETTER, said)


def _action(group: dict[str, str]) -> str:
    return re.split(r"[\s(;]", group.get("action", "").lower(), maxsplit=1)[0]


def _decoded(content: bytes) -> str:
    return content[:LONGEST].decode("utf-8", "replace").replace("\r\n", "\n")


def _line(text: str) -> str:
    """Words of a stranger in one printable line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:LONGEST_SAID]
