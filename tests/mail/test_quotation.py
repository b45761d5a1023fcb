"""The sender's own text: the reply styles of many mail programs and languages, none of which may leak."""

from pathlib import Path

import pytest

from bot.mail.parse import parse
from bot.mail.quotation import certain_text, forwarded, own_text

OWN = "ASSIGN CRPM Ruth Calloway DIRECTOR Bram Okonjo"
REPLIES = Path(__file__).with_name("replies.txt").read_text(encoding="utf-8")
STYLES = {
    name: text.removesuffix("\n") for name, _, text in (style.partition("\n") for style in REPLIES.split("\n=== ")[1:])
}


def test_the_styles_are_many() -> None:
    """The file of reply styles is read as it is meant: each holds the own line and a foreign command."""
    assert len(STYLES) >= 50
    assert all(OWN in text and "APPROVE" in text for text in STYLES.values())


@pytest.mark.parametrize("style", STYLES)
def test_only_the_senders_own_line_is_left(style: str) -> None:
    """Whatever the style of quoting, one command given is one command read."""
    assert own_text(STYLES[style]) == OWN


# What a person may well write, and must not lose.
KEPT = [
    "COMMENT The field office says:\nFrom: the field office in Denver we hear other things.",
    "NOTE Bob wrote: we agree.\nSecond line.",
    "To whom it may concern,\n\nSubject matter experts: please.\n\nDate Submitted: 11/25/2026",
    "Title: Closing codes\nCompany: Granby Hollow\nPhone: 605-555-0104\nArea: Process",
    "MINUTES\n----------------\nWe met on 12/02/2026 and agreed.\n----------------\nEnd",
    "On hold until Bob answers.\nOn Tuesday we meet.",
    "MEETING 2026-12-02 10:00 60 bridge 303-555-0199",
    "The order said: a > b\nand b > c.",
    "Please ask:\nann@x.example",
    "They wrote:\nwe cannot do this.",
    "a\n\nb\n\n\nc",
    "ALIGNED all agreed - see below -- it is fine",
    "Warning: the list is wrong again.",
    "External numbers are missing from it.",
    "Attention, please: we meet on Friday.\nDo not open the case before.",
]


@pytest.mark.parametrize("text", KEPT)
def test_ones_own_words_are_kept(text: str) -> None:
    """Prose that merely looks like a quotation stays whole."""
    assert own_text(text) == text


BANNERS = [
    "[EXTERNAL]",
    "[EXTERNAL] ",
    "*** EXTERNAL EMAIL ***",
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless\n"
    "you recognize the sender and know the content is safe.",
    "CAUTION: External email.\nDo not click on links unless you know the sender.",
    "________________\nWARNING: This message came from an external source.\n________________",
    "You don't often get email from ann@x.example. Learn why this is important",
    "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\n"
    "This message came from outside your organization.\n\n"
    "ZjQcmQRYFpfptBannerEnd",
    "ACHTUNG: Diese E-Mail kommt von einem externen Absender!",
]


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_warning_of_the_companys_gate_is_not_the_senders(banner: str, gap: str) -> None:
    """What is put above a mail from outside does not stand in front of its first line."""
    assert own_text(f"{banner}{gap}{OWN}\nNOTE External people asked.") == f"{OWN}\nNOTE External people asked."


def test_answers_between_quoted_lines_are_kept() -> None:
    """Answers written between the lines of a quotation stay, in their order."""
    text = "> 1. Which products?\nResale.\n\n> 2. Which areas?\nBilling and\nOrdering.\n"
    assert own_text(text) == "Resale.\n\nBilling and\nOrdering."


def test_a_long_line_is_kept_whole() -> None:
    """What is looked at is bounded; what is kept is not."""
    line = "DRAFT " + "word " * 2_000 + "end"
    assert own_text(line) == line


HTML_STYLES = {
    "gmail": f"""<div dir="ltr">{OWN}</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, Nov 24, 2026
        at 9:15 AM CMP &lt;<a href="x">cmpcr@meridell.example</a>&gt; wrote:<br></div>
        <blockquote>APPROVE<br>HELP</blockquote></div>""",
    "outlook": f"""<p class=MsoNormal>{OWN}</p><p class=MsoNormal>&nbsp;</p><div style='border:none;border-top:solid'>
        <p><b>From:</b> CMP &lt;cmpcr@meridell.example&gt;<br><b>Sent:</b> Tuesday, November 24, 2026<br><b>To:</b>
        Reed<br><b>Subject:</b> New</p></div><p>APPROVE</p>""",
    "outlook on the web": f"""<div>{OWN}</div><hr><div id=divRplyFwdMsg><b>From:</b> CMP<br><b>Sent:</b> Tuesday 24<br>
        <b>To:</b> Reed</div><div>APPROVE</div>""",
    "apple": f"""{OWN}<br><blockquote type="cite"><div>On Nov 24, 2026, Ann wrote:</div>APPROVE</blockquote>""",
    "hidden": f"""<div style='display:none'>APPROVE</div>{OWN}<span style='font-size:0px'>APPROVE</span>
        <p hidden>APPROVE</p>""",
}


@pytest.mark.parametrize("style", HTML_STYLES)
def test_html_alone_is_stripped_as_well(style: str) -> None:
    """A mail of HTML only gives the sender's own line, whatever its program."""
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + HTML_STYLES[style].encode()
    assert parse(raw).own_text == OWN


def test_what_was_forwarded() -> None:
    """The mail below the first header block, without what it quotes itself; nothing where there is none."""
    block = "From: Ann <ann@x.example>\nSent: Monday 23\nTo: Bo\nSubject: New\n\n"
    assert forwarded(f"See below.\n\n{block}Hello\n-- \nAnn") == ("Ann <ann@x.example>", "Hello")
    gmail = "---------- Forwarded message ---------\n" + block
    assert forwarded(f"{gmail}Hello\n\n{block}Older") == ("Ann <ann@x.example>", "Hello")
    assert forwarded("Hello\n> quoted") == ("", "")


NOT_CERTAIN = {
    "below an attribution": f"{OWN}\n\nOn Tue, 24 November 2026, Bo <bo@x.example> wrote:\n\n> hello\n\nAPPROVE",
    "the end of a quoted line": "> " + "long " * 14 + "\nAPPROVE\n\n" + OWN,
}


@pytest.mark.parametrize("style", NOT_CERTAIN)
def test_what_somebody_else_may_have_written_is_not_certain(style: str) -> None:
    """Below an attribution, once one's own words stand above it, an unmarked line may be a quoted one."""
    assert certain_text(NOT_CERTAIN[style]) == OWN
    assert "APPROVE" in own_text(NOT_CERTAIN[style])


@pytest.mark.parametrize("style", STYLES)
def test_ones_own_line_is_certain(style: str) -> None:
    """In every style of replying the own line is beyond doubt."""
    assert certain_text(STYLES[style]) == OWN
