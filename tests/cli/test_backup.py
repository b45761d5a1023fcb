"""`cmpbot backup` and `restore`, where something is in the way: nothing is overwritten, nothing half made stays."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.cli import run
from bot.config import load

NOW = "2026-11-23T10:00"


def database(office: Path) -> Path:
    """The office's database."""
    return next(office.parent.rglob("cmpbot.sqlite"))


def test_a_backup_overwrites_nothing_unless_told(office: Path, tmp_path: Path) -> None:
    """A file that is there stays as it is, and with --overwrite is replaced by one that is whole."""
    backup = tmp_path / "backup"
    backup.write_text("something else")
    assert run(["--config", str(office), "backup", str(backup)]) == 1
    assert backup.read_text() == "something else"
    assert run(["--config", str(office), "backup", "--overwrite", str(backup)]) == 0
    assert run(["--config", str(office), "verify", str(backup)]) == 0
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup"]


def test_a_damaged_store_makes_no_backup(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has the name of a backup was verified: a store that is damaged gets none, and is told why."""
    with sqlite3.connect(database(office)) as plain:
        plain.execute("UPDATE blob SET size = size + 1 WHERE sha256 = (SELECT raw FROM mail)")
    plain.close()
    assert run(["--config", str(office), "backup", str(tmp_path / "backup")]) == 1
    assert "the store is damaged, so nothing was written: bytes: mail " in capsys.readouterr().err
    assert not list(tmp_path.glob("backup*"))


def test_a_restore_brings_back_the_keys_and_the_numbers(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an empty place the backup becomes the database, and the codes of our letters count as before; what was left
    of a restore that was killed is no hindrance. That there is no posting to check numbers against is said."""
    backup, keys = tmp_path / "backup", next(office.parent.rglob("keys/codes"))
    assert run(["--config", str(office), "backup", str(backup)]) == 0
    file, before = database(office), keys.read_text("ascii")
    with sqlite3.connect(file) as plain:
        numbers = plain.execute("SELECT number FROM change").fetchall()
    plain.close()
    shutil.rmtree(file.parent)
    file.parent.mkdir()
    file.with_name(f"{file.name}.restoring").write_text("half of a database")
    assert run(["--config", str(office), "--now", NOW, "restore", str(backup)]) == 0
    assert keys.read_text("ascii") == before
    assert keys.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT number FROM change").fetchall() == numbers
        assert plain.execute("SELECT value FROM setting WHERE key = 'backup'").fetchall() == []
    plain.close()
    assert not list(file.parent.glob("*.restoring*"))
    assert "CAUTION: there is no posting at" in capsys.readouterr().out
    page = load(office).posting.folder / "cr" / "PC112326-1.html"
    page.parent.mkdir(parents=True)
    page.write_text("as it was posted")
    assert run(["--config", str(office), "--now", NOW, "restore", "--overwrite", str(backup)]) == 0
    assert "CAUTION" not in capsys.readouterr().out


def test_a_damaged_backup_is_not_restored(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one bit of it lost, a backup is refused, and the database that is there stays as it is."""
    backup = tmp_path / "backup"
    assert run(["--config", str(office), "backup", str(backup)]) == 0
    content = bytearray(backup.read_bytes())
    place = content.index(b'"action":"CR Received"')
    content[place + 2] ^= 1
    backup.write_bytes(content)
    before = database(office).read_bytes()
    assert run(["--config", str(office), "--now", NOW, "restore", "--overwrite", str(backup)]) == 1
    assert "PC112326-1" in capsys.readouterr().err
    assert database(office).read_bytes() == before


def test_postgresql_is_told_its_own_way(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For a server the command says what to do instead, names the keys, and makes no file."""
    words = office.read_text("utf-8").replace("sqlite:///var/cmpbot.sqlite", "postgresql://bot@127.0.0.1:1/cmp")
    office.write_text(words, "utf-8")
    assert "postgresql" in words
    assert run(["--config", str(office), "backup", str(tmp_path / "backup")]) == 1
    said = capsys.readouterr().err
    assert "pg_dump -Fc" in said
    assert "keys/codes" in said
    assert run(["--config", str(office), "restore", str(office)]) == 2
    assert "--since DATE" in capsys.readouterr().err
