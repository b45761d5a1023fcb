"""python -m bench.mutants: do the tests notice when a line that decides, authorises, numbers or sends is wrong?

Its one rule: a mutant counts as killed only when a test fails, or hangs. The tests' branch coverage of each module
is printed first, then how many of its mutants they kill, and where the others live.
"""

import ast
import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.mutant import MUTANT, ROOT, mutations
from bot.cli.bar import bar

SUBJECTS = {
    "bot/workflow/decide.py": ("tests/workflow", "tests/daemon/test_meeting.py", "tests/daemon/test_follow.py"),
    "bot/workflow/order.py": (
        "tests/workflow",
        "tests/cli/test_explain.py",
        "tests/spoof/test_replays.py",
        "tests/daemon/test_taking_back.py",
    ),
    "bot/workflow/rights.py": ("tests/workflow",),
    "bot/workflow/party.py": ("tests/workflow",),
    "bot/intake/verify.py": ("tests/intake/test_verify.py", "tests/spoof"),
    "bot/mail/token.py": ("tests/mail/test_token.py",),
    "bot/edge/store/numbers.py": (
        "tests/edge/test_numbers.py",
        "tests/edge/test_store_held.py",
        "tests/daemon/test_bring_in.py",
    ),
    "bot/edge/outbox.py": ("tests/edge/test_outbox.py", "tests/edge/test_xoauth2.py"),
}
"""Each module with the tests that are meant to know all about it."""
WANTED = 90.0
"""Percent of the mutants that must be killed."""
LONGEST = 300
"""Seconds after which tests count as hanging."""
QUIET = ("-q", "-o", "addopts=", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not slow")
COVERAGE = """
[run]
branch = true
dynamic_context = test_function
[report]
exclude_also =
    assert_never
    if TYPE_CHECKING
"""


@dataclass(frozen=True, slots=True)
class Covered:
    """What tests do to a module: how much of it runs, and which of them run a line."""

    percent: float
    tests: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One of them, how it is told to people, and the tests that come by its line."""

    file: str
    which: int
    line: int
    words: str
    tests: tuple[str, ...]


@click.command(help=__doc__)
@click.argument("files", nargs=-1)
@click.option("--each", default=30, show_default=True, help="At most so many mutants of a module, drawn by lot.")
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=2, show_default=True, help="How many at a time.")
def main(files: Sequence[str], each: int, seed: int, jobs: int) -> None:
    """Measure the coverage of FILES (all without any), then make their mutants and let the tests find them."""
    lots, mutants, least = random.Random(seed), list[Mutant](), 100.0
    for file in files or SUBJECTS:
        found = covered(file)
        least = min(least, found.percent)
        print(f"{file}: {found.percent:.1f} % covered", flush=True)
        mutants += drawn(mutants_of(file, found.tests), each, lots)
    killed = 0
    with bar("mutants", len(mutants)) as step, ThreadPoolExecutor(jobs) as pool:
        for mutant, died in zip(mutants, pool.map(dies, mutants), strict=True):
            killed += died
            step(1)
            if not died:
                print(f"{mutant.file}:{mutant.line} lives: {mutant.words}", flush=True)
    share = 100 * killed / len(mutants)
    print(f"{least:.0f} % covered at least; {killed} of {len(mutants)} mutants killed ({share:.0f} %)")
    sys.exit(least < 100 or share < WANTED)


def covered(file: str) -> Covered:
    """What a module's tests do to it, line by line and branch by branch."""
    with TemporaryDirectory() as folder:
        rules, data, told = (Path(folder) / name for name in ("rc", "data", "told.json"))
        rules.write_text(COVERAGE, encoding="utf-8")
        coverage = [sys.executable, "-m", "coverage"]
        common = [f"--rcfile={rules}", f"--data-file={data}"]
        run = [*coverage, "run", *common, f"--include={file}", "-m", "pytest", *QUIET, *SUBJECTS[file]]
        subprocess.run(run, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*coverage, "json", "-q", *common, "--show-contexts", "-o", told], cwd=ROOT, check=True)
        (found,) = json.loads(told.read_text(encoding="utf-8"))["files"].values()
    tests = {int(line): frozenset(filter(None, map(node, names))) for line, names in found["contexts"].items()}
    return Covered(found["summary"]["percent_covered"], tests)


def node(context: str) -> str:
    """A test's name as pytest takes it, from how coverage calls it; empty for what ran outside any test."""
    module, _, name = context.rpartition(".")
    return f"{module.replace('.', '/')}.py::{name}" if name.startswith("test_") else ""


def mutants_of(file: str, tests: Mapping[int, frozenset[str]]) -> list[Mutant]:
    """Every mutant that a module has; all its tests where a line runs outside of them."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return [
        Mutant(file, which, line, words, tuple(sorted(tests.get(line, ()))) or SUBJECTS[file])
        for which, (line, words, _) in enumerate(mutations(tree))
    ]


def drawn(mutants: list[Mutant], most: int, lots: random.Random) -> list[Mutant]:
    """Some of them, in the order of the file."""
    return sorted(lots.sample(mutants, min(most, len(mutants))), key=lambda mutant: mutant.which)


def dies(mutant: Mutant) -> bool:
    """True when a test fails with it, or does not end."""
    environment = {**os.environ, MUTANT: f"{mutant.file}:{mutant.which}", "PYTHONPATH": str(ROOT)}
    tests = [sys.executable, "-m", "pytest", *QUIET, "-x", "-p", "bench.mutant", *mutant.tests]
    try:
        done = subprocess.run(tests, cwd=ROOT, check=False, env=environment, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    main()
