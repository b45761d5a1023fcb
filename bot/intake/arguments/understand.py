"""understand: a line of a command mail, its verb looked up and its arguments read.

Its one rule: no line raises; what is wrong is said in the sender's words, with the right form beside it.
"""

import re
from datetime import date

from bot.intake.arguments.arguments import Arguments, Mistake
from bot.intake.arguments.unclear import Unclear
from bot.intake.form import FieldTable
from bot.intake.near import nearest
from bot.intake.request import CommandLine
from bot.intake.verbs import VERBS
from bot.office.office import Office

USAGE = {verb.name: verb.usage for verb in VERBS}
NAMING = frozenset({"HELP", "EXTEND"})
"""Verbs behind which another verb's name is an argument."""
FIRST_WORD = re.compile(r"(?:DRY RUN|[A-Z]+)\b", re.ASCII)
COLON = re.compile(
    r"\A(?:\W*(?:(?:PC|SCR|IN)\s?\d{6}[\s-]+\d+\w*|\d{4,8})\W*)?[A-Za-z]+[ \t]*:", re.ASCII | re.IGNORECASE
)
WIDE = re.compile("[\u00a0\u2007\u202f]")
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
"""What mail programs put between letters and nobody sees; it would make two names of one."""


def understand(line: CommandLine, office: Office, today: date, table: FieldTable) -> Arguments | Mistake:
    """What stands behind a verb. `today` is the office's date; a date read is of its zone. Raises nothing
    for anything a sender can write."""
    # The readers take a hundredth of a start, and most starts see no command.
    from bot.intake.arguments.parts import Known  # noqa: PLC0415
    from bot.intake.arguments.rows import ROWS  # noqa: PLC0415

    read = ROWS.get(line.verb)
    if read is None:
        return Mistake(_unknown(line.verb))
    if unclear := line.doubt or _second(line):
        return Mistake(unclear)
    text = UNSEEN.sub("", WIDE.sub(" ", line.args)).strip()
    try:
        found = read(text, Known(office, today, table, colon=COLON.search(line.line) is not None))
    except Unclear as given_up:
        return Mistake(f"{given_up.message} Write: {USAGE[line.verb]}" if given_up.shape else given_up.message)
    if found.number and line.number and line.verb != "RELATE" and found.number != line.number:
        return Mistake(f"It names two change requests, {line.number} and {found.number}. Which one?")
    return found


def _second(line: CommandLine) -> str:
    """What is said where another verb follows at once: nobody knows which one is meant, unless a colon
    makes it words of a text."""
    following = FIRST_WORD.match(line.args)
    if following is None or following[0] not in USAGE or line.verb in NAMING or COLON.search(line.line):
        return ""
    return f"Two verbs follow one another: {line.verb} {following[0]}. Please write one verb a line."


def _unknown(verb: str) -> str:
    near = nearest(verb)
    meant = (
        f" Did you mean {' or '.join(USAGE.get(name, name) for name in near)}?" if near else " HELP lists the verbs."
    )
    return f"There is no verb {verb}.{meant}"
