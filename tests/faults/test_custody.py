"""kill -9 in the middle of a backup and of a migration (reliability.md F22, F23).

The law: what has the name of a backup is whole; a schema is the old one or the new one, with everything in it.
"""

import signal
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.edge.store import Store
from bot.edge.store.engine import open_engine, writing
from bot.edge.tables import SCHEMA
from tests.faults.life import begun
from tests.faults.points import BACKUP, STEP, Point
from tests.house import House
from tests.servers import Dovecot
from tests.warm import Warm

pytestmark = pytest.mark.slow


def test_a_backup_that_is_killed_is_whole_or_has_no_name(tmp_path: Path, dovecot: Dovecot, warm: Warm) -> None:
    """Killed at each of its steps: either there is no file of that name, or it verifies; the next one is made."""
    with begun(tmp_path / "office", dovecot, warm) as life:
        for place, point in enumerate(BACKUP.values()):
            file = tmp_path / f"backup{place}"
            assert warm.run(life.house, "backup", str(file), point=point) == -signal.SIGKILL, point
            if file.exists():
                assert warm.run(life.house, "verify", str(file)) == 0
            else:
                assert warm.run(life.house, "backup", str(file)) == 0
            assert not file.with_name(f"{file.name}.part").exists()
        assert life.faults() == []


def test_a_migration_that_is_killed_is_old_or_new(tmp_path: Path, warm: Warm, store_url: str) -> None:
    """From the first schema on, killed after each of its steps: nothing of it is there, and what was is; the next
    start brings it to the newest."""
    house = House.build(tmp_path / "office", "box@meridell.example", 1, 1, store_url)
    steps = int(SCHEMA)
    for place in range(1, steps):
        if place == 1:
            _first_schema(store_url)
        assert warm.run(house, "migrate", point=Point(STEP, nth=place)) == -signal.SIGKILL, house.log()[-2000:]
        with Store(store_url, "test") as store, store.engine.connect() as connection:
            assert store.schema_version() == "0001"
            assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 1000
    assert warm.run(house, "migrate") == 0
    with Store(store_url, "test") as store, store.engine.connect() as connection:
        assert store.schema_version() == SCHEMA
        assert connection.execute(text("SELECT count(*) FROM counter")).scalar() == 1000


def _first_schema(url: str) -> None:
    """A database of the first version, with something in it."""
    from alembic import command
    from alembic.config import Config

    with writing(open_engine(url)) as connection:
        config = Config()
        config.set_main_option("script_location", "bot:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        rows = [{"name": f"PC{number:06}", "value": 1} for number in range(1000)]
        connection.execute(text("INSERT INTO counter VALUES (:name, :value)"), rows)
