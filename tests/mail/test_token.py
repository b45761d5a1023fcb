"""Codes: only what we made, for just that person, in its time, is read back."""

import random
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.mail.token import (
    LENGTH,
    MOST_FOUND,
    PREFIX,
    Code,
    Expired,
    Key,
    Purpose,
    make,
    read,
    without_codes,
    written_in,
)

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
OLD = Key(6, b"o" * 32, NOW - timedelta(days=80))
NEW = Key(7, b"n" * 32, NOW)
KEYS = (NEW, OLD)
LETTER = "00112233445566778899aabb"
ANN, BEN = "ann@meridell.example", "ben@meridell.example"
CHANGE = "PC112226-1"


def written(key: Key = NEW, *, of: str = LETTER, person: str = ANN, change: str = CHANGE) -> str:
    """A code for a letter to Ann about a change request."""
    return make(key, Purpose.LETTER, of, person, change, LATER)


@pytest.mark.parametrize("key", KEYS, ids=["the newer key", "the older key"])
@pytest.mark.parametrize("change", [CHANGE, "IN112226-12345", ""])
@pytest.mark.parametrize("purpose", Purpose)
def test_a_code_comes_back_as_it_was_made(key: Key, change: str, purpose: Purpose) -> None:
    """Both live keys count, and every part is bound."""
    code = read(make(key, purpose, LETTER, ANN, change, LATER), KEYS, ANN, NOW)
    assert isinstance(code, Code)
    assert (code.purpose, code.of, code.expires) == (purpose, LETTER[:20], LATER)
    assert code.covers(change)
    assert not code.covers("PC112226-2")


@pytest.mark.parametrize(
    ("code", "key", "purpose", "person", "change"),
    [
        ("cmpa4dz6aaacerdgrcvmz3yrgn3ki4j6mqx6bjz47gmshpkrlqvnhpmlaa5", NEW, Purpose.LETTER, ANN, CHANGE),
        ("cmpqydz6aaacerdgrcvmz3yrgpdwdcefgdbj3eg23w7sgz4he3igz5dydsq", OLD, Purpose.CONFIRM, BEN, ""),
    ],
)
def test_a_code_is_made_as_it_always_was(code: str, key: Key, purpose: Purpose, person: str, change: str) -> None:
    """A letter of an earlier release is answered after an upgrade, too."""
    assert make(key, purpose, LETTER, person, change, LATER) == code


def test_a_code_fits_a_line_and_needs_no_marks_or_capitals() -> None:
    """Letters and digits only, with room for a word in front; capitals do no harm."""
    text = written()
    assert len(f"CONFIRM {text}") <= 70
    assert text.isalnum()
    assert text == text.lower()
    assert read(text.upper(), KEYS, ANN, NOW) == read(text, KEYS, ANN, NOW)


def test_every_bit_counts() -> None:
    """A code with any one bit turned over is none of ours."""
    text = written()
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    for place in range(len(PREFIX), len(text)):
        for bit in range(5):
            other = alphabet[alphabet.index(text[place]) ^ 1 << bit]
            assert read(text[:place] + other + text[place + 1 :], KEYS, ANN, NOW) is None


@pytest.mark.parametrize(
    ("text", "keys", "person"),
    [
        (written(), KEYS, BEN),
        (written(), KEYS, "ann@meridell.example.evil.example"),
        (written(), KEYS, "ann@meridell.exampl"),
        (written(), KEYS, ""),
        (written(), (OLD,), ANN),
        (written(), (), ANN),
        (written(replace(NEW, secret=b"x" * 32)), KEYS, ANN),
        (written(replace(NEW, id=6)), KEYS, ANN),
        (written(person=BEN), KEYS, ANN),
        (written()[:-1], KEYS, ANN),
        (written() + "a", KEYS, ANN),
        (written()[1:], KEYS, ANN),
        (PREFIX + "a" * LENGTH, KEYS, ANN),
        (PREFIX + "1" * LENGTH, KEYS, ANN),
        (PREFIX + "\u0131" * LENGTH, KEYS, ANN),
        ("", KEYS, ANN),
    ],
)
def test_what_we_did_not_make_for_that_person_is_nothing(text: str, keys: tuple[Key, ...], person: str) -> None:
    """Another person's, another key's, cut, longer, made up, or nothing at all."""
    assert read(text, keys, person, NOW) is None


def test_a_code_ends() -> None:
    """From its hour on it is known, and over."""
    text = written()
    assert isinstance(read(text, KEYS, ANN, LATER - timedelta(seconds=1)), Code)
    over = read(text, KEYS, ANN, LATER)
    assert isinstance(over, Expired)
    assert over.code.expires == LATER


def test_a_broken_hour_is_rounded_up() -> None:
    """A code never ends before it was promised to."""
    text = make(NEW, Purpose.LETTER, LETTER, ANN, CHANGE, LATER + timedelta(seconds=1))
    code = read(text, KEYS, ANN, LATER)
    assert isinstance(code, Code)
    assert code.expires == LATER + timedelta(hours=1)


def test_nobody_guesses_one() -> None:
    """Of a hundred thousand texts of the right shape none is a code, with the right beginning either."""
    chance = random.Random(4)
    head = written()[: len(PREFIX) + 30]
    for _ in range(50_000):
        tail = b32encode(chance.randbytes(35)).decode().lower()
        assert read(PREFIX + tail, KEYS, ANN, NOW) is None
        assert read(head + tail[30:], KEYS, ANN, NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "{0}",
        "# Code: {0}",
        "> > # Code: {0}",
        "CONFIRM {0}, please.",
        "<{0}>",
        "[{0}]",
        "Subject {0}\n\n> {0}",
        "> CONFIRM {1}\n> {2}",
        "> CONFIRM {1}=\n{2}",
        "| {1}\r\n| {2}\r\n",
        "cmp cmp is the cmp {0}",
        "cmpcmp\n{0}\n",
    ],
)
def test_a_code_is_found_wherever_it_stands(text: str) -> None:
    """In a quotation, in brackets, behind words, and broken over two lines."""
    code = written()
    assert written_in(text.format(code, code[:33], code[33:])) == (code,)


def test_so_many_codes_are_looked_at_and_no_more() -> None:
    """Forty in one mail, the first ones."""
    codes = [written(of=f"{number:020x}0000") for number in range(42)]
    assert written_in("\n".join(codes)) == tuple(codes[:MOST_FOUND])
    assert MOST_FOUND == 40


@pytest.mark.parametrize("text", ["", "cmp", "our cmp is good", "x{0}", "{0}x", "{0}9", "a" * 10_000, "cmp" * 90_000])
def test_what_is_no_code_is_not_found(text: str) -> None:
    """Words, addresses, and a code that is part of something longer."""
    assert written() not in written_in(text.format(written()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("We agree.\n\n# {0}\n", "We agree."),
        ("We agree ({0}) to it.", "We agree () to it."),
        ("> # {1}\n> {2}\nand more", "\nand more"),
        ("{0}x", "x"),
        ("our cmp, and nothing else\n", "our cmp, and nothing else\n"),
    ],
)
def test_a_text_can_be_shown_to_others_without_its_codes(text: str, left: str) -> None:
    """Whatever looks like a code is left out, whole, broken or with more behind it."""
    code = written()
    assert without_codes(text.format(code, code[:33], code[33:])) == left
