"""PostgreSQL goes away with the answer to a COMMIT, whichever it is (reliability.md F16; tests/faults ends connections
at every statement).

Whether a transaction that nobody confirmed was done is never guessed: what it would have done is looked up by its
key, which is the mail, the number, the letter or the page.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.daemon.desk import Desk
from bot.daemon.give_out import give_out
from bot.daemon.publish import publish_some
from bot.daemon.take_in import work_off
from bot.daemon.weather import Weather
from bot.edge.store import Arrival
from bot.errors import Trouble
from bot.mail.letter import Delivery, Sent
from bot.workflow.effect import Fate
from tests.daemon.test_dialogue import WHOLE
from tests.daemon.test_publish import office
from tests.daemon.test_take_in import written
from tests.edge.registrations import PLENTY
from tests.house import dense

TRIES = 9
MOST = 40  # lives; each has fewer commits


@dataclass
class Tray:
    """An outbox whose server takes everything."""

    taken: list[bytes] = field(default_factory=list)

    def send(self, _return_path: str, _to: str, wire: bytes) -> Delivery:
        """Take a letter."""
        self.taken.append(wire)
        return Sent()


@pytest.fixture
def desk(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An office on PostgreSQL, with its own tray; letters go out at once."""
    monkeypatch.setattr("bot.daemon.give_out.INSIST_EVERY", 0)
    with office(tmp_path, url) as opened:
        opened.store.terms = replace(opened.store.terms, budget=PLENTY)
        publish_all(opened)
        yield replace(opened, outbox=Tray())  # type: ignore[arg-type]  # it takes what the real one takes


def publish_all(desk: Desk) -> None:
    """Publish until nothing is left."""
    while any(publish_some(desk, at_rest=True)):
        pass


def live(desk: Desk, number: int) -> None:
    """The life of one mail, each arc turned again after trouble, as the loop does."""
    raw = written(WHOLE.replace("rejects", f"rejects, part {number}"), f"form{number}")
    now = desk.clock.now()
    arcs: tuple[Callable[[], object], ...] = (
        lambda: desk.store.keep([Arrival.of(raw, now, "INBOX", 7, number)], now),
        lambda: list(work_off(desk)),
        lambda: desk.store.moved("INBOX", 7, [number]),
        lambda: give_out(desk, Weather()),
        lambda: publish_all(desk),
    )
    for arc in arcs:
        for _ in range(TRIES):
            try:
                with desk.store.leading():
                    arc()
                break
            except Trouble:
                again(desk)
        else:
            raise AssertionError("it is never well again")


def again(desk: Desk) -> None:
    """What the loop does first after trouble."""
    for _ in range(TRIES):
        try:
            desk.store.give_back()
        except Trouble:
            continue
        return


def check(desk: Desk, lives: int) -> None:
    """Everything happened once."""
    mails = desk.store.mails()
    assert Counter(mail.fate for mail in mails) == {Fate.REGISTERED: lives}
    numbers = [record.change.number for record in desk.store.changes()]
    assert len(numbers) == lives
    assert dense(numbers)
    letters = desk.store.letters()
    assert {letter.state.value for letter in letters} == {"sent"}
    tray: Any = desk.outbox
    assert len(tray.taken) == len(set(tray.taken)) == len(letters)
    assert desk.store.dirty(9) == ()
    for number in numbers:
        posted = [entry for entry in desk.store.journal(number) if entry.kind == "CR Posted to Web"]
        assert len(posted) == 1
        assert (desk.site.root / "cr" / f"{number}.html").exists()


@contextmanager
def lost_answers(desk: Desk, at: int) -> Iterator[list[int]]:
    """The answer to one COMMIT does not come, though it was done; gives how many there were."""
    dialect, count = desk.store.engine.dialect, [0]
    commit = dialect.do_commit

    def do_commit(connection: Any) -> None:
        commit(connection)
        if threading.current_thread() is threading.main_thread():
            count[0] += 1
            if count[0] == at:
                connection.driver_connection.close()
                raise psycopg.OperationalError("server closed the connection unexpectedly")

    dialect.do_commit = do_commit  # type: ignore[method-assign,assignment]  # for a while
    try:
        yield count
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]  # as before


def test_a_commit_that_nobody_confirmed_is_looked_up(desk: Desk) -> None:
    """One mail a COMMIT, until a life has no more of them: each mail one number, each letter one journey, each page
    there, one first posting."""
    lives = commits = 0
    while commits >= lives:
        lives += 1
        with lost_answers(desk, lives) as count:
            live(desk, lives)
        commits = count[0]
        assert lives < MOST
    assert commits > 5
    check(desk, lives)
