"""Commands: what is one, what is prose, and where a block ends."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.command import read_commands
from bot.intake.near import nearest, nearly
from bot.intake.request import CommandLine
from bot.intake.verbs import MEANT, VERBS
from tests.intake.forms import ROOT


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
        ("held on Friday", "HELD"),
        ("meeting Wed, Dec 2nd at 10 am 60 Room 4", "MEETING"),
        ("meeting tomorrow noon", "MEETING"),
        ("announce 1/15/2027", "ANNOUNCE"),
        ("consent", "CONSENT"),
        ("away back", "AWAY"),
        ("*approve*", "APPROVE"),
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
        "Meeting 12/2 does not suit us",
        "Meeting 12/2 at 10:00 works for us",
        "Held on 12/02 as agreed",
        "Announce 12/2 to everybody",
        "Consent is not given",
        "do not APPROVE",
        "> APPROVE",
        "- APPROVE",
        "APPROVE\tyes",
        "APPROVE-ish",
        "Accept it",
        "AGREED. Please go on",
        "Help is needed with this form",
        "Status of our request?",
        "Approve this soon, please",
        "Approve added",
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


def test_a_condition_is_never_dropped() -> None:
    """It goes with the verb above, which then does not stand alone any more."""
    for condition in ("but not the second part", "if Lena agrees", "Once the basis is reworded", "unless it changes"):
        assert read(f"APPROVE\n{condition}") == [("APPROVE", condition)]
        assert read(f"APPROVE\n\n{condition}\nThanks") == [("APPROVE", condition)]


@pytest.mark.parametrize(
    "reservation",
    [
        "However, please change “may” to “will” before it goes out.",
        "after Legal has seen it",
        "Before it goes out, Legal has to see it.",
        "Hold until Thursday.",
        "Wait - please hold this",
        "Assuming Legal agrees.",
        "On condition that the date is taken out.",
        "We consent as long as the codes are listed.",
        "We would still like the reject codes listed before you close.",
        "One change: “may” should read “will”.",
        "With the following corrections",
        "Please do not send it yet",
        "Could you please fix the typo",
        "Sorry, it was on Friday 11/20, not today.",
        "No wait, we need another month.",
        "No, on Friday",
        "Looks good, but please change the date",
        "I approve but the date must change",
        "?",
    ],
)
def test_a_reservation_is_asked_back(reservation: str) -> None:
    """However it begins; it is shown with the verb that it takes back."""
    for gap in ("\n", "\n\n"):
        (line,) = read_commands(f"APPROVE{gap}{reservation}\nThanks")
        assert (line.args, line.left) == (reservation, "")
        assert line.line == f"APPROVE\n{reservation}"


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ("looks good to me", "looks good to me"),
        ("I have not seen the second page yet.\nThe date is wrong.", None),
        ("please let me know if you need more", ""),
        ("Please feel free to call me.", ""),
        ("Thanks, talk after lunch", ""),
        ("Thanks for this, hold the next one", "Thanks for this, hold the next one"),
        ("Sorry for the delay.", None),
        ("No objections from us.", None),
        ("If you have any questions, call me.", ""),
        ("Not a problem.", None),
        ("Once again, many thanks.", None),
        ("We met only once.", None),
        ("Please add me to the list.", None),
        ("After reading it twice I am happy.", None),
        ("Ida Vance\nDirector of Orders\n701-555-0118 (cell)\nida@meridell.example\nwww.meridell.example", ""),
        ("After hours: 701-555-0118", "After hours: 701-555-0118"),
        ("Please think before you print this page", None),
        ("It is fine.\nThis message is confidential and\nmeant for you", "It is fine."),
        ("PC112026-3, PC112026-4: HELD", None),
        ("Best regards,\nIda, who agrees", ""),
    ],
)
def test_what_is_no_part_of_a_command_is_kept_for_its_sender(below: str, left: str | None) -> None:
    """Politeness takes nothing back; closings and signatures are no words to us."""
    (line,) = read_commands(f"APPROVE\n\n{below}")
    assert (line.args, line.left) == ("", below if left is None else left)
    one, two = read_commands(f"APPROVE\nwith joy\nRESPOND\nat once\n\n{below}")
    assert (one.left, two.left) == ("with joy", "\n".join(filter(None, ("at once", below if left is None else left))))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PC112026-3\nPRESENTED", [("PC112026-3", "PRESENTED", "")]),
        ("Hi Marta,\n[PC112026-3]:\n\nheld on 11/20", [("PC112026-3", "HELD", "on 11/20")]),
        ("PC112026-3\nHELD\nNOTE yes", [("PC112026-3", "HELD", ""), ("PC112026-3", "NOTE", "yes")]),
        ("HELD\n\nPC112026-3\nMINUTES we met", [("", "HELD", ""), ("PC112026-3", "MINUTES", "we met")]),
        ("PC112026-1: HELD\nPC112026-3:\nNOTE so", [("PC112026-1", "HELD", ""), ("PC112026-3", "NOTE", "so")]),
        ("NOTE one\n\nPC112026-3\nHELD", [("", "NOTE", "one"), ("PC112026-3", "HELD", "")]),
        ("NOTE one\nPC112026-3:\nHELD", [("", "NOTE", "one"), ("PC112026-3", "HELD", "")]),
        (
            "PC112026-1\nNOTE one\nPC112026-3\nHELD\nPC112026-4: HELP",
            [("PC112026-1", "NOTE", "one"), ("PC112026-3", "HELD", ""), ("PC112026-4", "HELP", "")],
        ),
        ("5608156: NOTE one\n\n4302321\nHELD", [("5608156", "NOTE", "one"), ("4302321", "HELD", "")]),
        ("DRY RUN\nPC112026-3\nHELD", [("", "DRY RUN", ""), ("PC112026-3", "HELD", "")]),
        ("NOTE see\nPC112026-3\nand the others", [("", "NOTE", "see\nPC112026-3\nand the others")]),
        ("STATUS\nPC112026-3\nHELP", [("", "STATUS", "PC112026-3"), ("", "HELP", "")]),
        ("RELATE\nPC112026-3\nHELP", [("", "RELATE", "PC112026-3"), ("", "HELP", "")]),
        ("PC112026-3\nOur request waits", []),
        ("PC112026-3\nStatus: new", []),
        ("PC112026-3\nPC112026-4\nHELD", []),
    ],
)
def test_a_number_on_a_line_of_its_own_leads_the_commands_below(text: str, found: list[tuple[str, str, str]]) -> None:
    """Down to the next one; one that stands in a text, or behind a verb that takes it, is left there."""
    lines = read_commands(text)
    assert [(line.number, line.verb, line.args) for line in lines] == found
    assert not any(line.doubt for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "NOTE This is like\nPC112026-3\nHELD",
        "NOTE These are alike:\n\nPC112026-3\nHELD",
        "SME Ana Roth\nPC112026-3\nHELD",
        "HELD\n\nPC112026-3 Name the failing field\nPRESENTED",
        "NOTE one\n\nPC112026-3 Name the failing field\n\nHELD",
        "HELD\nPC112026-3, PC112026-4:\nHELD",
    ],
)
def test_a_number_that_may_lead_a_command_is_asked_about(text: str) -> None:
    """Where it may as well end the text above, or has a title: no command goes to the wrong change request."""
    *above, line = read_commands(text)
    assert "PC112026-3 stands above it" in line.doubt
    assert not any(one.doubt for one in above)


def test_a_verb_behind_a_number_is_no_text_of_another_command() -> None:
    """In capitals, or where nothing but its arguments follow, it is a command; else it is asked about."""
    for title in ("", " (UNE-P rejects)"):
        for rest, args in (("PRESENTED", ""), ("presented on 11/20", "on 11/20"), ("OUTCOME REJECTED", "REJECTED")):
            for above in ("RESOLVE TO 6 settled", "HELD"):
                one, two = read_commands(f"PC112026-1: {above}\nPC112026-3{title}: {rest}")
                assert (one.verb, two.number, two.args, two.doubt) == (above.split()[0], "PC112026-3", args, "")
        for rest in ("Outcome rejected", "presented, no questions", "Close it", "Note: Bo was there"):
            one, two = read_commands(f"OUTCOME ACCEPTED PLAN\nPC112026-3{title}: {rest}")
            assert (one.args, two.number) == ("ACCEPTED PLAN", "PC112026-3")
            assert two.doubt.endswith("put a dash in front of the line.")
    for text in ("PC112026-4: both are about rejects", "- PC112026-4: close it", "4302321: close to its end"):
        assert read(f"NOTE This is like\n{text}") == [("NOTE", f"This is like\n{text}")]
    assert read_commands("PC112026-3 (UNE-P): HELD")[0].number == "PC112026-3"
    assert read_commands("PC112026-3 (UNE-P): held up by rejects") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PC112026-\n3: CLOSE done", ("CLOSE", "done")),
        ("PC112026\n-3: CLOSE done", ("CLOSE", "done")),
        ("RELATE PC112026-\n3", ("RELATE", "PC112026-3")),
        ("NOTE see PC112026-\n3, too", ("NOTE", "see PC112026-3, too")),
        ("SME ana@meridell.\nexample; Bo", ("SME", "ana@meridell.example; Bo")),
        ("SME ana@\nmeridell.example", ("SME", "ana@meridell.example")),
        ("SME Ana <ana.roth\n@meridell.example>; Bo", ("SME", "Ana <ana.roth@meridell.example>; Bo")),
        ("SME Ana Roth;\nBo Lind", ("SME", "Ana Roth; Bo Lind")),
        ("SME\nAna Roth\nBo Lind\n\nIda Vance", ("SME", "Ana Roth\nBo Lind")),
        ("ASSIGN CRPM Ana Roth\nDIRECTOR Bo Lind", ("ASSIGN", "CRPM Ana Roth\nDIRECTOR Bo Lind")),
        ("ASSIGN CRPM\nAna Roth", ("ASSIGN", "CRPM Ana Roth")),
        ("MEETING 12/2 10:00\n60\nRoom 4", ("MEETING", "12/2 10:00\n60\nRoom 4")),
        ("AWAY UNTIL 12/24\nDEPUTY Bo", ("AWAY", "UNTIL 12/24\nDEPUTY Bo")),
        ("STATUS\nPC112026-3", ("STATUS", "PC112026-3")),
        ("STATUS\nIda", ("STATUS", "")),
        ("HELD\non 11/20", ("HELD", "on 11/20")),
        ("HELD\nIda Vance", ("HELD", "")),
        ("APPROVE\n3f2a91", ("APPROVE", "3f2a91")),
        ("NOTE write to ana@meridell.example.\nThanks", ("NOTE", "write to ana@meridell.example.")),
        ("NOTE fewer than <3\nThanks", ("NOTE", "fewer than <3")),
    ],
)
def test_arguments_that_a_mail_program_broke(text: str, found: tuple[str, str]) -> None:
    """A number, an address or a list is whole again; a line that ended by itself is not drawn to the next."""
    assert read(text) == [found]


def test_a_name_right_below_is_a_signature() -> None:
    """The sender's own, where arguments could go on; it would become an expert otherwise."""
    for signature in ("Ida Vance", "Ida", "Ida Vance\nOrder Lead\n701-555-0118"):
        (line,) = read_commands(f"SME Ana Roth\n{signature}", "Vance, Ida")
        assert line.args == "Ana Roth"
    (line,) = read_commands("SME\nAna Roth\nIda Vance\nNOTE and me", "Ida Vance")[:1]
    assert line.args == "Ana Roth\nIda Vance"


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Marta,",
        "Hello,",
        "hello",
        "Dear all,",
        "Good morning!",
        "Hi,\n",
        "Marta,\n",
        "Marta Ellison,\n",
        "Guten Tag,",
    ],
)
def test_a_greeting_hides_no_command(greeting: str) -> None:
    """When the next line with words is certainly one: in capitals, or with nothing but its arguments."""
    assert read(f"{greeting}\nAPPROVE") == [("APPROVE", "")]
    assert read(f"{greeting}\n# so\nPC112026-3: CLOSE done\nHELP") == [("CLOSE", "done"), ("HELP", "")]
    assert read(f"{greeting}\nstatus") == [("STATUS", "")]
    assert read(f"{greeting}\nASIGN CRPM Ana") == [("ASIGN", "CRPM Ana")]
    assert nearly(f"{greeting}\nlog it please", {"LOG"}) is not None or greeting.startswith("Marta")


@pytest.mark.parametrize(
    "text",
    [
        "Hi Marta,\nClose the case please",
        "Hi Marta,\nNote: our form is attached",
        "Hi Marta,\nPlease APPROVE",
        "Hi Marta,\nthank you.\nAPPROVE",
        "Hi Marta, APPROVE",
        "However,\nAPPROVE",
        "Thanks,\nAPPROVE",
        "Hi Marta,",
        "Hello, we ask the team to look at this.\nAPPROVE",
    ],
)
def test_prose_below_a_greeting_is_prose(text: str) -> None:
    """So is a command below a line that is more than a greeting."""
    assert read_commands(text) == ()


def test_minutes_have_lines_like_commands() -> None:
    """Within free text a verb counts when it is written as the one above it was."""
    minutes = "Status: open\nAction: Bo sends the table\nmeeting 12/02/2026 10:00\nhelp"
    assert read(f"MINUTES We met.\n{minutes}\nHELD") == [("MINUTES", f"We met.\n{minutes}"), ("HELD", "")]
    assert read("note: one\nclose: two") == [("NOTE", "one"), ("CLOSE", "two")]
    assert read("NOTE one\nclose: two") == [("NOTE", "one\nclose: two")]


def test_a_rehearsal_may_stand_in_front() -> None:
    """DRY RUN and a command on one line are two lines."""
    for written in ("DRY RUN APPROVE", "dry run: approve", "DRY RUN\nAPPROVE", "Dry  run\n\napprove"):
        assert read(written) == [("DRY RUN", ""), ("APPROVE", "")]
    assert read("DRY RUN of this") == [("DRY RUN", "of this")]


def test_everyday_words_for_a_verb_are_shown() -> None:
    """In capitals at the top they are refused with what they may mean; within free text they are words."""
    for word, verbs in MEANT.items():
        assert read(word) == [(word, "")]
        assert nearest(word) == verbs
        assert all(any(name.startswith(verb.name) for verb in VERBS) for name in verbs)
        assert read(word.capitalize()) == []
        assert read(f"MINUTES one\n{word} by all") == [("MINUTES", f"one\n{word} by all")]
    assert nearest("ASIGN") == ("ASSIGN",)
    assert nearest("XYZZY") == ()


def test_what_is_not_seen_makes_no_difference() -> None:
    """Marks without width around a line, blanks that do not break."""
    assert read("\ufeffAPPROVE\u200b\n\u00a0HELP\u00a0") == [("APPROVE", ""), ("HELP", "")]


@pytest.mark.parametrize("path", sorted((ROOT / "templates/mail").glob("*.txt")), ids=lambda path: path.stem)
def test_our_letters_hold_no_command(path: Path) -> None:
    """No line of ours could be taken for one, quoted without marks or not (DESIGN section 6)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = re.sub(r"\{[%#].*?[%#]\}", "", line)
        for opening in (bare, bare.split("{{", 1)[0], re.sub(r"\{\{.*?\}\}", "something", bare)):
            assert read_commands(opening) == (), line


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


def test_figures_alone_lead_a_line_without_a_colon_too() -> None:
    """Only before the very word of a verb in capitals; within a text, whose lines may begin with an order's number, as
    the verb above it is written; a year of four figures needs the colon."""
    for written in ("5608156 STATUS", "[5608156] STATUS", "5608156: STATUS", "Hello,\n5608156 STATUS"):
        assert [(line.number, line.verb) for line in read_commands(written)] == [("5608156", "STATUS")]
    both = read_commands("5608156 CLOSE It is done.\n4302321 CLOSE It is, too.")
    assert [(line.number, line.args) for line in both] == [("5608156", "It is done."), ("4302321", "It is, too.")]
    (note,) = read_commands("PC112326-1: NOTE Of the orders:\n4302321 CLOSE to its end")
    assert note.args == "Of the orders:\n4302321 CLOSE to its end"
    both = read_commands("5608156 STATUS\n4302321 STATUS")
    assert [line.number for line in both] == ["5608156", "4302321"]
    for prose in ("5608156 orders failed", "5608156 status", "5608156 STATS", "5608156 ORDERS", "2026 REPORT"):
        assert not read_commands(prose)
