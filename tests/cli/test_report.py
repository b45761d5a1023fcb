"""`cmpbot report`: in words, as JSON, and as files that open."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.cli import run
from tests.browser import Watch, chromium
from tests.cli.test_explain import PLAIN, mail
from tests.posting.markup import parsed

NOW = "2026-12-07T10:00"
IN_ONE_LINE = "time => time.getClientRects().length === 1 && time.offsetWidth <= time.parentElement.clientWidth"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration after one turn over one form, in November."""
    from bot.config import packaged

    folder = tmp_path_factory.mktemp("office")
    config = folder / "config.yaml"
    config.write_bytes((packaged() / "config.yaml").read_bytes())
    file = folder / "form.eml"
    file.write_bytes(mail(PLAIN).as_bytes())
    assert run(["--config", str(config), "--now", "2026-11-23T09:00", "receive", str(file)]) == 0
    assert run(["--config", str(config), "--now", "2026-11-23T09:05", "once"]) == 0
    return config


def asked(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a report prints."""
    capsys.readouterr()
    assert run(["--config", str(config), "--now", NOW, "report", *words]) == 0
    return capsys.readouterr().out


def test_in_words(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line an interval, and the sum; a month without any says so."""
    told = asked(office, capsys, "--month", "2026-11")
    assert told.startswith("November 2026, as of 2026-12-07\n")
    assert "assign CRPM and Director" in told
    assert "all together" in told
    assert "No deadline of ours fell due." in asked(office, capsys, "--month", "2026-01")


@pytest.mark.parametrize(
    ("words", "head"),
    [
        (["--month", "2026-12"], "December 2026 so far, as of 2026-12-07"),
        (["--since", "2026-11", "--month", "2027-05"], "November 2026 to May 2027 so far, as of 2026-12-07"),
        (["--month", "2027-05"], "May 2027, as of 2026-12-07"),
    ],
)
def test_what_is_not_over(words: list[str], head: str, office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has begun and is not over is told so far; of what has not begun there is no so far."""
    assert asked(office, capsys, *words).startswith(f"{head}\n")


def test_as_json(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sum, the intervals, the months, and what was missed, which is over and open."""
    found = json.loads(asked(office, capsys, "--since", "2026-10", "--json"))
    assert (found["from"], found["to"], found["as_of"]) == ("2026-10", "2026-12", "2026-12-07")
    assert [each["month"] for each in found["months"]] == ["2026-10", "2026-11", "2026-12"]
    assert found["promised"] == sum(each["promised"] for each in found["intervals"])
    assert found["promised"] == sum(each["promised"] for each in found["cells"])
    by_name = {each["interval"]: each for each in found["intervals"]}
    assert by_name["log and acknowledge"]["met"] == 1
    assert by_name["assign CRPM and Director"]["missed"] == 1
    (missed,) = (each for each in found["missed_deadlines"] if each["interval"] == "assign CRPM and Director")
    assert missed == {
        "number": "PC112326-1",
        "interval": "assign CRPM and Director",
        "due": "2026-11-24",
        "extended_to": None,
        "met_on": None,
        "stopped_on": None,
        "business_days_late": 7,
    }


def test_as_files(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CSV and workbook open, the page stands alone; each run gives the same bytes."""
    for name in ("report.csv", "report.xlsx", "report.html"):
        file = tmp_path / name
        assert asked(office, capsys, "--since", "2026-10", "--out", str(file)) == f"{file}\n"
        first = file.read_bytes()
        asked(office, capsys, "--since", "2026-10", "--out", str(file))
        assert file.read_bytes() == first
    rows = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text("utf-8-sig"))))
    assert {row["Month"] for row in rows} == {"2026-11", "2026-12"}
    assert load_workbook(tmp_path / "report.xlsx").sheetnames == ["Intervals", "Months", "Deadlines"]
    found = parsed((tmp_path / "report.html").read_text())
    assert found.links == ["data:,"]
    assert "PC112326-1" in found.text


@pytest.mark.parametrize(
    "words", [["--month", "2026-13"], ["--month", "november"], ["--out", "x.pdf"], ["--since", "2027-01"]]
)
def test_what_is_asked_wrong(office: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake in the call is said, and nothing is written."""
    assert run(["--config", str(office), "--now", NOW, "report", *words]) == 2
    assert "Error" in capsys.readouterr().err


def test_a_folder_that_is_not_there(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be written is trouble, not a traceback."""
    assert run(["--config", str(office), "--now", NOW, "report", "--out", str(tmp_path / "no" / "r.csv")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_the_page_is_whole_in_a_browser(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the disk, wide or narrow: its style counts, nothing is refused or fetched, nothing sticks out, no
    date is broken, and every column has its share of the page."""
    file = tmp_path / "report.html"
    asked(office, capsys, "--since", "2026-10", "--out", str(file))
    with chromium() as browser:
        for width in (1280, 640, 360):
            watch = Watch()
            page = watch.over(browser.new_page(viewport={"width": width, "height": 800}))
            page.goto(file.as_uri())
            assert page.evaluate("getComputedStyle(document.querySelector('.gauge')).display") == "block"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate("[...document.querySelectorAll('.misses time')].length")
            assert page.evaluate(f"[...document.querySelectorAll('.misses time')].every({IN_ONE_LINE})")
            assert page.evaluate("document.querySelector('.misses').offsetWidth") == page.evaluate(
                "document.querySelector('main').offsetWidth"
            )
            assert (watch.errors, watch.requests) == ([], [file.as_uri()])
            page.close()
