"""`cmpbot export`: the register as a file, the same as the posting offers it."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.cli import run

NOW = "2026-11-23T10:00"


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_the_three_kinds(office: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each holds every change request, and is a whole file under its name; one that was there is replaced."""
    file = tmp_path / f"register.{ending}"
    file.write_text("of yesterday")
    assert run(["--config", str(office), "export", str(file)]) == 0
    assert capsys.readouterr().out.endswith("register." + ending + ": 1 change request\n")
    content = file.read_bytes()
    if ending == "csv":
        (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        number = row["number"]
    elif ending == "json":
        (each,) = json.loads(content)["change_requests"]
        number = each["number"]
    else:
        number = str(load_workbook(io.BytesIO(content)).worksheets[0]["A2"].value)
    assert number == "PC112326-1"
    assert not list(tmp_path.glob("*.part"))


def test_another_kind_is_refused(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that says no kind that there is gets a list of those, and makes no file."""
    assert run(["--config", str(office), "export", str(tmp_path / "register.pdf")]) == 2
    assert ".csv, .xlsx, .json" in capsys.readouterr().err
    assert not list(tmp_path.glob("register*"))


def test_a_folder_that_is_not_there(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trouble with the disk is said in words."""
    assert run(["--config", str(office), "export", str(tmp_path / "none" / "register.csv")]) == 1
    assert "cannot write" in capsys.readouterr().err
