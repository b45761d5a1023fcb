"""An office to try the commands on: the shipped configuration in a folder of its own."""

from pathlib import Path

import pytest

from bot.cli import run
from bot.config import packaged
from tests.cli.test_explain import PLAIN, mail


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped config.yaml, whose paths lead into a folder of the test."""
    file = tmp_path / "config.yaml"
    file.write_bytes((packaged() / "config.yaml").read_bytes())
    return file


@pytest.fixture
def office(shipped: Path) -> Path:
    """The shipped configuration after one turn over a form, in a folder of its own."""
    form = shipped.parent / "form.eml"
    form.write_bytes(mail(PLAIN).as_bytes())
    for words in (["receive", str(form)], ["once"]):
        assert run(["--config", str(shipped), "--now", "2026-11-23T10:00", *words]) == 0
    return shipped
