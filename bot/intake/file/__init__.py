"""A file that came with a mail: what it is, whether it is safe, and what lies in it."""
