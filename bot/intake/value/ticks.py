"""Ticks: which of several printed options a sender marked, in all the ways people mark them.

Its one rule: a mark counts only when it is plain which option it belongs to; otherwise the
answer is `unsure`, and a person is asked.
"""

import re
from dataclasses import dataclass

MARKS = "xX\u2713\u2714\u2717\u2718\u221a*\u2022"
BOX = re.compile(
    "(?P<on>[\u2611\u2612\u25a0\u25c9\u25cf\u2713\u2714\u2717\u2718\u26ab\u2705\u221a\U0001f5f7\U0001f5f9\uf052\uf053\uf0fd\uf0fe]\ufe0f?"
    f"|[\\[({{<|]\\s?(?:[{MARKS}]|xx|XX)\\s?[\\])}}>|]|(?<!\\w)_+\\s?[xX]\\s?_+(?!\\w)|>\\s?[xX]\\s?<)"
    "|[\u2610\u25a1\u25cb\u25a2\u26aa\u2b1c\u2b1b\uf06f\uf071\uf0a8]\ufe0f?|\\[[\\s_]{0,8}\\]|\\(\\s{0,8}\\)|\\|_+\\|"
)
"""A box, ticked (`on`) or not; the private-use characters are Wingdings' boxes."""

CROSS = "\u274c"
"""QUIRK: a red cross ticks one person's box and crosses out another's; nobody can tell."""

DRAWN_TICK = re.compile(r"(?<!\w)_+\s?[xX]\s?_+(?!\w)")
DRAWN_BOX = re.compile(r"(?<!\w)_{2,}(?!\w)")
"""`___` is a box to tick where another one holds an X; elsewhere it is a line to write on."""

LONE = re.compile(r"(?<![^\s(])[xX](?![^\s)])")
TIE = re.compile(r"[^\S\n]*[:=\u2010-\u2015-][^\S\n]*")
BREAK = 1000
"""A gap that holds a line break or a tab is wider than any number of blanks."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """The texts beside the boxes that are ticked and not ticked; `unsure` when marks and texts
    do not pair off."""

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    unsure: bool = False


def ticks(text: str, options: re.Pattern[str]) -> Ticks | None:
    """Read the tick marks of a text, None when it has none. `options` finds the printed options.

    Boxes may stand before or behind their options. A lone X counts only right beside an option;
    where it stands as near to one as to another, nobody can tell.
    """
    if CROSS in text:
        return Ticks(unsure=True)
    if DRAWN_TICK.search(text):
        text = DRAWN_BOX.sub("[ ]", text)
    if BOX.search(text):
        return _boxes(text, options)
    return _lone(text, options) if LONE.search(text) else None


def _boxes(text: str, options: re.Pattern[str]) -> Ticks:
    marks = list(BOX.finditer(text))
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(text)]
    texts = [text[start:end].strip(" \t\n\u00a0|,;") for start, end in zip(edges[::2], edges[1::2], strict=True)]
    behind, before = texts[1:], texts[:-1]
    if texts[0] and texts[-1]:
        # Text on both outer sides: an instruction in front, or a remark at the end.
        rear = sum(1 for words in behind if options.match(words))
        front = sum(1 for words in before if options.search(words))
        if rear == front:
            return Ticks(unsure=True)
        chosen = behind if rear > front else before
    else:
        chosen = before if texts[0] else behind
    pairs = list(zip(marks, chosen, strict=True))
    on = tuple(words for mark, words in pairs if mark["on"])
    return Ticks(on, tuple(words for mark, words in pairs if not mark["on"]))


def _lone(text: str, options: re.Pattern[str]) -> Ticks | None:
    """Lone X marks among printed options; QUIRK: the 2002 form was filled in this way."""
    printed = list(options.finditer(text))
    marks = [_sides(text, mark, printed) for mark in LONE.finditer(text)]
    marks = [(left, right) for left, right in marks if left or right]
    if not marks:
        return None
    chosen = [_nearer(left, right) for left, right in marks]
    if None in chosen:
        # As near to one as to another: plain only where all marks can but stand on the same side.
        behind, before = ([side[0] for side in sides if side] for sides in zip(*marks, strict=True))
        one_way = (len(behind) < len(marks)) != (len(before) < len(marks))
        chosen = [*(behind if len(behind) == len(marks) else before)] if one_way else chosen
    words = [option.group() for option in printed]
    on = {at for at in chosen if at is not None}
    off = tuple(word for at, word in enumerate(words) if at not in on)
    return Ticks(tuple(words[at] for at in sorted(on)), off, unsure=None in chosen)


_Side = tuple[int, int] | None
"""An option beside a mark, and how far from it; None when there is none."""


def _sides(text: str, mark: re.Match[str], printed: list[re.Match[str]]) -> tuple[_Side, _Side]:
    """The options to the left and to the right of a mark."""
    left = max((at for at, option in enumerate(printed) if option.end() <= mark.start()), default=None)
    right = min((at for at, option in enumerate(printed) if option.start() >= mark.end()), default=None)
    near = None if left is None else _gap(text[printed[left].end() : mark.start()])
    far = None if right is None else _gap(text[mark.end() : printed[right].start()])
    return (
        (left, near) if left is not None and near is not None else None,
        (right, far) if right is not None and far is not None else None,
    )


def _nearer(left: _Side, right: _Side) -> int | None:
    """The option that a mark belongs to; None where two are about as near."""
    if left is None or right is None:
        side = left or right
        return side[0] if side else None
    if left[1] == right[1] or max(left[1], right[1]) < 2 * min(left[1], right[1]):
        return None
    return left[0] if left[1] < right[1] else right[0]


def _gap(between: str) -> int | None:
    """How far a mark stands from an option; None when there is text between them. A colon or a dash
    between them ties them together."""
    if between.strip(" \t\n\u00a0:.=-\u2013\u2014"):
        return None
    if TIE.fullmatch(between):
        return 0
    return BREAK if "\n" in between or "\t" in between else len(between)
