"""PostgreSQL that goes away in the middle of a transaction, or whose answer to a COMMIT is lost (reliability.md F16).

The law: a turn that is broken off costs a try; what was committed is not done again, what was not is.
"""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from bench.mails import mail
from bot.edge.store.engine import POSTGRES
from tests.faults.life import FIRST, PLAIN, begun
from tests.faults.lines import Office, office
from tests.faults.points import Scene
from tests.faults.proxy import Deed, Harm, Proxy
from tests.postgres import Postgres
from tests.servers import Dovecot, until
from tests.warm import Warm

pytestmark = pytest.mark.slow


@pytest.fixture
def line(postgres: Postgres) -> Iterator[Proxy]:
    """The line to the database."""
    with Proxy(postgres.port) as proxy:
        yield proxy


@pytest.fixture
def shared(tmp_path: Path, dovecot: Dovecot, postgres: Postgres, line: Proxy) -> Iterator[Office]:
    """An office whose database is reached over that line."""
    url = make_url(postgres.database()).set(port=line.port).render_as_string(hide_password=False)
    with office(tmp_path / "office", dovecot, url) as opened:
        opened.fill(mail(FIRST + PLAIN))
        opened.settle()
        yield opened


def test_a_connection_that_ends_at_a_statement_costs_a_try(shared: Office, postgres: Postgres) -> None:
    """The server ends our connection before every sixth statement of a change request's life, one after the other."""
    place = left = 0

    def end(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            postgres.cut(shared.house.store)

    event.listen(shared.desk.store.engine, "before_cursor_execute", end)
    while left <= 0:
        place += 6
        left = place
        shared.fill(mail(FIRST + 3 * place + PLAIN))
        shared.work()
        through, left = left > 0, -1
        shared.recover()
        assert shared.work()
        if through:
            break
    event.remove(shared.desk.store.engine, "before_cursor_execute", end)
    assert place > 20
    shared.settle()
    assert shared.faults() == []


def test_an_answer_to_a_commit_that_is_lost_is_looked_up(shared: Office, line: Proxy) -> None:
    """Each COMMIT of a turn is done, and its answer never comes: the next turn finds what was done."""
    lost = 0
    for nth in range(1, 200):
        shared.fill(mail(FIRST + 3 * nth + PLAIN))
        harm = Commit(Deed.CUT, command=nth, handed_on=True)
        line.begin(harm)
        shared.work()
        line.begin()
        shared.recover()
        assert shared.work()
        if not harm.done:
            break
        lost += 1
    assert lost > 8
    shared.settle()
    assert shared.faults() == []


class Commit(Harm):
    """Harm at the nth COMMIT instead of at the nth piece: once the server has done it, before it says so."""

    seen = 0

    def due(self, piece: bytes, commands: int) -> bool:
        """True at that one."""
        self.seen += b"COMMIT" in piece
        return not self.done and self.seen == self.command and b"COMMIT" in piece


def test_a_server_that_vanishes_is_noticed() -> None:
    """Packets that nobody acknowledges, and silence on a line that should speak, end a connection within a minute."""
    assert POSTGRES["tcp_user_timeout"] <= 60_000  # type: ignore[operator]  # a number
    idle, every, probes = (int(str(POSTGRES[f"keepalives_{name}"])) for name in ("idle", "interval", "count"))
    assert idle + every * probes <= 60


def test_a_frozen_database_does_not_hold_up_the_end(
    tmp_path: Path, dovecot: Dovecot, postgres: Postgres, line: Proxy, warm: Warm
) -> None:
    """While the database accepts and says nothing, a daemon that is asked to ends within ten seconds, with exit code
    0; the next start goes on."""
    with begun(tmp_path / "office", dovecot, warm, postgres.database()) as life:
        house = life.house
        written = (house.folder / "config.yaml").read_text(encoding="utf-8")
        over = written.replace(f":{postgres.port}/", f":{line.port}/")
        (house.folder / "config.yaml").write_text(over, encoding="utf-8")
        life.arrange(Scene.PLAIN)
        life.start("run")
        until(lambda: house.said("ready") > 0, 30)
        line.freeze()
        life.arrange(Scene.PLAIN)
        time.sleep(1)
        asked = time.monotonic()
        warm.kill(signal.SIGTERM)
        assert warm.ended(15) == 0, house.log()[-2000:]
        assert time.monotonic() - asked < 10
        line.thaw()
        (house.folder / "config.yaml").write_text(written, encoding="utf-8")
        assert life.turn() == 0
        assert life.faults() == []
