"""The offices that are watched: the shipped one, and one on real servers."""

from tests.cli.conftest import shipped
from tests.whole.conftest import house, run

__all__ = ["house", "run", "shipped"]
