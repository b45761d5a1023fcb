"""Every schema that was ever released becomes the present one, with all that is in it, whatever happens meanwhile."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.edge import tables
from bot.edge.codec import encode
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from bot.edge.store.engine import open_engine, writing
from bot.edge.store.journal import Entry, canonical, rehashed
from bot.migrations import migrate
from bot.workflow.change import ChangeRequest
from tests.dialogues.script import read_script
from tests.dialogues.stage import ZONE, staged

CONFIG = Config()
CONFIG.set_main_option("script_location", "bot:migrations")
RELEASED = sorted(each.revision for each in ScriptDirectory.from_config(CONFIG).walk_revisions())
LIFE = """A life so far.

@ 2026-11-23 09:00 raman
Subject: Change request
FORM

@ 2026-11-23 09:30 okafor
Subject: PC112326-1
ASSIGN CRPM brandt DIRECTOR whitcomb

@ 2026-11-23 10:00 brandt
Subject: PC112326-1
SME pruitt
MEETING 12/03/2026 10:00

@ 2026-11-23 10:10 raman
Subject: Change request
FORM without title
"""
AFTERWARDS = """What comes after.

@ 2026-12-03 11:00 brandt
Subject: PC112326-1
HELD
MINUTES The field is clear.

@ 2026-12-03 11:10 raman
Subject: Change request
FORM with title: Another change of the same company
"""


def play(folder: Path, script: str, url: str = "") -> list[str]:
    """Play a script on a store; gives what was done."""
    _, scenes = read_script(script)
    start = datetime.fromisoformat(scenes[0].at).replace(tzinfo=ZONE).astimezone(UTC)
    with staged(folder, start, url) as stage:
        return [line for scene in scenes for line in stage.play(scene)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of today with something of everything in it."""
    folder = tmp_path_factory.mktemp("lived")
    done = play(folder, LIFE)
    assert "registered PC112326-1: registered as PC112326-1" in done
    return f"sqlite:///{folder}/cmpbot.sqlite"


def released(url: str, revision: str) -> None:
    """Make an empty database as the release with this schema made it."""
    engine = open_engine(url)
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "bot:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def fill(url: str, lived: str) -> None:
    """Put into an older database what that version would hold of a life: the columns that it has, and of change
    requests no attribute that came later."""
    source, target = open_engine(lived), open_engine(url)
    with source.connect() as reading, writing(target) as connection:
        has = sa.inspect(connection)
        for table in tables.metadata.sorted_tables:
            if not has.has_table(table.name):
                continue
            columns = {each["name"] for each in has.get_columns(table.name)}
            assert columns <= {each.name for each in table.c}, "a column that is no more: say here what stood in it"
            rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
            if table is tables.change:
                rows = [row | {"state": aged_state(reading, row)} for row in rows]
            if table is tables.journal:
                rows = list(aged_journal(rows))
            if "stopped_on" not in columns:
                rows = [row for row in rows if row.get("stopped_on") is None]
            old = sa.table(table.name, *(sa.column(each.name, each.type) for each in table.c if each.name in columns))
            if rows:
                connection.execute(old.insert(), [{name: row[name] for name in columns} for row in rows])
    source.dispose()
    target.dispose()


def aged_state(connection: sa.Connection, row: dict[str, Any]) -> str:
    """A state without what was never anything but its default."""
    journal = tables.journal
    payloads = connection.scalars(sa.select(journal.c.payload).where(journal.c.cr == row["key"], journal.c.seq > 1))
    touched = {name for payload in payloads for name in json.loads(payload).get("state", {})}
    return canonical(
        {name: each for name, each in json.loads(row["state"]).items() if name in touched or not _idle(name, each)}
    )


def aged_journal(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same for the journals, whose chains are those of their rows."""
    previous: dict[str, str] = {}
    for row in sorted(rows, key=lambda each: (each["cr"], each["seq"])):
        said = json.loads(row["payload"])
        if row["seq"] == 1:
            touched = {
                name
                for each in rows
                if each["cr"] == row["cr"] and each["seq"] > 1
                for name in json.loads(each["payload"]).get("state", {})
            }
            said["state"] = {
                name: each for name, each in said["state"].items() if name in touched or not _idle(name, each)
            }
        entry = Entry(**row | {"payload": canonical(said)})
        entry = replace(entry, hash=rehashed(entry, previous.get(entry.cr, "")))
        previous[entry.cr] = entry.hash
        yield entry.columns


def _idle(name: str, value: Any) -> bool:
    return name in DEFAULTS and DEFAULTS[name] == value


DEFAULTS = {each.name: encode(each.default) for each in fields(ChangeRequest) if each.default is not MISSING}


def findings(url: str) -> list[str]:
    """What an audit finds."""
    with Store(url, "verify") as store:
        return [f"{each.part} {each.about}: {each.found}" for each in Audit(store.engine).findings(Examined())]


@pytest.mark.parametrize("revision", RELEASED)
def test_every_released_schema_goes_on(store_url: str, revision: str, lived: str, tmp_path: Path) -> None:
    """It is brought to the present, passes the audit, and its change requests are posted, commanded and followed
    by new ones with the next number."""
    released(store_url, revision)
    fill(store_url, lived)
    with Store(store_url, "w") as store:
        assert store.schema_version() == revision
    assert migrate(store_url) == tables.SCHEMA
    assert findings(store_url) == []
    if store_url.startswith("postgresql") and revision != RELEASED[0]:
        return  # the program sees the same tables from here on
    done = play(tmp_path, AFTERWARDS, store_url)
    assert "obeyed PC112326-1: HELD: PC112326-1; MINUTES: PC112326-1" in done
    assert "registered PC120326-1: registered as PC120326-1" in done
    assert (tmp_path / "site" / "cr" / "PC112326-1.html").exists()
    assert findings(store_url) == []


def test_a_kill_at_any_statement_leaves_the_old_schema_whole(store_url: str, lived: str) -> None:
    """Whenever the program is killed while it migrates, the database is as the old release left it, and the next
    start migrates it."""
    released(store_url, RELEASED[0])
    fill(store_url, lived)
    before, at = _shape(store_url), 0
    while not _migrated(store_url, at):
        assert _shape(store_url) == before
        at += 1 if store_url.startswith("sqlite") else 5
    assert at >= len(RELEASED)
    with Store(store_url, "w") as store:
        assert store.schema_version() == tables.SCHEMA
    assert findings(store_url) == []


def _migrated(url: str, at: int) -> bool:
    """Migrate in a child that kills itself before its statement of this number; whether it came to its end."""
    child = os.fork()
    if child == 0:
        left = at

        @sa.event.listens_for(sa.Engine, "before_cursor_execute")
        def count(*_: object) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        try:
            migrate(url)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _shape(url: str) -> tuple[object, ...]:
    """The version of a database, and its tables with their columns."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = sa.inspect(connection)
        tables_there = sorted(found.get_table_names())
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        shape = version, *((name, *(each["name"] for each in found.get_columns(name))) for name in tables_there)
    engine.dispose()
    return shape
