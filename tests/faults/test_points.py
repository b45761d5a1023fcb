"""kill -9 at every named point of a mail's life (reliability.md F1), on either database.

The law: after the next start every mail has one fate, numbers are dense, each letter that is owed came once (in the
window after the final dot at most once more, and counted), and the posting is whole.
"""

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from bench.mails import mail
from tests.faults.audit import twice
from tests.faults.life import Life, begun
from tests.faults.points import CHAPTERS, FLAGS, POINTS, Point
from tests.postgres import Postgres
from tests.servers import Dovecot
from tests.warm import Warm

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, warm: Warm) -> Iterator[Life]:
    """An office that lives through all points, on SQLite."""
    with begun(tmp_path_factory.mktemp("life"), dovecot, warm) as life:
        yield life


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, warm: Warm, postgres: Postgres
) -> Iterator[Life]:
    """The same on PostgreSQL."""
    with begun(tmp_path_factory.mktemp("shared"), dovecot, warm, postgres.database()) as life:
        yield life


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory, old_server: Dovecot, warm: Warm) -> Iterator[Life]:
    """An office whose mail server knows no MOVE."""
    with begun(tmp_path_factory.mktemp("marking"), old_server, warm) as life:
        yield life


def survives(life: Life, *points: Point) -> None:
    """Die at each point in turn, every start going on where the one before died; start again, and be examined."""
    before = twice(life.relay.taken)
    for point in points:
        assert life.dies_at(point) == -signal.SIGKILL, f"{point} was not reached: {life.house.log()[-2000:]}"
    assert life.turn() == 0, life.house.log()[-2000:]
    assert life.faults() == []
    assert twice(life.relay.taken) - before <= sum(point.window for point in points)


@pytest.mark.parametrize("name", POINTS)
def test_a_kill_at_a_point_loses_nothing(name: str, life: Life) -> None:
    """Whatever step the program died after, or in, the next start goes on as if nothing had been."""
    survives(life, POINTS[name])


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_kill_at_each_point_of_a_chapter_loses_nothing_on_postgresql(chapter: str, shared: Life) -> None:
    """Nor where many workers share the database, though one start after the other dies."""
    survives(shared, *CHAPTERS[chapter].values())


@pytest.mark.parametrize("name", FLAGS)
def test_a_kill_between_copy_and_flag_loses_nothing(name: str, marking: Life) -> None:
    """Where a move is three steps, dying between them makes no mail two and loses none."""
    survives(marking, FLAGS[name])


def test_a_mail_that_kills_the_program_is_set_aside_after_three_deaths(
    tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, warm: Warm
) -> None:
    """F11: it comes between others, which are registered; the fourth start does not look at it any more, and keeps
    its bytes for the operator."""
    poison = mail(5).replace(b"Subject: ", b"Subject: poison ", 1)
    with begun(tmp_path_factory.mktemp("poison"), dovecot, warm, limits="") as life:
        life.send(mail(2), poison, mail(8))
        for _ in range(3):
            assert life.turn(Point("bot.daemon.take_in:parse", "before", about="poison")) == -signal.SIGKILL
        assert life.turn() == 0
        assert Counter(life.house.fates()) == {"registered": 4, "quarantined": 1}
        assert life.faults() == []
