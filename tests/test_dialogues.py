"""Whole conversations with the desk: mails in, letters out, what changes on the pages.

`REWRITE=1 pytest tests/test_dialogues.py` writes anew what the desk does; the difference is for a
person to review.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dialogues.script import Scene, read_script, written
from tests.dialogues.stage import ZONE, staged

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))
REWRITE = bool(os.environ.get("REWRITE"))


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_the_dialogue_goes_as_written(path: Path, tmp_path: Path) -> None:
    """What the desk does is what the dialogue says, line by line."""
    golden = path.read_text(encoding="utf-8")
    intro, scenes = read_script(golden)
    start = datetime.fromisoformat(scenes[0].at).replace(tzinfo=ZONE).astimezone(UTC)
    done: list[tuple[Scene, list[str]]] = []
    try:
        with staged(tmp_path, start) as stage:
            for scene in scenes:
                done.append((scene, stage.play(scene)))  # noqa: PERF401 - what was played stays when one fails
    finally:
        played = written(intro, done + [(scene, []) for scene in scenes[len(done) :]])
        if REWRITE:
            path.write_text(played, encoding="utf-8")
    assert played == golden


def test_every_story_is_told() -> None:
    """None of the conversations that the desk must be able to hold is missing."""
    told = {path.stem for path in DIALOGUES}
    wanted = {
        "happy-path",
        "denial-accepted",
        "denial-escalated",
        "escalation-back-to-the-response",
        "escalation-presented-again",
        "escalation-upheld",
        "revision-twice",
        "deferral-resume-withdrawal",
        "incomplete-corrected-walkon",
        "own-request",
        "crossover",
        "failed-test-rework",
        "close-objected-unanswered-consented",
        "absent-director",
        "reassignment",
        "two-at-once",
        "forged-approve",
        "wrong-address",
        "comment-by-another-clec",
    }
    assert wanted <= told
