"""The samples: real ways of filling in the form, each beside what a careful person reads in it.

The samples lie beside the project and are never copied into it; without them these tests skip.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.intake.arguments import Arguments, understand
from bot.intake.file.attachment import open_attachment
from bot.intake.form import Code, Submission, Value
from bot.intake.read import read
from bot.intake.request import Commands, Comment, Question, Submissions
from bot.mail.parse import parse
from bot.office.people import Address, Person
from tests.intake.forms import ROOT, TABLE
from tests.workflow.offices import OFFICE

SAMPLES = ROOT / ".." / "shared" / "samples"
MAILS = sorted(SAMPLES.glob("*.eml"))
NOT_READ = {"s07-word97-doc", "s08-opendocument-text"}
"""Formats that the sender is asked to save in another way."""

KINDS = {Submissions: "submission", Commands: "commands", Comment: "comment", Question: "other"}

pytestmark = pytest.mark.skipif(not MAILS, reason="the samples folder is not beside the project")


def folded(value: object) -> str:
    """Texts are compared after folding white space."""
    return re.sub(r"\s+", " ", str(value)).strip()


def same(key: str, ours: Value | None, truth: object) -> bool:
    """True when our value is the truth's; absent and false are the same."""
    if isinstance(truth, list):
        return isinstance(ours, tuple) and sorted(map(folded, ours)) == sorted(map(folded, truth))
    if isinstance(truth, bool) or truth is None:
        return bool(ours) == bool(truth)
    if key == "originator_phone":
        return re.sub(r"\D", "", str(ours)) == re.sub(r"\D", "", str(truth))
    return folded(ours) == folded(truth)


def differing(ours: Submission, truth: dict[str, object]) -> list[str]:
    """The keys whose value is neither the truth's nor one that it accepts."""
    fields, accept = truth["fields"], truth.get("accept", {})
    assert isinstance(fields, dict)
    assert isinstance(accept, dict)
    keys: Iterable[str] = sorted({*fields, *ours.fields})
    return [
        key
        for key in keys
        if not any(same(key, ours.fields.get(key), value) for value in (fields.get(key), *accept.get(key, ())))
    ]


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_sample_is_read_as_a_careful_person_reads_it(path: Path) -> None:
    """Kind, fields, problems and commands are exactly the truth's; what is not read says so."""
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    request = read(parse(path.read_bytes()), lambda file: open_attachment(file, TABLE), TABLE)
    # An out-of-office reply under a number reads like a comment; the screen files it before.
    assert KINDS[type(request)] in ({"other", "comment"} if truth["kind"] == "other" else {truth["kind"]})
    if isinstance(request, Commands):
        assert [line.line for line in request.lines] == truth["commands"]
    if not isinstance(request, Submissions):
        return
    if path.stem in NOT_READ:
        assert [problem.code for form in request.forms for problem in form.submission.problems] == [Code.UNREADABLE]
        return
    assert len(request.forms) == len(truth["submissions"])
    for form, expected in zip(request.forms, truth["submissions"], strict=True):
        ours = form.submission
        assert differing(ours, expected) == []
        assert ours.complete == expected["complete"]
        assert sorted(problem.field for problem in ours.problems) == sorted(expected["missing"])
        assert list(ours.advised_missing) == expected["advised_missing"]


STAFF = ("Ruth Calloway", "Bram Okonjo", "Lorna Petrie", "Dev Ramaswamy")
UNDERSTOOD = {
    "s16-commands-outlook-top-posting": (
        {"crpm": "Ruth Calloway", "director": "Bram Okonjo"},
        {"text": "Ruth knows this customer from the October escalation."},
    ),
    "s17-commands-gmail": (
        {"people": ["Lorna Petrie", "Dev Ramaswamy"]},
        {"on": date(2026, 12, 2), "at": time(10, 0), "minutes": 60, "place": "bridge 303-555-0199"},
        {"word": "MINUTES"},
    ),
}
"""What a careful person understands in each line of the samples with commands."""


def named(value: object) -> object:
    """A person by name, several as a list of names."""
    if isinstance(value, Person):
        return value.name
    return [person.name for person in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", [mail for mail in MAILS if mail.stem in UNDERSTOOD], ids=lambda path: path.stem)
def test_every_line_of_the_command_mails_is_understood(path: Path) -> None:
    """People, dates, times, duration and place stand where they belong, and nothing else is read."""
    people = tuple(Person(name, name, Address(f"{name.split()[0].lower()}@meridell.example", name)) for name in STAFF)
    office = replace(OFFICE, directory=replace(OFFICE.directory, people=people))
    message = parse(path.read_bytes())
    request = read(message, lambda file: open_attachment(file, TABLE), TABLE)
    assert isinstance(request, Commands)
    for line, wanted in zip(request.lines, UNDERSTOOD[path.stem], strict=True):
        args = understand(line, office, date(2026, 11, 23), TABLE)
        assert isinstance(args, Arguments)
        said = {field.name: named(getattr(args, field.name)) for field in fields(args)}
        blank = {field.name: named(getattr(Arguments(), field.name)) for field in fields(args)}
        assert {key: value for key, value in said.items() if value != blank[key]} == wanted
