"""Ticks: which of several printed options a sender marked, in all the ways people mark them.

Its one rule: a mark counts only when it is plain which option it belongs to; otherwise the
answer is `unsure`, and a person is asked.
"""

import re
from dataclasses import dataclass

BOX = re.compile(
    "(?P<on>[\u2611\u2612\u25a0\u25c9\u25cf\u2713\u2714\u2717\u2718\u26ab\U0001f5f7\U0001f5f9\uf052\uf053\uf0fd\uf0fe]"
    "|[\\[({<]\\s?[xX\u2713\u2714\u2717\u2718]\\s?[\\])}>])"
    "|[\u2610\u25a1\u25cb\u25a2\u26aa\uf06f\uf071\uf0a8]|\\[[\\s_]{0,8}\\]|\\(\\s{0,8}\\)"
)
"""A box, ticked (`on`) or not; the private-use characters are Wingdings' boxes."""

LONE = re.compile(r"(?<![^\s(])[xX](?![^\s)])")
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
    on: set[int] = set()
    unsure = False
    for mark in LONE.finditer(text):
        left = max((at for at, option in enumerate(printed) if option.end() <= mark.start()), default=None)
        right = min((at for at, option in enumerate(printed) if option.start() >= mark.end()), default=None)
        near = None if left is None else _gap(text[printed[left].end() : mark.start()])
        far = None if right is None else _gap(text[mark.end() : printed[right].start()])
        if near is None and far is None:
            continue
        if far is None or (near is not None and near * 2 <= far):
            on.add(left or 0)
        elif near is None or far * 2 <= near:
            on.add(right or 0)
        else:
            unsure = True
    if not on and not unsure:
        return None
    words = [option.group() for option in printed]
    off = tuple(word for at, word in enumerate(words) if at not in on)
    return Ticks(tuple(words[at] for at in sorted(on)), off, unsure)


def _gap(between: str) -> int | None:
    """How far a mark stands from an option; None when there is text between them. A colon ties
    what follows it to the option before."""
    if between.strip(" \t\n\u00a0:."):
        return None
    if ":" in between:
        return 0
    return BREAK if "\n" in between or "\t" in between else len(between)
