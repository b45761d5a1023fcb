"""Commands: the block of command lines at the top of what a sender wrote.

Its one rule: what could be prose is prose. A verb that takes free text counts only in capitals or
with a colon, so that "Close the case please" closes nothing; any other verb may be written in any
way when what stands behind it can be nothing but its arguments.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from bot.intake.number import leading_number
from bot.intake.request import CommandLine
from bot.intake.text.closing import ends
from bot.intake.verbs import VERBS, Verb

TABLE = {verb.name: verb for verb in VERBS}
WORD = re.compile("\\s*(dry\\s+run|[a-z]{2,12})(?![\\w'\u2019\\t-])[ \\t]*(:?)[ \\t]*(.*)", re.IGNORECASE)
"""A word with a tab behind it is the cell of a table made plain, not a verb."""
NEAR = 0.84
"""How like a verb a word in capitals must be to be taken for a misspelt one (1.0: the same)."""
NEAR_ENOUGH = 0.6
"""How like a verb a word must be to be offered instead."""
SHORTEST_NEAR = 4
LONGEST_BLOCK = 400
"""Lines read; the longest minutes anybody typed into a reply are a fraction of it."""
LONG_LINE = 50
"""A mail program breaks lines behind this many characters; a shorter one ended by itself."""


@dataclass(slots=True)
class _Line:
    """One command while its lines are gathered."""

    verb: str
    number: str
    written: list[str]
    args: list[str]
    takes: str
    """`text`: all lines below; `rest`: the rest of a broken line; empty: nothing more."""

    def done(self) -> CommandLine:
        return CommandLine(_joined(self.written), self.verb, _joined(self.args), self.number)


def read_commands(own_text: str) -> tuple[CommandLine, ...]:
    """The command lines at the top of the sender's own text; empty when the first line is none.

    `line` is the command as written with the lines that belong to it. A word in capitals that
    is nearly a verb gives a line with that word as its verb, which no table knows: to be refused.
    Raises nothing.
    """
    block: list[_Line] = []
    gap = False
    for written in own_text.split("\n")[:LONGEST_BLOCK]:
        line = written.strip()
        if not line or line.startswith("#"):
            gap = gap or not line
            continue
        if block and ends(line):
            break
        command = _command(line)
        if command:
            block.append(command)
        elif not block:
            return ()
        else:
            _continue(block[-1], line, gap=gap)
        gap = False
    return tuple(command.done() for command in block)


def reads(command: CommandLine) -> bool:
    """True where what stands behind a verb can be nothing but its arguments."""
    verb = TABLE.get(command.verb)
    return verb is not None and verb.reads(command.args)


def nearly(own_text: str, verbs: Collection[str]) -> CommandLine | None:
    """The first line of a text that is no command where it opens with one of some verbs, as if it were
    written rightly; None where it does not. To be asked about, never to be carried out."""
    first = next((line.strip() for line in own_text.split("\n") if line.strip()), "")
    number, rest = leading_number(first)
    found = WORD.fullmatch(rest)
    verb = " ".join(found[1].split()).upper() if found else ""
    return CommandLine(first, verb, found[3].strip(), number) if found and verb in verbs else None


def nearest(word: str) -> tuple[str, ...]:
    """The verbs that a word is nearly, the nearest first."""
    return tuple(get_close_matches(word.upper(), TABLE, 3, NEAR_ENOUGH))


def _command(line: str) -> _Line | None:
    """A line as a command, or None for prose."""
    number, rest = leading_number(line)
    found = WORD.fullmatch(rest)
    if found is None:
        return None
    word, colon, args = " ".join(found[1].split()), found[2], found[3].strip()
    name = word.upper()
    verb = TABLE.get(name)
    if verb is None:
        misspelt = word == name and len(word) >= SHORTEST_NEAR and get_close_matches(name, TABLE, 1, NEAR)
        return _Line(name, number, [line], [args], "text") if misspelt else None
    if not (word == name or colon or verb.reads(args)):
        return None
    if name == "STOP" and args:
        return None
    return _Line(name, number, [line], [args] if args else [], _takes(verb, line, args))


def _takes(verb: Verb, line: str, args: str) -> str:
    if verb.text:
        return "text"
    wants = " " in verb.usage and (not args or len(line) >= LONG_LINE)
    return "rest" if wants else ""


def _continue(command: _Line, line: str, *, gap: bool) -> None:
    """Give a line without a verb to the command above, where that can be meant."""
    if command.takes == "text":
        paragraph = [""] if gap and command.args else []
        command.written += [*paragraph, line]
        command.args += [*paragraph, line]
    elif command.takes == "rest" and not gap:
        command.written[-1] += f" {line}"
        command.args = [" ".join([*command.args, line])]
        command.takes = "rest" if len(line) >= LONG_LINE else ""


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
