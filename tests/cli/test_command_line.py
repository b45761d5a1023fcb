"""The command line as a whole: help, exit codes, and what it costs to ask for help."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, cli, run

NAMES = [name for name, _, _ in COMMANDS]
HEAVY = ("sqlalchemy", "imapclient", "jinja2", "yaml", "openpyxl", "holidays", "rich", "alembic", "pymap", "mailparser")


def command(name: str) -> click.Command:
    """A command by its name."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command says what it does, and every option what it is for."""
    assert run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Usage: cmpbot {name}" in shown
    assert len(shown.splitlines()) > 4
    for option in command(name).params:
        assert not isinstance(option, click.Option) or option.help, f"{name} {option.name}"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`cmpbot --help` names each command and its purpose."""
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, _, words in COMMANDS:
        assert f"  {name} " in shown
        assert words.split()[0] in shown


def test_asking_for_help_is_cheap() -> None:
    """Help imports none of the heavy libraries, and costs a quarter of a second of CPU at most."""
    code = (
        "import sys; from bot.cli import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    times = []
    for _ in range(5):
        begun = cpu_of_children()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        times.append(cpu_of_children() - begun)
        assert done.stderr.strip() == "[]"
    assert min(times) < 0.25


def cpu_of_children() -> float:
    """Seconds of CPU that ended child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["list", "--phase", "Nonsense"],
        ["show"],
        ["--now", "yesterday", "list"],
        ["mail", "--fate", "x"],
    ],
)
def test_misuse_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command that cannot be understood is exit 2 and a line that says why."""
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Error:" in shown.err or "Usage:" in shown.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["agenda", "--month", "9999-12"], "9999-12 is not within the years 1970 to 2199"),
        (["report", "--since", "0000-05"], "0000-05 is not within the years 1970 to 2199"),
        (["--now", "9998-06-01T09:00", "list"], "9998-06-01T09:00 is not within the years 1970 to 2199"),
        (["--now", "0001-01-01T00:00", "health"], "0001-01-01T00:00 is not within the years 1970 to 2199"),
        (["simulate", "--years", "nan"], "nan is not more than 0 and at most 100 years"),
        (["simulate", "--years", "inf"], "inf is not more than 0 and at most 100 years"),
        (["simulate", "--years", "0"], "0.0 is not more than 0 and at most 100 years"),
        (["demo", "--port", "99999"], "99999 is not in the range 1<=x<=65535"),
        (["demo", "--port", "-1"], "-1 is not in the range 1<=x<=65535"),
    ],
)
def test_what_is_out_of_bounds_is_said(
    arguments: list[str], said: str, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A year, a length or a port that nobody can mean is refused in words before anything is done."""
    assert run(["--config", str(shipped), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in shipped.parent.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("moment", ["1970-01-01T00:00", "2199-12-31T23:59"])
def test_the_bounds_themselves_are_well(moment: str, shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the first and the last moment that may be rehearsed, the calendar and the meetings are known."""
    assert run(["--config", str(shipped), "migrate"]) == 0
    for month in ("1970-01", "2199-12"):
        assert run(["--config", str(shipped), "--now", moment, "agenda", "--month", month]) == 0
    assert run(["--config", str(shipped), "--now", moment, "agenda"]) == 0
    assert "Nothing is on it." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["run", "once", "list", "mail", "letters", "publish", "check", "migrate"])
def test_a_mistaken_configuration_exits_2(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake stands on standard error, nothing on standard output."""
    file = tmp_path / "config.yaml"
    file.write_text("organisation: {nmae: x}\ncolour: red\n", "utf-8")
    assert run(["--config", str(file), name]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{file}:1: `organisation.nmae` is not a known key; did you mean `name`?" in shown.err
    assert f"{file}:2: `colour` is not a known key" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "PC112226-1"], ["letters"], ["mail"], ["replay", "0123456789ab"]]
)
def test_looking_into_nothing_is_one_line(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], shipped: Path
) -> None:
    """Where there is no database yet, that is said in one line, and none is made."""
    assert run(["--config", str(shipped), *arguments]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "there is no database yet" in shown.err
    assert not list(tmp_path.rglob("*.sqlite"))


@pytest.mark.parametrize("name", ["list", "letters", "mail"])
def test_a_program_reads_an_empty_list_before_the_first_run(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], shipped: Path
) -> None:
    """The document is there, the reason is on standard error, and still no database is made."""
    assert run(["--config", str(shipped), name, "--json"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, "there is no database yet" in shown.err) == ("[]\n", True)
    assert not list(tmp_path.rglob("*.sqlite"))


def test_a_program_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own bug is no operator's mistake: it keeps its traceback."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "main", broken)
    with pytest.raises(ZeroDivisionError):
        run(["list"])


def test_a_disk_without_room_for_what_is_said_is_no_traceback() -> None:
    """`cmpbot ... > FILE` on a full disk says so, and exits 1."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "--help"], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert done.returncode == 1
    assert done.stderr.startswith("cmpbot: ")
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error(shipped: Path) -> None:
    """`cmpbot ... | head` ends without a traceback."""
    script = f"{sys.executable} -m bot --help | head -n 1; exit ${{PIPESTATUS[1]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_the_demo_empties_no_folder_of_others(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of its name that holds no earlier demo is left as it is."""
    other = shipped.parent / "var" / "demo" / "slides.txt"
    other.parent.mkdir(parents=True)
    other.write_text("of somebody else", "ascii")
    assert run(["--config", str(shipped), "demo", "--once"]) == 1
    assert f"{other.parent} is no earlier demo's" in capsys.readouterr().err
    assert other.exists()


def test_python_m_bot_is_the_command() -> None:
    """`python -m bot --version` names the program and its version."""
    done = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cmpbot, version ")


def test_json_is_one_document(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json there is one document on standard output, even when there is nothing to tell."""
    assert run(["--config", str(shipped), "migrate"]) == 0
    capsys.readouterr()
    for name in ("list", "mail", "letters"):
        assert run(["--config", str(shipped), name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == []
