"""What commands print, for people."""

import pytest

from bot.cli.output import many


@pytest.mark.parametrize(
    ("count", "what", "said"),
    [
        (1, "mails", "1 mail"),
        (0, "mails", "0 mails"),
        (1200, "change requests", "1,200 change requests"),
        (1, "change requests", "1 change request"),
        (1, "days with numbers", "1 day with numbers"),
        (1, "addresses", "1 address"),
        (1, "turns of the daemon", "1 turn of the daemon"),
        (1, "journal rows without a person's data", "1 journal row without a person's data"),
    ],
)
def test_one_is_not_several(count: int, what: str, said: str) -> None:
    """A count is followed by the word as people say it."""
    assert many(count, what) == said
