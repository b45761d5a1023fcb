"""Rhythm: how soon a page is built again once it is out of date, and the keys of all there are.

Its one rule: what a reader follows one change request by is there at once; what sums up many waits
until the mail has been taken in, and for a minute at most.
"""

from collections.abc import Iterable
from datetime import timedelta

from bot.posting.lists import lists_at
from bot.posting.pages import place_of

# The kinds of page that are built at once: the change request's own with its feed and calendar, its month, the
# register.
PROMPT = ("cr", "month", "register")
AT_REST = timedelta(minutes=1)
"""How long all others wait where mail keeps coming."""

MANIFEST = "manifest.txt"
"""Every file of the posting with its SHA-256."""

# Pages that there are whatever is stored.
STANDING = ("register", "lists", "home", "feed")
# Those of them that speak of the day.
DAILY = ("home",)
FURNITURE, HOUR = "furniture", "hour"
BY_THEMSELVES = (FURNITURE, HOUR)
"""Kinds that files are filed under and that no change request puts out of date."""


def whole(logged: Iterable[tuple[str, str, str, str]]) -> frozenset[str]:
    """The keys of every page that is known from the numbers, months, phases and companies of logged change
    requests.

    >>> sorted(whole([("PC112226-1", "2026-11", "CLEC Test", "Larkspur Networks")]) - set(STANDING))[:3]
    ['company/larkspur-networks', 'company/larkspur-networks/2026-11', 'cr/PC112226-1']
    """
    keys, places = set(STANDING), set()
    for number, month, phase, company in logged:
        keys |= {f"cr/{number}", f"month/{month}"}
        places.add(place_of(month, phase, company))
    return frozenset(keys.union(*map(lists_at, places)))
