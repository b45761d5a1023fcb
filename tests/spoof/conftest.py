"""What the tests of attempts share with those of the arcs."""

from tests.daemon.conftest import desk

__all__ = ["desk"]
