"""`cmpbot simulate`, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import run
from bot.config.load import packaged
from bot.mail.letter import Delivery, Later
from bot.simulation.faults import Fault
from bot.simulation.laws import LETTERS
from bot.simulation.plan import Plan
from bot.simulation.post import Line
from bot.simulation.premises import Premises
from bot.simulation.seeds import simulated, smallest


def lived(hash_seed: str) -> subprocess.Popen[str]:
    """A month of seed 7, in a process whose dictionaries and sets are ordered by a seed of their own."""
    command = [sys.executable, "-m", "bot", "simulate", "--years", "0.084", "--seed", "7", "--json"]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": hash_seed})


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two processes that live the same seed leave the same trace, journals and posting."""
    once, again = (json.loads(life.communicate(timeout=200)[0]) for life in [lived("1"), lived("2")])
    assert once == again
    assert set(once["hashes"]) == {"trace", "journal", "posting"} and not once["broken"]
    assert once["counts"]["mails"] and once["faults"] and once["letters"]["transcript"]


def test_a_customer_reads_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """What came of it stands in tables, with the laws and how often they were looked at."""
    assert run(["--now", "2028-02-28T09:00", "simulate", "--years", "0.08", "--seed", "4", "--calm"]) == 0
    said = capsys.readouterr().out
    for words in ("Mails came in", "Change requests numbered", "Letters owed", "one fate a mail", "every law held"):
        assert words in said
    assert "process killed" not in said


def test_an_office_without_its_people_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An office may run without a CRPM or SME for a while; a life of it gets nowhere, and which are missing is said."""
    config = tmp_path / "config.yaml"
    shipped = (packaged() / "config.yaml").read_text(encoding="utf-8")
    config.write_text(shipped.replace("[CRPM]", "[Director]").replace("[SME]", "[Director]"), encoding="utf-8")
    assert run(["--config", str(config), "simulate"]) == 1
    assert "is CRPM or SME;" in capsys.readouterr().err


def test_a_broken_law_is_made_small(premises: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the faults that there were the ones are left with which the law still breaks."""
    send = Line.send

    def pushing(self: Line, return_path: str, to: str, wire: bytes) -> Delivery:
        said = send(self, return_path, to, wire)
        while isinstance(said, Later) and isinstance(send(self, return_path, to, wire), Later):
            pass
        return said

    monkeypatch.setattr(Line, "send", pushing)
    kinds = frozenset({Fault.SMTP_LATER, Fault.TWICE, Fault.RENUMBERED})
    broken = simulated(Plan(3, 2, kinds), premises)
    assert broken.broken.startswith(LETTERS)
    assert smallest(broken, premises).plan.kinds == {Fault.SMTP_LATER}


def test_a_long_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """Lives that are over stand in a file, and are not lived again."""
    command = [
        sys.executable,
        "-m",
        "bench.simulate",
        "--life",
        "1",
        "--processes",
        "1",
        "--kept",
        str(tmp_path / "lives"),
    ]
    said = [
        subprocess.run([*command, "--months", months], text=True, capture_output=True, check=True).stdout
        for months in ("1", "1")
    ]
    assert all("1 office-months in 1 lives" in each and "0 laws broken" in each for each in said)
    assert len((tmp_path / "lives").read_text().splitlines()) == 1
