"""The demo's stage, and the table of what happens on it.

Its one rule: it shows what the daemon has done, and does nothing itself.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.demo_mails import Scene
from bot.daemon.desk import Desk
from bot.edge.postoffice import PostOffice
from bot.edge.store import StoredMail

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

HEADS = ("Date", "From", "What", "Fate", "Number", "Letters", "Sec.")
NAME, WHAT, NUMBER, LETTERS = 1, 2, 4, 5
"""Places of columns: names and what happens go on below themselves, behind the numbers all are counts."""
ROOMY = 80
"""Letters of a line in which all of them have room; in fewer a name has NARROW."""
NARROW = 10


@dataclass(slots=True)
class Played:
    """A scene of the demo and what became of it: its mail, how many letters it caused, and after
    how many seconds the last of them was with the server. None until then. `at` is the moment on
    the demo's clock (aware, UTC)."""

    scene: Scene
    raw: bytes
    at: datetime
    mail: StoredMail | None = None
    letters: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class Stage:
    """Where the demo plays, what has been played, and when (aware, UTC) how many reminders were owed."""

    desk: Desk
    office: PostOffice
    port: int
    played: dict[str, Played] = field(default_factory=dict)
    reminded: list[tuple[datetime, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as it was at one moment, for `rich` to lay out in whatever room there is."""

    title: str
    rows: tuple[tuple[str, ...], ...]

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """The table; where there is little room the number stands below the fate."""
        yield _laid_out(self, options.max_width < ROOMY)


def drawn(stage: Stage) -> Drawn:
    """What came in and what became of it, one line a mail."""
    rows = []
    told = list(stage.reminded)
    for played in stage.played.values():
        before = [row for row in told if row[0] <= played.at]
        rows += _reminders(stage, before)
        told = told[len(before) :]
        mail = played.mail
        done = played.seconds is not None
        fate = "a copy" if mail and mail.copy_of else mail.fate if mail and mail.fate else "..."
        rows.append(
            (
                _day(stage, played.at),
                played.scene.sender.name,
                played.scene.title,
                str(fate),
                mail.number.replace(", ", "\n") if mail else "",
                str(played.letters) if done else "",
                f"{played.seconds:.2f}" if done else "",
            )
        )
    title = f"A morning at {stage.desk.settings.office.organisation.address.email}"
    return Drawn(title, (*rows, *_reminders(stage, told)))


def _laid_out(drawn: Drawn, narrow: bool) -> "Table":
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - only the demo draws
    from rich.table import Table  # noqa: PLC0415 - the same

    table = Table(title=drawn.title, box=SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False)
    for place, head in enumerate(HEADS):
        if place != NUMBER or not narrow:
            table.add_column(
                head,
                justify="right" if place >= LETTERS else "left",
                no_wrap=place not in (NAME, WHAT),
                width=NARROW if narrow and place == NAME else None,
            )
    for row in drawn.rows:
        day, name, what, fate, number, *counts = row
        below = (f"{fate}\n{number}".rstrip(),) if narrow else (fate, number)
        table.add_row(day, name, what, *below, *counts)
    return table


def _reminders(stage: Stage, told: list[tuple[datetime, int]]) -> list[tuple[str, ...]]:
    """The mornings between two mails on which somebody was reminded, in one line."""
    if not told:
        return []
    mornings = f"says what is due, {len(told)} morning{'' if len(told) == 1 else 's'}"
    reminded = str(sum(count for _, count in told))
    return [(_day(stage, told[-1][0]), "the clock", mornings, "reminded", "", reminded, "")]


def _day(stage: Stage, moment: datetime) -> str:
    return f"{moment.astimezone(stage.desk.settings.office.calendar.zone):%m/%d/%y}"
