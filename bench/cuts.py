"""python -m bench.cuts: cut the line to the mail server after every byte of a session, one after the other.

Each cut meets a session with one small mail; a session without harm follows. The last line holds the figures; it
exits 1 where a mail was lost, stored or moved twice, or a session did not come back in time.
"""

import sys
import tempfile
import time
from pathlib import Path

import click

from bot.cli.bar import bar
from tests.faults.lines import PATIENCE, cuts, drops, office
from tests.servers import Dovecot


@click.command(help=__doc__)
@click.option("--every", default=1, show_default=True, help="Cut only after every nth byte.")
def main(every: int) -> None:
    """Run, and print the figures."""
    began, slowest, lost = time.monotonic(), 0.0, list[str]()
    with tempfile.TemporaryDirectory() as folder, Dovecot() as dovecot, office(Path(folder), dovecot) as opened:
        pieces, size = opened.session()
        chosen = [*drops(pieces), *cuts(size, every)]
        with bar("Cutting", len(chosen)) as step:
            for harm in chosen:
                asked = time.monotonic()
                for fault in opened.survives(harm):
                    lost.append(fault)
                    print(fault, flush=True)
                slowest = max(slowest, time.monotonic() - asked)
                step(1)
        opened.settle()
        lost += opened.faults()
    print(
        f"{len(chosen)} lines cut or silent, at {pieces} commands and {size} bytes, {time.monotonic() - began:.0f} s: "
        f"{len(lost)} faults, the slowest two sessions took {slowest:.1f} s"
    )
    sys.exit(bool(lost) or slowest > 2 * PATIENCE)


if __name__ == "__main__":
    main()
