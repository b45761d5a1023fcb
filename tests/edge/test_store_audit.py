"""The audit: whatever is no longer as it was recorded is found, and named by what it concerns."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined, Finding
from tests.edge.registrations import FORM, NOW, PLENTY, amended, arrival, record, registered

UNSEALED = {
    "sqlite": (
        "PRAGMA foreign_keys=OFF",
        "DROP TRIGGER IF EXISTS journal_no_update",
        "DROP TRIGGER IF EXISTS journal_no_delete",
    ),
    "postgresql": ("DROP TRIGGER IF EXISTS journal_sealed ON journal",),
}
FIRST = "UPDATE journal SET payload = replace(payload, 'pass', 'fail') WHERE cr = :cr AND seq = 1"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store of either kind in which three mails were registered and one request amended."""
    with Store.open_ready(store_url, "w1", PLENTY) as opened:
        for number in range(3):
            registered(opened, number)
        with opened.begin(NOW) as unit:
            change = unit.change("PC112226-2")
            assert change is not None
            record(unit, amended(change, "Another title"), "m9")
        yield opened


def findings(store: Store) -> list[Finding]:
    """What the audit finds."""
    return list(Audit(store.engine).findings(Examined()))


def spoil(store: Store, statement: str, **values: object) -> None:
    """Write to the database past all its rules, as a hand or a failing disk does."""
    with store.engine.begin() as connection:
        for unsealed in UNSEALED[store.engine.dialect.name]:
            connection.execute(text(unsealed))
        connection.execute(text(statement), values)
    store.engine.dispose()


def test_a_store_that_nobody_touched_is_well(store: Store) -> None:
    """Nothing is found, everything is counted, and each step is told of."""
    examined, steps = Examined(), list[int]()
    assert list(Audit(store.engine).findings(examined, steps.append)) == []
    counts = dict(examined.counts)
    assert (counts["mails"], counts["change requests"], counts["journal rows"], counts["letters"]) == (3, 3, 10, 6)
    assert sum(steps) == Audit(store.engine).extent()


@pytest.mark.parametrize(
    ("part", "about", "statement"),
    [
        ("journal", "PC112226-2", FIRST),
        ("journal", "PC112226-2", "UPDATE journal SET by = 'nobody' WHERE cr = :cr AND seq = 4"),
        ("journal", "PC112226-2", "DELETE FROM journal WHERE cr = :cr AND seq = 2"),
        ("journal", "PC112226-2", "DELETE FROM journal WHERE cr = :cr"),
        ("state", "PC112226-2", "DELETE FROM journal WHERE cr = :cr AND seq = 4"),
        ("state", "PC112226-2", "UPDATE change SET state = replace(state, 'Another', 'An other') WHERE key = :cr"),
        ("state", "PC112226-2", "UPDATE change SET state = '{' WHERE key = :cr"),
        ("state", "PC112226-2", "UPDATE change SET phase = 'Completion' WHERE key = :cr"),
        ("state", "PC112226-2", "UPDATE change SET version = 7 WHERE key = :cr"),
        ("numbers", "PC112226", "UPDATE counter SET n = 2 WHERE name = substr(:cr, 1, 8)"),
        ("numbers", "PC112226", "UPDATE counter SET n = 4 WHERE name = substr(:cr, 1, 8)"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(store: Store, part: str, about: str, statement: str) -> None:
    """A row that was changed, taken out or cut off, a state or a counter that was set: found, with a remedy."""
    spoil(store, statement.replace("by =", '"by" ='), **({"cr": "PC112226-2"}))
    found = findings(store)
    assert (part, about) in [(each.part, each.about) for each in found]
    assert all(each.remedy for each in found)
    assert {each.about for each in found} == {about}


def test_one_flipped_bit_is_named_with_its_mail(store: Store) -> None:
    """Bit rot in the bytes of a mail is found and the mail is named; everything else is well (F27)."""
    spoiled = arrival(1)
    with store.engine.connect() as connection:
        content = bytearray(
            connection.execute(text("SELECT content FROM blob JOIN mail ON raw = sha256 WHERE id = :id"),
                               {"id": spoiled.envelope.id}).scalar_one()
        )  # fmt: skip
    content[10] ^= 1
    statement = "UPDATE blob SET content = :content WHERE sha256 = (SELECT raw FROM mail WHERE id = :id)"
    spoil(store, statement, content=bytes(content), id=spoiled.envelope.id)
    (found,) = findings(store)
    assert found.part == "bytes"
    assert found.about.startswith(f"mail {spoiled.envelope.id}")
    assert "restore" in found.remedy


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    """The bytes of a document that are gone are missed at each change request that has it."""
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.db", "w1", PLENTY) as store:
        registered(store)
        spoil(store, "DELETE FROM blob WHERE sha256 = :digest", digest=sha256(FORM).hexdigest())
        assert [(each.part, each.about) for each in findings(store)] == [("documents", "PC112226-1")]


def test_every_flipped_byte_of_the_file_is_found_or_harmless(tmp_path: Path) -> None:
    """Wherever in a page of a SQLite file a byte is flipped, the audit ends, and says so where a row changed."""
    path = tmp_path / "cmpbot.db"
    with Store.open_ready(f"sqlite:///{path}", "w1", PLENTY) as store:
        registered(store)
        store.engine.dispose()
        with sqlite3.connect(path) as plain:
            plain.execute("PRAGMA journal_mode=DELETE")
        plain.close()
        whole = path.read_bytes()
        places = [whole.index(each) for each in (b"It came to pass.", b"One call for loop", FORM[:20], b"form 0\r\n")]
        for place in places:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :])
            assert findings(store), whole[place - 20 : place + 20]
            store.engine.dispose()
            path.write_bytes(whole)
        assert findings(store) == []
