"""`cmpbot verify`: says whether everything is as it was recorded, and what to do where it is not."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.cli import run
from bot.cli.opening import open_store
from bot.config import load
from bot.daemon.publish import soil_all
from bot.edge.clock import Clock

NOW = "2026-11-23T10:00"


def test_an_office_that_works_is_well(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, counts, and a fingerprint that stays the same when it is asked for again."""
    capsys.readouterr()
    said = []
    for _ in range(2):
        assert run(["--config", str(office), "verify", "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    assert said[0]["well"]
    assert said[0]["examined"]["change requests"] == 1
    assert said[0]["examined"]["published files"] > 10
    assert run(["--config", str(office), "verify"]) == 0
    assert capsys.readouterr().out.endswith("\nEverything is as it was recorded.\n")


def test_an_altered_page_is_named(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page of the posting that somebody altered is named with its remedy, and the exit code is 1."""
    page = next(office.parent.rglob("cr/PC112326-1.html"))
    page.write_text("We say something else.")
    capsys.readouterr()
    assert run(["--config", str(office), "verify"]) == 1
    said = capsys.readouterr().out
    assert "MEND    posting: cr/PC112326-1.html" in said
    assert "-> `cmpbot publish --all` writes it again" in said
    assert said.endswith("\n1 to mend.\n")


def test_a_posting_that_is_still_to_be_written_is_not_said_to_be_there(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a restore elsewhere its files are counted apart, not among those that are as they were recorded."""
    settings = load(office)
    with open_store(settings) as store:
        files = len(store.manifest())
        soil_all(store, settings.kept, Clock().now())
    capsys.readouterr()
    assert run(["--config", str(office), "verify", "--json"]) == 0
    examined = json.loads(capsys.readouterr().out)["examined"]
    assert examined["files of the posting still to be written anew"] == files
    assert "published files" not in examined


def spoilt(backup: Path) -> dict[str, str]:
    """Files beside a backup that are none, or none any more, with what is said of each."""
    none, damaged = "{} is no backup of cmpbot's: it holds none of its tables", "{}: the store is damaged: "
    whole = backup.read_bytes()
    files = {
        "letter": (b"not a database, but a letter to the editor" * 99, none),
        "empty": (b"", none),
        "cut": (whole[: len(whole) // 3], damaged),
        "without-a-schema": (whole[:100] + b"\xff" * 3996 + whole[4096:], damaged),
    }
    with sqlite3.connect(backup.with_name("of-others")) as plain:
        plain.execute("CREATE TABLE letter (id TEXT)")
    plain.close()
    for name, (content, _) in files.items():
        backup.with_name(name).write_bytes(content)
    said = {name: words.format(backup.with_name(name)) for name, (_, words) in files.items()}
    return {**said, "of-others": none.format(backup.with_name("of-others"))}


def test_a_file_that_is_no_backup(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no backup, or damaged beyond opening, is named in the words of the guide by `verify` and by
    `restore`, for programs as a finding; nothing is said of the database in use, and every file stays as it was."""
    backup, database = tmp_path / "backup", next(office.parent.rglob("cmpbot.sqlite"))
    assert run(["--config", str(office), "backup", str(backup)]) == 0
    held = database.read_bytes()
    for name, said in spoilt(backup).items():
        file = tmp_path / name
        before = file.read_bytes()
        for words in (["verify"], ["restore", "--overwrite"]):
            capsys.readouterr()
            assert run(["--config", str(office), "--now", NOW, *words, str(file)]) == 1
            told = capsys.readouterr()
            assert told.out == ""
            assert said in told.err
            assert "the database" not in told.err
        assert run(["--config", str(office), "verify", "--json", str(file)]) == 1
        document = json.loads(capsys.readouterr().out)
        assert not document["well"]
        assert [said in each["found"] for each in document["findings"]] == [True]
        assert file.read_bytes() == before
    assert database.read_bytes() == held


def test_a_backup_that_is_damaged_inside(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be opened is looked through: `verify` names what is damaged, `restore` names the file."""
    backup = tmp_path / "backup"
    assert run(["--config", str(office), "backup", str(backup)]) == 0
    content = bytearray(backup.read_bytes())
    with sqlite3.connect(backup) as plain:
        (page,) = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'letter'").fetchone()
    plain.close()
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    backup.write_bytes(content)
    capsys.readouterr()
    assert run(["--config", str(office), "verify", "--json", str(backup)]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert "letters" in [each["part"] for each in found]
    assert not [each for each in found if "the database does not answer" in each["found"]]
    assert run(["--config", str(office), "--now", NOW, "restore", "--overwrite", str(backup)]) == 1
    said = capsys.readouterr().err
    assert f"{backup}: the store is damaged, so nothing was written: " in said
    assert f"; `cmpbot verify {backup}` says all that is" in said


def test_a_database_that_is_none_any_more(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads a document of the database in use as well, when it cannot be opened."""
    (shipped.parent / "var").mkdir()
    (shipped.parent / "var" / "cmpbot.sqlite").write_bytes(b"\xff" * 9000)
    assert run(["--config", str(shipped), "verify", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["part"] == "database"
    assert "not a database" in finding["found"]
