"""The store in trouble: killed, full, locked, cut off. Nothing is lost and nothing is half done."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.edge import tables
from bot.edge.store import Store, engine
from bot.edge.store.engine import writing
from bot.errors import Trouble
from tests.edge.registrations import NOW, TODAY, arrival, message, record, register, registered, registration
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]


def test_a_process_killed_in_its_transaction_leaves_nothing_half_done(store_url: str) -> None:
    """After kill -9 before the commit: no CR, no letter, no page, the number free, the mail back."""
    with Store.open_ready(store_url, "w1") as store:
        store.keep([arrival(0), arrival(1)], NOW)
        program = [sys.executable, "-m", "tests.edge.registrations", "die", store_url]
        assert subprocess.run(program, cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL
        assert (store.changes(), store.letters(), store.dirty(9)) == ((), (), ())
        store.own()
        store.release(NOW.replace(year=2027))
        for number in (1, 2):
            (mail,) = store.claim(9, NOW)
            assert mail.attempts == 2
            assert register(store, mail, message(number)) == f"PC112226-{number}"


def test_a_full_disk_is_trouble_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the mail is not kept, and is said not to be; later it is, and all else stands."""
    url = f"sqlite:///{tmp_path}/cmpbot.db"
    with Store.open_ready(url, "w1") as store:
        registered(store)
        size = (tmp_path / "cmpbot.db").stat().st_size // 4096
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, f"PRAGMA max_page_count={size + 2}"))
    with Store(url, "w2") as store, pytest.raises(Trouble, match="full") as full:
        for number in range(1, 99):
            registered(store, number)
    assert full.value.temporary
    monkeypatch.undo()
    with Store(url, "w3") as store:
        done = len(store.changes())
        store.release(NOW.replace(year=2027))
        waiting = store.claim(1, NOW)  # whether one was kept before the disk was full is chance
        for mail in waiting:
            assert register(store, mail, message(done)) == f"PC112226-{done + 1}"
        assert registered(store, 99) == f"PC112226-{done + len(waiting) + 1}"


def test_a_locked_database_is_trouble_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that holds the lock makes us wait a while, then try later; readers go on."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.db", "w1") as store:
        holder = sqlite3.connect(tmp_path / "cmpbot.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Trouble, match="locked") as locked:
            store.keep([arrival(0)], NOW)
        assert locked.value.temporary
        assert store.mails() == ()
        holder.execute("ROLLBACK")
        holder.close()
        assert store.keep([arrival(0)], NOW)


def test_a_file_that_is_no_database_is_trouble_that_stays(tmp_path: Path) -> None:
    """A damaged database is not tried again and again: somebody has to restore it."""
    (tmp_path / "cmpbot.db").write_bytes(b"not a database, however long one looks at it " * 99)
    with pytest.raises(Trouble, match="not a database") as damaged:
        Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.db", "w1")
    assert not damaged.value.temporary


def test_a_folder_that_cannot_be_made_is_trouble(tmp_path: Path) -> None:
    """Where the database cannot be, that is said, with the path."""
    (tmp_path / "var").write_text("a file")
    with pytest.raises(Trouble, match="cannot make"):
        Store.open_ready(f"sqlite:///{tmp_path}/var/cmpbot.db", "w1")


def test_a_server_that_restarts_is_trouble_that_passes(postgres: Postgres) -> None:
    """Connections that were cut are trouble once; the next transaction is well again."""
    url = postgres.database()
    with Store.open_ready(url, "w1") as store:
        registered(store)
        with pytest.raises(Trouble) as cut, store.begin(NOW) as unit:
            record(unit, registration(unit.take("PC", TODAY), "m2"), "m2")
            postgres.cut(url)
            unit.take("PC", TODAY)
        assert cut.value.temporary
        assert registered(store, 2) == "PC112226-2"


def test_a_server_that_is_not_there_is_trouble_that_passes() -> None:
    """Nobody listening is trouble, without a password in its words."""
    with pytest.raises(Trouble) as absent:
        Store.open_ready("postgresql://bot:hunter2@127.0.0.1:1/cmpbot", "w1")
    assert absent.value.temporary
    assert "hunter2" not in str(absent.value)


def test_our_own_bugs_stay_bugs(store_url: str) -> None:
    """A broken constraint or a wrong statement is not called trouble, and shows no mail's text."""
    with Store.open_ready(store_url, "w1") as store:
        row = {"page": "index", "since": NOW, "mark": 1}
        with pytest.raises(IntegrityError) as bug, store.begin(NOW) as unit:
            unit.connection.execute(insert(tables.dirty), [row, row])
        assert "this is a bug in the store" in bug.value.__notes__[0]
    with Store(store_url.replace("cmpbot.db", "empty.db"), "w1") as empty:
        if store_url.startswith("sqlite"):
            with pytest.raises(OperationalError, match="no such table") as wrong:
                empty.keep([arrival(0)], NOW)
            assert "Please see attached" not in str(wrong.value)


def test_a_damaged_blob_is_never_handed_on(store_url: str) -> None:
    """Bytes that no longer match their hash are trouble, compressed or not."""
    with Store.open_ready(store_url, "w1") as store:
        store.keep([arrival(0)], NOW)
        for encoding in ("plain", "zlib"):
            with writing(store.engine) as connection:
                connection.execute(tables.blob.update().values(content=b"bit rot", encoding=encoding))
            with pytest.raises(Trouble, match="damaged") as damaged:
                store.mail_raw(arrival(0).envelope.id)
            assert not damaged.value.temporary


def test_two_workers_that_hold_the_two_copies_of_a_mail_register_it_once(postgres: Postgres) -> None:
    """On PostgreSQL the second one waits for the first one's commit, and then sees its twin."""
    url = postgres.database()
    said = message(0)
    with Store.open_ready(url, "w1") as first, Store(url, "w2") as second:
        first.keep([arrival(0), arrival(1)], NOW)
        (one,), (two,) = first.claim(1, NOW), second.claim(1, NOW)
        with first.begin(NOW) as unit:
            assert unit.twin(said.message_id, said.content_hash, one.envelope.id) is None
            with pytest.raises(Trouble, match="lock timeout"), second.begin(NOW) as other:
                other.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
                other.twin(said.message_id, said.content_hash, two.envelope.id)
            record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")
            unit.file(one.envelope.id, registration("PC112226-1", "m1").fate, message=said)
        with second.begin(NOW) as other:
            assert other.twin(said.message_id, said.content_hash, two.envelope.id) == one.envelope.id
