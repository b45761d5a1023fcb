"""difference: what became of a text, word by word."""

import random
import time

import pytest

from bot.posting.difference import MOST_WORDS, Mark, Piece, compare, shortened

SAME, GONE, NEW = Mark.SAME, Mark.GONE, Mark.NEW
FILLED = "The order waits for a person who looks at it, "


def words(pieces: tuple[Piece, ...], *marks: Mark) -> list[str]:
    """The words of the pieces with these marks."""
    return "".join(piece.text for piece in pieces if piece.mark in marks).split()


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("The notice does not name the field.", "The notice must name the field.", "does not", "must"),
        ("One two three", "One two three four", "", "four"),
        ("One two three", "two three", "One", ""),
        ("One two three", "One\n\ntwo three", "", ""),
        ("", "", "", ""),
        ("One two three", "Four five six", "", ""),
    ],
)
def test_what_is_gone_and_what_is_new(before: str, after: str, gone: str, new: str) -> None:
    """Words that stayed, went and came; where too little stayed there is no comparison."""
    found = compare(before, after)
    assert " ".join(words(found, GONE)) == gone
    assert " ".join(words(found, NEW)) == new


def test_both_texts_are_in_the_comparison() -> None:
    """For any two texts: what stayed and went is the old one, what stayed and came the new one."""
    lots = random.Random(3)
    compared = 0
    for _ in range(600):
        old = [lots.choice("abcdef") for _ in range(lots.randrange(14))]
        new = [word for word in old if lots.random() > 0.2] + [lots.choice("xyz") for _ in range(lots.randrange(3))]
        lots.shuffle(new) if lots.random() < 0.2 else None
        found = compare(" ".join(old), "\n".join(new))
        compared += bool(found)
        assert not found or (words(found, SAME, GONE), words(found, SAME, NEW)) == (old, new)
    assert compared > 300


def test_a_word_alone_between_changes_is_read_with_them() -> None:
    """Nobody has to jump from word to word: one that stayed by chance is part of the change."""
    tail = " when the order of a customer has been sent back to us."
    found = compare("It names one field only" + tail, "It shows one line alone" + tail)
    assert [piece.text.strip() for piece in found if piece.mark is GONE] == ["names one field only"]


def test_long_stretches_that_stayed_are_cut() -> None:
    """Of what stayed only the words around a change are shown."""
    found = shortened(compare(FILLED * 20 + "old " + FILLED * 20, FILLED * 20 + "new " + FILLED * 20))
    assert [piece.mark for piece in found] == [SAME, GONE, NEW, SAME]
    assert found[0].text.startswith("[\u2026] ")
    assert found[3].text.rstrip().endswith("[\u2026]")
    assert all(len(piece.text) < 100 for piece in found)
    assert shortened(compare("a b c d", "a b c e")) == compare("a b c d", "a b c e")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * MOST_WORDS, "a b " * (MOST_WORDS // 2)),
        (" ".join(map(str, range(MOST_WORDS))), " ".join(map(str, range(1, MOST_WORDS, 2)))),
        ("x y " * 1400, "y x " * 1400),
        ("a " * 200_000, "a " * 200_001),
    ],
)
def test_comparing_is_bounded(before: str, after: str) -> None:
    """Two hostile texts cost no more than a moment."""
    began = time.process_time()
    compare(before, after)
    assert time.process_time() - began < 0.5
