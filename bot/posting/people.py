"""People: the members of the staff as the register writes them.

Its one rule: the family name comes first; whom the directory does not hold is not named.
"""

from bot.office.office import Office
from bot.workflow.change import ChangeRequest

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def last_first(name: str) -> str:
    """A person's name as the register writes it.

    >>> last_first("Dana Q. Whitlock Jr.")
    'Whitlock, Dana Q. Jr.'
    """
    words = name.split()
    if "," in name or len(words) < 2:  # noqa: PLR2004 - one word has no order
        return " ".join(words)
    last = -2 if len(words) > 2 and words[-1].rstrip(".").casefold() in SUFFIXES else -1  # noqa: PLR2004 - the same
    return f"{words[last]}, {' '.join(word for place, word in enumerate(words) if place != len(words) + last)}"


def people_of(change: ChangeRequest, role: str, office: Office) -> str:
    """The people of a role, by the directory; an id that it does not hold says nothing public."""
    names = (name_of(person, office) for person in change.people.get(role, ()))
    return "; ".join(name for name in names if name)


def name_of(person_id: str, office: Office) -> str:
    """A member of staff as the register writes them; empty for an id that is nobody's."""
    return next((last_first(person.name) for person in office.directory.people if person.id == person_id), "")
