"""python -m bench.guesses: how many of a million made-up or altered codes pass for one of ours?

Its one rule: half of them are genuine codes with a letter or two exchanged, the rest random texts of the right shape.
"""

import random
import sys
from datetime import UTC, datetime, timedelta

import click

from bot.cli.bar import bar
from bot.mail.token import LENGTH, PREFIX, Code, Key, Purpose, make, read

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
PERSON, CHANGE = "ann@meridell.example", "PC112226-1"


@click.command(help=__doc__)
@click.option("--count", default=1_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(count: int, seed: int) -> None:
    """Try them all on one person with two live keys."""
    lots = random.Random(seed)
    keys = tuple(Key(number, lots.randbytes(32), NOW) for number in (1, 2))
    genuine = make(keys[0], Purpose.LETTER, lots.randbytes(12).hex(), PERSON, CHANGE, NOW + timedelta(days=30))
    assert isinstance(read(genuine, keys, PERSON, NOW), Code)
    accepted = 0
    with bar("codes", count // 1000) as step:
        for number in range(count):
            text = altered(genuine, lots) if number % 2 else PREFIX + "".join(lots.choices(ALPHABET, k=LENGTH))
            accepted += read(text, keys, PERSON, NOW) is not None
            if number % 1000 == 0:
                step(1)
    print(f"{accepted} of {count} accepted")
    sys.exit(accepted > 0)


def altered(code: str, lots: random.Random) -> str:
    """The code with one letter exchanged, or two."""
    letters = list(code)
    for place in lots.sample(range(len(PREFIX), len(code)), lots.randint(1, 2)):
        letters[place] = lots.choice(ALPHABET.replace(letters[place], ""))
    return "".join(letters)


if __name__ == "__main__":
    main()
