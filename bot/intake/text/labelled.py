"""The labels of one line of text, each with its answer: none, one, or several side by side.

Its one rule: a label in the middle of a line counts only where a colon or the column of a table
sets it off, and never inside a text or a title, where it may well be the sender's own words.
"""

import re
from itertools import pairwise

from bot.intake.form import Need, Shape
from bot.intake.lines import HELP, Line, Vocabulary
from bot.intake.value.ticks import ticks

BETWEEN = re.compile(r"\t+|\s{3,}")
COLON = re.compile(r":(?!//|\d\d\b)")
NO_OPTION = re.compile(r"(?!)")
ITEM = re.compile(
    "\\s*(?:[-*+\u2022\u2010-\u2015\u2610-\u2612\u2713\u2714]\\s|\\(?\\d{1,2}[.)]\\s|\\[[ xX_]?\\]|\\([ xX]\\)|[xX]\\s)"
)
MOST_COLONS = 8
WHOLE = frozenset({Shape.TEXT, Shape.SLOTS})

Labelled = tuple[str, str]
"""A label and its answer."""


def split_line(line: str, words: Vocabulary) -> list[Labelled]:
    """The labels of a line with their values: none, one, or several beside one another."""
    if not line or line[0] == ">" or line.startswith(HELP):
        return []
    if line[0] == "|" == line[-1]:
        line = line.strip("| \t")
    if ITEM.match(line) and (flags := _flags(line, words)):
        return flags
    if ("   " in line or "\t" in line) and (columns := _columns(line, words)):
        return [_plain(*pair) for pair in columns]
    found = words.split(Line(line, ""))
    if not found:
        return []
    return _inner(*_plain(*found), words)


def _flags(line: str, words: Vocabulary) -> list[Labelled]:
    """`[x] Regulatory   [ ] Industry Guideline` on a line of its own: every flag with its mark."""
    marked = ticks(line, NO_OPTION)
    if marked is None or marked.unsure:
        return []
    found = [(label, mark) for mark, side in (("[x]", marked.on), ("[ ]", marked.off)) for label in side]
    fields = [words.field(label) for label, _ in found]
    return found if all(known and known.shape is Shape.FLAG for known in fields) else []


def _plain(label: str, value: str) -> Labelled:
    """QUIRK: bold type made plain shows as stars: `*Company:* Example Tel`."""
    return (label.strip("*_ "), value.lstrip("*_ ")) if label[:1] in {"*", "_"} else (label, value)


def _columns(line: str, words: Vocabulary) -> list[Labelled]:
    """The cells of a line with tabs or wide gaps, where the first one is a label or begins with one:
    label, answer, label, answer. Several cells behind a label are one answer, as wide apart as they are."""
    edges = [(0, 0), *(gap.span() for gap in BETWEEN.finditer(line)), (len(line), len(line))]
    spans = [(stop, start) for (_, stop), (start, _) in pairwise(edges)]
    found: list[tuple[str, int, int]] = []
    for start, stop in spans:
        cell = line[start:stop]
        split = words.split(Line(cell, "")) if ":" in cell or not found or "\t" in line[start - 1 : start] else None
        if split and split[1] and found and found[-1][1] == found[-1][2] and _office(split[0], words):
            split = None
        if split:
            behind = stop - len(split[1])
            found.append((split[0], behind, behind))
        elif not found:
            return []
        if found:
            found[-1] = (*found[-1][:2], stop)
    return [(label, line[start:stop].strip()) for label, start, stop in found]


def _office(label: str, words: Vocabulary) -> bool:
    """True for the carrier's own `Director` and the like: right behind another label it is an answer."""
    known = words.field(label)
    return known is not None and known.need is Need.IGNORED


def _inner(label: str, value: str, words: Vocabulary) -> list[Labelled]:
    """`Name: A, Company: B, Phone: C` or the same without commas: all of them."""
    known = words.field(label)
    if ":" not in value or known is None or known.shape in WHOLE or known.key == "title":
        return [(label, value)]
    cuts: list[tuple[int, int, str]] = []
    for colon in list(COLON.finditer(value))[:MOST_COLONS]:
        last = cuts[-1][1] if cuts else 0
        head = _head(value[last : colon.start()], words)
        if head:
            start = last + value[last : colon.start()].rindex(head)
            cuts.append((start, colon.end(), head))
    edges = [*(start for start, _, _ in cuts), len(value)]
    first = (label, value[: edges[0]].rstrip(" |;,/\t"))
    more = [(head, value[end:edge].strip(" |;,/\t")) for (_, end, head), edge in zip(cuts, edges[1:], strict=True)]
    return [first, *more]


def _head(text: str, words: Vocabulary) -> str:
    """The longest label that a text ends with, of another field than those that a sender leaves alone."""
    run = text.rstrip()
    starts = [0, *(gap.end() for gap in re.finditer(r"[\s|;,/]+", run))]
    for start in starts[-5:]:
        known = words.field(run[start:]) if run[start:] else None
        if known and known.need is not Need.IGNORED:
            return run[start:]
    return ""
