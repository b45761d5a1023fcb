"""Words of a mail, plain or HTML: which line is a label, and what belongs to it."""
