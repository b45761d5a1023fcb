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
    """A backup that is there stays as it is, and with --overwrite is replaced by one that is whole; so is an empty
    file."""
    backup = tmp_path / "backup"
    backup.touch()
    words = ["--config", str(office), "backup", str(backup)]
    assert run(words) == 1
    assert backup.read_bytes() == b""
    assert run([*words, "--overwrite"]) == 0
    before = backup.stat().st_ino
    assert run(words) == 1
    assert backup.stat().st_ino == before
    assert run([*words, "--overwrite"]) == 0
    assert backup.stat().st_ino != before
    assert run(["--config", str(office), "verify", str(backup)]) == 0
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup"]


def test_only_a_backup_is_replaced(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--overwrite replaces nothing that is not ours: no letter, no other database, no device."""
    letter, other = tmp_path / "letter", tmp_path / "other.sqlite"
    letter.write_text("something else")
    shutil.copyfile(database(office), other)
    before = other.read_bytes()
    for file in (letter, other, Path("/dev/null")):
        assert run(["--config", str(office), "backup", "--overwrite", str(file)]) == 1
        assert f"{file} is no backup of cmpbot's, so it is not replaced" in capsys.readouterr().err
    assert letter.read_text() == "something else"
    assert other.read_bytes() == before
    assert Path("/dev/null").is_char_device()


def test_what_the_office_works_with_is_never_a_backup(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The database, what lies beside it and config.yaml are refused under every name that leads to them, there or
    not; and a name whose unfinished file would be one of them."""
    file, config = database(office), office.read_bytes()
    before = file.read_bytes()
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "twin").hardlink_to(file)
    (tmp_path / "var2").symlink_to(file.parent)
    (tmp_path / "loose").symlink_to(f"{file}-wal")
    beside = [file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm", "-journal", ".lock")]
    elsewhere = [tmp_path / name for name in ("link", "twin", "var2/cmpbot.sqlite", "loose")]
    for name in (file, *beside, *elsewhere, office):
        for words in ([], ["--overwrite"]):
            assert run(["--config", str(office), "backup", str(name), *words]) == 1
            assert "the office works with" in capsys.readouterr().err
    moved = file.with_name("cmp.part")
    file.rename(moved)
    office.write_bytes(config.replace(b"cmpbot.sqlite", b"cmp.part"))
    assert run(["--config", str(office), "backup", str(file.with_name("cmp"))]) == 1
    assert "the office works with" in capsys.readouterr().err
    assert moved.read_bytes() == before


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
