"""Answers by reply: labelled lines in a mail that is no form by itself.

Its one rule: rather no answer than a wrong one. Only the sender's own lines above the closing are
looked at, and contact data counts only where it cannot be a signature.
"""

from dataclasses import replace

from bot.intake.form import Entry, FieldTable
from bot.intake.judge import judge
from bot.intake.labels import Labels
from bot.intake.request import Answer
from bot.intake.text.body import body_forms
from bot.intake.text.closing import ends
from bot.mail.message import Message

CONTACT = frozenset({"originator_name", "originator_title", "originator_email", "originator_phone", "company"})
"""What people also write below their name."""
LEADING_UP = (":", ",")
LONGEST_GREETING = 60
OUR_HEADINGS = frozenset(
    {"what is needed", "how to answer", "why it comes back", "what would help", "what happens next", "what we read"}
)
"""Lines that only our letters have, above the lines to fill in: where a mail program quotes without
marks, they tell the quotation. A test holds them against the templates."""


def answer_in(message: Message, table: FieldTable) -> Answer | None:
    """What the labelled lines of a reply say, all of them judged together; None without any."""
    own = _above_closing(message.own_text)
    raws = body_forms(replace(message, own_text=own, html=""), table, correction=True) if own else ()
    if not raws:
        return None
    entries = tuple(entry for raw in raws for entry in raw.entries)
    labels = Labels(table)
    above = _above(own, labels)
    if above and not above[-1].endswith(LEADING_UP) and _only_contact(entries, labels):
        return None
    whole = replace(raws[0], entries=entries, notes=tuple(note for raw in raws for note in raw.notes))
    leads = not above or (len(above) == 1 and len(above[0]) <= LONGEST_GREETING and above[0].endswith(","))
    return Answer(judge(whole, table, message.sender, "txt"), leads)


def _above_closing(own_text: str) -> str:
    """The text up to the line that closes it, below which is a signature, marked or not, and up to a
    letter of ours that nobody marked as quoted."""
    lines = own_text.split("\n")
    stops = (at for at, line in enumerate(lines) if ends(line) or line.strip(" \t*").casefold() in OUR_HEADINGS)
    end = next(stops, len(lines))
    return "\n".join(lines[:end]).rstrip()


def _above(own: str, labels: Labels) -> list[str]:
    """The lines with words above the first labelled one."""
    above: list[str] = []
    for line in map(str.strip, own.split("\n")):
        if labels.split(line) or labels.key(line):
            break
        if line:
            above.append(line)
    return above


def _only_contact(entries: tuple[Entry, ...], labels: Labels) -> bool:
    keys = labels.keys([entry.label for entry in entries])
    return all(key is None or key in CONTACT for key, entry in zip(keys, entries, strict=True) if entry.value)
