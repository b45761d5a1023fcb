"""How long do the laws hold? Lives of a simulated office, over as many seeds as it takes.

`python -m bench.simulate [--months 1000] [--life 12] [--first 1] [--processes 2] [--kept FILE]`: a bar while it
runs, then what came of it; exits 1 where a law was broken, with the way to see it again. Each life is written to
FILE as a line of JSON once it is over, and a run that goes on with the same FILE leaves out what stands there.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.cli.bar import bar
from bot.config import load
from bot.config.load import packaged
from bot.simulation.plan import START, Plan, Sums
from bot.simulation.premises import Premises
from bot.simulation.seeds import opened, simulated

SHOWN = ("mails", "change requests", "turns", "starts")
_open: list[Premises] = []
_stack = ExitStack()


def main() -> int:
    """Read the arguments, live, and say what came of it."""
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--months", type=int, default=1000)
    read.add_argument("--life", type=int, default=12, help="months of one life")
    read.add_argument("--first", type=int, default=1, help="the first seed")
    read.add_argument("--processes", type=int, default=2)
    read.add_argument("--kept", type=Path, help="a file of lives that are over, to go on with")
    given = read.parse_args()
    done = list(_kept(given.kept))
    known = {(life["seed"], life["months"]) for life in done}
    plans = [(given.first + n, given.life) for n in range(-(-given.months // given.life))]
    begun = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool, bar("Simulating", given.months) as tell:
        lives = [pool.submit(live, *plan) for plan in plans if plan not in known]
        for future in as_completed(lives):
            life = future.result()
            done.append(life)
            tell(life["months"])
            if given.kept:
                with given.kept.open("a") as file:
                    file.write(json.dumps(life) + "\n")
    return say(done, time.monotonic() - begun)


def live(seed: int, months: int) -> dict[str, Any]:
    """One life, in a process that has lived others before."""
    if not _open:
        _open.append(_stack.enter_context(opened(load(packaged() / "config.yaml", START))))
    begun = time.process_time()
    outcome = simulated(Plan(seed, months), _open[0])
    shown = {name: getattr(outcome, name) for name in ("broken", "at", "hashes", "dialogue")}
    cpu = round(time.process_time() - begun, 1)
    return {"seed": seed, "months": months, "cpu": cpu, **outcome.sums.by_name(), **shown}


def say(lives: list[dict[str, Any]], seconds: float) -> int:
    """What all lives came to together."""
    months, cpu = sum(life["months"] for life in lives), sum(life["cpu"] for life in lives)
    sums = Sums()
    for life in lives:
        sums.add(life)
    totals = sums.by_name()
    counts = totals.pop("counts")
    print(f"{months:,} office-months in {len(lives)} lives; {', '.join(f'{counts[name]:,} {name}' for name in SHOWN)}")
    print(f"{cpu / max(months, 1):.2f} s of processor time a month; this run took {seconds / 60:.0f} minutes")
    for name, found in totals.items():
        print(f"\n{name}: " + ", ".join(f"{key} {count:,}" for key, count in found.most_common()))
    broken = [life for life in lives if life["broken"]]
    print(f"\n{len(broken)} laws broken")
    for life in broken:
        print(f"\nseed {life['seed']}, {life['at']}: {life['broken']}\n{life['dialogue']}")
        print(f"cmpbot simulate --seed {life['seed']} --years {life['months'] / 12:g} --shrink")
    return 1 if broken else 0


def _kept(file: Path | None) -> Iterator[dict[str, Any]]:
    if file is not None and file.exists():
        yield from map(json.loads, file.read_text().splitlines())


if __name__ == "__main__":
    sys.exit(main())
