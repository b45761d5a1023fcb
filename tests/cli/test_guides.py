"""The guides in docs/: what they take from the program's tables is what the program holds now."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from bot.cli import COMMANDS, run
from bot.cli.guides import COUNTED, EXAMPLES, PICTURE, drawn, guides_command, made, renewed
from bot.config import Limits, packaged
from bot.config.settings import Alerts
from bot.edge.sandbox import SandboxLimits
from bot.edge.store import LetterState
from bot.mail.letter import Kind
from bot.office.office import Intervals
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Fate

ROOT = Path(__file__).parents[2]
OPERATORS = (ROOT / "docs" / "operators-guide.md").read_text("utf-8")
SETTINGS = dict(re.findall(r"^\| `([a-z_.]+)` \|.*\| ([^|]*) \|$", OPERATORS, re.MULTILINE))


def test_the_committed_guides_are_those_made_now() -> None:
    """Whoever changes the field table, the commands, the verbs or the table of the workflow runs
    `python -m bot.cli.guides` as well."""
    for name, parts in made().items():
        text = (ROOT / "docs" / name).read_text("utf-8")
        assert renewed(text, parts) == text, f"docs/{name} is out of date"
    assert (ROOT / "docs" / PICTURE).read_text("utf-8") == drawn(), f"docs/{PICTURE} is out of date"


def test_a_guide_is_written_anew(tmp_path: Path) -> None:
    """What stands between the markers is replaced, and nothing else is."""
    for name, parts in made().items():
        (tmp_path / name).write_text("".join(f"a\n<!-- {part} -->\nold\n<!-- end -->\nb\n" for part in parts), "utf-8")
    assert run([str(tmp_path)], guides_command) == 0
    text = (tmp_path / "clec-guide.md").read_text("utf-8")
    parts = made()["clec-guide.md"]
    assert text == "".join(f"a\n<!-- {name} -->\n{part}<!-- end -->\nb\n" for name, part in parts.items())
    assert (tmp_path / PICTURE).read_text("utf-8") == drawn()


@pytest.mark.parametrize("text", ["no marker", "<!-- fields -->\n<!-- end -->\n<!-- fields -->\n<!-- end -->\n"])
def test_a_guide_without_its_markers_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A part that has no place, or two, is said and not guessed."""
    (tmp_path / "clec-guide.md").write_text(text, "utf-8")
    assert run([str(tmp_path)], guides_command) == 1
    assert "exactly one part" in capsys.readouterr().err
    assert (tmp_path / "clec-guide.md").read_text("utf-8") == text


def test_every_command_has_an_example_that_it_understands(capsys: pytest.CaptureFixture[str]) -> None:
    """The examples name the commands that there are, with options that these have."""
    assert list(EXAMPLES) == [name for name, _, _ in COMMANDS]
    for name, example in EXAMPLES.items():
        words = example.split()
        assert words[0] == "cmpbot"
        run([name, "--help"])
        told = capsys.readouterr().out
        assert all(word in told for word in words[words.index(name) :] if word.startswith("--")), example


@pytest.mark.parametrize("name", [*(fate.value for fate in Fate), *(kind.value for kind in Kind)])
def test_every_fate_and_every_letter_is_explained(name: str) -> None:
    """The operator finds each word that `cmpbot mail` and `cmpbot letters` may show."""
    assert f"| `{name}` |" in OPERATORS


def test_every_letter_is_explained_once() -> None:
    """In the section about letters."""
    section = OPERATORS[OPERATORS.index("\n## Letters") : OPERATORS.index("\n## Files")]
    assert sorted(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)) == sorted(Kind)


def test_every_state_of_a_letter_is_explained_once() -> None:
    """In the table of states, where the operator looks up what the list shows."""
    table = OPERATORS[OPERATORS.index("\n| State | Means |") : OPERATORS.index("\n| Kind | Goes to |")]
    states = [name for row in re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE) for name in row.split(", ")]
    assert sorted(states) == sorted(LetterState)


def test_every_deadline_is_in_the_table_of_dates() -> None:
    """By its name, with the figure of the configuration that it is counted by."""
    part = made()["staff-guide.md"]["dates"]
    assert set(COUNTED) == set(DeadlineKind)
    assert {name for _, name in COUNTED.values() if name} <= {figure.name for figure in fields(Intervals)}
    assert all(f"| {kind.value[:1].upper()}{kind.value[1:]} |" in part for kind in DeadlineKind)
    assert "| 8 | CRPM, SME | CMP Group Manager | `HELD`, `MEETING` |" in part


def keys_of(node: object, path: str = "") -> Iterator[str]:
    """The full names of all settings in a configuration; the members of a list share theirs."""
    match node:
        case dict() if node:
            for key, value in node.items():
                yield from keys_of(value, f"{path}.{key}" if path else str(key))
        case list() if node and isinstance(node[0], dict):
            for item in node:
                yield from keys_of(item, path)
        case _:
            yield path


@pytest.mark.parametrize("file", [packaged() / "config.yaml", ROOT / "bot" / "cli" / "init_config.yaml"])
def test_every_setting_is_in_the_reference(file: Path) -> None:
    """No key of a shipped configuration is missing from the table of settings."""
    keys = set(keys_of(yaml.safe_load(file.read_text("utf-8"))))
    keys = {key.removesuffix(".file") for key in keys}
    assert keys <= SETTINGS.keys() | {"mailbox", "smtp"}


def test_the_figures_of_the_reference_are_the_defaults() -> None:
    """What counts when a line is left out is what the reference says."""
    standard = {f"limits.{one.name}": getattr(Limits(), one.name) for one in fields(Limits)}
    standard |= {f"deadlines.{one.name}": getattr(Intervals(), one.name) for one in fields(Intervals)}
    standard["alerts.after_minutes"] = int(Alerts().after.total_seconds()) // 60
    standard["alerts.letters_hours"] = int(Alerts().letters.total_seconds()) // 3600
    standard["alerts.disk_megabytes"] = Alerts().disk_megabytes
    standard["alerts.most_a_day"] = Alerts().most_a_day
    sandbox = SandboxLimits()
    standard["limits.attachment.cpu_seconds"] = sandbox.cpu_seconds
    standard["limits.attachment.wall_seconds"] = int(sandbox.wall_seconds)
    standard["limits.attachment.memory_megabytes"] = sandbox.memory // 2**20
    assert {key: SETTINGS[key] for key in standard} == {key: str(value) for key, value in standard.items()}
