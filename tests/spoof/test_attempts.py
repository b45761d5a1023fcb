"""Nobody is obeyed in somebody else's name: the whole path from bytes to store, for every attempt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import Desk, open_desk
from bot.edge.clock import Clock
from bot.edge.store import Arrival
from bot.mail.letter import Kind
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Fate
from tests.arriving import arrive
from tests.spoof.attempts import ATTEMPTS, BESIDE, Attempt
from tests.spoof.office import DRAFTS, HONEST, NOW, STANDS, furnish, keep_key

ABOUT_IT = frozenset(
    {Kind.CONFIRMATION, Kind.ATTEMPT, Kind.TRANSCRIPT, Kind.REVIEW, Kind.PARKED, Kind.COMMENT, Kind.HELP}
    | {Kind.TROUBLE, Kind.UNREADABLE, Kind.MEANT, Kind.WITHHELD}
)
"""Letters that may come of a mail that is not obeyed."""
AT_LEAST = 120


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """The shipped office with its change requests, in a folder of its own."""
    settings = load(packaged() / "config.yaml", NOW)
    keep_key(folder)
    settings = replace(
        settings,
        embedded=False,
        store_url=f"sqlite:///{folder / 'cmpbot.sqlite'}",
        posting=replace(settings.posting, folder=folder / "site"),
        kept=folder,
    )
    with open_desk(settings, Clock(NOW)) as desk:
        furnish(desk)
        assert arrive(desk, *DRAFTS) == {Fate.OBEYED: len(DRAFTS)}
        yield desk


def stands(desk: Desk) -> dict[str, ChangeRequest]:
    """Every change request as it stands."""
    return {record.change.key: record.change for record in desk.store.changes()}


def journal(desk: Desk) -> int:
    """How many rows the journals have."""
    return sum(len(desk.store.journal(number)) for number in STANDS)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The office that all attempts are made on: none of them leaves a mark that another one meets."""
    with opened(tmp_path_factory.mktemp("spoof")) as desk:
        yield desk


@pytest.mark.parametrize("name", HONEST)
def test_the_honest_mails_are_obeyed(tmp_path: Path, name: str) -> None:
    """The mails that the attempts imitate do what they say, where nothing is wrong with them."""
    with opened(tmp_path) as desk:
        assert arrive(desk, HONEST[name]) == {Fate.OBEYED: 1}


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_no_attempt_is_obeyed(office: Desk, attempt: Attempt) -> None:
    """The mail becomes what the table says, every change request stands where it stood, nobody gets a
    letter but about the attempt, and the journal of the change request knows of it."""
    before, rows, letters = stands(office), journal(office), {letter.id for letter in office.store.letters()}
    assert arrive(office, attempt.raw) == {attempt.becomes: 1}
    assert stands(office) == before
    assert {letter.kind for letter in office.store.letters() if letter.id not in letters} <= ABOUT_IT
    (mail,) = [mail for mail in office.store.mails() if mail.id == Arrival.of(attempt.raw, NOW).envelope.id]
    assert journal(office) > rows or not any(f"[{number}]" in mail.subject for number in STANDS)


@pytest.mark.parametrize(("trick", "raw"), BESIDE, ids=[trick for trick, _ in BESIDE])
def test_only_their_own_command_is_obeyed(office: Desk, trick: str, raw: bytes) -> None:
    """A note is taken, and the approval below it is not."""
    before = stands(office)
    assert arrive(office, raw) == {Fate.OBEYED: 1}, trick
    assert stands(office) == before


def test_there_are_attempts_enough() -> None:
    """And no two of them are the same mail."""
    assert len({attempt.raw for attempt in ATTEMPTS}) == len(ATTEMPTS) >= AT_LEAST
