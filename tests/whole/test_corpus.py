"""Mail written by others: each ends in one fate, none breaks us, and no machine gets an answer.

Its one rule: the mails are read where they lie and never copied; where they are absent, it skips.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from bench.mails import mail
from bot.edge.store import Arrival
from bot.workflow.effect import Fate
from tests.house import House, dense
from tests.libreoffice import wanted_here
from tests.servers import Dovecot, Sink
from tests.warm import ENVIRONMENT

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared"
CORPUS, SAMPLES = SHARED / "corpus", SHARED / "samples"
LINE_END = re.compile(rb"\r?\n")
HEADER = re.compile(rb"\A.*?(?:\r?\n\r?\n|\Z)", re.DOTALL)
ADDRESS = re.compile(rb"[\w.+=-]+@[\w.-]+\w")


def mails_in(folder: Path) -> dict[str, bytes]:
    """The mails of a folder by their names, as a mail server keeps them; skips where it is absent."""
    if not folder.is_dir():
        pytest.skip(f"there is no folder shared/{folder.relative_to(SHARED)} beside the project")
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".eml", ".msg"))
    return {str(path.relative_to(folder)): LINE_END.sub(b"\r\n", path.read_bytes()) for path in files}


def senders(mails: Iterable[bytes]) -> set[str]:
    """Every address in the headers of mails: whoever could be answered is among them."""
    headers = (HEADER.match(raw) for raw in mails)
    return {each.decode().lower() for found in headers if found for each in ADDRESS.findall(found[0])}


def test_every_mail_of_the_corpus_has_one_fate(house: House, sink: Sink) -> None:
    """400 strange mails in one mailbox: one fate each, none of which says that we failed, and no
    letter goes to anybody whom a bounce names."""
    corpus = mails_in(CORPUS)
    assert len(corpus) == 400
    house.fill(*corpus.values())
    done = house.ask("once")
    with house.open_store() as store:
        kept = store.mails()
    assert sum(1 + each.copies for each in kept if not each.copy_of) == len(corpus)
    assert all(each.fate for each in kept)
    assert sum(done["fates"].values()) == sum(not each.copy_of for each in kept)
    assert not [each.reason for each in kept if "our program" in each.reason]
    assert house.said("mail failed") == house.said("trouble") == 0, house.log()
    told = {to.lower() for letter in sink.taken for to in letter.to}
    assert not told & senders(mails_in(CORPUS / "bounces").values())
    assert not house.numbers()


def test_no_bounce_of_the_corpus_is_answered(house: House, sink: Sink) -> None:
    """Reports of machines are filed, and no letter goes out at all."""
    bounces = mails_in(CORPUS / "bounces")
    house.fill(*bounces.values())
    assert set(house.ask("once")["fates"]) == {"automatic"}
    assert not sink.taken


AHEAD = "2026-11-22T10:00"  # a mail registered then gets the number that three of the samples speak of
NOW = "2026-11-26T10:00"


@pytest.fixture
def samples() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Each sample with its truth."""
    return {
        name: (raw, json.loads((SAMPLES / name).with_suffix(".truth.json").read_text(encoding="utf-8")))
        for name, raw in mails_in(SAMPLES).items()
    }


def due(truth: dict[str, Any]) -> Fate:
    """The fate that a truth calls for; commands wait for a person as yet."""
    match truth["kind"]:
        case "submission" if any(each.get("park") for each in truth["submissions"]):
            return Fate.PARKED
        case "submission":
            complete = all(each["complete"] for each in truth["submissions"])
            return Fate.REGISTERED if complete else Fate.INCOMPLETE
        case "comment":
            return Fate.COMMENTED
        case "commands":
            return Fate.REFUSED  # this office has other staff
    return Fate.AUTOMATIC


def test_the_samples_have_their_fates(
    tmp_path: Path, dovecot: Dovecot, sink: Sink, samples: dict[str, tuple[bytes, dict[str, Any]]]
) -> None:
    """Registered, incomplete, commented, parked or filed, as a careful person would have it."""
    wanted_here()
    known = {
        (form["fields"]["company"], sender.partition("@")[2], sender)
        for raw, truth in samples.values()
        for form in truth.get("submissions", ())
        for sender in [parseaddr(str(message_from_bytes(raw)["From"]))[1]]
    }
    companies = sorted({*known, ("Bench Telecom 00", "bench00.example")})
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, companies=companies)
    house.fill(mail(0))
    assert house.ask("--now", AHEAD, "once")["fates"] == {"registered": 1}
    assert house.numbers() == ["PC112226-1"]
    house.fill(*(raw for raw, _ in samples.values()))
    house.ask("--now", NOW, "once")
    found = {row["id"]: row["fate"] for row in house.ask("mail")}
    wanted = {name.removesuffix(".eml"): due(truth).value for name, (_, truth) in samples.items()}
    got = {
        name.removesuffix(".eml"): found.get(Arrival.of(raw, datetime.now(UTC)).envelope.id)
        for name, (raw, _) in samples.items()
    }
    assert got == wanted
    assert dense(house.numbers())


def test_the_samples_are_read_as_their_truth_says() -> None:
    """score.py: all 18 exact, and not one field read wrongly."""
    mails_in(SAMPLES)
    wanted_here()
    command = [sys.executable, str(SAMPLES / "score.py"), "--bot", f"{sys.executable} -m bot", "--verbose"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, cwd=ROOT, env=ENVIRONMENT)
    last = re.search(r"(\d+) of (\d+) exact, (\d+) fields wrong", done.stdout)
    assert last, done.stdout + done.stderr
    assert tuple(map(int, last.groups())) == (18, 18, 0), done.stdout
