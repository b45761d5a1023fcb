"""`cmpbot backup` and `restore` in bad moments: a full disk, a kill, a backup by an older program, PostgreSQL."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.cli import run
from bot.config import load
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from bot.edge.tables import SCHEMA, change
from tests.edge.test_released_schemas import LIFE, RELEASED, fill, play, released
from tests.postgres import BINARIES, Postgres

NOW = "2026-11-24T10:00"
UNSHARE = shutil.which("unshare")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with something of everything in it."""
    folder = tmp_path_factory.mktemp("lived")
    play(folder, LIFE)
    return f"sqlite:///{folder}/cmpbot.sqlite"


@pytest.fixture
def office(shipped: Path, lived: str) -> Path:
    """An office that works on a copy of it."""
    (shipped.parent / "var").mkdir()
    shutil.copy(lived.removeprefix("sqlite:///"), shipped.parent / "var" / "cmpbot.sqlite")
    return shipped


def cmpbot(config: Path, *words: str) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "bot", "--config", str(config), "--now", NOW, *words]


def numbers(url: str) -> set[str]:
    """The numbers that a store holds."""
    with Store(url, "test") as store:
        return set(store.numbers())


def fingerprint(url: str) -> tuple[str, list[str]]:
    """What an audit says of a store."""
    examined = Examined()
    with Store(url, "test") as store:
        found = [each.found for each in Audit(store.engine).findings(examined)]
    return examined.fingerprint, found


@pytest.mark.skipif(UNSHARE is None, reason="unshare is not installed")
def test_a_full_disk_leaves_no_half_backup(office: Path, tmp_path: Path) -> None:
    """Where the disk fills in the middle, nothing has the name of a backup, no part of one stays, and the one that was
    there is whole; with room it works."""
    small, earlier = tmp_path / "small", tmp_path / "earlier"
    small.mkdir()
    with sqlite3.connect(earlier) as plain:
        plain.execute("CREATE TABLE setting (key TEXT, value TEXT)")
        plain.execute("INSERT INTO setting VALUES ('backup', '{}')")
    plain.close()
    script = (
        'mount -t tmpfs -o size="$1" tmpfs "$2" || exit 77; shift; at=$1; old=$2; shift 2; cp $old $at/backup; '
        '"$@" --overwrite $at/backup; echo "exit $?"; ls -A $at; cmp -s $old $at/backup && echo kept; '
        "head -c 6 $at/backup"
    )

    def on(size: str) -> "subprocess.CompletedProcess[str]":
        inner = ["sh", "-c", script, "sh", size, str(small), str(earlier), *cmpbot(office, "backup")]
        return subprocess.run([str(UNSHARE), "-rm", *inner], capture_output=True, text=True, check=False)

    full = on("64k")
    if full.returncode == 77 or "unshare" in full.stderr:
        pytest.skip("this machine lets nobody mount a file system of their own")
    assert "exit 1\nbackup\nkept" in full.stdout, full
    assert "cannot write" in full.stderr
    roomy = on("64m")
    assert "exit 0\nbackup\nSQLite" in roomy.stdout, roomy


@pytest.mark.parametrize("moment", [0.4, 1.0])
def test_a_restore_may_be_killed(office: Path, tmp_path: Path, moment: float) -> None:
    """Killed at any moment it leaves the database that was there, or the restored one, whole; given again, it ends."""
    backup, url = tmp_path / "backup", load(office).store_url
    assert run(cmpbot(office, "backup", str(backup))[3:]) == 0
    before = fingerprint(url)
    child = subprocess.Popen(cmpbot(office, "restore", "--overwrite", str(backup)), stdout=subprocess.DEVNULL)
    time.sleep(moment)
    child.send_signal(signal.SIGKILL)
    child.wait()
    file = Path(url.removeprefix("sqlite:///"))
    aside = [
        each for each in file.parent.iterdir() if ".before-" in each.name and not each.name.endswith(("-wal", "-shm"))
    ]
    there = file if file.exists() else aside[0]
    assert fingerprint(f"sqlite:///{there}") == before
    again = subprocess.run(
        cmpbot(office, "restore", "--overwrite", str(backup)), capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    assert fingerprint(url) == before
    assert not list(file.parent.glob("*.restoring*"))


@pytest.mark.parametrize("revision", [RELEASED[0], RELEASED[4], RELEASED[-2]])
def test_a_backup_of_an_older_program_is_restored(shipped: Path, lived: str, revision: str, tmp_path: Path) -> None:
    """It is brought to the present schema beside, verified, and put in place; the file itself stays as it was."""
    backup = tmp_path / "backup"
    released(f"sqlite:///{backup}", revision)
    fill(f"sqlite:///{backup}", lived)
    bytes_before = backup.read_bytes()
    assert run(cmpbot(shipped, "verify", str(backup))[3:]) == 1  # of another version, which is said
    assert run(cmpbot(shipped, "restore", str(backup))[3:]) == 0
    url = load(shipped).store_url
    with Store(url, "test") as store:
        assert store.schema_version() == SCHEMA
    assert numbers(url) == numbers(lived)
    assert fingerprint(url)[1] == []
    assert backup.read_bytes() == bytes_before


def test_what_is_no_backup_replaces_nothing(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file, and a database of something else, are refused before anything is touched."""
    before = fingerprint(load(office).store_url)
    other = tmp_path / "other"
    other.touch()
    assert run(cmpbot(office, "restore", "--overwrite", str(other))[3:]) == 1
    assert "no backup of cmpbot's" in capsys.readouterr().err
    with sqlite3.connect(other) as plain:
        plain.execute("CREATE TABLE music (title TEXT)")
    plain.close()
    assert run(cmpbot(office, "restore", "--overwrite", str(other))[3:]) == 1
    assert "no backup of cmpbot's" in capsys.readouterr().err
    assert fingerprint(load(office).store_url) == before


def test_a_newer_database_is_told_from_an_older_one(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that is older than the database says to upgrade; one that is newer says to migrate."""
    for version, said in (("9999", "newer than this program"), ("0005", "run: cmpbot migrate")):
        with Store(load(office).store_url, "test") as store, store.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        for words in (["list"], ["verify"], ["export", str(office.parent / "x.csv")]):
            assert run(cmpbot(office, *words)[3:]) == 1
            assert said in capsys.readouterr().err


def test_pg_dump_and_pg_restore_as_documented(
    shipped: Path, tmp_path: Path, lived: str, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dump of a PostgreSQL store goes into an empty database, `restore --since` ends it, and all of it is there."""
    assert BINARIES is not None
    url, other = postgres.database(), postgres.database()
    released(url.replace("postgresql:", "postgresql+psycopg:"), SCHEMA)
    fill(url.replace("postgresql:", "postgresql+psycopg:"), lived)
    shipped.write_text(shipped.read_text().replace("sqlite:///var/cmpbot.sqlite ", f"{url} "))
    assert run(cmpbot(shipped, "backup", str(tmp_path / "x"))[3:]) == 1
    assert "pg_dump -Fc" in capsys.readouterr().err  # it names the tool for it
    before = fingerprint(load(shipped).store_url)
    dump = tmp_path / "dump"
    subprocess.run([BINARIES / "pg_dump", "-Fc", "-f", dump, url], check=True)
    subprocess.run([BINARIES / "pg_restore", "--no-owner", "-d", other, dump], check=True)
    shipped.write_text(shipped.read_text().replace(url, other))
    assert run(cmpbot(shipped, "restore", "--since", "2026-11-24")[3:]) == 0
    assert "letters are held" in capsys.readouterr().out
    assert fingerprint(load(shipped).store_url) == before
    with Store(load(shipped).store_url, "test") as store, store.engine.connect() as connection:
        assert set(connection.scalars(select(change.c.number))) == numbers(lived)
    assert run(cmpbot(shipped, "verify")[3:]) == 0
