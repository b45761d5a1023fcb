"""What `cmpbot explain` has read, in words for a clerk: field, value, place and problem of every form.

Its one rule: labels and sentences, never a key of the program's own.
"""

from dataclasses import dataclass

import click

from bot.cli.output import pairs, visible, wrapped
from bot.intake.form import FieldTable, Submission
from bot.intake.request import CommandLine, Commands, Comment, Question, Request, Submissions
from bot.intake.verify import Standing
from bot.posting.words import Words
from bot.workflow.effect import Fate
from bot.workflow.submission import Route

HEAD = ("Field", "Value", "Place", "Problem")
WHOLE = "(the file)"
NO_SENDER = "unknown: a file has no sender; explain the mail to see this"
REST = "The rest depends on who sends it."
FORMLESS, UNREAD = "a file in which no form was found", "a file that could not be read to its end"
NO_FORM = "no form was found in it"

KINDS_SAID = {
    "submission": "a Change Request form",
    "commands": "commands",
    "rsvp": "an answer to an invitation",
    "comment": "a mail about a Change Request that has its number",
    "bounce": "a report about a letter of ours",
    "automatic": "automatic mail",
    "other": "a mail without a form, a command or a number",
}
FATES_SAID = {
    Fate.REGISTERED: "It would be logged, and the sender told its number",
    Fate.INCOMPLETE: "The sender would be asked for what is missing",
    Fate.OBEYED: "The commands would be carried out",
    Fate.REFUSED: "Nothing would be carried out, and the sender told why",
    Fate.COMMENTED: "It would be kept with the Change Request",
    Fate.ANSWERED: "The sender would get the help letter with the blank forms",
    Fate.PARKED: "It would wait for the CMP Manager",
    Fate.AUTOMATIC: "It would be filed, and never answered",
    Fate.QUARANTINED: "It would be set aside, and the CMP Manager told",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file amounts to, before any change request is known. `bare`: a form that no mail brought."""

    kind: str
    number: str
    request: Request | None
    fate: Fate
    reason: str
    standing: Standing
    flaws: tuple[str, ...]
    bare: bool = False

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """The forms, judged."""
        forms = self.request.forms if isinstance(self.request, Submissions | Commands) else ()
        return tuple(form.submission for form in forms)

    @property
    def commands(self) -> tuple[CommandLine, ...]:
        """The command lines."""
        return self.request.lines if isinstance(self.request, Commands) else ()

    @property
    def answer(self) -> Submission | None:
        """The labelled lines of a mail that is no form, if there are any."""
        answer = self.request.answer if isinstance(self.request, Comment | Question) else None
        return answer.submission if answer else None


def show(found: Reading, table: FieldTable) -> None:
    """Print the reading: what it is and would become, then every form, field by field."""
    kind = _kind_said(found)
    head: list[tuple[str, object]] = [("What", f"{kind}, about {found.number}" if found.number else kind)]
    if found.bare:
        head += [("From", NO_SENDER), ("Fate", _fate_of_file(found))]
    else:
        head += [("From", f"{found.standing.sender or 'nobody'} ({found.standing.proof})")]
        head += [("Fate", f"{found.fate}. {FATES_SAID[found.fate]}: {found.reason}")]
    pairs(head + [("Odd", flaw) for flaw in found.flaws])
    for submission in found.submissions:
        asked = len(submission.problems)
        said = f"not complete, {asked} problem{'s' * (asked > 1)}" if asked else "complete"
        _form(f"{submission.source}: {said}", submission, table)
    if found.answer:
        _form("Labelled lines, which count where the mail answers a letter of ours", found.answer, table)
    if found.commands:
        click.echo()
        pairs([("Command", line.line) for line in found.commands])


def _kind_said(found: Reading) -> str:
    """What a file is, in words; a bare one is a form only where one was found in it."""
    count = len(found.submissions)
    if found.bare and not count:
        return UNREAD if found.fate is Fate.QUARANTINED else FORMLESS
    return f"{count} Change Request forms" if count > 1 else KINDS_SAID[found.kind]


def _fate_of_file(found: Reading) -> str:
    """What would become of a bare file, as far as that hangs on the file alone."""
    fate, reason = found.fate, found.reason
    if any(not submission.complete for submission in found.submissions):
        fate, reason = Fate.INCOMPLETE, str(Route.ASK)
    elif fate is Fate.ANSWERED:
        reason = NO_FORM
    elif fate is not Fate.QUARANTINED and reason != Route.CROSSOVER:
        return REST
    return f"{fate}. {FATES_SAID[fate]}: {reason}. {REST}"


def _form(title: str, submission: Submission, table: FieldTable) -> None:
    """One form: the table of its fields, then what else there is to say."""
    click.echo(f"\n{visible(title)}\n")
    rows = field_rows(submission, table)
    if rows:
        wrapped(HEAD, rows)
    else:
        click.echo("No field was found in it.")
    labels = {row.key: row.label for row in table.fields}
    below = [("Note", note) for note in submission.notes]
    if submission.advised_missing:
        below.append(("Left blank", f"{', '.join(labels[key] for key in submission.advised_missing)} (asked for)"))
    if below:
        click.echo()
        pairs(below)


def field_rows(submission: Submission, table: FieldTable) -> list[tuple[str, str, str, str]]:
    """Field, value, place and problem; a problem of the whole file comes first."""
    problems = {problem.field: problem for problem in submission.problems}
    values = {fact.label: fact.value for fact in Words(table).facts(submission.fields)}
    rows = [(WHOLE, "", problem.place, problem.message) for problem in submission.problems if not problem.field]
    for row in table.fields:
        problem, value = problems.get(row.key), values.get(row.label, "")
        if problem or value:
            place = (problem.place if problem else "") or submission.places.get(row.key, "")
            rows.append((row.label, value, place, problem.message if problem else ""))
    return rows
