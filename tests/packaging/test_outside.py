"""The wheel and the sdist away from the checkout: nothing of it is needed, and nothing is missing."""

import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.built import ENVIRONMENT, ROOT, Built, build, tell_of_libraries

pytestmark = pytest.mark.slow
Cmpbot = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist's folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(built.sdist) as archive:
        archive.extractall(folder, filter="data")
    (inner,) = folder.iterdir()
    return inner


@pytest.fixture(scope="module")
def cmpbot(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Cmpbot:
    """Calls the installed program in an empty folder: a fresh virtual environment with the wheel alone."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True, env=ENVIRONMENT)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "venv" / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", str(built.wheel)], check=True, env=ENVIRONMENT)
    tell_of_libraries(place / "venv")

    def call(folder: Path, *words: str, program: str = "cmpbot") -> "subprocess.CompletedProcess[str]":
        command = [str(place / "venv" / "bin" / program), *words]
        return subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=250
        )

    return call


def test_the_sdist_holds_what_the_repository_holds(built: Built) -> None:
    """Every file that is kept, and none that a build or a test left behind."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    kept = {name for name in listed if name and (ROOT / name).is_file()}
    with tarfile.open(built.sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert packed - {"PKG-INFO"} == kept


def test_the_sdist_makes_the_same_wheel(built: Built, unpacked: Path, tmp_path: Path) -> None:
    """Byte for byte, so that whoever builds it anew can compare."""
    again = build(unpacked, tmp_path / "dist", "-t", "wheel")
    assert again.wheel.name == built.wheel.name
    assert again.wheel.read_bytes() == built.wheel.read_bytes()


def test_the_tests_run_in_the_sdist(unpacked: Path) -> None:
    """They find there what they need, and test that copy; here those that read files of every folder."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0"]
    command += ["tests/cli/test_setup.py", "tests/test_accounts_guides.py", "tests/packaging"]
    done = subprocess.run(
        [*command, "-m", "not slow"],
        cwd=unpacked,
        env=ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_wheel_is_the_program_and_no_more(built: Built) -> None:
    """Its rooms and what they read; no tests, and nothing outside its own folder."""
    with ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {"bot", f"cmpbot-{built.version}.dist-info"}
    data = {name.removeprefix("bot/_data/") for name in names if name.startswith("bot/_data/")}
    here = [path for part in ("templates", "forms") for path in (ROOT / part).rglob("*") if path.is_file()]
    assert data == {"config.yaml", *(path.relative_to(ROOT).as_posix() for path in here)}


def test_the_installed_program_is_not_that_of_the_checkout(cmpbot: Cmpbot, tmp_path: Path) -> None:
    """What the other tests here run is the wheel's code."""
    told = cmpbot(tmp_path, "-c", "import bot, sys; print(bot.__file__, *sys.path)", program="python").stdout
    assert "/venv/lib/" in told.split()[0]
    assert str(ROOT) not in [*told.split()[1:]]


def test_init_and_check_explain_what_to_fill_in(cmpbot: Cmpbot, tmp_path: Path) -> None:
    """`cmpbot init x && cmpbot --config x/config.yaml check` names every blank with its line, and both secrets."""
    assert cmpbot(tmp_path, "init", "x").returncode == 0
    done = cmpbot(tmp_path, "--config", "x/config.yaml", "check")
    blanks = re.findall(r"^[^#\n]*<", (tmp_path / "x" / "config.yaml").read_text("utf-8"), re.MULTILINE)
    assert done.returncode == 2
    assert done.stderr.count("still has to be filled in: ") == len(blanks) > 10
    assert done.stderr.count("does not exist; write the password into it") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_the_demo_plays(cmpbot: Cmpbot, tmp_path: Path) -> None:
    """From an empty folder, with nothing but what the wheel brings."""
    done = cmpbot(tmp_path, "demo", "--once")
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "var" / "demo" / "web" / "site" / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_forms_are_made_and_explained(cmpbot: Cmpbot, tmp_path: Path) -> None:
    """The blank forms are made from the wheel's field table, and read again by the confined child."""
    cmpbot(tmp_path, "init", "x")
    assert cmpbot(tmp_path, "-m", "bot.cli.forms", "x/forms", program="python").returncode == 0
    for name in ("change-request.docx", "change-request.xlsx", "change-request.txt"):
        done = cmpbot(tmp_path, "explain", f"x/forms/{name}")
        assert done.returncode == 0, done.stderr
        assert "The title is missing." in done.stdout
