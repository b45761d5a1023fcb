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
    from rich.table import Table


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


def drawn(stage: Stage) -> "Table":
    """What came in and what became of it, one line a mail."""
    from rich.table import Table  # noqa: PLC0415 - only the demo draws

    table = Table(title=f"A morning at {stage.desk.settings.office.organisation.address.email}")
    for head in ("Date", "From", "What", "Fate", "Number"):
        table.add_column(head, no_wrap=head != "What", min_width=20 if head == "What" else None)
    for head in ("Letters", "Sec."):
        table.add_column(head, justify="right", no_wrap=True)
    told = list(stage.reminded)
    for played in stage.played.values():
        before = [row for row in told if row[0] <= played.at]
        _add_reminders(table, stage, before)
        told = told[len(before) :]
        mail = played.mail
        done = played.seconds is not None
        fate = "a copy" if mail and mail.copy_of else mail.fate if mail and mail.fate else "..."
        table.add_row(
            f"{played.at.astimezone(stage.desk.settings.office.calendar.zone):%m/%d/%y}",
            played.scene.sender.name,
            played.scene.title,
            str(fate),
            mail.number.replace(", ", "\n") if mail else "",
            str(played.letters) if done else "",
            f"{played.seconds:.2f}" if done else "",
        )
    _add_reminders(table, stage, told)
    return table


def _add_reminders(table: "Table", stage: Stage, told: list[tuple[datetime, int]]) -> None:
    """The mornings between two mails on which somebody was reminded, in one line."""
    if told:
        day = f"{told[-1][0].astimezone(stage.desk.settings.office.calendar.zone):%m/%d/%y}"
        mornings = f"says what is due, {len(told)} morning{'' if len(told) == 1 else 's'}"
        table.add_row(day, "the clock", mornings, "reminded", "", str(sum(count for _, count in told)), "")
