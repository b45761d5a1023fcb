"""`python -m bot.cli.guides [FOLDER]`: write anew what the guides take from tables of the program, and the
picture of the workflow.

Its one rule: between `<!-- fields -->`, `<!-- commands -->`, `<!-- steps -->`, `<!-- verbs -->` or
`<!-- dates -->` and `<!-- end -->` nothing is edited by hand. Whoever changes one of the tables runs this; a
test holds what is committed to it.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from bot.cli import COMMANDS, run
from bot.config import load_to_explain, packaged, read_table
from bot.edge.templates import Templates
from bot.errors import Trouble
from bot.intake.form import Field, FieldTable, Need, Shape
from bot.office.office import Intervals
from bot.office.people import Role
from bot.posting.picture import picture
from bot.posting.process import Move, steps, verbs
from bot.workflow.deadline import ESCALATES, OWNERS, DeadlineKind
from bot.workflow.due import TOLD
from bot.workflow.party import Party
from bot.workflow.remedy import REMEDIES

NEEDED = {Need.REQUIRED: "**required**", Need.ADVISED: "asked for", Need.OPTIONAL: "optional"}
CHOSEN = {
    Shape.AREA: "Choices: {}.",
    Shape.CHOICES: "Choices: {}.",
    Shape.LIST: "Such as: {}.",
}
CARRIER = "Meridell"
"""The carrier of the examples."""
PICTURE = "pictures/workflow.svg"
OUTSIDE = frozenset({Party.ANYONE, Party.CLEC, Party.ORIGINATOR})
EXAMPLES = {
    "demo": "cmpbot demo --once",
    "simulate": "cmpbot simulate --years 1 --seed 7",
    "run": "cmpbot --config /srv/cmp/config.yaml run",
    "once": "cmpbot once",
    "receive": "cmpbot receive mail.eml",
    "explain": "cmpbot explain form.docx",
    "list": "cmpbot list --all --phase submission",
    "agenda": "cmpbot agenda --month 2026-12",
    "show": "cmpbot show PC112226-1",
    "letters": "cmpbot letters PC112226-1",
    "mail": "cmpbot mail --fate parked",
    "release": "cmpbot release --all",
    "drop": "cmpbot drop 3f2a9c1d",
    "resume": "cmpbot resume kim@alderpoint.example",
    "replay": "cmpbot replay 2405b2797992",
    "report": "cmpbot report --since 2026-01 --out report.html",
    "export": "cmpbot export register.xlsx",
    "import": "cmpbot import register.xlsx --dry-run",
    "publish": "cmpbot publish --all",
    "remind": "cmpbot remind --dry-run",
    "check": "cmpbot check",
    "health": "cmpbot health --json",
    "verify": "cmpbot verify --json",
    "init": "cmpbot init /srv/cmp",
    "migrate": "cmpbot migrate",
    "erase": "cmpbot erase kim@alderpoint.example --dry-run",
    "backup": "cmpbot backup /srv/backup/cmp-2026-11-22",
    "restore": "cmpbot restore /srv/backup/cmp-2026-11-22",
}

COUNTED: Mapping[DeadlineKind, tuple[str, str]] = {
    DeadlineKind.ACKNOWLEDGE: ("after the receipt", "acknowledge"),
    DeadlineKind.ANSWER_INCOMPLETE: ("after the receipt", "answer_incomplete"),
    DeadlineKind.FINISH_INTAKE: ("after it came to the CMP Manager", "finish_intake"),
    DeadlineKind.CORRECT: ("after the sender was asked", "finish_intake"),
    DeadlineKind.POST: ("after the acknowledgement", "post"),
    DeadlineKind.ASSIGN: ("after the acknowledgement", "assign"),
    DeadlineKind.NAME_SMES: ("after the acknowledgement", "name_smes"),
    DeadlineKind.CLARIFY: ("after the receipt", "clarify"),
    DeadlineKind.PRESENT: (
        "at this month's Monthly Meeting if the CR came by the end of the month's first business day, else at the next",
        "",
    ),
    DeadlineKind.MINUTES: ("after the meeting", "minutes"),
    DeadlineKind.OPTIONS: ("before the Monthly Meeting", "options"),
    DeadlineKind.DRAFT: ("before the response is due", "draft"),
    DeadlineKind.APPROVE: ("after the draft", "approve"),
    DeadlineKind.RESPOND: ("a week before the first Monthly Meeting after the consensus", ""),
    DeadlineKind.PRESENT_RESPONSE: ("at that Monthly Meeting", ""),
    DeadlineKind.REVISE: ("a week before the next Monthly Meeting; a target", ""),
    DeadlineKind.REACT: ("after the CLECs rejected the response", "react"),
    DeadlineKind.CONSENT: ("after the question whether it may be closed", "consent"),
    DeadlineKind.PRODUCE: ("on the date that was announced", ""),
    DeadlineKind.RESUME: ("after it was set aside, or after the date of DEFER", "review"),
    DeadlineKind.SETTLE: ("after the escalation was opened", "settle"),
    DeadlineKind.TEST: ("after the test began", "test"),
    DeadlineKind.ACT: ("each on the date of its ACTION, by whom that names", ""),
}
"""What each deadline is counted from, and the name of its figure in business days, if it has one."""


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
def guides_command(folder: Path | None) -> None:
    """Write the generated parts of the guides in FOLDER (docs/ without one) anew."""
    place = folder or packaged() / "docs"
    for name, parts in made().items():
        guide = place / name
        try:
            guide.write_text(renewed(guide.read_text("utf-8"), parts), "utf-8")
        except (OSError, ValueError) as error:
            raise Trouble(f"{guide}: {error}") from error
        click.echo(guide)
    try:
        (place / PICTURE).parent.mkdir(exist_ok=True)
        (place / PICTURE).write_text(drawn(), "utf-8")
    except OSError as error:
        raise Trouble(f"{place / PICTURE}: {error}") from error
    click.echo(place / PICTURE)


def made() -> dict[str, dict[str, str]]:
    """Every generated part, by the guide that holds it and the name of its marker."""
    return {
        "clec-guide.md": {
            "fields": fields_part(read_table(packaged() / "forms" / "fields.yaml")),
            "verbs": verbs_part(OUTSIDE),
        },
        "staff-guide.md": {
            "verbs": verbs_part(frozenset(Party)),
            "steps": steps_part(CARRIER),
            "dates": dates_part(),
        },
        "operators-guide.md": {"commands": commands_part()},
    }


def renewed(text: str, parts: Mapping[str, str]) -> str:
    """A guide with each part between its markers replaced. Raises ValueError for a marker that is
    not there exactly once."""
    for name, part in parts.items():
        marked = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
        if len(marked.findall(text)) != 1:
            raise ValueError(f"there must be exactly one part between `<!-- {name} -->` and `<!-- end -->`")
        text = marked.sub(lambda _, part=part: part, text)  # type: ignore[misc]  # a default binds the loop's value
    return text


def fields_part(table: FieldTable) -> str:
    """What each field of the form asks for, in its printed order."""
    rows = [(row.label, needed(row), asked(row)) for row in table.fields if row.need is not Need.IGNORED]
    ours = ", ".join(row.label for row in table.fields if row.need is Need.IGNORED)
    return (
        _table(("Field", "Needed", "What to write"), rows)
        + f"\nFor the carrier only; whatever you write there is not read: {ours}.\n"
    )


def needed(row: Field) -> str:
    """How much the office wants a field; a required one that the mail itself may fill in is optional."""
    return NEEDED[row.need if row.blocks or row.need is not Need.REQUIRED else Need.OPTIONAL]


def asked(row: Field) -> str:
    """What is to be written into a field, in a few sentences."""
    said = [row.hint.rstrip(".") + "."] if row.hint else []
    if row.shape in CHOSEN and row.choices:
        said.append(CHOSEN[row.shape].format(", ".join(row.choices)))
    if row.longest:
        said.append(f"{row.shortest} to {row.longest} characters.")
    elif row.shortest:
        said.append(f"{row.shortest} characters or more.")
    return " ".join(said)


def commands_part() -> str:
    """Every command with what it does and one example."""
    return _table(
        ("Command", "What it does", "Example"), [(f"`{n}`", does, f"`{EXAMPLES[n]}`") for n, _, does in COMMANDS]
    )


def verbs_part(readers: frozenset[Party]) -> str:
    """Every verb that readers may use: how it is written, what it does, for whom and where."""
    return _table(
        ("Write", "What it does", "Who", "At step"),
        [
            (f"`{verb.usage}`", verb.meaning, ", ".join(party.value for party in Party if party in who), verb.at)
            for verb, who in ((verb, verb.parties & readers) for verb in verbs())
            if who
        ],
    )


def steps_part(carrier: str) -> str:
    """Every step with its phase, its milestone and what leads on."""
    return _table(
        ("Step", "Phase", "Milestone", "Leads on"),
        [
            (f"{row.number} {row.name}", row.phase, row.milestone, "<br>".join(map(_move, row.moves)))
            for row in steps(carrier)
        ],
    )


def dates_part() -> str:
    """Every deadline: when it is due, in the figures as shipped, who answers for it and who above hears of it, and
    the verbs that deal with it."""
    return _table(
        ("Due", "When", "Business days", "Whose", "Overdue, told to", "Dealt with by"),
        [
            (
                kind.value[:1].upper() + kind.value[1:],
                when,
                _figure(name),
                ", ".join(OWNERS[kind]),
                ESCALATES[kind] if kind in TOLD or Role.CLEC in OWNERS[kind] else "",
                ", ".join(f"`{verb}`" for verb in sorted(REMEDIES[kind]))
                or ("the sender" if Role.CLEC in OWNERS[kind] else "the program"),
            )
            for kind, (when, name) in COUNTED.items()
        ],
    )


def _figure(name: str) -> str:
    figure = getattr(Intervals(), name) if name else ""
    return "not set" if figure is None else str(figure)


def _move(move: Move) -> str:
    words = f"`{move.words}`" if move.verb else move.words
    where = f" to {', then '.join(move.to)}" if move.to else ""
    return f"{words}{where}{' by ' if move.who else ''}{move.who}"


def drawn() -> str:
    """The picture of the workflow, as a file of its own."""
    templates = Templates(
        packaged() / "templates", load_to_explain(packaged() / "config.yaml").office, FieldTable("", ())
    )
    return templates.page("workflow.svg", {"picture": picture(CARRIER)})


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], guides_command))
