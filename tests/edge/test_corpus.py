"""Mail written by others, with every attachment opened: nothing crashes and nothing hangs.

Its one rule: the mails are read where they lie and never copied; where they are absent, it skips.
"""

import time
from pathlib import Path

import pytest

from bot.edge.sandbox import Sandbox
from bot.intake.file.opened import Contents, Forms, NoForm, Unreadable
from bot.intake.read import read
from bot.intake.request import Unsafe
from bot.mail.parse import parse
from tests.intake.forms import TABLE

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
SLOWEST = 5.0
"""Seconds for one mail with all its files; another program's start is among them."""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no folder shared/corpus beside the project")
def test_every_attachment_of_the_corpus_is_opened() -> None:
    """Each file gives its forms, none, or a reason in words; no child dies, no mail is unsafe."""
    paths = sorted(path for path in CORPUS.rglob("*") if path.suffix in {".eml", ".msg"})
    opened = 0
    with Sandbox(TABLE) as box:
        for path in paths:
            started = time.monotonic()
            message = parse(path.read_bytes())
            files = list(message.attachments)
            while files:
                answer = box.open(files.pop())
                assert isinstance(answer, Forms | Contents | NoForm | Unreadable), f"{path}: {answer}"
                files += answer.files if isinstance(answer, Contents) else ()
                opened += 1
            assert not isinstance(read(message, box.open, TABLE), Unsafe), path
            assert time.monotonic() - started < SLOWEST, path
    assert len(paths) == 400
    assert opened > 100
