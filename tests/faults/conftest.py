"""What the tests of faults share: a mail server of yesterday, and the office of the arcs' tests."""

from collections.abc import Iterator

import pytest

from tests.daemon.test_take_in import desk
from tests.servers import IN_CI, Dovecot

__all__ = ["desk", "old_server"]


@pytest.fixture(scope="module")
def old_server() -> Iterator[Dovecot]:
    """A mail server that knows no MOVE: mails are copied, marked and expunged."""
    if Dovecot.missing() and not IN_CI:
        pytest.skip("dovecot is not installed (make servers)")
    with Dovecot(settings="imap_capability = IMAP4rev1 UIDPLUS NAMESPACE IDLE") as server:
        yield server
