"""People as others write them: an address, `Last, First`, a short name, a list of them.

Its one rule: only the directory says who somebody is; a name that fits nobody, or two, is asked back
with those it could be.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise
from unicodedata import combining, normalize

from bot.intake.arguments.unclear import Unclear
from bot.office.office import Office
from bot.office.people import Person, Role

EMAIL = re.compile(r"(?:mailto:\s?)?([\w.+'-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})", re.IGNORECASE)
BETWEEN = re.compile(r";|\n|\s/\s|(?:,\s*)?\s(?:and|&)\s", re.IGNORECASE)
ASIDE = re.compile(r"\([^()]*\)")
WORD = re.compile(r"[^\W_]+")
AROUND = " \t\n,.:;!\"'"
MENTION = "@"
"""What mail programs put in front of somebody's name."""
NEAR = 0.7
SHORTEST_PART = 3
MOST_COMMAS = 30
MOST_LISTED = 12


def person(text: str, office: Office, role: Role | None = None) -> Person:
    """The one member of the staff whom a text names. `role` is what they are wanted for: the people who
    hold it are listed where a name fits nobody. Raises Unclear."""
    written = text.strip(AROUND)
    if not written:
        raise Unclear(f"It does not say whom{_wanted(role)}.", shape=True)
    found = _named(written, office)
    if len(found) == 1:
        return found[0]
    if not found and len(BETWEEN.split(written)) > 1:
        raise Unclear(f"{written} is more than one name; only one person is meant here.")
    raise Unclear(_doubt(written, found, office, role))


def people(text: str, office: Office, role: Role | None = None) -> tuple[Person, ...]:
    """Everybody whom a list names, each once, in its order; commas part it where only one reading fits.
    Raises Unclear naming just the ones that are not clear."""
    parts = [part.strip(AROUND) for part in BETWEEN.split(text)]
    found: list[Person] = []
    wrong: list[str] = []
    for part in filter(None, parts):
        try:
            found += _listed(part, office, role)
        except Unclear as unclear:
            wrong.append(unclear.message)
    if wrong:
        raise Unclear(" ".join(wrong))
    if not found:
        raise Unclear(f"It does not say whom{_wanted(role)}.", shape=True)
    return tuple(dict.fromkeys(found))


def said(one: Person) -> str:
    """A person with name and address."""
    return f"{one.name} <{one.address.email}>"


def _listed(text: str, office: Office, role: Role | None) -> Sequence[Person]:
    """One entry of a list, which may itself be a list with commas, or `Last, First`."""
    chunks = [chunk.strip(AROUND) for chunk in text.split(",")]
    if len(chunks) == 1:
        return [person(text, office, role)]
    if len(chunks) > MOST_COMMAS:
        raise Unclear("The list is too long; please part the names with semicolons.")
    alone = [_named(chunk, office) for chunk in chunks]
    pairs = [_reversed(last, first, office) for last, first in pairwise(chunks)]
    readings: list[dict[frozenset[Person], list[Person]]] = [{frozenset(): []}]
    for at, one in enumerate(alone):
        ways: dict[frozenset[Person], list[Person]] = {}
        for found, back in ((one, at), (pairs[at - 1] if at else (), at - 1)):
            if len(found) == 1:
                ways |= {whole | {*found}: [*names, *found] for whole, names in readings[back].items()}
        readings.append(ways)
    if len(readings[-1]) == 1:
        return next(iter(readings[-1].values()))
    if readings[-1]:
        raise Unclear(f"{text} can be read in two ways; please part the names with semicolons.")
    raise Unclear(_unread(chunks, alone, pairs, office, role))


def _unread(
    chunks: list[str],
    alone: Sequence[Sequence[Person]],
    pairs: Sequence[Sequence[Person]],
    office: Office,
    role: Role | None,
) -> str:
    """Which of the names between commas are not clear, those that are part of a clear one left out."""
    ends: list[Sequence[Person]] = [(), *pairs, ()]
    bad = [
        (chunk, found)
        for chunk, found, before, after in zip(chunks, alone, ends[:-1], ends[1:], strict=True)
        if len(found) != 1 and len(before) != 1 and len(after) != 1
    ]
    if len(bad) == len(chunks) == len(("Last", "First")):
        return _doubt(", ".join(chunks), pairs[0], office, role)
    if not bad:
        return f"{', '.join(chunks)} cannot be told apart; please part the names with semicolons."
    return " ".join(_doubt(chunk, found, office, role) for chunk, found in bad)


def _named(text: str, office: Office) -> tuple[Person, ...]:
    """Everybody whom a text could name, by the strictest way of reading that fits anybody."""
    staff = office.directory.people
    text = text.removeprefix(MENTION)
    if "@" in text:
        addresses = {"".join(email.split()).lower() for email in EMAIL.findall(text)}
        return _addressed(addresses, EMAIL.sub(" ", text).strip(AROUND + "<>()"), office)
    words = _words(ASIDE.sub("", text))
    if not words or len({*words}) < len(words):
        return ()
    same = tuple(one for one in staff if _words(one.name) == words or sorted(_words(one.name)) == sorted(words))
    if same:
        return same
    part = tuple(one for one in staff if {*words} <= {*_words(one.name)} or one.id.casefold() == text.casefold())
    return part or tuple(one for one in staff if _begin(text, _words(one.name)))


def _reversed(last: str, first: str, office: Office) -> tuple[Person, ...]:
    """Whom `Last, First` names, with an address behind it or not."""
    bare = EMAIL.sub(" ", first).strip(AROUND + "<>()")
    if "@" in last or not bare:
        return ()
    found = _named(f"{last}, {bare}", office)
    if "@" not in first:
        return found
    return tuple(one for one in _named(first, office) if one in found)


def _addressed(addresses: Iterable[str], name: str, office: Office) -> tuple[Person, ...]:
    """Who has an address. A name beside it that belongs to others only contradicts it: both are meant."""
    people = [office.directory.person(email) for email in addresses]
    found = tuple(one for one in people if one is not None)
    if not found or len(found) < len(people):
        return ()
    others = _named(name, office) if _words(name) else ()
    return found if not others or {*found} & {*others} else (*found, *others)


def _begin(text: str, name: list[str]) -> bool:
    """True where every word of a text is the beginning of another word of a name: `Dan Okafor`, `L. Brandt`."""
    left = list(name)
    for word in _words(text):
        initial = len(word) == 1 and len(_words(text)) > 1
        fit = next((one for one in left if one.startswith(word) and (initial or len(word) >= SHORTEST_PART)), None)
        if fit is None:
            return False
        left.remove(fit)
    return True


def _words(text: str) -> list[str]:
    """The words of a name, without case and accents."""
    bare = "".join(letter for letter in normalize("NFD", text.casefold()) if not combining(letter))
    return WORD.findall(bare.replace("'", "").replace("\u2019", ""))


def _doubt(written: str, found: Sequence[Person], office: Office, role: Role | None) -> str:
    if found:
        return f"{written} could be {_any(found)}. Which one?"
    near = _similar(written, office)
    if near:
        return f"There is nobody called {written} on the list of the staff. Did you mean {_any(near)}?"
    holders = office.holders(role) if role else ()
    if 0 < len(holders) <= MOST_LISTED:
        return f"There is nobody called {written} on the list of the staff. {role}: {_any(holders)}."
    return f"There is nobody called {written} on the list of the staff."


def _similar(written: str, office: Office) -> tuple[Person, ...]:
    """Those whose name, a word of it, or address looks much like what is written."""
    bare = written.partition("@")[0] if "@" in written else written
    words = _words(bare)
    return tuple(
        one
        for one in office.directory.people
        if get_close_matches(" ".join(sorted(words)), [" ".join(sorted(_words(one.name)))], 1, NEAR)
        or any(get_close_matches(word, _words(one.name), 1, NEAR) for word in words if len(word) > SHORTEST_PART)
    )[:MOST_LISTED]


def _any(found: Iterable[Person]) -> str:
    return " or ".join(map(said, found))


def _wanted(role: Role | None) -> str:
    return f" you want as {role}" if role else ""
