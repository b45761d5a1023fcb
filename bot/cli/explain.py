"""`cmpbot explain`: what would be read in a form or a mail.

Its one rule: the daemon's own path up to the decision, with nothing recorded: no database, no
keys, no file is made. `kind` is what the mail is by itself; only `fate` and `allowed` depend on
whom the office knows. How it is shown to people stands in explanation.py.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from bot.cli.explanation import Reading, show
from bot.cli.output import json_document
from bot.cli.scope import Scope
from bot.cli.shapes import submission_shape
from bot.config import Settings, load_to_explain
from bot.edge.sandbox import Sandbox
from bot.intake import machines
from bot.intake.form import Code, Submission
from bot.intake.number import numbers_in
from bot.intake.read import read
from bot.intake.request import CommandLine, Commands, Comment, Question, Request, Rsvp, Submissions, Unsafe
from bot.intake.screen import Automatic, screen
from bot.intake.verify import Standing, verify
from bot.mail.message import Attachment, Message
from bot.mail.parse import parse
from bot.office.people import Address
from bot.workflow.effect import Fate
from bot.workflow.order import conceivable
from bot.workflow.submission import Route, route

LARGEST = 100 * 1024 * 1024
# Header fields that no form has; a file that begins with one of them is a mail, whatever its name.
MAIL = re.compile(
    rb"(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,200}?"
    rb"(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|DKIM-Signature|X-[\w-]+):",
    re.IGNORECASE,
)
EMAIL = "originator_email"
ANOTHERS = "the answer is for somebody else than its sender"
FATES = {Route.REGISTER: Fate.REGISTERED, Route.ASK: Fate.INCOMPLETE}


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@click.pass_obj
def explain_command(scope: Scope, file: BinaryIO, as_json: bool) -> None:
    """Say what would be read in FILE: a mail (.eml), a form (.docx, .xlsx, .txt), or - for standard input.

    Field by field, with the place where each was found and everything that is wrong with it.
    Nothing is recorded or sent, and no database is needed.
    """
    settings = load_to_explain(scope.config)
    name = Path(str(getattr(file, "name", "-"))).name
    with Sandbox(settings.table, settings.sandbox) as sandbox:

        def read_message(message: Message) -> Request:
            return read(message, sandbox.open, settings.table)

        found = explain(file.read(LARGEST), name, settings, read_message)
    if as_json:
        json_document(as_document(found, settings))
    else:
        show(found, settings.table)


def explain(content: bytes, name: str, settings: Settings, read_message: Callable[[Message], Request]) -> Reading:
    """Read a mail, or a bare form as if a known sender had mailed it."""
    mailed = is_mail(content, name)
    if mailed:
        message = parse(content)
        standing = verify(message, settings.office)
        verdict = screen(message, settings.own_addresses, settings.office.organisation.address.domain)
        number = next(iter(numbers_in(message.subject)), "")
        flaws = tuple(map(str, message.flaws))
        if isinstance(verdict, Automatic):
            return Reading(_machine(message), number, None, Fate.AUTOMATIC, verdict.reason, standing, flaws)
        request = read_message(message)
        kind = KINDS[type(request)]
    else:
        message = Message(attachments=(Attachment(name, "application/octet-stream", content),))
        request = _as_if_sent(read_message(message))
        kind, number, flaws = "submission", "", ()
        standing = _named_in(request, settings)
    fate, reason = _fate(request, standing, settings)
    return Reading(kind, number, request, fate, reason, standing, flaws, bare=not mailed)


KINDS: dict[type[Request], str] = {
    Submissions: "submission",
    Commands: "commands",
    Comment: "comment",
    Question: "other",
    Unsafe: "other",
    Rsvp: "rsvp",
}


def is_mail(content: bytes, name: str) -> bool:
    """True for a mail: by its name, else by header fields that only mails have."""
    return name.lower().endswith((".eml", ".msg", ".mbox")) or MAIL.match(content) is not None


def _machine(message: Message) -> str:
    """What kind of automatic mail: a report about one of our letters, or anything else."""
    kinds = {message.content_type, *(file.content_type for file in message.attachments)}
    local = (message.sender.email if message.sender else "").partition("@")[0]
    return "bounce" if kinds & machines.REPORTS or local in machines.DAEMONS else "automatic"


def _as_if_sent(request: Request) -> Request:
    """A bare form without the one problem that its mail would solve: an absent e-mail address of the
    originator is taken from the mail's sender."""
    if not isinstance(request, Submissions):
        return request
    forms = [replace(form, submission=_without_address(form.submission)) for form in request.forms]
    return replace(request, forms=tuple(forms))


def _without_address(form: Submission) -> Submission:
    left = [problem for problem in form.problems if (problem.field, problem.code) != (EMAIL, Code.MISSING)]
    return replace(form, problems=tuple(left))


def _named_in(request: Request, settings: Settings) -> Standing:
    """The sender that a bare form names: a mail from them would be believed, we suppose."""
    first = request.forms[0].submission if isinstance(request, Submissions) else Submission("")
    directory = settings.office.directory
    sender = Address(first.text(EMAIL).lower())
    company = directory.company_named(first.text("company")) or directory.company(sender)
    return Standing(sender, directory.person(sender.email), company, settings.office.owns(sender), verified=True)


def _fate(request: Request, standing: Standing, settings: Settings) -> tuple[Fate, str]:
    """What would become of it, were no change request known; of several forms the first fate."""
    ours = standing.company or standing.person
    match request:
        case Submissions():
            routes = [route(form.submission, standing, settings.office) for form in request.forms]
            fates = [FATES.get(where, Fate.PARKED) for where in routes]
            return min(fates, key=list(Fate).index), "; ".join(dict.fromkeys(map(str, routes)))
        case Unsafe():
            return Fate.QUARANTINED, request.reason
        case Commands():
            refused = [reason for line in request.lines if (reason := conceivable(line.verb, standing))]
            return (
                (Fate.REFUSED, refused[0])
                if refused
                else (Fate.OBEYED, "the sender may use them, where the CR stands so that they can be")
            )
        case Comment():
            return (Fate.COMMENTED, "a comment") if ours else (Fate.PARKED, "a comment by somebody we do not know")
        case Rsvp():
            mine = standing.sender is not None and standing.sender.email == request.attendee
            return (
                (Fate.OBEYED, "the answer counts, where its sender was invited") if mine else (Fate.REFUSED, ANOTHERS)
            )
        case Question() if standing.answer_to:
            return Fate.ANSWERED, "a question; help would be sent"
        case Question():
            return Fate.PARKED, "a question by a sender who is neither known nor verified"


def as_document(found: Reading, settings: Settings) -> dict[str, object]:
    """The reading in the shape of DESIGN section 9."""
    return {
        "kind": found.kind,
        "cr": found.number or None,
        "submissions": [submission_shape(submission, settings.table) for submission in found.submissions],
        "commands": [_command(line, found.standing) for line in found.commands],
        "fate": found.fate.value,
        "flaws": list(found.flaws),
    }


def _command(line: CommandLine, standing: Standing) -> dict[str, object]:
    reason = conceivable(line.verb, standing)
    return {"line": line.line, "verb": line.verb, "args": line.args, "allowed": not reason, "reason": reason}
