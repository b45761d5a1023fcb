"""What the tests of the whole posting share: one browser, and a few sites that are published once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.posting.payloads import ALL, JOINED
from tests.posting.stocked import published
from tests.posting.stories import ordinary, staffed_by, told_everywhere


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all that look at pages."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posting of a register that does not go on one page."""
    return published(tmp_path_factory.mktemp("ordinary"), ordinary(104))


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posting of a small register: the same types of pages, sooner looked through."""
    return published(tmp_path_factory.mktemp("small"), ordinary(8))


@pytest.fixture(scope="package")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posting of an office that has got nothing yet."""
    return published(tmp_path_factory.mktemp("empty"), ())


@pytest.fixture(scope="package")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posting of an office that gets nothing but attacks, one by one and many at once, from people named so."""
    office = staffed_by(tuple(f"{text} {n}" for n, text in enumerate(ALL[:5])))
    return published(tmp_path_factory.mktemp("hostile"), told_everywhere((*ALL, *JOINED)), office)
