"""list, show, letters, mail: looking inside. Their one rule: they read and change nothing, and may
be used while the daemon works."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli import options
from bot.cli.opening import NotYet, look_into
from bot.cli.output import json_document, local, pairs, table, visible
from bot.cli.scope import Scope
from bot.cli.shapes import (
    change_row,
    change_shape,
    due_next,
    letter_document,
    letter_shape,
    mail_document,
    mail_shape,
    named,
    shown_headers,
)
from bot.config import Settings
from bot.errors import Trouble
from bot.intake.number import numbers_in
from bot.posting.difference import Altered, signs
from bot.posting.public import Record
from bot.posting.words import Words
from bot.workflow.carry.words import names
from bot.workflow.change import ROLES, Phase, Revision
from bot.workflow.effect import Fate

if TYPE_CHECKING:
    from bot.edge.store import Store, StoredLetter
    from bot.mail.message import Message

Listed = TypeVar("Listed")
SHORT_ID = 12  # of the 24 letters of a letter's id
LETTER_ID = re.compile("[0-9a-f]{1,24}")


@click.command()
@click.option("--open/--all", "open_only", default=True, help="Only those still open (the default), or all.")
@click.option(
    "--phase", type=click.Choice([phase.value for phase in Phase], case_sensitive=False), help="Of one phase."
)
@options.JSON
@click.pass_obj
def list_command(scope: Scope, open_only: bool, phase: str | None, as_json: bool) -> None:
    """List the change requests by receipt; an IN number is an intake that waits for something."""
    settings = scope.settings()
    chosen = Phase(phase) if phase else None
    records = _all(settings, as_json, lambda store: store.changes(open_only=open_only, phase=chosen))
    if as_json:
        json_document([change_row(record) for record in records])
        return
    head = ("number", "title", "company", "step", "next", "due")
    of_phase = " of this phase" if chosen else ""
    none = f"No {'open ' if open_only else ''}change request{of_phase}."
    table(head, [_line(record) for record in records], none, spared="title")


def _all(settings: Settings, as_json: bool, read: Callable[["Store"], Sequence[Listed]]) -> Sequence[Listed]:
    """What a list shows. Before the first run a program reads an empty document, and the reason beside it."""
    try:
        with look_into(settings) as store:
            return read(store)
    except NotYet as none:
        if not as_json:
            raise
        click.echo(none, err=True)
        return ()


def _line(record: Record) -> tuple[object, ...]:
    change, due = record.change, due_next(record.deadlines)
    number = " ".join((change.number, *change.flags))
    step = f"{change.step.value} {change.phase.value}"
    return (number, change.title, change.company, step, *((named(due), due.by) if due else ("", "")))


@click.command()
@click.argument("number", metavar="CR")
@options.JSON
@click.pass_obj
def show_command(scope: Scope, number: str, as_json: bool) -> None:
    """Show everything known about one change request, by its number (PC112226-1, or IN...)."""
    settings = scope.settings()
    with look_into(settings) as store:
        record = store.view(_canonical(number))
    if record is None:
        raise _no_change(number)
    if as_json:
        json_document(change_shape(record, settings.table, settings.office.calendar))
    else:
        show_record(record, settings)


def _no_change(number: str) -> Trouble:
    return Trouble(f"there is no change request {number}; `cmpbot list --all` shows which there are", temporary=False)


def show_record(record: Record, settings: Settings) -> None:
    """A change request in words: where it stands, what it asks, what is due, what happened."""
    change, zone = record.change, settings.office.calendar.zone
    pairs(
        [
            ("number", " ".join((change.number, *change.flags))),
            ("title", change.title),
            ("company", change.company),
            ("originator", change.originator),
            ("step", f"{change.step.value} ({change.phase.value}, since {change.status_date})"),
            ("first form", local(change.first_arrived, zone)),
            ("received", local(change.received_at, zone)),
            ("waits for", change.waits_for or "-"),
            *((role.value, names(change.people.get(key, ()), settings.office)) for key, role in ROLES.items()),
        ]
    )
    if change.inquiry is not None and change.inquiry.problems:
        click.echo("\nMissing or not clear")
        pairs([("-", problem.message) for problem in change.inquiry.problems])
    click.echo("\nForm")
    words = Words(settings.table)
    pairs([(fact.label, fact.value) for fact in words.facts(change.fields) if fact.value])
    click.echo("\nDeadlines")
    dues = [(due.kind.value, due.due, due.later, due.state, due.met_on, due.owner) for due in record.deadlines]
    table(("what", "planned", "now", "state", "met on", "owner"), dues, "none")
    click.echo("\nHistory")
    rows = [(local(row.at, zone), row.by, row.action, row.description) for row in record.rows]
    table(("when", "by", "action", "description"), rows, "none")
    click.echo("\nDocuments")
    table(("title", "name"), [(paper.title, paper.name) for paper in change.documents], "none")
    _show_revisions(change.revisions, words, zone)


def _show_revisions(revisions: tuple[Revision, ...], words: Words, zone: tzinfo) -> None:
    """Each form that gave the text, and what it changed: was -> now; in long texts [-gone-] {+new+}."""
    click.echo("\nRevisions")
    rows = [(text.number, local(text.at, zone), text.by, text.mail) for text in revisions]
    table(("number", "at", "by", "mail"), rows, "none")
    for earlier, later in pairwise(revisions):
        told = words.altered(earlier.fields, later.fields)
        click.echo(f"\nRevision {later.number} changed{':' if told else ' nothing.'}")
        pairs([(words.labels[one.field], _became(one)) for one in told])


def _became(one: Altered) -> str:
    return signs(one.pieces) if one.pieces else f"{one.before or '(blank)'} -> {one.after or '(blank)'}"


@click.command()
@click.argument("wanted", metavar="[CR | ID]", required=False)
@click.option("--held", is_flag=True, help="Those that a restore holds, to release or to drop.")
@options.JSON
@click.pass_obj
def letters_command(scope: Scope, wanted: str | None, held: bool, as_json: bool) -> None:
    """List the letters that were sent or are owed, oldest first; with CR, those about one request.

    With ID, the first column or the beginning of it, print that letter as its reader gets it: headers, text,
    and the names of its enclosures.
    """
    settings = scope.settings()
    if wanted:
        with look_into(settings) as store:
            if store.view(_canonical(wanted)) is None:
                _show_letter(store, wanted, as_json)
                return
    letters, paused = _all_letters(settings, as_json, wanted)
    if held:
        letters = [letter for letter in letters if letter.state == "held"]
    if as_json:
        json_document([letter_shape(letter, paused) for letter in letters])
        return
    zone = settings.office.calendar.zone
    rows = [
        (letter.id[:SHORT_ID], local(letter.created_at, zone), letter.number, letter.kind, letter.recipient,
         letter.state, letter.tries, _outcome(letter, zone, paused))
        for letter in letters
    ]  # fmt: skip
    head = ("id", "owed since", "number", "kind", "to", "state", "tries", "sent, or why not")
    about = f" about {_canonical(wanted)}" if wanted else ""
    table(head, rows, f"No letter{about} is held." if held else f"There is no letter{about} yet.")


def _all_letters(
    settings: Settings, as_json: bool, wanted: str | None
) -> tuple[Sequence["StoredLetter"], Collection[str]]:
    """The letters, and the addresses to which none is sent."""
    paused: set[str] = set()

    def read(store: "Store") -> Sequence["StoredLetter"]:
        from bot.workflow.returned import paused_in  # noqa: PLC0415 - only here

        paused.update(paused_in(store.matters()))
        return store.letters(_canonical(wanted) if wanted else None)

    return _all(settings, as_json, read), paused


def _outcome(letter: "StoredLetter", zone: tzinfo, paused: Collection[str]) -> str:
    """When a letter was sent, or why it was not."""
    if letter.state == "owed" and letter.recipient in paused:
        return "kept: letters to this address failed; see cmpbot resume"
    if letter.state == "dead":
        return letter.last_error
    if letter.state == "withheld":
        return "over the budget of this address"
    return local(letter.sent_at, zone) or letter.last_error


def _show_letter(store: "Store", wanted: str, as_json: bool) -> None:
    """One letter, by its id or the beginning of it. Raises Trouble where not exactly one has it."""
    from bot.mail.parse import parse  # noqa: PLC0415 - its library is for those who read a mail

    beginning = wanted.strip().lower()
    if numbers_in(wanted):
        raise _no_change(wanted)
    found = [each for each in store.letters() if LETTER_ID.fullmatch(beginning) and each.id.startswith(beginning)]
    if not found:
        which = "`cmpbot letters` and `cmpbot list --all` show which there are"
        raise Trouble(f"there is no letter {wanted}, and no change request; {which}", temporary=False)
    if len(found) > 1:
        raise Trouble(f"{len(found)} letters have an ID that begins with {beginning}; name more of it", temporary=False)
    message = parse(store.wire(found[0].id) or b"")
    if as_json:
        json_document(letter_document(found[0], message))
        return
    pairs([(name, value) for name, value in shown_headers(message).items() if value])
    _show_text(message.text, message)


def _show_text(text: str, message: "Message") -> None:
    """The text of a mail, and the names of its files."""
    click.echo(f"\n{visible(text)}")
    if message.attachments:
        click.echo()
        pairs([("Enclosed", file.name) for file in message.attachments])


@click.command()
@click.argument("mail_id", metavar="[ID]", required=False)
@click.option("--fate", type=click.Choice([fate.value for fate in Fate], case_sensitive=False), help="Of one fate.")
@options.JSON
@click.pass_obj
def mail_command(scope: Scope, mail_id: str | None, fate: str | None, as_json: bool) -> None:
    """List the mails that came in, in order of arrival, each with its fate and the reason for it.

    A mail that came several times is one mail with copies. With ID, the first column, print what
    that mail says: headers, its writer's own text, and the names of its attachments.
    """
    settings = scope.settings()
    if mail_id:
        with look_into(settings) as store:
            _show_mail(store, mail_id.strip().lower(), as_json)
        return
    all_mails = _all(settings, as_json, lambda store: store.mails(Fate(fate) if fate else None))
    mails = [mail for mail in all_mails if mail.copy_of is None]
    if as_json:
        json_document([mail_shape(mail) for mail in mails])
        return
    zone: tzinfo = settings.office.calendar.zone
    rows = [
        (mail.id, local(mail.arrived, zone), mail.sender, mail.subject,
         mail.fate or mail.state, mail.number, mail.reason)
        for mail in mails
    ]  # fmt: skip
    none = "No mail of this fate." if fate else "There is no mail yet."
    table(("id", "arrived", "from", "subject", "fate", "number", "reason"), rows, none)


def _show_mail(store: "Store", mail_id: str, as_json: bool) -> None:
    """What one mail says, by its id. Raises Trouble where no mail has it."""
    from bot.mail.parse import parse  # noqa: PLC0415 - as above

    found = next((mail for mail in store.mails() if mail.id == mail_id), None)
    if found is None:
        raise Trouble(f"there is no mail {mail_id}; `cmpbot mail` shows which there are")
    message = parse(store.mail_raw(mail_id) or b"")
    if as_json:
        json_document(mail_document(found, message))
        return
    written = shown_headers(message)
    head = [(name, written[name]) for name in ("From", "Subject", "Date")]
    fate = f"{found.fate}: {found.reason}" if found.fate else found.state
    pairs([*head, ("Fate", fate)])
    _show_text(message.own_text, message)


def _canonical(number: str) -> str:
    """A number as we write it, however it was typed."""
    return next(iter(numbers_in(number)), number.strip())
