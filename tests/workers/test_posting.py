"""The posting of many workers: written by the leader alone, and right again after a late one wrote over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.daemon.desk import Desk
from bot.daemon.publish import publish
from bot.errors import Superseded
from bot.posting.rhythm import HOUR, MANIFEST
from bot.workflow.effect import Fate
from tests.arriving import arrive
from tests.daemon.test_dialogue import WHOLE
from tests.daemon.test_publish import NUMBER, files, office
from tests.daemon.test_take_in import written
from tests.workers.conftest import stopped

Two = tuple[Desk, Desk]


@pytest.fixture
def desks(tmp_path: Path, url: str) -> Iterator[Two]:
    """Two workers of one machine, which share its folders."""
    with office(tmp_path, url) as one, office(tmp_path, url) as two:
        yield one, two


def another(desk: Desk, n: int) -> None:
    """One more change request, which changes every page that counts or lists them."""
    assert arrive(desk, written(WHOLE.replace("rejects", f"rejects, part {n}"), f"form{n}")) == {Fate.REGISTERED: 1}


def postings(desk: Desk) -> int:
    """How many rows of a first posting the history of the first change request has."""
    return sum(entry.kind == "CR Posted to Web" for entry in desk.store.journal(NUMBER))


def test_a_follower_leaves_the_posting_alone(desks: Two) -> None:
    """What it soils the leader publishes."""
    one, two = desks
    assert one.store.lead()
    another(two, 1)
    assert publish(two) == 0
    assert files(two.site) == {}
    assert publish(one) > 0
    assert postings(one) == 1


def test_a_leader_that_was_stopped_changes_no_file(desks: Two) -> None:
    """It asks once more before it writes the first one; the history has one first posting, the new leader's."""
    one, two = desks
    another(one, 1)
    assert one.store.lead()
    stopped(one.store)
    publish(two)
    before = files(two.site)
    another(two, 2)
    with pytest.raises(Superseded):
        publish(one)
    assert files(two.site) == before
    assert (publish(two) > 0, postings(two)) == (True, 1)


def test_what_a_late_leader_writes_over_is_written_again(desks: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was stopped between that question and the files: those of an earlier state lie over the new ones, its
    transaction is refused, and the new leader puts them right, to the last byte."""
    one, two = desks
    publish(one)
    another(one, 1)
    asked = one.site._changing

    def sleep() -> None:
        asked()
        monkeypatch.setattr(one.site, "_changing", asked)
        stopped(one.store)
        another(two, 2)
        publish(two)

    monkeypatch.setattr(one.site, "_changing", sleep)
    with pytest.raises(Superseded):
        publish(one)
    publish(two)
    after = files(two.site)
    publish(two, full=True)
    hourly = {file.path for file in two.store.manifest() if file.page.startswith(HOUR)} | {MANIFEST}
    assert {path for path, content in files(two.site).items() if after.get(path) != content} <= hourly
    assert f"{NUMBER.removesuffix('1')}2" in after["register.html"].decode()
    assert postings(two) == 1


def test_whoever_takes_the_lead_carries_what_is_owed(desks: Two) -> None:
    """Whether the command after publishing is owed stands in a note that all share; it is read again."""
    one, two = desks
    for desk in desks:
        desk.carrier.command = ("true",)
    two.carrier._owed = type(two.carrier.state)(("true",), owed=False)  # as it was when it led last
    one.carrier.owe()
    two.carrier.resume()
    assert two.carrier.state.owed
