"""python -m bench.kills: end a daemon under load at many random moments, and count what was lost or done twice.

`kill -9` by default, on SQLite or with --postgres; with --stop SIGTERM, after which it must end within ten seconds,
with exit code 0 and no child left. The last line holds the figures; it exits 1 where one of them is not 0.
"""

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bench.mails import mail
from bot.cli.bar import bar
from tests.faults.life import begun
from tests.faults.moments import under_load
from tests.mixed import MAILS
from tests.postgres import running
from tests.servers import Dovecot
from tests.warm import Warm

FURTHER = 1_002  # bench mails from here on look like none of the mixed ones
A_TIME = 2  # mails for each end


@click.command(help=__doc__)
@click.option("--times", default=200, show_default=True)
@click.option("--postgres", is_flag=True, help="On PostgreSQL instead of SQLite.")
@click.option("--stop", is_flag=True, help="SIGTERM instead of kill -9.")
@click.option("--seed", default=7, show_default=True)
def main(times: int, seed: int, *, postgres: bool, stop: bool) -> None:
    """Run, and print the figures."""
    how = signal.SIGTERM if stop else signal.SIGKILL
    further = max(A_TIME * times - len(MAILS), 0)
    mails = [*MAILS, *(mail(FURTHER + number) for number in range(further))]
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        _store(postgres=postgres) as store,
        Dovecot() as dovecot,
        Warm() as warm,
        begun(Path(folder), dovecot, warm, store) as life,
        bar("Ending", times) as step,
    ):
        toll = under_load(life, mails, times, how, seed, step)
        letters = len(life.relay.taken)
    for fault in toll.faults:
        print(fault)
    where = "PostgreSQL" if postgres else "SQLite"
    print(
        f"{times} times {how.name} on {where}, {toll.under_way} in the middle of work, {len(mails)} mails, "
        f"{letters} letters, {time.monotonic() - began:.0f} s: {len(toll.faults)} faults, "
        f"{toll.twice} letters a second time, {toll.late} late (slowest {toll.slowest:.2f} s), "
        f"{toll.otherwise} ended otherwise, {toll.orphans} orphans"
    )
    sys.exit(not toll.well)


@contextmanager
def _store(*, postgres: bool) -> Iterator[str]:
    """The address of an empty database; none for SQLite, whose file lies with the office."""
    if not postgres:
        yield ""
        return
    with running() as server:
        yield server.database()


if __name__ == "__main__":
    main()
