"""`cmpbot import`: a register is taken over once, all of it or nothing."""

import csv
import json
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
    assert f"Columns of {file.name if ending == 'csv' else 'Sheet'}:" in said
    assert "brandt" in said
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


LIVED: tuple[dict[str, str], ...] = (
    {"Number": "5608156X", "Title": '=Fix; it, "now"', "Status": "Denied", "Status Date": "2001-03-12",
     "Received": "2001-02-01", "Company": "Alderpoint Communications", "Flags": "RG", "Response": "Denied",
     "Area Impacted": "Ordering", "Products": "Resale", "Originator": "Raman, Priya"},
    {"Number": "PC010302-1", "Title": "Said once", "Status": "Development", "Status Date": "2002-04-01",
     "Received": "2002-01-04", "Company": "Bluemesa Telephone", "CRPM": "Brandt, Lena", "Director": "Whitcomb, Grace",
     "Flags": "ES", "Response": "Accepted", "Area Impacted": "Ordering; Provisioning",
     "Products": "Private Line; Resale", "Originator": "Gallegos, Tom", "SME Assigned on": "2002-01-07",
     "Alignment Completed": "2002-01-15", "Response Issued": "2002-02-20", "Presented": "2002-03-20",
     "Response Accepted": "2002-03-20", "Resolved": "2002-03-21"},
    {"Number": "PC010302-2", "Title": "''-quoted", "Status": "CLEC Test", "Step": "10", "Status Date": "2026-11-02",
     "Company": "Nobody Known Inc", "Implementation": "2026-11-02", "CLEC Notified": "2026-10-05",
     "In Production": "2026-11-02"},
    {"Number": "SCR092601-1", "Title": "Gone", "Status": "Withdrawn", "Step": "4", "Company": "Bluemesa Telephone"},
    {"Number": "PC112326-4", "Title": "New", "Status": "Submission", "Company": "Eastgate Fiber Cooperative"},
)  # fmt: skip
"""A register with something in every column that is exported."""


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_our_own_export_moves_to_another_office(
    shipped: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `export` wrote is taken over elsewhere, and exported there is the same to the byte; at home all of it is
    known."""
    register = tmp_path / "register.csv"
    with register.open("w", newline="") as out:
        lines = csv.DictWriter(out, list(dict.fromkeys(head for each in LIVED for head in each)))
        lines.writeheader()
        lines.writerows(LIVED)
    assert call(shipped, "import", str(register)) == 0, capsys.readouterr().out
    exported = tmp_path / f"export.{ending}"
    assert call(shipped, "export", str(exported)) == 0
    assert shown(shipped, capsys, "import", str(exported))["counts"]["new"] == 0
    (tmp_path / "new").mkdir()
    office = tmp_path / "new" / "config.yaml"
    office.write_bytes(shipped.read_bytes())
    capsys.readouterr()
    assert call(office, "import", str(exported)) == 0, capsys.readouterr().out
    assert call(office, "export", str(tmp_path / f"again.{ending}")) == 0
    assert (tmp_path / f"again.{ending}").read_bytes() == exported.read_bytes()
    if ending == "json":
        found = {each["number"]: each for each in json.loads(exported.read_bytes())["change_requests"]}
        assert len(found["PC010302-1"]["milestones"]) == 6
        assert found["PC010302-1"]["disposition"] == "Accepted"
    assert shown(office, capsys, "verify")["findings"] == []


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


def test_what_no_page_can_hold_is_left_out_of_a_json(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a pair of surrogates and NUL reach neither journal nor posting."""
    file = shipped.parent / "register.json"
    file.write_text(
        '{"change_requests": [{"number": "PC010202-1", "title": "odd \\ud800 and \\u0000 here", "phase": "Submitted",'
        ' "company": "Zed", "received_on": "2002-01-02"}]}'
    )
    assert call(shipped, "import", str(file)) == 0
    assert call(shipped, "publish") == 0
    capsys.readouterr()
    assert shown(shipped, capsys, "show", "PC010202-1")["title"] == "odd ? and here"
    assert list(shipped.parent.rglob("cr/PC010202-1.html"))


def test_a_file_that_is_no_register(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trouble is said in words: no heads, no workbook, another kind of file."""
    for name, content, said in (
        ("a.csv", b"Name,Colour\n1,2\n", "no row of heads"),
        ("a.csv", "Name".encode("utf-16") + b"\0", "no row of heads"),
        ("a.xlsx", b"not a zip", "no workbook that can be read"),
        ("a.pdf", b"%PDF", "must end in .csv, .xlsx or .json"),
        ("a.json", b"{", "is no JSON"),
        ("a.json", b"[" * 9999, "is no JSON"),
        ("a.json", b"[1]", "no register that `cmpbot export` wrote"),
        ("a.json", b'{"change_requests": [1]}', "no register that `cmpbot export` wrote"),
        ("a.json", b'{"change_requests": [{"people": 1, "milestones": [2]}]}', "no row of heads"),
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
