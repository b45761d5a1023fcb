"""remind: what would go out, and nothing more; then what goes out."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from bot.config import load
from bot.config.load import packaged
from bot.edge.store import Store
from bot.workflow.change import Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Open, Row
from tests.workflow.offices import at_step

BEGUN = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The shipped office in a folder of its own, with one change request whose meeting is due."""
    config = tmp_path / "config.yaml"
    config.write_bytes((packaged() / "config.yaml").read_bytes())
    settings = load(config, BEGUN)
    change = at_step(Step.CLARIFICATION, people={"crpm": ("brandt",), "smes": ("gone",)})
    row = Row("CR Submitted", "it came", BEGUN, "bot")
    due = Open(Deadline(DeadlineKind.CLARIFY, date(2026, 12, 7)))
    with (
        Store.open_ready(settings.store_url, settings.worker, zone=settings.office.calendar.zone) as store,
        store.begin(BEGUN) as unit,
    ):
        unit.record(Decision(Fate.REGISTERED, change=change, rows=(row,), effects=(due,)), "a/0", _no, _no)
    return config


def _no(*_: object) -> Any:
    raise AssertionError("no letter is owed")


def looked(office: Path, capsys: pytest.CaptureFixture[str], now: str) -> dict[str, Any]:
    """What a look at the reminders shows at a local time."""
    capsys.readouterr()
    assert run(["--config", str(office), "--now", now, "remind", "--dry-run", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_look_says_who_would_get_what_and_why(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Owners, and whoever hears of it in place of one who has left; looking changes nothing."""
    found = looked(office, capsys, "2026-12-07T09:00")
    assert found["reminders"] == looked(office, capsys, "2026-12-07T09:00")["reminders"]
    assert found["waits"] == ""
    assert [
        (each["to"].partition("@")[0], each["stage"], each["state"], each["why"]) for each in found["reminders"]
    ] == [
        ("lena.brandt", "due", "would go out", "it is theirs"),
        ("daniel.okafor", "due", "would go out", "gone is not in the directory any more"),
    ]


def test_what_went_out_is_told_before(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By hand, once; the look says so, and at night for when what is next waits."""
    arguments = ["--config", str(office), "--now", "2026-12-07T09:00", "remind"]
    assert run(arguments) == 0
    assert "2 reminders" in capsys.readouterr().out
    assert run(arguments) == 0
    assert "0 reminders" in capsys.readouterr().out
    found = looked(office, capsys, "2026-12-07T20:00")
    assert {(each["stage"], each["state"]) for each in found["reminders"]} == {("overdue-1", "will go out")}
    waits = "It is not within business hours; reminders wait for Tuesday, December 8, 2026, 8:00 AM Mountain Time"
    assert found["waits"] == waits
    assert run(["--config", str(office), "--now", "2026-12-07T20:00", "remind"]) == 0
    assert f"0 reminders. {waits}" in capsys.readouterr().out


def test_a_look_for_people_is_a_table(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line names the change request and the stage."""
    assert run(["--config", str(office), "--now", "2026-12-09T09:00", "remind", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "PC112326-1" in said and "overdue-2" in said
    assert run(["--config", str(office), "--now", "2026-11-24T09:00", "remind", "--dry-run"]) == 0
    assert "Nobody is to be reminded" in capsys.readouterr().out
