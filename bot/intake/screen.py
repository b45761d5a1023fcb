"""Was a mail written by a person? Its one rule: no machine is ever answered, and no change request
of a person is taken for a machine's; where the signs are weak, two of them must agree.

The signs are rows of `machines`; RFC 3834 section 2 says what a responder must not answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.intake import machines
from bot.intake.rsvp import rsvp_in
from bot.mail.compose import LOOP_FIELD
from bot.mail.message import Message

TOP_OF_TEXT = 1_000
REPLY = re.compile(
    r"(?:re|aw|antw|sv|vs|odp|fw|fwd|wg|tr|rv|rif|enc|doorst|回复|答复|转发)\s*(?:\[\d{1,3}\])?\s*[:\uff1a]"
)
ABSENCE = re.compile(rf"(?:{'|'.join(map(re.escape, machines.ABSENCE_SUBJECTS))})\s*(?:[^\w\s-]|-(?!\w)|$)")
GREETING = re.compile(r"\s*(?:[^\n,!:;.]{1,40}[,!:;]?\s*\n\s*)?")
QUESTIONS = ("?", "\uff1f", "\u061f")
TAGS = re.compile(r"(?:\[[^\[\]]{0,60}\]\s*)*")


@dataclass(frozen=True, slots=True)
class Accept:
    """A person wrote it, as far as anybody can tell."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine wrote it; it is filed and never answered. `reason` says how we know."""

    reason: str


Verdict = Accept | Automatic


def screen(message: Message, ours: frozenset[str], own_domain: str) -> Verdict:
    """Say whether a mail is from a person; `ours` are our own addresses in lower case,
    `own_domain` is the one of our Message-IDs. What a calendar answers to an invitation of ours is what
    its owner clicked, and often marked as automatic: it is read, and never answered.
    """
    if reason := _from_ourselves(message, ours, own_domain):
        return Automatic(reason)
    found = next((Automatic(reason) for sign in SIGNS if (reason := sign(message))), Accept())
    return found if isinstance(found, Accept) or rsvp_in(message) is None else Accept()


def _from_ourselves(message: Message, ours: frozenset[str], own_domain: str) -> str:
    written_by = (message.sender.email if message.sender else "", _mailbox(message.header("sender")))
    if any(_untagged(email) in ours for email in written_by):
        return "it comes from our own address"
    if message.header(LOOP_FIELD):
        return "it is one of our own letters"
    if re.fullmatch(rf"<[0-9a-f]{{24}}@{re.escape(own_domain)}>", message.message_id, re.IGNORECASE):
        return "it carries the Message-ID of one of our own letters"
    return ""


def _mailbox(field: str) -> str:
    """The address in a field that names one, without the rigour that trust would need."""
    return field.rpartition("<")[2].partition(">")[0].strip().lower()


def _untagged(email: str) -> str:
    """An address without its `+tag`."""
    local, at, domain = email.rpartition("@")
    return local.partition("+")[0] + at + domain


def _declared(message: Message) -> str:
    """Auto-Submitted (RFC 3834 section 5): anything but `no`; comments and parameters do not count."""
    for value in message.headers.get("auto-submitted", ()):
        word = re.split(r"[;(\s]", value.strip().lower(), maxsplit=1)[0]
        if word not in {"", "no"}:
            return f"it says that it was submitted automatically ({word[:40]})"
    return ""


def _null_return_path(message: Message) -> str:
    return "its return path is empty" if message.header("return-path").replace(" ", "") == "<>" else ""


def _report(message: Message) -> str:
    kinds = {message.content_type, *(attachment.content_type for attachment in message.attachments)}
    return "it is a report about a mail" if kinds & machines.REPORTS else ""


def _list(message: Message) -> str:
    return "it comes from a mailing list" if any(name.startswith("list-") for name in message.headers) else ""


def _marked(message: Message) -> str:
    """A field that only machines add, or a value that only machines give."""
    for name, values in message.headers.items():
        if name in machines.FIELDS and values[0].lower() not in {"no", "false"}:
            return f"it carries the field {name}"
        known = machines.VALUES.get(name, frozenset())
        if any(value.strip().lower() in known for value in values):
            return f"it carries {name}: {values[0][:40]}"
    return ""


def _bounce(message: Message) -> str:
    """A failure report without any standard mark."""
    # `MAILER-DAEMON <>` names no mailbox; then the name must do.
    sender = _local(message.sender.email if message.sender else message.header("from").partition(" ")[0])
    path = _local(_mailbox(message.header("return-path")))
    if sender in machines.DAEMONS:
        return "it comes from a mail system"
    if _holds_form(message):
        return ""
    fails = bare_subject(message).startswith(machines.FAILURES)
    by_system = sender in machines.POSTMASTERS or path in machines.DAEMONS
    returns = any(attachment.content_type == "message/rfc822" for attachment in message.attachments)
    agrees = (fails, by_system, returns, path in machines.POSTMASTERS)
    return "it looks like a report of a mail system" if (fails or by_system) and sum(agrees) > 1 else ""


def _absence(message: Message) -> str:
    """An absence notice without any standard mark: its subject, and one sign more."""
    subject = bare_subject(message)
    if REPLY.match(subject) or _holds_form(message):
        return ""
    announced = ABSENCE.match(subject) is not None
    if not announced and not any(phrase in subject for phrase in machines.ABSENCE_IN_SUBJECT):
        return ""
    top = message.text[:TOP_OF_TEXT].lower()
    agrees = (
        bool(message.in_reply_to or message.references),
        bool(message.header("x-auto-response-suppress")),
        any(phrase in top for phrase in machines.ABSENCE_TEXTS),
    )
    return "it looks like an absence notice" if any(agrees) else ""


def _formula(message: Message) -> str:
    """An absence notice whose program says nothing at all, under the subject of the letter that it answers: it
    thanks for a mail, says that nobody is there, and points to somebody else. A person who answers us says
    something more, or asks."""
    if not message.in_reply_to or message.attachments or len(message.own_text) > TOP_OF_TEXT:
        return ""
    text = message.own_text.lower()
    begins = text.lstrip()
    if not begins.startswith(machines.THANKS) and (greeting := GREETING.match(begins)):
        begins = begins[greeting.end() :]
    told = begins.startswith(machines.THANKS) and not any(mark in text for mark in QUESTIONS)
    if told and all(any(phrase in text for phrase in some) for some in (machines.ABSENCE_TEXTS, machines.POINTERS)):
        return "it says what absence notices say, and nothing else"
    return ""


def _local(email: str) -> str:
    return email.partition("@")[0].lower()


def bare_subject(message: Message) -> str:
    """The subject in lower case without the tags in front of it."""
    subject = message.subject.lower()
    return TAGS.sub("", subject, count=1)


def _holds_form(message: Message) -> bool:
    return any(attachment.name.lower().endswith(machines.FORM_FILES) for attachment in message.attachments)


Sign = Callable[[Message], str]
SIGNS: tuple[Sign, ...] = (_declared, _null_return_path, _report, _list, _marked, _bounce, _absence, _formula)
