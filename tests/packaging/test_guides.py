"""The guides and the parts of the lock: every command, option, path and key that they name is there."""

import re
from importlib.metadata import requires

import click
import pytest
import yaml
from packaging.requirements import Requirement

from bot.cli import COMMANDS, cli
from deploy.lock import parts
from tests.packaging import guides
from tests.packaging.built import ROOT

CODE = re.compile(r"^```.*?^```|`[^`]+`", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"cmpbot(?: --config \S+)? (?!cmpbot )([a-z]+)(?![\w-])(.*)")
DEPLOYED = re.compile(r"\bdeploy/([\w.-]+)")
LINK = re.compile(r"\]\(([\w./-]+)\)")
KEY = re.compile(r"`([a-z]+\.[a-z_]+)`")
PLACES = {"config.yaml", "requirements.lock"}


def code(guide: str) -> str:
    """What a guide sets as code."""
    return "\n".join(CODE.findall(guides.text(guide)))


@pytest.mark.parametrize("guide", guides.GUIDES)
def test_a_guide_tells_all_of_a_life(guide: str) -> None:
    """From nothing to a running mailbox, and on to an upgrade and the end."""
    assert {"Your office", "Run", "Upgrade", "Uninstall"} <= set(guides.steps(guide))
    for section in ("Your office", "Upgrade"):
        assert any(line.endswith("check") for line in guides.steps(guide)[section])


@pytest.mark.parametrize("guide", guides.GUIDES)
def test_every_command_is_one_of_ours(guide: str) -> None:
    """With options that it has."""
    names, context = {name for name, _, _ in COMMANDS}, click.Context(cli)
    called = CALL.findall(code(guide))
    assert {name for name, _ in called} <= names
    assert {"init", "check", "list"} <= {name for name, _ in called}
    for name, rest in called:
        command = cli.get_command(context, name)
        assert command
        known = {option for one in command.params for option in one.opts}
        assert set(re.findall(r"(?<=\s)--[a-z]+", rest.partition("`")[0])) <= known, (name, rest)


@pytest.mark.parametrize("guide", guides.GUIDES)
def test_every_path_is_there(guide: str) -> None:
    """Files of deploy/, and the pages that it links to."""
    assert all((ROOT / "deploy" / name).is_file() for name in DEPLOYED.findall(guides.text(guide)))
    assert all((ROOT / "docs" / name).is_file() for name in LINK.findall(guides.text(guide)))


@pytest.mark.parametrize("guide", guides.GUIDES)
def test_every_key_is_one_of_the_configuration(guide: str) -> None:
    """What looks like a key stands in the configuration that `init` writes."""
    written = yaml.load((ROOT / "bot" / "cli" / "init_config.yaml").read_text("utf-8"), yaml.BaseLoader)
    for key in set(KEY.findall(guides.text(guide))) - PLACES:
        section, _, name = key.partition(".")
        assert name in written[section], key


def test_init_writes_every_key() -> None:
    """Whatever can be set stands in the file that `init` writes, if only behind a #, with its reason beside it."""
    reference = (
        guides.text("operators-guide.md").partition("## Configuration reference")[2].partition("## Troubleshooting")[0]
    )
    written = (ROOT / "bot" / "cli" / "init_config.yaml").read_text("utf-8")
    keys = re.findall(r"^\| `([a-z_.]+)` \|", reference, re.MULTILINE)
    assert len(keys) > 80
    assert [key for key in keys if not re.search(rf"\b{key.rpartition('.')[2]}:", written)] == []


def test_the_wrapper_and_the_unit_agree_on_places() -> None:
    """Both speak of the program, configuration and unit where the guide puts them."""
    wrapper, unit = ((ROOT / "deploy" / name).read_text("utf-8") for name in ("cmpbot", "cmpbot.service"))
    for place in ("/opt/cmpbot/bin/cmpbot", "/etc/cmpbot/config.yaml"):
        assert place in wrapper
        assert place in unit
    assert "/etc/systemd/system/cmpbot.service" in wrapper
    assert "/etc/systemd/system/cmpbot.service" in code("install-systemd.md")


def test_the_parts_of_the_lock_are_those_made_now() -> None:
    """Whoever changes requirements.lock runs `python deploy/lock.py` as well."""
    for name, lines in parts().items():
        assert (ROOT / "deploy" / name).read_text("utf-8") == lines, f"deploy/{name} is out of date"


@pytest.mark.parametrize("name", ["requirements.lock", "build.lock"])
def test_a_part_of_the_lock_is_complete(name: str) -> None:
    """Whatever its packages require of others is in it."""
    there = {line.partition("==")[0] for line in parts()[name].splitlines() if "==" in line.partition(" ")[0]}
    for package in there:
        for line in requires(package) or ():
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                assert re.sub(r"[-_.]+", "-", one.name).lower() in there, (package, line)


def test_the_runtime_lock_holds_no_tools() -> None:
    """What only development needs is not installed on a server."""
    there = {line.partition("==")[0] for line in parts()["requirements.lock"].splitlines()}
    assert not there & {"pytest", "mypy", "ruff", "playwright", "hypothesis", "hatchling"}
    assert {"msal", "google-auth", "psycopg-binary", "imapclient", "sqlalchemy"} <= there
