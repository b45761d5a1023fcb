"""HELP about one verb: its examples."""

import re

import pytest

from bot.intake.arguments import Arguments, understand
from bot.intake.command import read_commands
from bot.workflow.answers.guidance import EXAMPLES
from tests.intake.forms import TABLE
from tests.workflow.answers.test_answers import said
from tests.workflow.offices import LENA, MORNING, STAFFED


@pytest.mark.parametrize("verb", EXAMPLES)
def test_every_example_is_understood(verb: str) -> None:
    """What HELP shows can be sent as it stands: its date lies ahead, and each argument is read."""
    text = said(f"HELP {verb}", LENA)
    for line in re.findall(r'As in: "([^"]+)"', text):
        (command,) = read_commands(line)
        assert command.verb == verb
        read = understand(command, STAFFED, STAFFED.calendar.local_date(MORNING), TABLE)
        assert isinstance(read, Arguments), read


def test_a_meeting_is_explained_with_its_date_duration_and_place() -> None:
    """Whoever asks how to invite reads all forms, and that the same line moves it."""
    text = said("HELP MEETING", LENA)
    assert all(word in text for word in ("10:00 AM", "90 min", "US order", "your words", "moves the meeting"))
