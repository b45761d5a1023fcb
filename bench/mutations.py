"""python -m bench.mutations: mails that were damaged on their way, read as the daemon reads them.

Its one rule: whatever the damage, there is an answer in words. The mails are those of the benches, the tests' odd
ones and, where they lie beside the project, the public corpus and the samples; each is cut, overwritten,
doubled or spliced at a few places of one seed, and read up to the decision, its files in the real sandbox.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import click

from bench.mails import mail
from bot.cli.bar import bar
from bot.cli.explain import explain
from bot.config import Settings, load_to_explain
from bot.edge.sandbox import Sandbox
from bot.intake.read import read
from bot.intake.request import Request
from bot.mail.message import Message

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "tests" / "mail" / "odd", ROOT / ".." / "shared" / "corpus", ROOT / ".." / "shared" / "samples")
LARGEST = 200_000
"""Bytes of a mail that is damaged: larger ones only take longer."""
SLOW = 20.0
"""Seconds after which a mail counts as one that hangs (reliability.md S11)."""
NONE = "nothing"
MARKS = (
    b"\r\n",
    b"\r\n\r\n",
    b"\0",
    b"--",
    b"=?utf-8?q?",
    b"?=",
    b'"',
    b"<",
    b">",
    b";",
    b":",
    b"\xff",
    b"\x1b[2J",
    b"=",
)


@click.command(help=__doc__)
@click.option("--count", default=20_000, show_default=True, help="How many damaged mails are read.")
@click.option("--seed", default=1, show_default=True, help="The same seed damages the same mails alike.")
def main(count: int, seed: int) -> None:
    """Read so many damaged mails, and say how many of them raised, hung, or had no fate."""
    lots = random.Random(seed)
    sound = [mail(number) for number in range(30)]
    sound += [raw for folder in FOLDERS for raw in _mails(folder) if len(raw) < LARGEST]
    settings = load_to_explain(None)
    begun, slowest = time.monotonic(), 0.0
    ends: Counter[str] = Counter()
    with Sandbox(settings.table, settings.sandbox) as sandbox, bar("mails", count) as step:
        for _ in range(count):
            start = time.monotonic()
            ends[_end(damaged(lots.choice(sound), lots), settings, sandbox)] += 1
            slowest = max(slowest, time.monotonic() - start)
            step(1)
    raised = sum(number for end, number in ends.items() if end.startswith("raised"))
    print(f"{count} damaged mails in {time.monotonic() - begun:.0f} s, the slowest {slowest:.1f} s")
    print(", ".join(f"{number} {end}" for end, number in ends.most_common()))
    hung = int(slowest > SLOW)
    print(f"{raised} raised, {hung} hung, {ends[NONE]} without a fate, of {count}")
    sys.exit(bool(raised or hung or ends[NONE]))


def _mails(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*.eml"))]


def damaged(raw: bytes, lots: random.Random) -> bytes:
    """The mail with one to eight pieces cut out, overwritten, doubled or exchanged."""
    mail = bytearray(raw)
    for _ in range(lots.randint(1, 8)):
        at = lots.randint(0, len(mail))
        end = min(len(mail), at + lots.randint(0, 60))
        piece = lots.choice((b"", lots.choice(MARKS), lots.randbytes(lots.randint(1, 8)), bytes(mail[at:end]) * 2))
        mail[at:end] = piece
    return bytes(mail[: lots.randint(0, len(mail))] if lots.random() < 0.05 else mail)


def _end(raw: bytes, settings: Settings, sandbox: Sandbox) -> str:
    """The fate that a mail would have, or what was raised."""

    def read_message(message: Message) -> Request:
        return read(message, sandbox.open, settings.table)

    try:
        return explain(raw, "damaged.eml", settings, read_message).fate or NONE
    except Exception as bug:  # noqa: BLE001 - what this is looking for
        return f"raised {type(bug).__name__}"


if __name__ == "__main__":
    main()
