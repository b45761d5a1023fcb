"""The office of the arcs' tests."""

from tests.daemon.conftest import desk

__all__ = ["desk"]
