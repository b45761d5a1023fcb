"""The commands on a real store: a mail is piped in, one turn handles it, and it can be looked at."""

import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from tests.cli.test_explain import PLAIN, mail

NUMBER = "PC112326-1"
NOW = "2026-11-23T10:00"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration after one turn over three mails: a form, a stranger, a machine."""
    from bot.config import packaged

    folder = tmp_path_factory.mktemp("office")
    config = folder / "config.yaml"
    config.write_bytes((packaged() / "config.yaml").read_bytes())
    mails = (
        mail(PLAIN),
        mail(PLAIN, "quentin@nightheron.example", Message_Id="<two@nightheron.example>"),
        mail("I am away.", Auto_Submitted="auto-replied", subject="Away"),
    )
    for place, message in enumerate(mails):
        file = folder / f"{place}.eml"
        file.write_bytes(message.as_bytes())
        assert run(["--config", str(config), "--now", f"2026-11-23T09:0{place}", "receive", str(file)]) == 0
    assert run(["--config", str(config), "--now", "2026-11-23T09:05", "once"]) == 0
    return config


def document(config: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The JSON document that a command prints."""
    capsys.readouterr()
    assert run(["--config", str(config), "--now", NOW, *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_list(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every change request and intake, with what is next."""
    rows = document(office, capsys, "list")
    assert [row["number"] for row in rows] == [NUMBER, "IN112326-1"]
    for row in rows:
        assert row.keys() == {"number", "title", "company", "step", "phase", "status_date", "next"}
    assert (rows[0]["step"], rows[0]["phase"], rows[0]["status_date"]) == ("2", "Submission", "2026-11-23")
    assert rows[0]["next"]["date"] == "2026-11-24"
    assert document(office, capsys, "list", "--phase", "submission") == rows
    assert document(office, capsys, "list", "--all", "--phase", "Completion") == []


def test_show(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything known about one change request, however its number is typed."""
    found = document(office, capsys, "show", "pc112326 - 01")
    assert found.keys() == {
        "number", "title", "company", "step", "phase", "status_date", "disposition", "reaction", "flags",
        "first_arrived", "received_at", "people", "fields", "milestones", "deadlines", "history", "revisions",
        "documents", "next",
    }  # fmt: skip
    assert found["number"] == NUMBER
    assert found["received_at"].startswith("2026-11-23T16:00:0")
    assert found["people"] == {"crpm": [], "director": [], "smes": []}
    assert found["fields"]["company"] == "Alderpoint Communications"
    assert {"name": "CR Received", "date": "2026-11-23"} in found["milestones"]
    assert found["deadlines"][0].keys() == {"kind", "due", "owner", "state", "met_on", "extended_to", "missed"}
    assert {row["action"] for row in found["history"]} >= {"CR Submitted", "CR Received", "CR Acknowledged"}
    assert found["history"][0].keys() == {"date", "action", "description", "by"}
    assert found["next"] == {"step": "CRPM and Director assignment", "date": "2026-11-24", "verbs": ["ASSIGN"]}


def test_mail(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mail with its fate; one fate alone on request."""
    rows = document(office, capsys, "mail")
    assert [row["fate"] for row in rows] == ["registered", "parked", "automatic"]
    assert rows[0].keys() == {"id", "received_at", "from", "subject", "fate", "number", "reason"}
    assert rows[0]["number"] == NUMBER
    assert re.fullmatch(r"[0-9a-f]{12}", rows[0]["id"])
    assert document(office, capsys, "mail", "--fate", "parked") == rows[1:2]


def test_one_mail(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a kept mail says, by the id in the list, without a character that moves a cursor."""
    row = document(office, capsys, "mail", "--fate", "automatic")[0]
    found = document(office, capsys, "mail", row["id"])
    assert found.keys() == row.keys() | {"headers", "text", "attachments"}
    assert (found["headers"]["Subject"], found["text"].strip(), found["attachments"]) == ("Away", "I am away.", [])
    assert run(["--config", str(office), "mail", row["id"]]) == 0
    told = capsys.readouterr().out
    assert re.search("^Subject +Away$", told, re.MULTILINE)
    assert re.search("^Fate +automatic: it says", told, re.MULTILINE)
    assert "\n\nI am away.\n" in told
    assert run(["--config", str(office), "mail", "000000000000"]) == 1
    assert "there is no mail 000000000000" in capsys.readouterr().err


def test_what_a_mail_encloses(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The names of its files stand below its text; what it does to a terminal does not."""
    message = mail("See the form.\x1b[2J")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="form.docx")
    file = shipped.parent / "mail.eml"
    file.write_bytes(message.as_bytes())
    assert run(["--config", str(shipped), "receive", str(file)]) == 0
    assert run(["--config", str(shipped), "mail", capsys.readouterr().out.strip()]) == 0
    told = capsys.readouterr().out
    assert "See the form." in told
    assert "\x1b" not in told
    assert told.endswith("Enclosed  form.docx\n")


def test_letters(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The acknowledgement and the forward, sent over the embedded server; nobody answers a machine."""
    rows = document(office, capsys, "letters", NUMBER)
    assert {row["kind"] for row in rows} == {"acknowledgement", "forward"}
    for row in rows:
        assert row.keys() == {"id", "number", "kind", "to", "state", "tries", "sent_at", "message_id"}
        assert row["state"] == "sent"
        assert row["sent_at"]
        assert row["message_id"].startswith("<")
    everything = document(office, capsys, "letters")
    assert {row["number"] for row in everything} == {NUMBER, "IN112326-1"}


def test_one_letter(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A letter is printed as its reader gets it, by its id or by as much of it as the list shows."""
    row = document(office, capsys, "letters", NUMBER)[0]
    found = document(office, capsys, "letters", row["id"])
    assert found.keys() == row.keys() | {"headers", "text", "enclosures"}
    assert found["headers"]["Message-ID"] == row["message_id"]
    assert NUMBER in found["headers"]["Subject"]
    assert run(["--config", str(office), "letters", "--held"]) == 0
    assert capsys.readouterr().out == "No letter is held.\n"
    assert run(["--config", str(office), "letters"]) == 0
    short = row["id"][:12]
    assert f"\n{short} " in capsys.readouterr().out
    assert run(["--config", str(office), "letters", short]) == 0
    told = capsys.readouterr().out
    assert told.startswith("From")
    assert found["text"] in told


def test_a_letter_that_is_not_there(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What names no letter and no change request is said in one line, with what shows them."""
    none = "; `cmpbot list --all` shows which there are"
    for wanted, said in (
        ("0" * 24, f"there is no letter {'0' * 24}, and no change request"),
        ("zzz", "there is no letter zzz, and no change request"),
        ("PC999999-1", f"there is no change request PC999999-1{none}"),
        ("in 999999-01", f"there is no change request in 999999-01{none}"),
    ):
        for words in ([], ["--json"]):
            assert run(["--config", str(office), "letters", wanted, *words]) == 1
            told = capsys.readouterr()
            assert told.out == ""
            assert said in told.err


def test_the_beginning_of_an_id(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However short, it names the one letter that has it; where several have, that is said."""
    ids = [row["id"] for row in document(office, capsys, "letters")]
    for one in ids:
        short = next(one[:n] for n in range(1, 25) if sum(each.startswith(one[:n]) for each in ids) == 1)
        assert document(office, capsys, "letters", f" {short.upper()} ")["id"] == one
    shutil.copytree(office.parent, tmp_path / "office")
    with sqlite3.connect(tmp_path / "office" / "var" / "cmpbot.sqlite") as plain:
        plain.execute("UPDATE letter SET id = ? WHERE id = ?", (ids[0][0] + ids[1][1:], ids[1]))
    plain.close()
    assert run(["--config", str(tmp_path / "office" / "config.yaml"), "letters", ids[0][0]]) == 1
    assert f" letters have an ID that begins with {ids[0][0]}; name more of it" in capsys.readouterr().err


def test_a_filter_that_leaves_nothing(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of a phase or a fate is not nothing at all."""
    capsys.readouterr()
    for words, said in (
        (["list", "--phase", "clec test"], "No open change request of this phase."),
        (["list", "--all", "--phase", "clec test"], "No change request of this phase."),
        (["mail", "--fate", "obeyed"], "No mail of this fate."),
        (["letters", NUMBER, "--held"], f"No letter about {NUMBER} is held."),
    ):
        assert run(["--config", str(office), *words]) == 0
        assert capsys.readouterr().out == f"{said}\n"


def test_why_a_letter_was_withheld(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter over the budget of its recipient says so where others say when they were sent."""
    monkeypatch.setenv("COLUMNS", "160")
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    config = str(again / "config.yaml")
    for place in range(4):
        file = again / f"question-{place}.eml"
        file.write_bytes(mail(f"Question {place}?", Message_Id=f"<q{place}@alderpoint.example>").as_bytes())
        assert run(["--config", config, "--now", NOW, "receive", str(file)]) == 0
    assert run(["--config", config, "--now", NOW, "once"]) == 0
    capsys.readouterr()
    assert run(["--config", config, "letters"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if " help " in line and " withheld " in line]
    assert len(told) == 1
    assert told[0].endswith("over the budget of this address")
    assert run(["--config", config, "letters", told[0].split()[0]]) == 0
    shown = capsys.readouterr().out
    for ending in ("docx", "xlsx", "txt"):
        assert f"Enclosed  Change Request form.{ending}\n" in shown


def test_tables_for_people(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json there are aligned columns under their names."""
    for arguments, head in (
        (["list"], "number"),
        (["mail"], "id"),
        (["letters"], "id"),
        (["show", NUMBER], "number"),
    ):
        capsys.readouterr()
        assert run(["--config", str(office), *arguments]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(head)
        assert NUMBER in shown


def test_a_number_that_nobody_has(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error, exit 1."""
    capsys.readouterr()
    assert run(["--config", str(office), "show", "PC010101-9"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "PC010101-9" in shown.err


def test_once_says_what_it_did(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A turn counts fates, letters and pages; a second turn finds nothing left."""
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    config = again / "config.yaml"
    file = again / "new.eml"
    file.write_bytes(mail("When is the next meeting?", Message_Id="<three@alderpoint.example>").as_bytes())
    assert run(["--config", str(config), "--now", NOW, "receive", str(file)]) == 0
    assert document(config, capsys, "once") == {
        "fates": {"answered": 1}, "reminders": 0, "sent": 1, "failed": 0, "pages": 0,
    }  # fmt: skip
    assert document(config, capsys, "once") == {"fates": {}, "reminders": 0, "sent": 0, "failed": 0, "pages": 0}


def test_once_reminds_of_what_is_due_by_now(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Group Manager hears of the assignment, the CMP Manager of the form that waits for them; once a day."""
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    counts = []
    for moment in ("2026-11-24T10:00", "2026-11-25T10:00", "2026-11-25T15:00"):
        capsys.readouterr()
        assert run(["--config", str(again / "config.yaml"), "--now", moment, "once", "--json"]) == 0
        done = json.loads(capsys.readouterr().out)
        counts.append((done["reminders"], done["sent"]))
    assert counts == [(2, 2), (2, 2), (0, 0)]


def test_publish(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that was emptied is filled again by itself; what is altered in it by hand --all finds and puts
    back, byte for byte, and leaves files that are nobody's alone; sha256sum agrees."""
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    site = again / "var" / "site"
    ask = ["--config", str(again / "config.yaml"), "--now", NOW, "publish"]
    before = files_of(site)
    assert before
    shutil.rmtree(site)
    assert run(ask) == 0
    assert not capsys.readouterr().out.startswith("0 pages")
    assert files_of(site) == before
    assert run(ask) == 0
    assert capsys.readouterr().out.startswith("0 pages")
    (site / "index.html").write_bytes(b"x" * len(before["index.html"]))
    (site / "site.css").write_text("")
    (site / "forms" / "change-request.docx").unlink()
    (site / "notes.txt").write_text("an operator's own")
    assert run([*ask, "--all"]) == 0
    assert capsys.readouterr().out.startswith("3 files had been removed or altered")
    assert files_of(site) == before | {"notes.txt": b"an operator's own"}
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "manifest.txt"], cwd=site, check=False, capture_output=True)
    assert (checked.returncode, checked.stdout) == (0, b"")
    listed = {line.split("  ")[1] for line in (site / "manifest.txt").read_text().splitlines()}
    assert listed == before.keys() - {"manifest.txt"}


def test_harm_and_a_failing_command_are_reported(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` names what was altered, and since when the command after publishing fails; `publish` exits 1 for it,
    with the pages written all the same."""
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    config, site = again / "config.yaml", again / "var" / "site"
    ask = ["--config", str(config), "--now", NOW]
    command = "[sh, -c, 'echo no route to host >&2; test -e ../there']"
    config.write_text(config.read_text("utf-8").replace("after_publish: []", f"after_publish: {command}"), "utf-8")
    run([*ask, "check"])
    assert "well    after publish   sh was not run yet" in capsys.readouterr().out
    assert run([*ask, "publish"]) == 1
    assert "the command after publishing failed: no route to host" in capsys.readouterr().err
    (site / "index.html").write_text("altered")
    assert run([*ask, "check"]) == 1
    shown = capsys.readouterr().out
    assert "files are missing or were altered: index.html" in shown
    assert "MEND    after publish   sh has failed since 2026-11-2" in shown
    assert "1 time: no route to host" in shown
    (again / "var" / "there").touch()
    assert run([*ask, "publish", "--all"]) == 0
    capsys.readouterr()
    run([*ask, "check"])
    shown = capsys.readouterr().out
    assert "well    after publish   sh has carried everything" in shown
    assert "files lie there as they were written" in shown


def files_of(site: Path) -> dict[str, bytes]:
    """Every file of a posting by its path."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_replay(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A parked mail is handled once more; one that was registered never is."""
    again = tmp_path / "office"
    shutil.copytree(office.parent, again)
    config = again / "config.yaml"
    registered, parked, _ = document(config, capsys, "mail")
    assert run(["--config", str(config), "replay", registered["id"]]) == 1
    assert "a number is never given twice" in capsys.readouterr().err
    assert run(["--config", str(config), "replay", "000000000000"]) == 1
    assert run(["--config", str(config), "replay", parked["id"]]) == 0
    assert document(config, capsys, "once")["fates"] == {"parked": 1}


def test_receive_reads_standard_input(
    shipped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe of the mail server, with the mbox line that some put in front."""
    piped = io.TextIOWrapper(io.BytesIO(b"From una@osprey.example Mon Nov 23\n" + mail(PLAIN).as_bytes()))
    monkeypatch.setattr(sys, "stdin", piped)
    assert run(["--config", str(shipped), "receive"]) == 0
    kept = capsys.readouterr().out.strip()
    assert [row["id"] for row in document(shipped, capsys, "mail")] == [kept]


def test_the_same_mail_piped_twice_is_kept_once(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mail server that tries again does no harm."""
    file = shipped.parent / "mail.eml"
    file.write_bytes(mail(PLAIN).as_bytes())
    for _ in range(2):
        assert run(["--config", str(shipped), "receive", str(file)]) == 0
    assert len(document(shipped, capsys, "mail")) == 1


def test_receive_answers_75_to_whatever_keeps_it_from_storing(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database that cannot be made, a mistaken configuration: the mail server keeps the mail."""
    file = shipped.parent / "mail.eml"
    file.write_bytes(mail(PLAIN).as_bytes())
    (shipped.parent / "var").write_text("a file where the folder should be", "utf-8")
    assert run(["--config", str(shipped), "receive", str(file)]) == 75
    shipped.write_text("nonsense: 1\n", "utf-8")
    assert run(["--config", str(shipped), "receive", str(file)]) == 75
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_receive_keeps_the_head_of_a_mail_that_is_too_large(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over the limit only the header is kept, as it is with a mailbox; the mail is set aside."""
    shipped.write_text(shipped.read_text("utf-8").replace("mail_megabytes: 25", "mail_megabytes: 1"), "utf-8")
    file = shipped.parent / "mail.eml"
    file.write_bytes(mail("x" * 76 + "\n").as_bytes() + b"x" * 2_000_000)
    assert run(["--config", str(shipped), "receive", str(file)]) == 0
    assert document(shipped, capsys, "once")["fates"] == {"quarantined": 1}


def test_an_empty_pipe_is_no_mail(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing at all is not kept, and says so."""
    file = shipped.parent / "empty.eml"
    file.write_bytes(b"\n")
    assert run(["--config", str(shipped), "receive", str(file)]) == 65
    assert "empty" in capsys.readouterr().err


def test_in_eighty_columns(office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow terminal times and ids stay whole, the title gets the room, and a reason is folded."""
    monkeypatch.setenv("COLUMNS", "80")
    capsys.readouterr()
    assert run(["--config", str(office), "mail"]) == 0
    mails = capsys.readouterr().out
    assert mails.count("  2026-11-23 09:0") == 3
    assert "carries the same Message-ID\n" in mails
    assert run(["--config", str(office), "list"]) == 0
    listed = capsys.readouterr().out
    assert "Name the failing fie" in listed
    assert max(map(len, (mails + listed).splitlines())) <= 80
