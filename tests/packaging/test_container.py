"""The Containerfile and its guide: no engine runs here, so each instruction is looked at for what it promises.

What it copies is built into a wheel, and what the guide forbids the container is forbidden the program.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from bot.cli import COMMANDS
from tests.packaging import guides
from tests.packaging.built import LIBRARIES, ROOT, Built, build
from tests.packaging.stage import Stage
from tests.servers import IN_CI

GUIDE = "install-container.md"
LINES = re.sub(r"\\\n", " ", (ROOT / "deploy" / "Containerfile").read_text("utf-8")).splitlines()
INSTRUCTIONS = [tuple(line.split(maxsplit=1)) for line in LINES if line and not line.startswith("#")]
NAMES = {name for name, _, _ in COMMANDS}
FIRST, LAST = (place for place, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM")
USER = "10001"


def said(word: str, instructions: list[tuple[str, ...]] | None = None) -> list[str]:
    """What follows an instruction, wherever it stands; in the last stage, unless others are given."""
    return [rest for name, rest in instructions or INSTRUCTIONS[LAST:] if name == word]


def test_the_base_is_a_plain_name() -> None:
    """No registry is named: where images come from is the operator's affair."""
    assert said("FROM", INSTRUCTIONS) == ["${PYTHON} AS build", "${PYTHON}"]
    (base,) = (rest for rest in said("ARG", INSTRUCTIONS) if rest.startswith("PYTHON="))
    assert re.fullmatch(r"PYTHON=python:3\.\d+-slim-\w+", base)


def test_it_runs_as_nobody_that_the_host_knows() -> None:
    """The user is a number and not root; what it may write is one volume."""
    assert said("USER") == [f"{USER}:{USER}"]
    assert said("VOLUME") == ["/srv/cmp"]
    assert said("WORKDIR") == ["/srv/cmp"]
    assert said("COPY") == ["--from=build /opt/cmpbot /opt/cmpbot"]


def test_every_package_is_pinned_by_its_hash() -> None:
    """pip installs from a lock, or the wheel that was just built, without looking for more."""
    installs = [part for rest in said("RUN", INSTRUCTIONS) for part in rest.split("&&") if "pip install" in part]
    assert len(installs) == 3
    assert all("--require-hashes -r deploy/" in one or "--no-deps dist/" in one for one in installs)


def test_what_it_starts_is_there() -> None:
    """Entry point, command and health check are words of the program."""
    words = yaml.safe_load
    assert [words(one) for one in said("ENTRYPOINT")] == [["cmpbot"]]
    assert [words(one) for one in said("CMD")] == [["run"]]
    (check,) = said("HEALTHCHECK")
    shell, option, script = words(check.partition("CMD ")[2])
    assert (shell, option) == ("sh", "-c")
    program, command, *_ = script.split()
    assert program == "cmpbot"
    assert command in NAMES


@pytest.mark.parametrize(("code", "healthy"), [(0, True), (1, True), (2, False), (127, False)])
def test_only_what_does_not_work_is_unhealthy(tmp_path: Path, code: int, healthy: bool) -> None:
    """An engine knows well and unwell only: something to look at is no reason to start the container anew."""
    program = tmp_path / "cmpbot"
    program.write_text(f"#!/bin/sh\nexit {code}\n", "ascii")
    program.chmod(0o755)
    (check,) = said("HEALTHCHECK")
    words = yaml.safe_load(check.partition("CMD ")[2])
    done = subprocess.run(words, env={"PATH": f"{tmp_path}:/bin:/usr/bin"}, check=False)
    assert (done.returncode == 0) is healthy


@pytest.mark.slow
def test_what_it_copies_makes_the_wheel(built: Built, tmp_path: Path) -> None:
    """Nothing is forgotten: the copied files build the same wheel, byte for byte."""
    for rest in said("COPY", INSTRUCTIONS[FIRST:LAST]):
        *sources, target = rest.split()
        for source in sources:
            here = ROOT / source
            if here.is_dir():
                shutil.copytree(here, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (tmp_path / target).mkdir(exist_ok=True)
                shutil.copy(here, tmp_path / target)
    again = build(tmp_path, tmp_path / "dist", "-t", "wheel")
    assert again.wheel.read_bytes() == built.wheel.read_bytes()


def test_the_compose_file_says_what_the_command_says() -> None:
    """Both ways to start it restrict it alike."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", guides.text(GUIDE), re.MULTILINE | re.DOTALL)
    service = yaml.safe_load(block)["services"]["cmpbot"]
    (line,) = (line for line in guides.steps(GUIDE)["Run"] if line.startswith("docker run -d"))
    words = shlex.split(line)
    given = set(pairwise(words))
    assert service["read_only"]
    assert service["init"]
    assert {"--read-only", "--init"} <= set(words)
    assert {("--tmpfs", *service["tmpfs"]), ("--cap-drop", *service["cap_drop"])} <= given
    assert {("-v", *service["volumes"]), ("--restart", service["restart"])} <= given
    assert ("--security-opt", "no-new-privileges") in given
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {("--log-opt", f"{key}={value}") for key, value in service["logging"]["options"].items()} <= given
    assert service["stop_grace_period"] == dict(pairwise(words))["--stop-timeout"] + "s"
    assert (ROOT / service["build"]["dockerfile"]).is_file()


@pytest.fixture(scope="module")
def stage(built: Built) -> Iterator[Stage]:
    """A machine with the wheel where the image has it."""
    if why := Stage.missing():
        assert not (IN_CI and "make servers" in why), why
        pytest.skip(why)
    seen = {built.wheel.parent: "/root/new", Path(sys.base_prefix): "/opt/python", LIBRARIES: "/opt/libraries"}
    with Stage(seen) as machine:
        machine.run("sh", "-c", "echo /opt/python/lib > /etc/ld.so.conf.d/python.conf && ldconfig")
        machine.run("python3", "-m", "venv", "/opt/cmpbot")
        machine.run("sh", "-c", "echo /opt/libraries > $(echo /opt/cmpbot/lib/python3*/site-packages)/them.pth")
        machine.run("sh", "-c", "/opt/cmpbot/bin/pip install --no-deps /root/new/*.whl")
        yield machine


@pytest.mark.slow
def test_it_works_with_nothing_but_its_folder(stage: Stage) -> None:
    """With a read-only root, a fresh /tmp, no capability, no new privileges and one folder of its own, forms are
    read by confined children, old files are converted, a turn is done; and root's files are not needed."""
    stage.run("install", "-d", "-m", "700", "-o", USER, "-g", USER, "/srv/cmp")
    confined(stage, "init", "/srv/cmp")
    told = confined(stage, "--config", "/srv/cmp/config.yaml", "check", expected=2)
    assert "still has to be filled in" in told
    stage.run("sh", "-c", "cat > /srv/cmp/config.yaml", stdin=(ROOT / "config.yaml").read_text("utf-8"))
    told = confined(stage, "--config", "/srv/cmp/config.yaml", "check")
    assert "All is well." in told
    assert "the child has no network and no other program; no file but its own" in told
    assert stage.run("find", "/srv/cmp/var", "!", "-user", USER) == ""


def confined(stage: Stage, *words: str, expected: int = 0) -> str:
    """Run cmpbot as the guide's container does."""
    script = (
        "mount --make-rprivate /;mount --bind /srv/cmp /srv/cmp; mount -t tmpfs tmpfs /tmp; mount -o remount,ro,bind /;"
        f"exec setpriv --reuid {USER} --regid {USER} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "
        'env -C /srv/cmp HOME=/srv/cmp /opt/cmpbot/bin/cmpbot "$@"'
    )
    return stage.run("unshare", "--mount", "sh", "-ec", script, "sh", *words, expected=expected)
