"""python -m bench.writes: refuse every write, sync and rename of one change request's life, one after the other.

Each is refused by the kernel (strace): ENOSPC or EIO, once, or every tenth time from there on. After each, a turn
without harm, and an audit. The last line holds the figures; it exits 1 where anything was lost or half written.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from bot.cli.bar import bar
from tests.faults.life import begun
from tests.faults.writes import counted, missing, outcome, refusals
from tests.servers import Dovecot
from tests.warm import Warm


@click.command(help=__doc__)
@click.option("--every", default=1, show_default=True, help="Leave out all but each nth.")
def main(every: int) -> None:
    """Run, and print the figures."""
    if missing():
        raise SystemExit("strace is not installed: make servers")
    began, refused, lost = time.monotonic(), Counter[str](), list[str]()
    with (
        tempfile.TemporaryDirectory() as folder,
        Dovecot() as dovecot,
        Warm() as warm,
        begun(Path(folder), dovecot, warm) as life,
    ):
        counted(life)  # the first turn makes folders that stay
        chosen = list(refusals(counted(life)))[::every]
        with bar("Refusing", len(chosen)) as step:
            for refusal in chosen:
                refused[refusal.call] += 1
                for fault in outcome(life, refusal):
                    lost.append(f"{refusal}: {fault}")
                    print(lost[-1], flush=True)
                step(1)
    kinds = ", ".join(f"{count} {call}" for call, count in refused.items())
    print(f"{refused.total()} refusals ({kinds}), {time.monotonic() - began:.0f} s: {len(lost)} faults")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
