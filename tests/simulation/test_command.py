"""`cmpbot simulate`, as an operator runs it."""

import json
import os
import subprocess
import sys

import pytest

from bot.cli import run
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
