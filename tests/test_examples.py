"""The examples in docstrings: a reader may believe them."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
TOLD = sorted(path for path in BOT.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TOLD, ids=lambda path: str(path.relative_to(BOT)))
def test_examples_hold(path: Path) -> None:
    """Every example gives what stands below it."""
    module = import_module(".".join(path.relative_to(BOT.parent).with_suffix("").parts))
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed
