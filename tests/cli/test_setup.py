"""init, migrate, check and the blank forms: from an empty folder to a working office."""

import stat
from pathlib import Path

import pytest

from bot.cli import run
from bot.cli.forms import forms_command
from bot.config import packaged
from bot.intake.paper.blank import FILES


def test_init_writes_what_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration, the forms, and a folder for secrets that only its owner may enter."""
    folder = tmp_path / "cmp"
    assert run(["init", str(folder)]) == 0
    assert f"--config {folder / 'config.yaml'} check" in capsys.readouterr().out
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    (table,) = (folder / "forms").iterdir()
    assert table.read_bytes() == (packaged() / "forms" / "fields.yaml").read_bytes()
    assert (folder / "config.yaml").is_file()


@pytest.mark.parametrize("name", ["config.yaml", "forms", "secrets"])
def test_init_overwrites_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where anything of an office is there already, nothing is written at all."""
    (tmp_path / name).mkdir()
    assert run(["init", str(tmp_path)]) == 1
    assert "is not overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_check_explains_what_to_fill_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right after init, check names every blank with its line and what belongs there."""
    folder = tmp_path / "cmp"
    run(["init", str(folder)])
    capsys.readouterr()
    config = folder / "config.yaml"
    assert run(["--config", str(config), "check"]) == 2
    told = capsys.readouterr().err
    for number, line in enumerate(config.read_text("utf-8").splitlines(), 1):
        value = line.partition(":")[2].partition("  #")[0].strip(" []")
        if value.startswith("<"):
            assert f"{config}:{number}: " in told, line
            assert f"still has to be filled in: {value.strip('<>')}" in told
    assert f"{folder / 'secrets' / 'imap'}, which does not exist" in told
    assert f"{folder / 'secrets' / 'smtp'}, which does not exist" in told
    assert told.count("\n") == told.count("still has to be filled in") + 2


def test_a_filled_in_file_loads(tmp_path: Path) -> None:
    """With every blank filled and both secrets written, nothing is left to mend in the file."""
    from bot.config import load

    folder = tmp_path / "cmp"
    run(["init", str(folder)])
    filled = (folder / "config.yaml").read_text("utf-8")
    for asked, answer in (
        ("<the carrier's name, as letters and pages give it>", "Copperline"),
        ("<the CMP mailbox's address; letters come from it>", "cr@copperline.example"),
        ("<your own mail domain>", "copperline.example"),
        ("<the IMAP server's name>", "imap.copperline.example"),
        ("<the mailbox's user name>", "cr"),
        ("<the SMTP server's name>", "smtp.copperline.example"),
        ("<the user name; leave this line and the next out for a relay that asks for no login>", "cr"),
        (
            "<the address at which readers find them, such as https://cmp.carrier.example/>",
            "https://cmp.copperline.example",
        ),
        ("<the CMP Manager's name>", "Ada Quill"),
        ("<the CMP Manager's address>", "ada@copperline.example"),
        ("<the CMP Group Manager's name>", "Ben Foss"),
        ("<the CMP Group Manager's address>", "ben@copperline.example"),
        ("<a CLEC's name>", "Osprey Telecom"),
        ("<the CLEC's mail domain>", "osprey.example"),
        ("<the address of a person of the CLEC>", "Una Reyes <una@osprey.example>"),
        ("<the name behind Authentication-Results>", "mx.copperline.example"),
        ("<your time zone, such as America/Denver>", "America/Chicago"),
    ):
        assert asked in filled
        filled = filled.replace(asked, answer)
    (folder / "config.yaml").write_text(filled, "utf-8")
    for name in ("imap", "smtp"):
        (folder / "secrets" / name).write_text("word\n", "utf-8")
        (folder / "secrets" / name).chmod(0o600)
    settings = load(folder / "config.yaml")
    assert settings.forms == folder / "forms"
    assert settings.office.organisation.name == "Copperline"


def test_check_finds_the_shipped_default_well(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As shipped everything is well, and looking leaves nothing behind."""
    assert run(["--config", str(shipped), "check"]) == 0
    shown = capsys.readouterr().out
    for what in (
        "configuration",
        "database",
        "posting",
        "mailbox",
        "smtp",
        "clock",
        "holidays",
        "meeting",
        "attachments",
    ):
        assert f"well    {what}" in shown
    assert shown.rstrip().endswith("All is well.")
    assert not list(shipped.parent.rglob("*.sqlite"))


def test_check_names_the_remedy(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is not well is marked, with what to do; the rest is examined all the same."""
    text = shipped.read_text("utf-8")
    text = text.replace(
        "mailbox: embedded", "mailbox: {host: 127.0.0.1, port: 1, tls: none, username: cr, password: {env: HOME}}"
    )
    text = text.replace("smtp: embedded", "smtp: {host: 127.0.0.1, port: 1, tls: none}")
    text = text.replace("authserv_ids: [mx.meridell.example]", "authserv_ids: []").replace(
        "    country: US", "    # country"
    )
    text = (
        text.replace("      - day after fourth Thursday of November", "")
        .replace("    extra:  ", "    # extra")
        .replace("    removed: []", "    # removed")
    )
    text = text.replace("after_publish: []", "after_publish: [no-such-command]").replace(
        "  holidays:\n", "  holidays: {}\n"
    )
    shipped.write_text(text, "utf-8")
    assert run(["--config", str(shipped), "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    for what in ("mailbox", "smtp", "trust", "holidays", "after publish"):
        (place,) = [n for n, line in enumerate(lines) if line.startswith(f"MEND    {what}")]
        assert "-> " in lines[place + 1]
    assert any(line.startswith("well    attachments") for line in lines)
    assert lines[-1] == "5 to mend."


def test_migrate_makes_the_database(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new database gets this version's tables; a second time there is nothing to do."""
    for _ in range(2):
        assert run(["--config", str(shipped), "migrate"]) == 0
        assert "the database has schema" in capsys.readouterr().out
    file = shipped.parent / "var" / "cmpbot.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_forms_are_written_beside_their_table(tmp_path: Path, shipped: Path) -> None:
    """An office with a table of its own makes its own blanks, in its own name."""
    shipped.write_text(shipped.read_text("utf-8").replace("name: Meridell", "name: Larkmoor"), "utf-8")
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "fields.yaml").write_bytes((packaged() / "forms" / "fields.yaml").read_bytes())
    assert run([str(forms), "--config", str(shipped)], forms_command) == 0
    assert sorted(path.name for path in forms.iterdir()) == sorted(["fields.yaml", *FILES.values()])
    assert "## Larkmoor Change Management Process" in (forms / FILES["txt"]).read_text("utf-8")


def test_a_wrong_table_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A field table that will not do is refused under its own name, with its line."""
    (tmp_path / "fields.yaml").write_text(
        "title: x\nfields:\n  - {key: a, label: A, shape: circle, need: required}\n", "utf-8"
    )
    assert run([str(tmp_path)], forms_command) == 2
    assert f"{tmp_path / 'fields.yaml'}:3: field a: 'circle'" in capsys.readouterr().err
