"""The look at a rich text file before another program opens it. Its one rule: what no form has, and
costs its reader seconds for each kilobyte, is refused by counting, in linear time."""

import re

MOST_GROUPS = 100_000
"""A long form, styles and lists and all, has 5,000."""
DEEPEST = 200
"""Groups inside groups; the specification names no limit, and Word writes twenty."""
BRACE = re.compile(rb"\\[\\{}]|[{}]")
BINARY = re.compile(rb"\\bin(\d{1,20})")


def check(content: bytes) -> None:
    """Raise ValueError saying what is wrong with a rich text file that no program may open."""
    if content.count(b"{") > MOST_GROUPS:
        raise ValueError("it has more parts than any form")
    if any(int(length) > len(content) for length in BINARY.findall(content)):
        raise ValueError("it claims to hold more than it does")
    depth = 0
    for brace in BRACE.finditer(content):
        depth += {b"{": 1, b"}": -1}.get(brace[0], 0)
        if depth > DEEPEST:
            raise ValueError("it is nested more deeply than any form")
