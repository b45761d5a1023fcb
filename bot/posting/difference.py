"""Difference: what became of a text, word by word.

Its one rule: it costs a bounded time (E. W. Myers, An O(ND) Difference Algorithm, 1986, given up
after MOST_EDITS), and where a comparison would be harder to read than two texts there is none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

WORD = re.compile(r"\S+\s*")
MOST_WORDS = 3000
MOST_EDITS = 200
FEWEST_SAME = 0.4  # of the words of the longer text: below it two texts side by side read better
ISLAND = 2  # words that stayed between two changes are read with them
SHORT = 60  # characters that are read at one glance
AROUND = 12  # unchanged words shown on each side of a change
GAP = " [\u2026] "


class Mark(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that share a mark, with the white space behind them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A field by its key, what it said and what it says now; `pieces` where a comparison of the two
    is easier to read than both."""

    field: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


def altered(field: str, before: str, after: str) -> Altered:
    """What became of a field, in words."""
    long = max(len(before), len(after)) > SHORT and before and after
    return Altered(field, before, after, shortened(compare(before, after)) if long else ())


def signs(pieces: Sequence[Piece]) -> str:
    """A comparison in plain text: `[-gone-]` and `{+new+}`.

    >>> signs(compare("It does not name the field.", "It must name the field."))
    'It [-does not-] {+must+} name the field.'
    """
    return "".join(map(_signed, pieces)).strip()


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order: what is gone stands before what is new.

    SAME and GONE together are the words of `before`, SAME and NEW those of `after`. Empty where
    too little is the same, or it is too much to compare.
    """
    # A blank ends the last word too, so that words stay apart when pieces are put together.
    old, new = WORD.findall(f"{before} "), WORD.findall(f"{after} ")
    if max(len(old), len(new)) > MOST_WORDS:
        return ()
    kept = _common([word.strip() for word in old], [word.strip() for word in new])
    if kept is None or len(kept) < FEWEST_SAME * max(len(old), len(new), 1):
        return ()
    return tuple(_joined(_without_islands(list(_joined(_runs(old, new, kept))))))


def shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The same with long unchanged stretches cut to what stands next to the changes."""
    last = len(pieces) - 1
    return tuple(
        Piece(piece.mark, _cut(piece.text, start=place == 0, end=place == last)) if piece.mark is Mark.SAME else piece
        for place, piece in enumerate(pieces)
    )


def _signed(piece: Piece) -> str:
    left, right = {Mark.SAME: ("", ""), Mark.GONE: ("[-", "-]"), Mark.NEW: ("{+", "+}")}[piece.mark]
    words = piece.text.rstrip()
    return f"{left}{words}{right}{piece.text[len(words) :]}"


def _common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    """The places in both of what stayed, a longest common subsequence; None after MOST_EDITS edits.

    `reach` is how far the old text has been read on each diagonal (old place less new place).
    """
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(MOST_EDITS + 1):
        trail.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            came = _from(reach, diagonal, edits)
            at = reach[came] + (came < diagonal)
            while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                at += 1
            reach[diagonal] = at
            if at >= len(old) and at - diagonal >= len(new):
                return _matches(trail, at, at - diagonal)
    return None


def _from(reach: Mapping[int, int], diagonal: int, edits: int) -> int:
    """The diagonal from which one more edit leads furthest: the next one by a word that is new, the
    one before by a word that is gone."""
    new_word = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
    return diagonal + 1 if new_word else diagonal - 1


def _matches(trail: Sequence[Mapping[int, int]], at: int, other: int) -> list[tuple[int, int]]:
    """The common words along the way that led to the ends of both texts."""
    matches: list[tuple[int, int]] = []
    for edits in range(len(trail) - 1, -1, -1):
        came = _from(trail[edits], at - other, edits)
        start = trail[edits][came]
        while at > start and other > start - came:
            at, other = at - 1, other - 1
            matches.append((at, other))
        at, other = start, start - came
    return matches[::-1]


def _runs(old: Sequence[str], new: Sequence[str], kept: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The words of both texts with their marks; what stayed stands as the new text has it."""
    at = other = 0
    for one, two in (*kept, (len(old), len(new))):
        yield from (Piece(Mark.GONE, word) for word in old[at:one])
        yield from (Piece(Mark.NEW, word) for word in new[other:two])
        yield from (Piece(Mark.SAME, word) for word in new[two : two + 1])
        at, other = one + 1, two + 1


def _joined(words: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours with one mark as one piece, between two stretches that stayed first all that is gone."""
    for stayed, run in groupby(words, lambda piece: piece.mark is Mark.SAME):
        pieces = list(run)
        for mark in (Mark.SAME,) if stayed else (Mark.GONE, Mark.NEW):
            text = "".join(piece.text for piece in pieces if piece.mark is mark)
            if text:
                yield Piece(mark, text)


def _without_islands(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A word or two that stayed between two changes are gone and new like their neighbours."""
    for place, piece in enumerate(pieces):
        island = piece.mark is Mark.SAME and 0 < place < len(pieces) - 1 and len(piece.text.split()) <= ISLAND
        yield from (Piece(Mark.GONE, piece.text), Piece(Mark.NEW, piece.text)) if island else (piece,)


def _cut(text: str, *, start: bool, end: bool) -> str:
    """A stretch that stayed: its ends next to changes, and a gap for the rest."""
    words = WORD.findall(text)
    head, tail = (0 if start else AROUND), (0 if end else AROUND)
    if len(words) <= head + tail + AROUND:
        return text
    return f"{''.join(words[:head]).rstrip()}{GAP}{''.join(words[len(words) - tail :])}".lstrip()
