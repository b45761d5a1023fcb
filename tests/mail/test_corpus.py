"""Public sets of odd, malformed and automatic mail; they lie in a shared folder beside the project."""

import json
import time
from pathlib import Path

import pytest

from bot.intake.screen import Accept, Automatic, screen
from bot.mail.message import Message
from bot.mail.parse import parse

SHARED = Path(__file__).parents[2] / ".." / "shared"
CORPUS = SHARED / "corpus"
SAMPLES = SHARED / "samples"
SLOWEST = 2.0  # seconds of processor time for one mail
OURS = frozenset({"cmpcr@meridell.example"})

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no shared/corpus beside the project")
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no shared/samples beside the project")


def strings(message: Message) -> list[str]:
    """Every text of a message that may end up in a letter or a database."""
    headers = [value for values in message.headers.values() for value in values]
    sender = [str(message.sender)] if message.sender else []
    names = [attachment.name for attachment in message.attachments]
    return [message.subject, message.text, message.own_text, message.html, *headers, *sender, *names]


@needs_corpus
def test_every_public_mail_is_read_quickly_and_cleanly() -> None:
    """None raises, none takes long, and every text can be stored and encoded."""
    paths = [path for path in CORPUS.rglob("*") if path.suffix in {".eml", ".msg"}]
    assert len(paths) > 300
    for path in paths:
        started = time.process_time()
        message = parse(path.read_bytes())
        assert time.process_time() - started < SLOWEST, path
        for text in strings(message):
            assert "\0" not in text, path
            text.encode()
        for values in message.headers.values():
            assert all(value.isprintable() or "\n" not in value for value in values), path
        assert len(message.content_hash) == 64


@needs_corpus
def test_no_bounce_would_be_answered() -> None:
    """Every bounce and feedback report of the public set is told to be a machine's."""
    paths = sorted((CORPUS / "bounces").glob("*.eml"))
    accepted = [path.name for path in paths if screen(parse(path.read_bytes()), OURS, "meridell.example") == Accept()]
    assert len(paths) > 300
    assert accepted == []


@needs_samples
def test_people_are_accepted_and_the_absence_notice_is_not() -> None:
    """All sample mails of people pass the screen; the automatic reply does not."""
    paths = sorted(SAMPLES.glob("*.eml"))
    assert len(paths) >= 18
    machines = [
        path.name for path in paths if isinstance(screen(parse(path.read_bytes()), OURS, "x.example"), Automatic)
    ]
    assert machines == ["s18-out-of-office.eml"]


@needs_samples
def test_the_samples_are_read_without_a_flaw() -> None:
    """Nothing about the mails of ordinary mail programs is odd, and their commands come out alone."""
    for path in sorted(SAMPLES.glob("*.eml")):
        message = parse(path.read_bytes())
        assert message.flaws == (), path
        truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text(encoding="utf-8"))
        wanted = [line for command in truth.get("commands", ()) for line in command.split("\n")]
        written = message.own_text.split("\n")
        assert all(line in written for line in wanted), path
        if wanted:
            assert "MEETING date time duration place" not in message.own_text
            assert "ASSIGN CRPM name DIRECTOR name" not in message.own_text
