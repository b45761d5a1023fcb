"""Whole conversations with the desk, as golden text that anybody can review."""
