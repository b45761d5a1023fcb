"""The demo's table: whatever room there is, nothing of it is cut off."""

from io import StringIO

import pytest
from rich.console import Console

from bot.cli.demo_mails import scenes
from bot.cli.demo_table import HEADS, Drawn
from bot.config import load, packaged

FATES = ("registered", "incomplete", "quarantined")


def rows() -> tuple[tuple[str, ...], ...]:
    """What comes in on the demo's morning, with long fates, numbers and counts."""
    settings = load(packaged() / "config.yaml")
    morning = scenes(settings.office.directory.companies, settings.table)
    told = [
        ("11/23/26", scene.sender.name, scene.title, FATES[n % 3], f"PC112326-{n + 8}", f"{n + 5}", f"{n + 8.25:.2f}")
        for n, scene in enumerate(morning)
    ]
    return (*told, ("11/24/26", "the clock", "says what is due, 3 mornings", "reminded", "", "138", ""))


@pytest.mark.parametrize("width", [60, 72, 80, 132])
def test_everything_has_room(width: int) -> None:
    """Each head, fate, number and count stands whole in a line, and no word of what happens is lost."""
    console = Console(width=width, record=True, file=StringIO())
    console.print(Drawn("A morning at cmpcr@meridell.example", rows()))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    heads = [head for head in HEADS if width >= 80 or head != "Number"]
    assert [word for word in words if word in HEADS] == heads
    for day, name, title, *rest in rows():
        assert {day, *name.split(), *filter(None, rest)} <= {*words}
        assert {*title.split()} <= {*words}
