"""Whoever tries to have something done in somebody else's name, and fails."""
