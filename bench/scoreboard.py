"""python -m bench.scoreboard: every figure of bars.py that can be measured here, with its bar beside it.

Its one rule: a figure is what just ran, never what was written down. Tests hold their bar or fail; what one of them
measured itself (`record_property`) is shown, else how many checks held. `--markdown` writes the page of docs/.
"""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import click
import pytest

from bench.bars import BARS, Bar
from bot.cli.bar import bar
from bot.cli.output import wrapped


class Verdict(StrEnum):
    """What became of a bar."""

    MET = "met"
    MISSED = "MISSED"
    SKIPPED = "not measured"


@dataclass(slots=True)
class Ran:
    """What pytest told of one node: how many checks held and failed, and what they measured."""

    held: int = 0
    failed: int = 0
    measured: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Listener:
    """A plugin of pytest that notes what became of each test."""

    ran: dict[str, Ran] = field(default_factory=lambda: defaultdict(Ran))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of each test."""
        of = self.ran[report.nodeid]
        if report.failed:
            of.failed += 1
        elif report.when == "call" and report.passed:
            of.held += 1
            of.measured += [f"{name}: {value}" for name, value in report.user_properties]


@dataclass(frozen=True, slots=True)
class Row:
    """A bar with what was found."""

    of: Bar
    measured: str
    verdict: Verdict


@click.command(help=__doc__)
@click.argument("numbers", nargs=-1)
@click.option("--tests-only", is_flag=True, help="Leave out the benches, which take minutes each.")
@click.option("--markdown", is_flag=True, help="A page of Markdown instead of a table.")
def main(numbers: Sequence[str], *, tests_only: bool, markdown: bool) -> None:
    """Run what shows the bars NUMBERS (S1 S2 ...; all without any), and print them."""
    wanted = [each for each in BARS if not numbers or each.number in numbers]
    ran = run_tests(sorted({test for each in wanted for test in each.tests}))
    rows = []
    with bar("figures", len(wanted)) as step:
        for each in wanted:
            rows.append(judged(each, ran, () if tests_only else each.benches))
            step(1)
    show(rows, markdown=markdown)
    sys.exit(any(row.verdict is Verdict.MISSED for row in rows))


def run_tests(tests: Sequence[str]) -> dict[str, Ran]:
    """What became of each test; pytest's own words go to standard error."""
    listener = Listener()
    if tests:
        own, sys.stdout = sys.stdout, sys.stderr
        try:
            pytest.main(["-p", "no:cacheprovider", "-n", "2", *tests], plugins=[listener])
        finally:
            sys.stdout = own
    return listener.ran


def judged(of: Bar, ran: dict[str, Ran], benches: Sequence[str]) -> Row:
    """One bar against what its tests and benches say."""
    parts = tuple(f"{test}{follows}" for test in of.tests for follows in ("/", "::", "["))
    mine = [each for node, each in ran.items() if node in of.tests or node.startswith(parts)]
    held, failed = sum(each.held for each in mine), sum(each.failed for each in mine)
    found = [words for each in mine for words in each.measured]
    if held or failed:
        found.append(f"{failed} of {held + failed} checks failed" if failed else f"{held} checks held")
    for bench in benches:
        done = subprocess.run([sys.executable, "-m", *bench.split()], check=False, capture_output=True, text=True)
        failed += done.returncode != 0
        found.append(last_line(done.stdout or done.stderr))
    verdict = Verdict.MISSED if failed else Verdict.MET if found else Verdict.SKIPPED
    return Row(of, "; ".join(found), verdict)


def last_line(text: str) -> str:
    """The last line with words."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "nothing was said")


def show(rows: Sequence[Row], *, markdown: bool) -> None:
    """Print the board."""
    heads = ("", "figure", "bar", "measured", "")
    cells = [(row.of.number, row.of.figure, row.of.bar, row.measured, str(row.verdict)) for row in rows]
    if not markdown:
        wrapped(heads, cells)
        return
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row, line in zip(rows, cells, strict=True):
        shown = [*(f"`{each}`" for each in row.of.tests), *(f"`python -m {each}`" for each in row.of.benches)]
        print("| " + " | ".join(line) + " |")
        print(f"| | {row.of.note} | | {', '.join(shown)} | |")


if __name__ == "__main__":
    main()
