"""Rhythm: how soon a page is built again once it is out of date, and the keys of all there are.

Its one rule: what a reader follows one change request by is there at once; what sums up many waits
until the mail has been taken in, and for a minute at most.
"""

from collections.abc import Iterable
from datetime import timedelta

# The kinds of page that are built at once: the change request's own, its month, the register.
PROMPT = ("cr", "month", "register")
AT_REST = timedelta(minutes=1)
"""How long all others wait where mail keeps coming."""

# Pages that there are whatever is stored.
STANDING = ("register", "lists", "home")


def whole(logged: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The keys of every page that is known from the numbers of logged change requests and their months.

    >>> sorted(whole([("PC112226-1", "2026-11")]) - set(STANDING))
    ['cr/PC112226-1', 'month/2026-11']
    """
    return frozenset(STANDING).union(*({f"cr/{number}", f"month/{month}"} for number, month in logged))
