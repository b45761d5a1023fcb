"""Migrations: from nothing, once, whole, and never backwards."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.edge.store import Store, engine
from bot.edge.store.engine import open_engine, writing
from bot.edge.tables import SCHEMA, declared
from bot.errors import Trouble
from bot.migrations import migrate


def test_migrating_from_nothing_gives_the_tables_we_use(store_url: str) -> None:
    """What the migrations made is what bot.edge.tables says, to the last column and index."""
    migrate(store_url)
    with open_engine(store_url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), declared()) == []


def test_migrating_twice_is_migrating_once(store_url: str) -> None:
    """A database that is there already is left alone."""
    assert migrate(store_url) == migrate(store_url) == SCHEMA


def test_the_schema_we_ask_for_is_the_newest_migration() -> None:
    """The version in bot.edge.tables, which saves importing alembic, is alembic's head."""
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


def test_opening_makes_what_is_missing(store_url: str) -> None:
    """A store opened ready has its schema, and has none before."""
    with Store(store_url, "w") as bare:
        assert bare.schema_version() is None
    with Store.open_ready(store_url, "w") as store:
        assert store.schema_version() == SCHEMA


def test_a_newer_schema_is_refused(store_url: str) -> None:
    """An old program never works on a database that a newer one made, and says what to do."""
    migrate(store_url)
    with writing(open_engine(store_url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Trouble, match="9999, which is newer than this program") as refused:
        Store.open_ready(store_url, "w")
    assert not refused.value.temporary


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills in the middle of a migration, no table has been made, and later it works."""
    url = f"sqlite:///{tmp_path}/cmpbot.db"
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "PRAGMA max_page_count=10"))
    with pytest.raises(Trouble, match="full") as full:
        migrate(url)
    assert full.value.temporary
    monkeypatch.undo()
    with open_engine(url).connect() as connection:
        assert inspect(connection).get_table_names() == []
    assert migrate(url) == SCHEMA


def test_a_new_database_is_for_our_eyes_only(tmp_path: Path) -> None:
    """The file that will hold people's mail can be read by nobody else."""
    file = tmp_path / "var" / "cmpbot.db"
    with Store.open_ready(f"sqlite:///{file}", "w"):
        assert file.stat().st_mode & 0o077 == 0
