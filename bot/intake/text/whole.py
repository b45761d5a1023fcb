"""Whole lines: a text as its writer meant it, before mail programs broke and marked it.

Its one rule: only what cannot be otherwise is put together again.
"""

import re

LONGEST_BLOCK = 400
"""Lines read; the longest minutes anybody typed into a reply are a fraction of it."""

EDGES = " \t\r\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff"
"""What stands unseen at the ends of a line."""
EMPHASIS = re.compile(r"([*_])(\S(?:.*\S)?)\1")
BROKEN = (
    (re.compile(r"\b(?:PC|SCR|IN)\s?\d{6}\s?-$", re.IGNORECASE | re.ASCII), re.compile(r"\d{1,5}\b", re.ASCII)),
    (re.compile(r"\b(?:PC|SCR|IN)\s?\d{6}$", re.IGNORECASE | re.ASCII), re.compile(r"-\s?\d{1,5}\b", re.ASCII)),
    (re.compile(r"<[\w.+@-]{1,100}$"), re.compile(r"[\w.+@-]{1,100}>")),
    (re.compile(r"[\w+-]@(?:[\w-]{1,63}[.-])?$"), re.compile(r"[\w.-]{1,100}(?:[>\s,;]|$)")),
)
"""How a line ends and the next one begins where a mail program broke a number or an address: one whose angle
closes on the next line, or whose domain has no second part yet."""
LONGEST_BROKEN = 200


def lines_of(own_text: str) -> list[str]:
    """The lines of a text as their writer meant them: what a mail program broke is whole, and nothing
    unseen or emphatic stands around them. The first one is not blank."""
    lines: list[str] = []
    for written in own_text.strip(EDGES + "\n").split("\n", LONGEST_BLOCK)[:LONGEST_BLOCK]:
        line = bare(written)
        if lines and line and any(_broken(lines[-1], line, *shape) for shape in BROKEN):
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _broken(above: str, below: str, ends_so: re.Pattern[str], begins_so: re.Pattern[str]) -> bool:
    return begins_so.match(below) is not None and ends_so.search(above[-LONGEST_BROKEN:]) is not None


def bare(line: str) -> str:
    """A line without what stands unseen or emphatic around it."""
    line = line.strip(EDGES)
    emphatic = EMPHASIS.fullmatch(line)
    return emphatic[2] if emphatic else line
