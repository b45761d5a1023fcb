"""Commands: what is one, what is prose, and where a block ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.command import nearly, read_commands
from bot.intake.request import CommandLine
from bot.intake.verbs import VERBS


def read(text: str) -> list[tuple[str, str]]:
    """The verbs and arguments of a text."""
    return [(line.verb, line.args) for line in read_commands(text)]


def test_every_verb_in_capitals_is_a_command() -> None:
    """Whatever stands behind it; and so is every verb with a colon."""
    for verb in VERBS:
        rest = "" if verb.name == "STOP" else " something here"
        assert read(f"{verb.name}{rest}")[0] == (verb.name, rest.strip())
        assert read(f"{verb.name.lower()}:{rest}")[0][0] == verb.name


def test_a_sentence_may_be_nearly_a_command() -> None:
    """It opens with the very word, behind a number or not; a longer word or a later line is none."""
    verbs = {"LOG", "DROP"}
    assert nearly("\nLog it please\nThanks", verbs) == CommandLine("Log it please", "LOG", "it please")
    assert nearly("IN112326-1: drop", verbs) == CommandLine("IN112326-1: drop", "DROP", "", "IN112326-1")
    for prose in ("Logs are attached.", "We know them.\nLog it", "log-in fails", "Return it", ""):
        assert nearly(prose, verbs) is None


def test_every_verb_says_who_how_and_what() -> None:
    """The help letters are made from the table; no verb stands in it twice."""
    assert len({verb.name for verb in VERBS}) == len(VERBS)
    for verb in VERBS:
        assert verb.who
        assert verb.at
        assert verb.usage.startswith(verb.name)
        assert verb.meaning
        assert verb.meaning[0].islower()


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("help", "HELP"),
        ("Help assign", "HELP"),
        ("status PC112026-3", "STATUS"),
        ("sme Ana Roth; Bo Lind", "SME"),
        ("Meeting 12/02/2026 10:00 60 bridge 701-555-0100", "MEETING"),
        ("meeting cancel", "MEETING"),
        ("assign crpm Ana Roth director Bo Lind", "ASSIGN"),
        ("approve", "APPROVE"),
        ("held on 12/02", "HELD"),
        ("defer until 1 March 2027", "DEFER"),
        ("away until 2026-12-24 deputy Bo Lind", "AWAY"),
        ("agenda January", "AGENDA"),
        ("stop", "STOP"),
        ("dry run", "DRY RUN"),
    ],
)
def test_other_verbs_may_be_written_in_any_way(line: str, verb: str) -> None:
    """When what stands behind them can be nothing but their arguments."""
    assert [found.verb for found in read_commands(line)] == [verb]


@pytest.mark.parametrize(
    "line",
    [
        "Close the case please",
        "Note that we see this as well",
        "Meeting next week suits us",
        "Help is needed with this form",
        "Status of our request?",
        "Approve this soon, please",
        "Respond to us by Friday",
        "Follow up on this",
        "Stop sending me mail",
        "Ask Ana",
        "Comments are below",
        "Close-out is near",
        "We ask to CLOSE it",
        "PLEASE CLOSE",
        "CLEC impact is high",
    ],
)
def test_prose_is_no_command(line: str) -> None:
    """A sentence that begins like a verb obeys nothing."""
    assert read_commands(f"{line}\nAPPROVE") == ()


def test_a_block_of_commands() -> None:
    """One a line; text goes with the verb above that takes it; comments are skipped; thanks ends it."""
    text = """
# my answer
ASSIGN CRPM Ana Roth DIRECTOR Bo Lind
NOTE: Ana knows this customer
from the spring.

She called them.
PC112026-03: OUTCOME REVISE shorter
HELP

Thanks, Ida
CLOSE nothing
"""
    assert read(text) == [
        ("ASSIGN", "CRPM Ana Roth DIRECTOR Bo Lind"),
        ("NOTE", "Ana knows this customer\nfrom the spring.\n\nShe called them."),
        ("OUTCOME", "REVISE shorter"),
        ("HELP", ""),
    ]
    lines = read_commands(text)
    assert [line.number for line in lines] == ["", "", "PC112026-3", ""]
    assert lines[0].line == "ASSIGN CRPM Ana Roth DIRECTOR Bo Lind"
    assert lines[2].line == "PC112026-03: OUTCOME REVISE shorter"


@pytest.mark.parametrize("end", ["Thanks", "thank you!", "--", "END", "Regards,", "Best regards", "Sent from my phone"])
def test_what_ends_a_block(end: str) -> None:
    """Nothing below a closing is a command."""
    assert read(f"NOTE one\n{end}\nAPPROVE") == [("NOTE", "one")]


def test_a_line_that_a_mail_program_broke() -> None:
    """Its rest belongs to the command; a signature below a blank line does not."""
    long = "ASSIGN CRPM Ana-Katharina Roth-Wagenknecht DIRECTOR Bartholomew\nLind\n\nIda Vance\nOffice"
    assert read(long) == [("ASSIGN", "CRPM Ana-Katharina Roth-Wagenknecht DIRECTOR Bartholomew Lind")]
    assert read("APPROVE\nlooks good to me") == [("APPROVE", "")]


def test_a_misspelt_verb_in_capitals_is_shown() -> None:
    """It becomes a line with a verb that no table knows, so that it can be refused with a hint."""
    assert read("ASIGN CRPM Ana Roth") == [("ASIGN", "CRPM Ana Roth")]
    assert read("NOTE one\nAPROVE") == [("NOTE", "one"), ("APROVE", "")]


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    """Nothing raises, and every command is a line of the text."""
    for line in read_commands(text):
        assert line.line
        assert line.verb.isupper()
