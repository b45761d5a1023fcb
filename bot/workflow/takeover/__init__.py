"""Takeover: an existing register becomes change requests of ours, row by row.

Its one rule: what a row says is kept or named; nothing is guessed, and nobody gets a letter.
"""

IMPORTED, PAST_IMPORTED = "import/", "import0"
"""How the causes of the journal rows begin that an import made, and what sorts behind all of them."""
