"""Commands as an operator gives them, in an office of a test."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run


def call(config: Path, *words: str, now: str = "2026-11-23T12:00") -> int:
    """Run a command in an office at a moment."""
    return run(["--config", str(config), "--now", now, *words])


def shown(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What a command prints as JSON."""
    capsys.readouterr()
    call(config, *words, "--json")
    return json.loads(capsys.readouterr().out)
