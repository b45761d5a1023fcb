"""judge: what a form amounts to. RawForm -> Submission, by the field table alone.

Its one rule: never take a wrong value for a right one. Two answers to one question, or one that
can be read in two ways, are a problem that the sender is asked about. Only required fields hold
a form up; anything else that cannot be read is left out and said in a note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.intake.contradiction import Given, settle
from bot.intake.form import Code, Field, FieldTable, Need, Problem, RawForm, Shape, Submission, Value
from bot.intake.labels import Labels
from bot.intake.value.flags import read_flags
from bot.intake.value.originator import apart
from bot.intake.value.reading import Reading, answer, filler, quote
from bot.intake.value.values import READERS, WORD
from bot.office.people import Address

NAME, EMAIL, COMPANY, AREAS, OTHER = "originator_name", "originator_email", "company", "areas_impacted", "areas_other"
MOST_STRANGE = 8
"""Entries without a field that a person will read about."""
LONGEST_VALUE = 4000
"""Only a text may be longer: whoever puts more into a one-line field pasted something by mistake."""


def judge(raw: RawForm, table: FieldTable, sender: Address | None, format: str) -> Submission:
    """Judge one form: what each label's value means, and everything that is wrong with it.

    `sender` is the From address, which counts when the form gives no e-mail address; it is then
    not among the fields. `format` (docx, xlsx, txt) is what to send back. Raises nothing.
    """
    answers: dict[str, list[Given]] = {}
    for given in _answers(raw, table):
        answers.setdefault(given.key, []).append(given)
    fields: dict[str, Value] = {}
    places: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    notes = [*raw.notes, *_not_understood(raw, table)]
    left_out: list[str] = []
    for row in table.fields:
        if row.key not in answers:
            continue
        place, code, reading = settle(row, answers[row.key])
        places[row.key] = place
        if reading.wrong and row.need is not Need.REQUIRED:
            notes.append(f"{reading.wrong} It was left out{f' ({place})' if place else ''}.")
            left_out.append(row.key)
            continue
        if reading.wrong:
            problems[row.key] = Problem(row.key, code, place, reading.wrong)
        if reading.value is not None:
            fields[row.key] = reading.value
        if reading.other:
            fields[OTHER] = reading.other
    address = str(fields.get(EMAIL, ""))
    if sender and address and EMAIL not in problems and address.casefold() != sender.email.casefold():
        notes.append(f"The form names {address}, but it was sent from {sender.email}.")
    judged = Submission(raw.source, fields, places, (), (), tuple(notes), format, tuple(left_out))
    return _review(judged, problems, table, sender)


def merge(earlier: Mapping[str, Value], later: Submission, table: FieldTable) -> Submission:
    """Lay a correction over the fields of an earlier form and review the whole anew.

    What the later form says counts, also where it cannot be understood; where it says nothing
    the earlier form still speaks.
    """
    kept = {key: value for key, value in earlier.items() if key != OTHER or AREAS not in later.fields}
    fields = {**kept, **later.fields}
    problems = {problem.field: problem for problem in later.problems if problem.code is not Code.MISSING}
    for row in table.fields:
        value = fields.get(row.key)
        if row.need is Need.REQUIRED and row.key not in later.fields and isinstance(value, str):
            wrong = READERS[row.shape](value, row).wrong
            if wrong:
                problems.setdefault(row.key, Problem(row.key, Code.INVALID, "", wrong))
    # The From address stood in for a missing address unless the later mail had none itself.
    unsent = any(problem.field == EMAIL and problem.code is Code.MISSING for problem in later.problems)
    sender = None if unsent else Address("")
    laid = Submission(later.source, fields, later.places, (), (), later.notes, later.format)
    return _review(laid, problems, table, sender)


def _review(
    judged: Submission, problems: Mapping[str, Problem], table: FieldTable, sender: Address | None
) -> Submission:
    """Add what is missing to the problems, in the order of the table."""
    found = [problem for key, problem in problems.items() if not key]
    advised = []
    for row in table.fields:
        if row.key in problems:
            found.append(problems[row.key])
        elif row.key in judged.fields or (row.key == EMAIL and sender is not None):
            continue
        elif row.need is Need.REQUIRED:
            place = judged.places.get(row.key, "")
            found.append(Problem(row.key, Code.MISSING, place, f"The {row.name} is missing."))
        elif row.need is Need.ADVISED:
            advised.append(row.key)
    return replace(judged, problems=tuple(found), advised_missing=tuple(advised))


def _not_understood(raw: RawForm, table: FieldTable) -> Iterator[str]:
    """What stands behind labels that no field has: it is said, for it may have been meant for one."""
    labels, tags = Labels(table), {row.key for row in table.fields}
    strange = [
        entry
        for entry in raw.entries
        if entry.tag not in tags
        and labels.key(entry.label) is None
        and not filler(entry.value)
        and WORD.search(entry.value)
    ]
    for entry in strange[:MOST_STRANGE]:
        said = quote(f"{entry.label.strip(' :*')}: {entry.value}" if entry.label else entry.value)
        yield f"We did not understand {said}{f' ({entry.place})' if entry.place else ''}; it was left out."
    if len(strange) > MOST_STRANGE:
        yield f"{len(strange) - MOST_STRANGE} more entries were not understood."


def _answers(raw: RawForm, table: FieldTable) -> Iterator[Given]:
    """Every entry of a form as answers to fields; an unknown label answers nothing."""
    labels = Labels(table)
    rows = {row.key: row for row in table.fields}
    company = next((entry.value for entry in raw.entries if labels.key(entry.label) == COMPANY), "")
    for entry, known in zip(raw.entries, labels.keys([entry.label for entry in raw.entries]), strict=True):
        key = entry.tag if entry.tag in rows else known
        if key is None or rows[key].need is Need.IGNORED:
            continue
        if entry.unreadable:
            wrong = f"The {rows[key].name} cannot be read: {entry.unreadable}."
            yield Given(key, entry.place, Reading(wrong=wrong), Code.UNREADABLE)
            continue
        text = answer(entry.value, rows[key])
        if not text:
            yield Given(key, entry.place)
            continue
        for target, reading in _readings(rows, key, entry.label, text, labels, company):
            yield Given(target, entry.place, reading)


def _readings(
    rows: Mapping[str, Field], key: str, label: str, text: str, labels: Labels, company: str
) -> Iterator[tuple[str, Reading | None]]:
    """What one value means: usually one reading; several for a cell that several fields share."""
    row = rows[key]
    if len(text) > LONGEST_VALUE and row.shape is not Shape.TEXT:
        yield key, Reading(wrong=f"The {row.name} has {len(text)} characters, which is too long to be meant.")
    elif key == NAME:
        for part, value in apart(text, label, labels, company).items():
            bare = answer(value, rows[part]) if part in rows else ""
            yield part, READERS[rows[part].shape](bare, rows[part]) if bare else None
    elif row.shape is Shape.FLAG:
        yield from read_flags(text, label, row, rows, labels)
    else:
        yield key, READERS[row.shape](text, row)
