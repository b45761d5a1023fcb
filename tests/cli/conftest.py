"""An office to try the commands on: the shipped configuration in a folder of its own."""

from pathlib import Path

import pytest

from bot.config import packaged


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped config.yaml, whose paths lead into a folder of the test."""
    file = tmp_path / "config.yaml"
    file.write_bytes((packaged() / "config.yaml").read_bytes())
    return file
