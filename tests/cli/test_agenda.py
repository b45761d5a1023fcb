"""`cmpbot agenda`: what stands on a Monthly Meeting, and why, while the daemon works or not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import run
from bot.config import load
from bot.daemon.desk import open_desk
from bot.daemon.meeting import meet
from bot.edge.clock import Clock
from bot.office.people import Directory
from tests.daemon.test_meeting import PACKAGE_DAY, clarified, morning
from tests.daemon.test_take_in import BENCH, NOW


def filled(shipped: Path) -> str:
    """A change request on the agenda of December, whose package was mailed; gives its number."""
    settings = load(shipped, NOW)
    directory = settings.office.directory
    known = Directory(directory.people, (*directory.companies, BENCH))
    settings = replace(settings, embedded=False, office=replace(settings.office, directory=known))
    with open_desk(settings, Clock(NOW)) as desk:
        number = clarified(desk)
        assert meet(morning(desk, PACKAGE_DAY)) > 0
    return number


def test_the_agenda_is_shown_with_its_reasons(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words, and as one JSON document that says the same."""
    number = filled(shipped)
    command = ["--config", str(shipped), "--now", "2026-12-14T09:00", "agenda"]
    assert run(command) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Monthly Meeting on Wednesday, December 16, 2026, package mailed" in said
    assert number in said
    assert run([*command, "--month", "2026-12", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["meeting"] == "2026-12-16"
    assert shown["mailed_at"].startswith("2026-12-11")
    (item,) = shown["items"]
    assert (item["number"], item["part"], item["attachments"]) == (number, "To be presented by the CLECs", ["A"])
    assert item["record_with"] == [f"{number}: ALIGNED what was agreed", f"{number}: PRESENTED"]
    assert run([*command, "--month", "2027-02"]) == 0
    assert "Nothing is on it." in capsys.readouterr().out


def test_a_month_that_is_none_is_refused(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words, without looking at anything."""
    assert run(["--config", str(shipped), "agenda", "--month", "december"]) == 2
    assert "december is no month" in capsys.readouterr().err


def test_a_moved_meeting_is_followed_at_the_next_turn(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` says before what will move; one turn moves it, at any hour, and then all is as `agenda` shows it."""
    number = filled(shipped)
    text = shipped.read_text("utf-8")
    assert "moved_meetings: []" in text
    shipped.write_text(text.replace("moved_meetings: []", "moved_meetings: [2026-12-23]"), "utf-8")
    night = ["--config", str(shipped), "--now", "2026-12-14T03:00"]
    assert run([*night, "check"]) == 0
    said = f"at the next turn {number} will go from 2026-12-16 to the meeting of 2026-12-23"
    assert said in capsys.readouterr().out
    assert run([*night, "once"]) == 0
    assert run([*night, "check"]) == 0
    assert said not in capsys.readouterr().out
    assert run([*night, "agenda", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["meeting"], [item["number"] for item in shown["items"]]) == ("2026-12-23", [number])
