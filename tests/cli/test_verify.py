"""`cmpbot verify`: says whether everything is as it was recorded, and what to do where it is not."""

import json
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


def test_a_file_that_is_no_backup(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no database of ours is refused in words, and stays as it was."""
    other = tmp_path / "other"
    other.write_bytes(b"not a database, but a letter to the editor" * 99)
    assert run(["--config", str(office), "verify", str(other)]) == 1
    assert "database" in capsys.readouterr().err
    assert other.read_bytes().startswith(b"not a database")
