"""The offices that are watched: the shipped one, one that takes tokens, one in this process, one on real servers."""

from tests.cli.conftest import shipped
from tests.cli.test_check_oauth import authority, office
from tests.daemon.test_take_in import desk
from tests.whole.conftest import house, run

__all__ = ["authority", "desk", "house", "office", "run", "shipped"]
