"""The demo's mail tray: letters as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.cli.tray import show
from bot.edge.postoffice import Posted


def test_a_letter_is_shown_with_the_time_of_the_office() -> None:
    """As everything else in the demo: not with the time in its header, which is universal, nor the server's."""
    raw = b"Date: Thu, 03 Dec 2026 15:00:00 +0000\r\nSubject: What is due\r\nMessage-ID: <a@b.example>\r\n\r\nHello\r\n"
    posted = Posted("a@b.example", ("c@d.example",), raw, datetime(2026, 11, 23, tzinfo=UTC))
    assert show(1, posted, ZoneInfo("America/Denver")).time == "12/03/2026 08:00"
