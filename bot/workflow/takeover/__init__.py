"""Takeover: an existing register becomes change requests of ours, row by row.

Its one rule: what a row says is kept or named; nothing is guessed, and nobody gets a letter.
"""
