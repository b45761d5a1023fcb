"""What the tests of several edges share."""

import pytest


@pytest.fixture
def by_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as on a server far away: with IDLE."""
    monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
