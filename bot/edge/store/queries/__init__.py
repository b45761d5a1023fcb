"""Queries: the statements of the hot path, a module for each thing that they are about.

Its one rule: statements only, each built once, so that its compiled form is found at once.
"""
