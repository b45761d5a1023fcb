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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.mutant import MUTANT, ROOT, mutations
from bot.cli.bar import bar

SUBJECTS = {
    "bot/workflow/decide.py": ("tests/workflow",),
    "bot/workflow/order.py": ("tests/workflow",),
    "bot/workflow/rights.py": ("tests/workflow",),
    "bot/workflow/party.py": ("tests/workflow",),
    "bot/intake/verify.py": ("tests/intake/test_verify.py", "tests/spoof"),
    "bot/mail/token.py": ("tests/mail/test_token.py",),
    "bot/edge/store/numbers.py": ("tests/edge/test_numbers.py", "tests/edge/test_store_held.py"),
    "bot/edge/outbox.py": ("tests/edge/test_outbox.py",),
}
"""Each module with the tests that are meant to know all about it."""
WANTED = 90.0
"""Percent of the mutants that must be killed."""
LONGEST = 300
"""Seconds after which tests count as hanging."""
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-o",
    "addopts=",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "-m",
    "not slow",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One of them, and how it is told to people."""

    file: str
    which: int
    line: int
    words: str


@click.command(help=__doc__)
@click.argument("files", nargs=-1)
@click.option("--each", default=40, show_default=True, help="At most so many mutants of a module, drawn by lot.")
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=2, show_default=True, help="How many at a time.")
def main(files: Sequence[str], each: int, seed: int, jobs: int) -> None:
    """Measure the coverage of FILES (all without any), then make their mutants and let the tests find them."""
    wanted = files or tuple(SUBJECTS)
    for file in wanted:
        print(f"{file}: {covered(file):.1f} % of its branches covered", flush=True)
    lots = random.Random(seed)
    mutants = [mutant for file in wanted for mutant in drawn(mutants_of(file), each, lots)]
    killed = 0
    with bar("mutants", len(mutants)) as step, ThreadPoolExecutor(jobs) as pool:
        for mutant, died in zip(mutants, pool.map(dies, mutants), strict=True):
            killed += died
            step(1)
            if not died:
                print(f"{mutant.file}:{mutant.line} lives: {mutant.words}", flush=True)
    share = 100 * killed / len(mutants)
    print(f"{killed} of {len(mutants)} mutants killed ({share:.0f} %)")
    sys.exit(share < WANTED)


def covered(file: str) -> float:
    """The percentage of a module's branches that its tests take."""
    with TemporaryDirectory() as folder:
        report, data = Path(folder) / "report.json", f"--data-file={folder}/coverage"
        coverage = (sys.executable, "-m", "coverage")
        measured = [*coverage, "run", "--branch", f"--include={file}", data, *PYTEST[1:], *SUBJECTS[file]]
        subprocess.run(measured, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*coverage, "json", "-q", data, "-o", report], cwd=ROOT, check=True)
        totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
        return float(totals["percent_covered"])


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant that a module has."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return [Mutant(file, which, line, words) for which, (line, words, _) in enumerate(mutations(tree))]


def drawn(mutants: list[Mutant], most: int, lots: random.Random) -> list[Mutant]:
    """Some of them, in the order of the file."""
    return sorted(lots.sample(mutants, min(most, len(mutants))), key=lambda mutant: mutant.which)


def dies(mutant: Mutant) -> bool:
    """True when one of the module's tests fails with it, or does not end."""
    environment = {**os.environ, MUTANT: f"{mutant.file}:{mutant.which}", "PYTHONPATH": str(ROOT)}
    tests = [*PYTEST, "-x", "-p", "bench.mutant", *SUBJECTS[mutant.file]]
    try:
        done = subprocess.run(tests, cwd=ROOT, check=False, env=environment, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    main()
