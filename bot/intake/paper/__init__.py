"""Paper: the forms that we hand out: blank, sent back with remarks, stamped with a number. Start with `blank`
and `stamp`. Its one rule: what is printed here is never taken for an answer by our own readers."""
