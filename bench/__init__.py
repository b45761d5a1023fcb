"""Benches: they measure and print; nothing here asserts a time."""
