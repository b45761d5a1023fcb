"""Readers while it is published: every page they ask for is there, and whole, whatever is killed meanwhile."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from bot.daemon.place import harmed_files
from bot.daemon.publish import publish
from tests.daemon.test_publish import dirty, office

pytestmark = pytest.mark.slow

READS, PUBLISHES, KILLS = 100_000, 200, 30
PATIENCE = 240.0  # seconds, on a busy machine; it takes a quarter of that

# The publisher: a process that has read its modules forks, and its child takes in mail and publishes until it
# is killed, so that a kill costs no start of Python. What comes in are forms, comments and a new look.
PUBLISHER = """
import os, random, sys
from pathlib import Path
from bot.daemon.furnish import MARK
from bot.daemon.publish import publish_some
from bot.edge.sandbox import Sandbox
from tests.arriving import arrive
from tests.daemon.test_dialogue import WHOLE, ordered
from tests.daemon.test_publish import office
from tests.daemon.test_take_in import written

Sandbox.warm = lambda self: None  # no attachment comes
folder, life = Path(sys.argv[1]), 0

def live(life):
    lots = random.Random(life)
    with office(folder, f"sqlite:///{folder}/db.sqlite") as desk:
        if life % 5 == 4:
            (desk.settings.kept / MARK).write_text("another look")
        for step in range(10_000):
            name = f"{life}-{step}"
            if life < 4 or step % 4 == 0:
                arrive(desk, written(WHOLE.replace("rejects", f"rejects, part {name}"), f"form-{name}"))
            else:
                number = lots.choice([record.change.number for record in desk.store.changes()])
                arrive(desk, ordered(f"COMMENT Of {name}.\\n", f"order-{name}", subject=f"[{number}]"))
            publish_some(desk, at_rest=step % 2 == 1)
            print("published", flush=True)

while True:
    child = os.fork()
    if not child:
        try:
            live(life)
        finally:
            os._exit(1)
    print("began", child, flush=True)
    _, status = os.waitpid(child, 0)
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
    if sys.stdin.readline() != "again\\n":
        break
    life += 1
"""

WHOLE_FILES = {
    ".html": (b"<!doctype html>", b"</html>"),
    ".atom": (b"<?xml", b"</feed>"),
    ".ics": (b"BEGIN:VCALENDAR", b"END:VCALENDAR"),
    ".css": (b"", b"}"),
    ".pdf": (b"%PDF-", b"%%EOF"),
}


class Killer(threading.Thread):
    """Lets the publisher publish, and kills it at a random moment, again and again."""

    def __init__(self, publisher: subprocess.Popen[str]) -> None:
        super().__init__(name="killer")
        self.publisher = publisher
        self.publishes = self.kills = 0
        self.deaths: list[int] = []
        self.over = False

    def run(self) -> None:
        """Until there were enough publishes and kills, and the reader has read enough."""
        lots, child, left = random.Random(6), 0, 0
        assert self.publisher.stdout is not None
        for line in self.publisher.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "began":
                child, left = int(rest), lots.randint(4, 10)
            elif word == "published":
                self.publishes += 1
                left -= 1
                if left == 0:
                    time.sleep(lots.uniform(0, 0.1))
                    os.kill(child, signal.SIGKILL)
                    self.kills += 1
            elif word == "ended":
                self.deaths.append(int(rest))
                self._go_on(self.publisher.stdin)

    def _go_on(self, stdin: IO[str] | None) -> None:
        assert stdin is not None
        enough = self.over and self.publishes >= PUBLISHES and self.kills >= KILLS
        stdin.write("no\n" if enough else "again\n")
        stdin.flush()


def torn(path: Path, content: bytes) -> bool:
    """True for a page that is not whole."""
    if path.suffix == ".json":
        try:
            json.loads(content)
        except ValueError:
            return True
        return False
    first, last = WHOLE_FILES.get(path.suffix, (b"", b""))
    return not (content and content[:100].lower().startswith(first.lower()) and content.rstrip().endswith(last))


def test_a_hundred_thousand_reads_meet_whole_pages_only(tmp_path: Path) -> None:
    """During 200 publishes and 30 kills -9 of the process that publishes, no page that was there once is missing
    and none is torn; afterwards the manifest and the disk agree."""
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    killer = Killer(publisher)
    killer.start()
    reads, bad, known = 0, list[str](), list[Path]()
    lots, began = random.Random(46), time.monotonic()
    try:
        while not (reads >= READS and killer.publishes >= PUBLISHES and killer.kills >= KILLS):
            assert time.monotonic() - began < PATIENCE, (reads, killer.publishes, killer.kills, killer.deaths)
            assert publisher.poll() is None
            known = [path for path in (tmp_path / "site").glob("**/*") if path.suffix and ".new" not in path.parts]
            for path in lots.choices(known, k=2000) if known else ():
                try:
                    if torn(path, path.read_bytes()):
                        bad.append(f"torn: {path}")
                except FileNotFoundError:
                    bad.append(f"missing: {path}")
                reads += 1
            time.sleep(0.3)  # leaves the publisher its share of the machine
        killer.over = True
        killer.join(PATIENCE)
    finally:
        publisher.kill()
        publisher.wait()
        killer.join()
    assert bad == []
    assert killer.deaths == [-signal.SIGKILL] * len(killer.deaths), "it never ends by itself"
    print(f"{reads} reads of {len(known)} files, {killer.publishes} publishes, {killer.kills} kills")  # noqa: T201 - shown with -rP
    with office(tmp_path, f"sqlite:///{tmp_path}/db.sqlite") as desk:
        publish(desk)
        assert dirty(desk) == set()
        assert harmed_files(desk.store, desk.site) == ()
