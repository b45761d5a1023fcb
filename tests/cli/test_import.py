"""`cmpbot import`: a register is taken over once, all of it or nothing."""

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.calls import call, shown
from tests.cli.test_explain import PLAIN, mail

HEADS = ("CR Number", "Title", "Current Status", "Status Date", "Date Received", "Company", "CRPM", "Status History")
ROWS = (
    (
        "4302321",
        "Loop qualification",
        "Completed",
        "3/12/2001",
        "2/1/2001",
        "Alderpoint Communications",
        "",
        "2/1 came",
    ),
    ("PC112326-4", "Collocation quotes", "Presented", "11/23/2026", "", "Bluemesa Telephone", "Lena Brandt", ""),
    ("SCR092601-01", "GUI edits", "Withdrawn", "12/1/2001", "", "Larkspur Networks", "Nobody Known", ""),
)


def write(file: Path, *rows: tuple[str, ...]) -> Path:
    """A register as a file."""
    if file.suffix == ".csv":
        with file.open("w", newline="", encoding="cp1252") as out:
            csv.writer(out, delimiter=";").writerows([HEADS, *rows])
    else:
        book = Workbook()
        for row in (("The register",), HEADS, *rows):
            book.worksheets[0].append([int(cell) if cell.isdigit() else cell for cell in row])
        book.save(file)
    return file


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_register_is_taken_over(
    shipped: Path, ending: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run shows everything and makes no database; the import keeps numbers, owes no letter and passes `verify`;
    the same file again changes nothing."""
    monkeypatch.setenv("COLUMNS", "160")
    file = write(shipped.parent / f"register.{ending}", *ROWS)
    assert call(shipped, "import", str(file), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "step 5, Presented" in said
    assert "Nobody Known" in said
    assert "Nothing was written" in said
    assert not list(shipped.parent.rglob("*.sqlite"))
    assert call(shipped, "import", str(file)) == 0
    assert "3 change requests were taken over" in capsys.readouterr().out
    listed = shown(shipped, capsys, "list", "--all")
    assert {each["number"] for each in listed} == {"4302321", "PC112326-4", "SCR092601-1"}
    assert shown(shipped, capsys, "letters") == []
    assert shown(shipped, capsys, "verify")["findings"] == []
    before = shown(shipped, capsys, "verify")["fingerprint"]
    assert shown(shipped, capsys, "import", str(file))["counts"]["same"] == 3
    assert shown(shipped, capsys, "verify")["fingerprint"] == before
    assert call(shipped, "publish", "--all") == 0
    page = next(shipped.parent.rglob("cr/4302321.html")).read_text()
    assert "Taken over from an earlier register" in page
    assert "Taken Over" not in next(shipped.parent.rglob("feed.atom")).read_text()  # it is no news
    assert "Taken over" not in next(shipped.parent.rglob("index.html")).read_text()
    assert "2/1 came" not in page  # its history stays inside unless --post-history says otherwise


def test_numbers_go_on_behind_those_that_were_taken_over(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The next request of that day gets the number behind the highest of the register."""
    assert call(shipped, "import", str(write(shipped.parent / "register.csv", *ROWS))) == 0
    form = shipped.parent / "form.eml"
    form.write_bytes(mail(PLAIN).as_bytes())
    assert call(shipped, "receive", str(form)) == 0
    assert call(shipped, "once") == 0
    assert "PC112326-5" in {each["number"] for each in shown(shipped, capsys, "list")}
    assert shown(shipped, capsys, "verify")["findings"] == []


def test_a_row_that_is_refused_stops_everything(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written unless the operator says to leave it out; a number that comes twice is refused."""
    bad = ("PC112326-04", "Again", "Sleeping", "", "", "Bluemesa Telephone", "", "")
    twice = ("PC112326-04", "Again", "Presented", "", "", "Bluemesa Telephone", "", "")
    file = write(shipped.parent / "register.csv", *ROWS, bad, twice)
    assert call(shipped, "import", str(file)) == 1
    said = capsys.readouterr().out
    assert "row 5, column C: 'Sleeping' is no status" in said
    assert "row 6: PC112326-4 stands in row 3 already" in said
    assert shown(shipped, capsys, "list", "--all") == []
    assert call(shipped, "import", str(file), "--skip") == 0
    assert len(shown(shipped, capsys, "list", "--all")) == 3


def test_what_changed_in_the_file_is_named_and_left(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once taken over, a change request goes on by mail; another text in the file does nothing to it."""
    assert call(shipped, "import", str(write(shipped.parent / "register.csv", *ROWS))) == 0
    other = (*ROWS[:2], ("SCR092601-01", "Other edits", *ROWS[2][2:]))
    report = shown(shipped, capsys, "import", str(write(shipped.parent / "later.csv", *other)))
    assert (report["counts"]["same"], report["counts"]["changed"], report["taken_over"]) == (2, 1, 0)
    assert shown(shipped, capsys, "show", "SCR092601-1")["title"] == "GUI edits"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_our_own_export_moves_to_another_office(
    shipped: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `export` wrote is taken over elsewhere, each where it stood; at home all of it is known."""
    assert call(shipped, "import", str(write(shipped.parent / "register.csv", *ROWS))) == 0
    file = tmp_path / f"export.{ending}"
    assert call(shipped, "export", str(file)) == 0
    assert shown(shipped, capsys, "import", str(file))["counts"]["new"] == 0
    (tmp_path / "new").mkdir()
    office = tmp_path / "new" / "config.yaml"
    office.write_bytes(shipped.read_bytes())
    capsys.readouterr()
    assert call(office, "import", str(file)) == 0, capsys.readouterr().out
    keys = ("number", "title", "company", "step", "phase", "status_date")
    here, there = (
        [{key: each[key] for key in keys} for each in shown(one, capsys, "list", "--all")] for one in (shipped, office)
    )
    assert here == there


@pytest.mark.parametrize(
    ("encoding", "delimiter", "above"),
    [
        ("utf-8-sig", ",", ""),
        ("utf-16", "\t", ""),
        ("cp1252", ";", "The register, as of today, with all, all of it\n\n"),
    ],
)
def test_a_register_as_programs_save_it(
    shipped: Path, encoding: str, delimiter: str, above: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the encoding, the delimiter and the title above; letters with accents stay what they are."""
    file = shipped.parent / "register.csv"
    with file.open("w", newline="", encoding=encoding) as out:
        out.write(above)
        csv.writer(out, delimiter=delimiter).writerows(
            [HEADS, ("PC010302-1", 'Caf\u00e9 "orders", too', "Closed", "", "", "Bluemesa Telephone", "", "one\ntwo")]
        )
    assert call(shipped, "import", str(file)) == 0, capsys.readouterr().out
    assert shown(shipped, capsys, "show", "PC010302-1")["title"] == 'Caf\u00e9 "orders", too'


def test_a_file_that_is_no_register(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trouble is said in words: no heads, no workbook, another kind of file."""
    for name, content, said in (
        ("a.csv", b"Name,Colour\n1,2\n", "no row of heads"),
        ("a.csv", "Name".encode("utf-16") + b"\0", "no row of heads"),
        ("a.xlsx", b"not a zip", "no workbook that can be read"),
        ("a.pdf", b"%PDF", "must end in .csv or .xlsx"),
        ("a.csv", b"Number,Title\n" + b"1,a\n" * 200_000, "more than 200,000 rows"),
    ):
        (shipped.parent / name).write_bytes(content)
        assert call(shipped, "import", str(shipped.parent / name)) == 1
        assert said in capsys.readouterr().err


def test_a_number_that_is_another_change_request_here_is_refused(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both titles are said and nothing is written; with --skip the row is left out and still named. One that only has
    another title by now, of the same company and day, is remarked."""
    form = shipped.parent / "form.eml"
    form.write_bytes(mail(PLAIN).as_bytes())
    assert call(shipped, "receive", str(form)) == 0
    assert call(shipped, "once") == 0
    (here,) = shown(shipped, capsys, "list")
    other = (here["number"], "Clashes with a live one", "Completed", "", "", "Larkspur Networks", "", "")
    file = write(shipped.parent / "register.csv", other)
    assert call(shipped, "import", str(file)) == 1
    said = capsys.readouterr().out
    assert "REFUSED row 2" in said
    assert here["title"] in said
    assert "Clashes with a live one" in said
    assert call(shipped, "import", str(file), "--skip") == 0
    said = capsys.readouterr().out
    assert "Clashes with a live one" in said
    assert "there is nothing new in it beside the rows that are refused" in said
    renamed = (here["number"], "Renamed since", "Completed", "", "", here["company"], "", "")
    assert call(shipped, "import", str(write(shipped.parent / "later.csv", renamed))) == 0
    said = capsys.readouterr().out
    assert "1 row: 0 new, 0 same, 0 changed, 1 known, 0 refused" in said
    assert "known: a change request that came here by mail" in said
    assert "Renamed since" in said


def test_the_last_line_says_what_was_done(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One row is one change request; the same file again has nothing new in it."""
    file = write(shipped.parent / "register.csv", ROWS[0])
    assert call(shipped, "import", str(file)) == 0
    assert "1 change request was taken over" in capsys.readouterr().out
    assert call(shipped, "import", str(file)) == 0
    said = capsys.readouterr().out
    assert "Nothing was written: there is nothing new in it." in said
    assert "same: taken over before" in said


def test_dates_with_the_day_first_are_declared(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word the row is refused, and the word is said; with it the day is what the register means."""
    days = ("05.03.2001", "13.3.2001", "06.03.2001", "6/3/2001")
    rows = [(f"1488{n}", "x", "Completed", day, day, "Bluemesa Telephone", "", "") for n, day in enumerate(days)]
    file = write(shipped.parent / "register.csv", *rows)
    assert call(shipped, "import", str(file)) == 1
    said = capsys.readouterr().out
    assert "REFUSED row 2, column D (and 1 more row): this date could be two; say --dates day-first or" in said
    assert "row 3, column D: 13.3.2001 has the day first, and 2 dates" in said
    assert call(shipped, "import", str(file), "--dates", "day-first") == 0
    assert "remark" not in capsys.readouterr().out
    assert shown(shipped, capsys, "show", "14880")["status_date"] == "2001-03-05"
