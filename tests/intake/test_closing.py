"""Where a mail ends: closings in many languages, and signatures that no mark tells."""

import pytest

from bot.intake.command import ordered
from bot.intake.text.closing import above_signature, ends
from bot.office.people import Address

RUTH = Address("ruth.calloway@meridell.example", "Calloway, Ruth")


@pytest.mark.parametrize(
    "line",
    [
        *("Best regards,", "Thanks, Ruth", "--", "end", "Sent from my iPhone"),
        *("Mit freundlichen Grüßen", "Viele Grüße, Jörg", "Vielen Dank!", "Cordialement,", "Merci d'avance."),
        *("Saludos cordiales,", "Atenciosamente,", "Obrigada, Ana", "Cordiali saluti", "Grazie mille!"),
        *("Met vriendelijke groet,", "Bedankt!", "Pozdrawiam,", "Z poważaniem"),
    ],
)
def test_a_closing_ends_a_mail(line: str) -> None:
    """A line of thanks or greetings that says nothing else ends it, in any of eight languages."""
    assert ends(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Thanks to Ruth this works", "Danke, das hilft uns bei den meisten Aufträgen", "Merci de fermer", ""),
        *("Best effort only", "End users are told", "Saludos a todos los que trabajan en ello"),
    ],
)
def test_a_line_that_says_more_ends_nothing(line: str) -> None:
    """A word of thanks within a sentence is a sentence."""
    assert not ends(line)


SIGNATURES = [
    "Ruth Calloway",
    "Ruth",
    "R. Calloway",
    "Ruth Calloway\nCMP Project Manager\nT 303-555-0142\n\nWe do what we promise.",
    "Ruth\n\nThis e-mail and any attachments are confidential and meant for nobody but those to whom it is addressed.",
    "Have a great day,\nRuth",
    "KR\nRuth",
    "Thank you for your help!\nRuth Calloway",
    "This message is confidential.",
    "CONFIDENTIALITY NOTICE: whoever reads this by mistake tells us.",
    "Notice: this message is meant for its\nrecipient alone.",
    "Please consider the environment before printing.",
    "Diese E-Mail enthält vertrauliche Angaben.",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_without_a_mark_is_cut(signature: str) -> None:
    """The sender's name on a line of its own, or a company's disclaimer, ends what was written."""
    written = "NOTE They called.\nRuth Calloway was told.\n\nThey call again."
    assert above_signature(f"{written}\n\n{signature}", RUTH) == written


@pytest.mark.parametrize(
    "text",
    [
        "MINUTES\nPresent:\n\nRuth Calloway\nLorna Petrie",
        "MINUTES\nPresent\n\nRuth Calloway\nLorna Petrie\n\n"
        "They agreed that the list is wanted, by product and by state.",
        "SME\nRuth Calloway",
        "SME Lorna Petrie,\nRuth Calloway",
        "NOTE They called.\n\nLorna Petrie",
        "MINUTES\n\nAttendees\n\nRuth Calloway\nLorna Petrie",
        "MINUTES\n\nThe call of today\n\nRuth Calloway\nLorna Petrie\n\nAgreed: the reject names the field.",
        "MINUTES\n\nThe call of today\n\nRuth Calloway, 303-555-0142\n\nThey met at noon.\nAgreed: it is named.",
        "MINUTES They met.\n\nNotice: we send it 21 days before production.\n\nThey ask for a list.",
        "NOTE They called.\n\nThis message is shown to them: ADDR INVALID.\n\nThey want to join.",
        "NOTE They called.\n\nConfidential data is printed in the reject.\n\nThey ask why.",
        "NOTE They called.\n\nConsider the environment in which they test.",
        "Ruth Calloway",
    ],
)
def test_a_name_in_a_text_is_no_signature(text: str) -> None:
    """A name in a list, right below a line, or of somebody else stays."""
    assert above_signature(text, RUTH) == text


def test_no_signature_stands_above_a_command() -> None:
    """Names above a command of the sender's are none; but what may stand in somebody else's mail is no command, and
    neither is a word within a disclaimer."""
    names = "MINUTES They met.\n\nRuth Calloway\nLorna Petrie"
    held = f"{names}\n\nHELD ON 11/20"
    assert above_signature(held, RUTH, ordered(held)) == held
    assert above_signature(f"{held}\n\nRuth Calloway", RUTH, ordered(held)) == held
    for between in ("From: Ann Lee", "| From: |", "|-------->", "Hello Ruth,", "Ann Lee skribis:", "11/20/2026, 9:15",
                    "ann@x.example", "This e-mail is confidential.", "It is done.\nHello Ruth,"):  # fmt: skip
        text = f"{names}\n\n{between}\n\nHELD ON 11/20"
        assert above_signature(text, RUTH, ordered(text)) in {"MINUTES They met.", f"{names}\n"}
    for prose in ("Note: I am away on Fridays.", "FOLLOW US ON THE WEB"):
        text = f"NOTE They met.\n\nRuth Calloway\n{prose}"
        assert above_signature(text, RUTH, ordered(text)) == "NOTE They met."


def test_a_sender_without_a_name_signs_with_the_address() -> None:
    """The words of the address stand for the name; without a sender nobody signs."""
    assert above_signature("CONSENT\n\nRuth", Address("ruth.calloway@meridell.example")) == "CONSENT"
    assert above_signature("CONSENT\n\nRuth", None) == "CONSENT\n\nRuth"
