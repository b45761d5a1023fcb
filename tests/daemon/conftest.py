"""What the tests of several arcs share."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import Desk, open_desk
from bot.edge.clock import Clock
from tests.daemon.test_take_in import BENCH, NOW


@pytest.fixture
def desk(tmp_path: Path, store_url: str) -> Iterator[Desk]:
    """The shipped office with one more company, on a store of either kind."""
    settings = load(packaged() / "config.yaml", NOW)
    directory = settings.office.directory
    settings = replace(
        settings,
        embedded=False,
        office=replace(settings.office, directory=replace(directory, companies=(*directory.companies, BENCH))),
        store_url=store_url,
        posting=replace(settings.posting, folder=tmp_path / "site"),
        kept=tmp_path,
    )
    with open_desk(settings, Clock(NOW)) as opened:
        yield opened
