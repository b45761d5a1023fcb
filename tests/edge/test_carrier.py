"""The command after publishing: owed until it was done, beside everything else."""

import itertools
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.edge import carrier as module
from bot.edge.carrier import Carrier, Outcome, remembered

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def wait(seconds: float) -> bool:
    """Spend some seconds."""
    time.sleep(seconds)
    return False


def carrier(tmp_path: Path, *command: str) -> Carrier:
    """A carrier of a folder that is there."""
    (tmp_path / "site").mkdir(exist_ok=True)
    return Carrier(command, tmp_path / "site", tmp_path / "note")


def test_it_runs_once_for_what_has_changed(tmp_path: Path) -> None:
    """At the first start, for who knows; then only after a change; it lies in the folder and sees no secret."""
    os.environ["CMPBOT_SECRET"] = "canary"
    words = ("sh", "-c", f"env >> {tmp_path}/noted")
    carry = carrier(tmp_path, *words)
    assert carry.finish(NOW, wait) is Outcome.CARRIED
    assert carry.finish(NOW, wait) is Outcome.NOTHING
    carry.owe()
    carry.owe()
    assert carry.finish(NOW, wait) is Outcome.CARRIED
    assert carrier(tmp_path, *words).finish(NOW, wait) is Outcome.NOTHING, "a new process knows that nothing is owed"
    noted = (tmp_path / "noted").read_text()
    assert noted.count(f"PWD={tmp_path / 'site'}\n") == 2
    assert "canary" not in noted


def test_what_is_owed_outlives_the_process(tmp_path: Path) -> None:
    """A process that died after a change, or while the command ran, left a note."""
    carrier(tmp_path, "true").finish(NOW, wait)
    carrier(tmp_path, "true").owe()
    assert remembered(tmp_path / "note").owed
    dying = carrier(tmp_path, "sleep", "60")
    assert dying.look(NOW) is Outcome.NOTHING
    dying.close()
    assert carrier(tmp_path, "sleep", "60").state.owed


def test_another_command_is_owed_everything(tmp_path: Path) -> None:
    """A new target has nothing of what was carried to the old one."""
    carrier(tmp_path, "true").finish(NOW, wait)
    assert carrier(tmp_path, "true", "elsewhere").finish(NOW, wait) is Outcome.CARRIED


def test_a_change_while_it_runs_is_carried_next(tmp_path: Path) -> None:
    """What it may have missed is not forgotten."""
    carry = carrier(tmp_path, "sleep", "0.2")
    carry.look(NOW)
    carry.owe()
    assert carry.finish(NOW, wait) is Outcome.CARRIED
    assert carry.state.owed
    assert carry.finish(NOW, wait) is Outcome.CARRIED
    assert not carry.state.owed


def test_failures_are_tried_again_ever_more_rarely(tmp_path: Path) -> None:
    """Each pause is longer up to the longest; since when, how often and what it said is remembered."""
    clock = [0.0]
    carry = Carrier(
        ("sh", "-c", "echo first >&2; echo no route to host >&2; exit 3"),
        tmp_path,
        tmp_path / "note",
        lambda: clock[0],
    )
    tries = []
    for _ in range(5 * 3600):
        clock[0] += 1
        if carry.look(NOW + timedelta(seconds=clock[0])) is Outcome.NOTHING and carry._running is not None:
            tries.append(clock[0])
            carry._running._running.wait()
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 10
    assert 900 <= pauses[-1] <= 902
    state = remembered(tmp_path / "note")
    assert (state.said, state.tries, state.since) == (
        "no route to host", len(tries), (NOW + timedelta(seconds=2)).isoformat()
    )  # fmt: skip
    assert carry.state.failing(NOW + timedelta(days=1)) >= timedelta(hours=23)


def test_success_ends_the_count(tmp_path: Path) -> None:
    """After it worked once, nobody is told of what was before."""
    carry = carrier(tmp_path, "sh", "-c", f"test -e {tmp_path}/there")
    assert carry.finish(NOW, wait) is Outcome.FAILED
    assert carry.state.said == "it ended with 1"
    carry.reported()
    (tmp_path / "there").touch()
    assert carry.finish(NOW, wait) is Outcome.CARRIED
    assert (carry.state.tries, carry.state.since, carry.state.reported) == (0, "", False)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has so long and no longer, and meanwhile nobody waits for it."""
    monkeypatch.setattr(module, "WITHIN", 0.3)
    carry = carrier(tmp_path, "sh", "-c", f"sleep 60 & echo $! > {tmp_path}/child; wait")
    began = time.monotonic()
    assert carry.look(NOW) is Outcome.NOTHING
    assert time.monotonic() - began < 0.2
    assert carry.finish(NOW, wait) is Outcome.FAILED
    assert "did not end" in carry.state.said
    child = int((tmp_path / "child").read_text())
    time.sleep(0.1)
    status = Path(f"/proc/{child}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_a_command_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """And a note that is damaged owes everything."""
    (tmp_path / "note").write_text("{")
    carry = carrier(tmp_path, "/no/such/command")
    assert carry.finish(NOW, wait) is Outcome.FAILED
    assert "No such file" in carry.state.said


def test_no_command_is_never_owed(tmp_path: Path) -> None:
    """An office without one has no note either."""
    carry = carrier(tmp_path)
    carry.owe()
    assert carry.finish(NOW, wait) is Outcome.NOTHING
    assert not (tmp_path / "note").exists()
