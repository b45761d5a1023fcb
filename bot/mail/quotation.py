"""What of a mail's text its sender wrote. Its one rule: rather lose a line of the sender's than
keep one of somebody else's, for a quoted command must never look like a given one.

Nobody marks quotations the same way, so there is a table for each habit: `>` marks, attribution
lines (`On ... wrote:`), the header block that Outlook puts above an older mail, the layout of
Lotus Notes, separators, signatures. Each line is looked at once, with a bounded look around it.
"""

import re

from bot.mail import phrases
from bot.mail.phrases import any_of
from bot.mail.warning import below_warning

LONGEST = 65_536  # characters looked at; nobody types more than that above a quotation
LONGEST_LINE = 500
BLOCK_LINES = 12  # how far the header block of an older mail may reach, wrapped recipients included
WRAPPED_LINES = 3  # lines of a block that are no label
ATTRIBUTION_LINES = 4
NOTES_LINES = 8
LABEL_REACH = 40
LABEL_MARKS = " \t*_|\xa0"
WHITE_AND_STARS = " \t*_\xa0"  # bold and italic marks of HTML made plain
LONG_QUOTED_LINE = 60  # a quoted line of this length may have been wrapped by a mail program
NARROWEST = 72  # hardly a program wraps before this column

DASHES = "-_=\u2014"
COLON = ":\uff1a"  # the second is the full-width colon of Chinese and Japanese
A_COLON = re.compile(f"[{COLON}]")
CLOSING = (*COLON, *phrases.WROTE_ASIA)

WROTE_BEFORE_NAME = re.compile(rf"\W{any_of(phrases.WROTE_BEFORE_NAME)}\W", re.IGNORECASE)
# `On Tue`, `wt., 24 lis 2026`, `24.11.2026`
STARTS = re.compile(
    rf"(?:{any_of(phrases.ATTRIBUTION_STARTS)}|\w{{2,4}}[.,]{{0,2}} \d|\d{{1,4}}[./-]\d)\b", re.IGNORECASE
)
DATED = re.compile(r"\d[:.h]\d\d\b|\d[./-]\d{1,2}[./-]\d|\b(?:19|20)\d\d\b|\d\u5e74|[^\s<>@]@[^\s<>@]")
TIME_OF_DAY = re.compile(r"\b\d{1,2}[:.]\d\d\b")
AN_ANGLE_ADDRESS = re.compile(r"<\s?[^<>\s]+@[^<>\s]+>")
SEPARATOR = re.compile(rf"[{DASHES}]{{1,60}}\s*{any_of(phrases.OLDER_MAIL)}\s*[{DASHES}]{{0,60}}$", re.IGNORECASE)
DASHED = re.compile(rf"[{DASHES}]{{3,60}}\s?[^\W\d_].{{2,160}}?[{DASHES}]{{3,60}}$")
ABOVE_THIS_LINE = re.compile(rf"\W{{0,9}}{any_of(phrases.REPLY_ABOVE)}", re.IGNORECASE)
# The same as an attribution, in no language that we know: a time, an address and hardly a word behind it.
SOMEBODY_WROTE = re.compile(r"(?![A-Z]{2,}\b).{0,200}\b\d{1,2}[:.]\d\d\b.{0,200}<[^<>\s]+@[^<>\s]+>[^\d<>]{0,20}$")
GROUPWISE = re.compile(r">>> .{1,300}\d.{0,100} ?>>>$")
# QUIRK: Yahoo's telephones go on with the older mail in the very line: `On Tue, ... <ann@x.example> wrote:   Hello`
RUN_ON = re.compile(rf".{{0,200}}<[^<>\s]+@[^<>\s]+>\s{{0,3}}{any_of(phrases.WROTE)}\s?:\s{{2,}}\S", re.IGNORECASE)
FORWARD = re.compile(rf"{any_of(phrases.FORWARDED)}\s*:$|-+ forwarded by .*", re.IGNORECASE)
SENT_FROM = re.compile(
    "|".join((any_of(phrases.SENT_FROM), *(f"{start}.{{1,40}}{end}$" for start, end in phrases.SENT_FROM_AROUND))),
    re.IGNORECASE,
)
SENT_FROM_BEGINS = frozenset(start[:3] for start in (*phrases.SENT_FROM, *dict(phrases.SENT_FROM_AROUND)))
OLDER_MAIL = frozenset(phrases.OLDER_MAIL)
RULE = re.compile(r"(?:_{8,}|-{8,}|={8,}|\*{8,})$")
KINDS = {word: kind for kind, words in phrases.LABELS.items() for word in words}
NOTES_LABEL = re.compile(r"(?:.*\s\s|\s*)(to|cc|subject)$", re.IGNORECASE)


def own_text(text: str) -> str:
    """The sender's own lines: no quotation, attribution, signature or forwarded mail.

    >>> own_text("APPROVE\\n\\nOn Tue, Nov 24, 2026, Ann <ann@x.example> wrote:\\n> DENY")
    'APPROVE'
    """
    return _own(text, certain_only=False)


def certain_text(text: str) -> str:
    """What of the own text nobody else can have written, for orders: nothing below an attribution once the
    sender has spoken above it, since not every program marks all that it quotes; nor a line that may be the end
    of a quoted one.

    >>> certain_text("NOTE yes\\n\\nOn Tue, Nov 24, 2026, Ann <ann@x.example> wrote:\\n> hello\\n\\nDENY")
    'NOTE yes'
    """
    return _own(text, certain_only=True)


def _own(text: str, *, certain_only: bool) -> str:
    whole = text[:LONGEST].split("\n")
    lines = [line[:LONGEST_LINE].rstrip() for line in whole]
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        bare = line.strip(WHITE_AND_STARS)
        if _ends(lines, number, bare):
            break
        if notes := _notes_block(lines, number):
            del kept[max(len(kept) - notes + 1, 0) :]
            break
        attribution, certain = _attribution(lines, number)
        if attribution and not _quoted(_next_line(lines, number + attribution)):
            if certain:
                break
            attribution = 0
        if certain_only and (attribution or _somebody_wrote(line)) and any(below_warning(kept)):
            break
        foreign = attribution or _quoted(line) or _torn(lines, number, certain_only=certain_only)
        if not (foreign or _advertises(bare)):
            kept.append(whole[number].rstrip())
        number += attribution or 1
    return "\n".join(below_warning(kept)).strip()


def forwarded(text: str) -> tuple[str, str]:
    """The first older mail below a sender's own text: who wrote it, as its header block says, and what of it
    they wrote themselves. Two empty texts where there is no such mail.

    >>> forwarded("See below.\\n\\nFrom: Ann <ann@x.example>\\nSent: Monday 23\\nTo: Bo\\n\\nHello")
    ('Ann <ann@x.example>', 'Hello')
    """
    lines = text[:LONGEST].split("\n")
    start = next((at for at in range(len(lines)) if _header_block(lines, at)), None)
    if start is None:
        return "", ""
    author, at = "", start
    for at in range(start, min(start + 2 * BLOCK_LINES, len(lines))):
        kind, value = _label(lines[at])
        author = value.strip(WHITE_AND_STARS) if kind == "from" and not author else author
        if not lines[at].strip() and author:
            break
    return author, own_text("\n".join(lines[at:]))


def memo(text: str) -> tuple[str, str]:
    """From whom a memo is with whose heading a text begins, and the text with blank lines in its place; two empty
    texts where it begins otherwise. Somebody typed it: the header block of an older mail has a time of day in it.

    >>> memo("TO: CMP\\nFROM: Ann Lee\\nDATE: 11/23/2026\\n\\nHello")
    ('Ann Lee', '\\n\\n\\n\\nHello')
    """
    lines = text[:LONGEST].split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(start, min(start + BLOCK_LINES, len(lines))) if not lines[at].strip()), start)
    if end == start or not _header_block(lines[:end], start) or any(map(TIME_OF_DAY.search, lines[start:end])):
        return "", ""
    author = next(value for kind, value in map(_label, lines[start:end]) if kind == "from")
    return author.strip(WHITE_AND_STARS), "\n".join([*[""] * end, *lines[end:]])


def _advertises(bare: str) -> bool:
    """True for the line that a telephone adds."""
    return bare[:3].lower() in SENT_FROM_BEGINS and SENT_FROM.match(bare) is not None


def _quoted(line: str) -> bool:
    return line.lstrip(" \t\xa0").startswith(">")


def _next_line(lines: list[str], number: int) -> str:
    """The next line that is not blank, at most two blank ones on."""
    return next((line for line in lines[number : number + 3] if line.strip()), "")


def _torn(lines: list[str], number: int, *, certain_only: bool) -> bool:
    """The end of a long quoted line that a mail program wrapped and left without its mark: more of the
    quotation follows, or (where only the certain is kept) its first word did not fit any more."""
    if not number or not lines[number].strip():
        return False
    above = lines[number - 1]
    if len(above) < LONG_QUOTED_LINE or not _quoted(above):
        return False
    follows = number + 1 < len(lines) and _quoted(lines[number + 1])
    return follows or (certain_only and len(above) + len(lines[number].split(maxsplit=1)[0]) >= NARROWEST)


def _ends(lines: list[str], number: int, bare: str) -> bool:
    """True where the sender's own text ends for good."""
    line = lines[number]
    if not line:
        return False
    if line == "--":  # RFC 3676 section 4.3; many servers cut the blank behind it
        return True
    if SEPARATOR.match(line.strip(" \t*")) or FORWARD.match(bare) or GROUPWISE.match(line):
        return True
    if "@" in line and RUN_ON.match(line) and STARTS.match(bare):
        return True
    if line[-1] in DASHES and DASHED.match(line.strip()):
        return "@" in line or _label(_next_line(lines, number + 1))[0] == "from"
    if bare.lower() in OLDER_MAIL and _label(_next_line(lines, number + 1))[0]:
        return True
    if line[-1] in "-#*" and ABOVE_THIS_LINE.match(line):
        return True
    if not RULE.match(line.strip()):
        return _header_block(lines, number)
    below = next((n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].strip()), None)
    return below is not None and _header_block(lines, below)


def _label(line: str) -> tuple[str, str]:
    """The kind and the value of a line like `Sent: Monday`; empty texts for any other line."""
    found = A_COLON.search(line, 0, LABEL_REACH)
    kind = KINDS.get(line[: found.start()].strip(LABEL_MARKS).lower(), "") if found else ""
    return (kind, line[found.end() :]) if found and kind else ("", "")


def _header_block(lines: list[str], number: int) -> bool:
    """From, Sent, To, Subject of an older mail. Two labels are enough where they hold a date or an
    address; prose such as `From: the field office` is no such block."""
    if not _label(lines[number])[0]:
        return False
    found: dict[str, str] = {}
    strange = 0
    above = ""
    for line in lines[number : number + BLOCK_LINES]:
        kind, value = _label(line)
        found.setdefault(kind, value)
        strange += not kind and bool(line.strip())
        if strange > WRAPPED_LINES or (not kind and not above.strip() and found.keys() - {kind}):
            break
        above = line
    named = {"from", "date", "to", "subject"} & found.keys()
    proven = "@" in found.get("from", "") or any(map(str.isdigit, found.get("date", "")))
    return "from" in named and (len(named) > 2 or (len(named) == 2 and proven))  # noqa: PLR2004 - see above


def _attribution(lines: list[str], number: int) -> tuple[int, bool]:
    """How many lines an attribution takes from here (0: there is none), and whether it says who wrote and
    names a date or an address, so that it needs no `>` below to be believed."""
    joined: list[str] = []
    for line in lines[number : number + ATTRIBUTION_LINES]:
        if not line or _quoted(line):
            break
        joined.append(line.strip(WHITE_AND_STARS))
        if joined[-1].endswith(CLOSING) and (len(joined) == 1 or _wrapped(joined)):
            whole = " ".join(joined)
            dated = DATED.search(whole) is not None
            if _says_who_wrote(whole, dated):
                return len(joined), dated
    first = joined[0] if joined else ""
    return int(_somebody_wrote(first) or (first[-1:] in COLON and bool(DATED.search(first)))), False


def _somebody_wrote(line: str) -> bool:
    return "@" in line and SOMEBODY_WROTE.match(line) is not None


def _wrapped(lines: list[str]) -> bool:
    """True where a wrapped attribution begins with the first of these lines and with no later one."""
    whole = " ".join(lines)
    if DATED.search(whole) is None or not (
        STARTS.match(whole) or "@" in lines[0] or lines[0][-1:] == "<" or lines[1][:1] == "<"
    ):
        return False
    later = (" ".join(lines[start:]) for start in range(1, len(lines)))
    return not any(STARTS.match(text) and DATED.search(text) and _says_who_wrote(text, True) for text in later)


def _says_who_wrote(line: str, dated: bool) -> bool:
    """True for a line such as `Ann Lee wrote:`, `24.11.2026 schrieb Ann Lee:` or `2026-11-24 9:15 <ann@x.example>:`."""
    bare = line.rstrip(COLON + WHITE_AND_STARS).lower()
    if bare.endswith(phrases.WROTE_ASIA):
        return True
    if line[-1:] not in COLON:
        return False
    for verb in phrases.WROTE:
        if bare.endswith(verb) and not bare[-len(verb) - 1 : -len(verb)].isalnum():
            return True
    if not dated:
        return False
    at_a_time = AN_ANGLE_ADDRESS.search(bare) is not None and TIME_OF_DAY.search(bare) is not None
    return at_a_time or WROTE_BEFORE_NAME.search(line) is not None


def _notes_block(lines: list[str], number: int) -> int:
    """Lotus Notes names sender, date and recipients in a column above an older mail: how many lines
    of it stand above `number` (0: this is no such block)."""
    label = NOTES_LABEL.match(lines[number])
    if label is None or label[1].lower() != "to":
        return 0
    below = (NOTES_LABEL.match(line) for line in lines[number + 1 : number + NOTES_LINES])
    if not any(match and match[1].lower() == "subject" for match in below):
        return 0
    start = number
    while start and number - start < NOTES_LINES and lines[start - 1].strip():
        start -= 1
    return number - start + 1
