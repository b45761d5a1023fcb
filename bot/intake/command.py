"""Commands: the block of command lines at the top of what a sender wrote.

Its one rule: what could be prose is prose. A verb that takes free text counts only in capitals or
with a colon, so that "Close the case please" closes nothing; any other verb may be written in any
way when what stands behind it can be nothing but its arguments. Within free text a verb is written
as the one above it was: minutes have lines like `Status: open`. And what may be a command about
another change request is asked back: never is it left to the one above.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.intake.number import leading_number
from bot.intake.request import CommandLine
from bot.intake.text.closing import Ordered, ends, signs
from bot.intake.text.reservation import reserves, unheard
from bot.intake.text.whole import BROKEN, EDGES, LONGEST_BLOCK, bare, lines_of
from bot.intake.verbs import MEANT, VERBS, Verb

TABLE = {verb.name: verb for verb in VERBS}
WORD = re.compile(
    "\\s*([Dd][Rr][Yy]\\s+[Rr][Uu][Nn]|[A-Za-z]{2,12})(?![\\w'\u2019\u0300-\u036f\\t-])[ \\t]*(:?)[ \\t]*(.*)"
)
"""A word with a tab behind it is the cell of a table made plain, not a verb. Only the letters that a
keyboard has: some others become these when they are made capitals."""
BARE = re.compile(r"\[?(\d{5,8})\]?[ \t]{1,3}(?=[A-Z])")
"""Figures that lead a line without a colon; the number of a change request only before a verb in capitals."""
REHEARSAL = "DRY RUN"
NEAR = 0.84
"""How like a verb a word in capitals must be to be taken for a misspelt one (1.0: the same)."""
SHORTEST_NEAR = 4
LONG_LINE = 50
"""A mail program breaks lines behind this many characters; a shorter one ended by itself."""
LONGEST_SIGNATURE = 8
"""Lines of a signature that no closing leads up to."""

GREETING = re.compile(
    r"(?i:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)|hallo|guten \w{3,6}|bonjour|hola)\b"
    r"(?:\s\w+,|(?:[ ,]+(?:[A-Z][\w.'\u2019-]*|&|all|and|again|both|colleagues|everybody|everyone|folks|team))*)"
    r"\s*[,.!:-]*"
)
"""A salutation and nothing else: names, or words for everybody."""
NAME = re.compile(r"[A-Z][\w'\u2019-]+(?:\s[A-Z][\w'\u2019-]+)?(?:\s?,|\s+-)")
"""A name as a salutation by itself; it stands above a blank line."""
GOES_ON = re.compile(r"(?:[,;:&-]|\b(?:and|or|crpm|director|deputy|until|on|to|at|for))$", re.IGNORECASE)

ASIDE = re.compile(r"\([^()]{1,100}\)[ \t]*[:\u2013-]?[ \t]*")
"""A change request's title behind its number."""
SENTENCE_ENDS = (".", "!", "?")
WHICH = (
    "It is not plain which change request this is about: {number} stands above it. Put the number in front of the line."
)
SMALL = (
    "It is not plain whether this is a command. If it is one, write {verb} in capitals; if it is part of the text "
    "above, put a dash in front of the line."
)


@dataclass(slots=True)
class _Line:
    """One command while its lines are gathered."""

    verb: str
    number: str
    written: list[str]
    args: list[str]
    takes: str
    """`text`: all lines below; `more`: those right below; `rest`: the rest of a broken line;
    `maybe`: that which can be nothing but its arguments; empty: nothing."""
    doubt: str = ""
    left: list[str] = field(default_factory=list)

    def done(self) -> CommandLine:
        written, args = _joined(self.written), _joined(self.args)
        return CommandLine(written, self.verb, args, self.number, self.doubt, unheard(self.left))


@dataclass(frozen=True, slots=True)
class _Head:
    """The number that a line of its own gives to the commands below it, and why that may not be meant."""

    number: str = ""
    doubt: str = ""

    def over(self, command: _Line) -> _Line:
        if not command.number:
            command.number, command.doubt = self.number, self.doubt or command.doubt
        return command


def read_commands(own_text: str, sender: str = "") -> tuple[CommandLine, ...]:
    """The command lines at the top of the sender's own text, below a greeting at most; empty when the
    first line is none. `sender` is their name: right below arguments that could go on it is a signature.

    `line` is the command as written with the lines that belong to it. A word in capitals that
    is nearly a verb gives a line with that word as its verb, which no table knows: to be refused.
    DRY RUN with a command behind it gives two lines. Raises nothing.
    """
    block: list[_Line] = []
    head, gap = _Head(), False
    if not _may_begin(own_text):
        return ()
    lines = lines_of(own_text)
    name = frozenset(sender.casefold().replace(",", " ").split())
    for at, line in enumerate(lines):
        if not line or line.startswith("#"):
            gap = gap or not line
            continue
        if block and (_closes(lines, at) or (block[-1].takes == "more" and _signed(lines, at, name))):
            break
        above = block[-1] if block else None
        if here := _head(lines, at, above, head, gap=gap):
            head, gap = here, False
            continue
        found = _commands(line, above)
        if found:
            block += map(head.over, found)
        elif above:
            _continue(above, line, gap=gap)
        elif at or not _greets(lines):
            return ()
        gap = False
    return tuple(command.done() for command in block)


def reads(command: CommandLine) -> bool:
    """True where what stands behind a verb can be nothing but its arguments."""
    verb = TABLE.get(command.verb)
    return verb is not None and verb.reads(command.args)


def ordered(text: str) -> Ordered:
    """The last lines of a text that give a command, wherever they stand: certainly where its verb is in capitals and
    has behind it what belongs there; and those that may take something of one back."""
    certain = possible = 0
    lines = [*map(bare, text.split("\n", LONGEST_BLOCK)[:LONGEST_BLOCK])]
    for at, line in enumerate(lines):
        found = WORD.fullmatch(_led(line)[1])
        word = " ".join(found[1].split()) if found else ""
        if found is None or (verb := TABLE.get(word.upper())) is None:
            continue
        reads = verb.reads(found[3].strip(EDGES))
        if word.isupper() or found[2] or reads:
            possible = at
        if word.isupper() and (verb.text or reads):
            certain = at
    return Ordered(certain, possible, frozenset(at for at, line in enumerate(lines) if reserves(line)))


def _closes(lines: list[str], at: int) -> bool:
    """True for a line that closes a mail; `Thanks, but please hold` does not, nor one right above such words."""
    return ends(lines[at]) and not any(map(reserves, lines[at : at + 2]))


def _may_begin(own_text: str) -> bool:
    """A quick look: whether the first line could be a command, or stand above one."""
    first = bare(own_text.lstrip(EDGES + "\n").split("\n", 1)[0])
    number, rest = _led(first)
    return bool(
        number
        or first.startswith("#")
        or _alone(first)
        or any(ends_so.search(first) for ends_so, _ in BROKEN)
        or _command(rest)
        or GREETING.fullmatch(first)
        or NAME.fullmatch(first)
    )


def _greets(lines: list[str]) -> bool:
    """True where the first line only greets and the next one is certainly a command."""
    following = next((line for line in lines[1:] if line and not line.startswith("#") and not _alone(line)), "")
    greets = GREETING.fullmatch(lines[0]) or (NAME.fullmatch(lines[0]) and not "".join(lines[1:2]))
    return bool(greets) and not ends(lines[0]) and _certain(following)


def _certain(line: str) -> bool:
    """True for a line that is a command without its colon, too: in capitals, or with nothing but arguments."""
    found = WORD.fullmatch(_led(line)[1])
    if found is None or not _command(line):
        return False
    verb = TABLE.get(" ".join(found[1].split()).upper())
    return found[1].isupper() or (verb is not None and verb.reads(found[3].strip()))


def _head(lines: list[str], at: int, above: _Line | None, before: _Head, *, gap: bool) -> _Head | None:
    """What a line with a number right above a command without one says of the commands below it: the number that
    stands alone, or a doubt where it has a title, or may be the end of the text above; None for any other line."""
    line = lines[at]
    number = _alone(line)
    titled = "" if number or above is None or line.endswith(SENTENCE_ENDS) else leading_number(line)[0]
    if not (number or titled) or _command(line, above):
        return None
    following = next((line for line in lines[at + 1 :] if line and not line.startswith("#")), "")
    found = _command(following, above)
    if found is None or found.number or not (above or _certain(following)):
        return None
    if above is None or above.verb == REHEARSAL:
        return _Head(number)
    if not gap and above.takes in {"maybe", "rest"} and TABLE[above.verb].reads(line):
        return None
    apart = above.takes in {"", "maybe"} or (gap and not GOES_ON.search(above.written[-1]))
    if titled:
        return _Head("", WHICH.format(number=titled)) if apart else None
    like = bool(before.number) and number.isdecimal() <= before.number.isdecimal()
    sure = apart or like or line.endswith(":")
    return _Head(number, "" if sure else WHICH.format(number=number))


def _alone(line: str) -> str:
    """The number of a change request that is all of a line, with or without a colon; else empty."""
    number, rest = leading_number(f"{line.rstrip(' :')}: .")
    return number if rest == "." else ""


def _signed(lines: list[str], at: int, name: frozenset[str]) -> bool:
    """True for a sender's name right below a line that could go on, with few lines below and no command: it
    would become an expert, or the place of a meeting."""
    below = [line for line in lines[at + 1 :] if line]
    few = len(below) <= LONGEST_SIGNATURE and not any(map(_command, below))
    return bool(name) and signs(lines[at], name) and few


def _commands(line: str, above: _Line | None) -> list[_Line]:
    """The commands of a line: one, or none for prose; two for DRY RUN and another."""
    found = _command(line, above)
    if found is None:
        return []
    behind = _command(found.args[0]) if found.verb == REHEARSAL and found.args else None
    if behind is None or behind.verb == REHEARSAL:
        return [found]
    return [_Line(REHEARSAL, found.number, [REHEARSAL], [], ""), behind]


def _command(line: str, above: _Line | None = None) -> _Line | None:
    """A line as a command, or None for prose and for what goes on with the command above. Below a command no verb
    behind a number is prose: in small letters, where it reads as one in no other way, it is asked about."""
    within = above if above and above.takes == "text" else None
    number, rest = _numbered(line) if within and not BARE.match(within.written[0]) else _led(line)
    found = WORD.fullmatch(rest)
    if found is None:
        return None
    word, colon, args = " ".join(found[1].split()), found[2], found[3].strip(EDGES)
    name = word.upper()
    spelt = word == name or (colon and not (within and within.verb in within.written[0]))
    verb = TABLE.get(name)
    if verb is None:
        unknown = word == name and (_misspelt(name) or (not within and name in MEANT and (args or " ")[0] not in ".,!"))
        return _Line(name, number, [line], [args], "text") if unknown else None
    made = _Line(name, number, [line], [args] if args else [], _takes(verb, line, args))
    another = above is not None and _names_another(number, above)
    if spelt or (verb.reads(args) and (another or not within)):
        return None if name == "STOP" and args else made
    made.doubt = SMALL.format(verb=name)
    return made if another else None


def _names_another(number: str, above: _Line) -> bool:
    """True for the number of a change request; figures may as well be an order's, where those above have none."""
    return bool(number) and (not number.isdigit() or above.number.isdigit())


def _numbered(line: str) -> tuple[str, str]:
    """The number that leads a line, and the rest, as `leading_number`; of a title in brackets between it and a verb
    nothing is left."""
    number, rest = leading_number(line)
    title = ASIDE.match(rest) if number else None
    found = WORD.fullmatch(rest, title.end()) if title else None
    if title is None or found is None or " ".join(found[1].split()).upper() not in TABLE:
        return number, rest
    return number, rest[title.end() :]


def _led(line: str) -> tuple[str, str]:
    """The number that leads a line, and the rest, as `_numbered`; figures alone need no colon before the very
    word of a verb in capitals, which no sentence about an order has."""
    number, rest = _numbered(line)
    bare = None if number else BARE.match(line)
    found = WORD.fullmatch(line, bare.end()) if bare else None
    if bare is None or found is None or " ".join(found[1].split()) not in TABLE:
        return number, rest
    return bare[1], line[bare.end() :]


def _misspelt(name: str) -> bool:
    return len(name) >= SHORTEST_NEAR and bool(get_close_matches(name, TABLE, 1, NEAR))


def _takes(verb: Verb, line: str, args: str) -> str:
    if verb.text:
        return "text"
    if verb.more:
        return "more"
    if len(line) >= LONG_LINE or (not args and " " in verb.usage and not verb.optional):
        return "rest"
    return "maybe" if verb.optional and not args else ""


def _continue(command: _Line, line: str, *, gap: bool) -> None:
    """Give a line without a verb to the command above, where that can be meant."""
    if command.takes == "text":
        paragraph = [""] if gap and command.args else []
        command.written += [*paragraph, line]
        command.args += [*paragraph, line]
    elif command.takes in {"more", "rest"} and not gap:
        broken = len(command.written[-1]) >= LONG_LINE or GOES_ON.search(command.written[-1])
        if command.takes == "more" and command.args and not broken:
            command.written.append(line)
            command.args.append(line)
            return
        command.written[-1] += f" {line}"
        command.args[-1:] = [" ".join([*command.args[-1:], line])]
        if command.takes == "rest" and len(line) < LONG_LINE:
            command.takes = ""
    elif command.takes == "maybe" and not gap and TABLE[command.verb].reads(line):
        command.written[-1] += f" {line}"
        command.args.append(line)
        command.takes = ""
    elif reserves(line):
        command.written.append(line)
        command.args.append(line)
    else:
        command.left.append(line)
        command.takes = ""


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
