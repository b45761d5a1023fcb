"""Rich text: what no form has is refused before a program opens it."""

import time

import pytest

from bot.intake.file.richtext import DEEPEST, check

GOOD = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\pict\\bin4 abcd}" + b"{\\b Title}: \\{x\\} \\'e9\\par " * 1000 + b"}"


def test_a_form_passes() -> None:
    """Groups, braces that are text, and binary data of their true length are what forms have."""
    check(GOOD)


@pytest.mark.parametrize(
    "content",
    [
        b"{\\rtf1\\bin2147483647 x}",
        b"{\\rtf1" + b"{" * 500_000,
        b"{\\rtf1" + b"{a" * (DEEPEST + 1) + b"}" * DEEPEST,
        b"{\\rtf1" + b"{}" * 200_000 + b"}",
        b"{\\rtf1\\bin" + b"9" * 100_000,
    ],
)
def test_a_bomb_is_refused(content: bytes) -> None:
    """Lengths that lie, and groups without end, are refused in no time."""
    start = time.process_time()
    with pytest.raises(ValueError, match="it "):
        check(content)
    assert time.process_time() - start < 0.5
