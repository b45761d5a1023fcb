"""list, show, letters, mail: looking inside. Their one rule: they read and change nothing, and may
be used while the daemon works."""

from datetime import tzinfo
from itertools import pairwise

import click

from bot.cli.opening import look_into
from bot.cli.output import json_document, local, pairs, table
from bot.cli.scope import Scope
from bot.cli.shapes import change_row, change_shape, due_on, letter_shape, mail_shape, next_shape
from bot.config import Settings
from bot.errors import Trouble
from bot.intake.number import numbers_in
from bot.posting.difference import Altered, signs
from bot.posting.public import Record
from bot.posting.words import Words
from bot.workflow.change import Phase, Revision
from bot.workflow.effect import Fate

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


@click.command()
@click.option("--open/--all", "open_only", default=True, help="Only those still open (the default), or all.")
@click.option(
    "--phase", type=click.Choice([phase.value for phase in Phase], case_sensitive=False), help="Of one phase."
)
@JSON
@click.pass_obj
def list_command(scope: Scope, open_only: bool, phase: str | None, as_json: bool) -> None:
    """List the change requests by receipt; an IN number is an intake that waits for something."""
    settings = scope.settings()
    with look_into(settings) as store:
        records = store.changes(open_only=open_only, phase=Phase(phase) if phase else None)
    if as_json:
        json_document([change_row(record) for record in records])
        return
    head = ("number", "title", "company", "step", "phase", "since", "next", "due")
    table(head, [_line(record) for record in records], "There is no change request yet.")


def _line(record: Record) -> tuple[object, ...]:
    change, ahead = record.change, next_shape(record.deadlines) or {"step": "", "date": ""}
    number = " ".join((change.number, *change.flags))
    about = (change.title, change.company, change.step.value, change.phase.value, change.status_date)
    return (number, *about, ahead["step"], ahead["date"])


@click.command()
@click.argument("number", metavar="CR")
@JSON
@click.pass_obj
def show_command(scope: Scope, number: str, as_json: bool) -> None:
    """Show everything known about one change request, by its number (PC112226-1, or IN...)."""
    settings = scope.settings()
    with look_into(settings) as store:
        record = store.view(_canonical(number))
    if record is None:
        raise Trouble(f"there is no change request {number}; `cmpbot list --all` shows which there are")
    if as_json:
        json_document(change_shape(record, settings.table))
    else:
        show_record(record, settings)


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
        ]
    )
    if change.inquiry is not None and change.inquiry.problems:
        click.echo("\nMissing or not clear")
        pairs([("-", problem.message) for problem in change.inquiry.problems])
    click.echo("\nForm")
    words = Words(settings.table)
    pairs([(fact.label, fact.value) for fact in words.facts(change.fields) if fact.value])
    click.echo("\nDeadlines")
    dues = [(due.kind.value, due_on(due), due.state, due.met_on, due.owner) for due in record.deadlines]
    table(("what", "due", "state", "met on", "owner"), dues, "none")
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
@click.argument("number", metavar="[CR]", required=False)
@JSON
@click.pass_obj
def letters_command(scope: Scope, number: str | None, as_json: bool) -> None:
    """List the letters that were sent or are owed, oldest first; with CR, those about one request."""
    settings = scope.settings()
    with look_into(settings) as store:
        letters = store.letters(_canonical(number) if number else None)
    if as_json:
        json_document([letter_shape(letter) for letter in letters])
        return
    zone = settings.office.calendar.zone
    rows = [
        (local(letter.created_at, zone), letter.number, letter.kind, letter.recipient, letter.state, letter.tries,
         local(letter.sent_at, zone) or letter.last_error)
        for letter in letters
    ]  # fmt: skip
    table(("owed since", "number", "kind", "to", "state", "tries", "sent, or why not"), rows, "There is no letter yet.")


@click.command()
@click.option("--fate", type=click.Choice([fate.value for fate in Fate], case_sensitive=False), help="Of one fate.")
@JSON
@click.pass_obj
def mail_command(scope: Scope, fate: str | None, as_json: bool) -> None:
    """List the mails that came in, in order of arrival, each with its fate and the reason for it.

    A mail that came several times is one mail with copies.
    """
    settings = scope.settings()
    with look_into(settings) as store:
        mails = [mail for mail in store.mails(Fate(fate) if fate else None) if mail.copy_of is None]
    if as_json:
        json_document([mail_shape(mail) for mail in mails])
        return
    zone: tzinfo = settings.office.calendar.zone
    rows = [
        (
            mail.id,
            local(mail.arrived, zone),
            mail.sender,
            mail.subject,
            mail.fate or mail.state,
            mail.number,
            mail.reason,
        )
        for mail in mails
    ]
    table(("id", "arrived", "from", "subject", "fate", "number", "reason"), rows, "There is no mail yet.")


def _canonical(number: str) -> str:
    """A number as we write it, however it was typed."""
    return next(iter(numbers_in(number)), number.strip())
