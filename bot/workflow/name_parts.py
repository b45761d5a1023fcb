"""Name parts: somebody's first name or family name where it stands alone, in what was written about their change
request.

Its one rule: a part goes only where it can mean nobody and nothing else; what stays is named, for a person to look at.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.workflow.erasure import EMAIL, NAME, STAND_IN, WORD

PROSE = frozenset(
    {"description", "title", "business_reason", "expected_deliverable", "text", "position", "basis", "reference"}
    | {"reason", "resolution", "objection", "comment", "ended", "place"}
)
"""What is written by people, by its key; all else is ours, and read by programs."""
NAMED = "sha256"
"""A file has a name by its sender, and a title by us."""
FEWEST = 2
TITLES = frozenset(
    """
    mr mrs ms miss dr prof sir jr sr ii iii esq phd
    """.split()  # noqa: SIM905 - to be read
)  # fmt: skip
WORDS = frozenset(
    """
    will mark grace hope bill rich art ray faith rose grant chase miles may june april august summer autumn skip
    chip cliff clay dale glen forest reed rusty stone wade wood woods hill lake rivers fields field day king cook
    park parks street church love small little sharp strong power powers bush cross gates best law lane post case
    major marsh brown white green black young long short price page hand wise bell banks close cash check loop line
    lines trunk winter trace chance
    """.split()  # noqa: SIM905 - to be read
)  # fmt: skip
"""Names that are words as well: they go amid a sentence, where no word but a name has a capital."""
NEVER = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday order orders desk team service services support help center office group
    wholesale carrier account accounts manager notice notices billing repair user test admin info contact department
    access network networks telephone telecom communications process change request clec customer product sales
    legal an am as at be by do go he if in is it me my no of on or so to up us we
    """.split()  # noqa: SIM905 - to be read
)  # fmt: skip
"""What goes alone nowhere: days, months, what a mailbox calls itself, and the shortest of words."""
BEFORE_NAMES = TITLES | {"dear", "hi", "hello", "hey", "thanks", "ask", "tell", "call"}
MAILED = re.compile(r"\S*@\S*")
EDGES = r"(?<![\w.@+'\u2019-])", r"(?![\w@-]|\.[\w.+-]*@)"
AMID = r"(?:(?<=[a-z,;] )|(?<=Mr )|(?<=Ms )|(?<=Dr )|(?<=Mr\. )|(?<=Ms\. )|(?<=Dr\. )|(?<=Mrs )|(?<=Mrs\. ))"


@dataclass(frozen=True, slots=True)
class Alone:
    """The parts of somebody's names, in one change request: a pattern of those that go, and the parts themselves."""

    pattern: re.Pattern[str] | None = None
    parts: frozenset[str] = frozenset()

    def clean(self, key: str, holder: Mapping[str, Any], said: str) -> str:
        """What stands under a key without them, if it is prose."""
        return self.out_of(said) if _is_prose(key, holder) else said

    def out_of(self, said: str) -> str:
        """Words without them."""
        return self.pattern.sub(STAND_IN, said) if self.pattern else said

    def left_in(self, values: Iterable[Any]) -> frozenset[str]:
        """The parts that still stand in the prose of some values."""
        if not self.parts:
            return frozenset()
        standing = re.compile(rf"(?<![\w@.]){_one_of(self.parts)}(?![\w@])")
        return frozenset(part for text in _prose([*values]) for part in standing.findall(text))


def alone_in(names: Iterable[str], address: str, values: Iterable[Any], others: Iterable[str]) -> Alone:
    """What to look for in a change request, by its values: parts of the names, but for those that are anything else's
    there: a word in small letters, or a part of the name of `others`, of a company or another person in it."""
    held = list(values)
    parts = _parts(names)
    texts = MAILED.sub(" ", " | ".join(_prose(held)))
    shared = {word.casefold() for name in (*others, *_names(held, address)) for word in WORD.findall(name)}
    shared |= _of_longer_names(texts, parts)
    small = {word for word in re.findall(r"[^\W\d_]+", texts) if word.islower()}
    own = {part for part in parts if part.casefold() not in NEVER | shared}
    amid = {part for part in own if part.casefold() in WORDS}
    sure = {part for part in own - amid if part.casefold() not in small}
    ways = [before + _one_of(some) for before, some in (("", sure), (AMID, amid)) if some]
    before, behind = EDGES
    return Alone(re.compile(f"{before}(?:{'|'.join(ways)}){behind}") if ways else None, frozenset(parts))


def _of_longer_names(texts: str, parts: set[str]) -> set[str]:
    """Those parts that stand beside another word with a capital, which may be the name of somebody or something else.

    >>> said = "Dear Kim, Osborn Telecom and the exchange of Santa Cruz, CA wrote to Jan."
    >>> sorted(_of_longer_names(said, {"Kim", "Osborn", "Cruz", "Jan"}))
    ['cruz', 'osborn']
    """
    said = re.findall(r"[\w'\u2019-]+|[^\w\s]", texts)
    found = set[str]()
    for place, word in enumerate(said):
        if word in parts:
            near = (said[max(place - 1, 0)], *said[place + 1 : place + 2 + (said[place + 1 : place + 2] == ["&"])])
            if any(each[0].isupper() and each not in parts and each.casefold() not in BEFORE_NAMES for each in near):
                found.add(word.casefold())
    return found


def _parts(names: Iterable[str]) -> set[str]:
    """The words of names that may stand alone, with a capital.

    >>> sorted(_parts(["kim osborn", "Dr. Jan H. van DYK"]))
    ['DYK', 'Dyk', 'Jan', 'Kim', 'Osborn']
    """
    found = set[str]()
    for name in names:
        for word in WORD.findall(name):
            bare = word.rstrip(".")
            if len(bare) < FEWEST or bare.casefold() in TITLES or any(map(str.isdigit, bare)):
                continue
            found |= {bare} if not bare.islower() else set()
            found |= {bare.capitalize()} if bare.isupper() or name.islower() else set()
    return found


def _one_of(parts: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(parts, key=len, reverse=True)))})"


def _is_prose(key: str, holder: Mapping[str, Any]) -> bool:
    return key == "name" if NAMED in holder and "name" in holder else key in PROSE


def _prose(value: Any) -> Iterator[str]:
    """What people wrote, anywhere in a value."""
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str):
                if _is_prose(key, value):
                    yield each
            else:
                yield from _prose(each)
    elif isinstance(value, list):
        for each in value:
            yield from _prose(each)


def _names(value: Any, address: str) -> Iterator[str]:
    """The names of companies, and of everybody else, anywhere in a value."""
    if isinstance(value, dict):
        for named, mailed in (("name", "email"), (NAME, EMAIL)):
            if value.get(named) and str(value.get(mailed) or address).lower() != address:
                yield str(value[named])
        if isinstance(value.get("company"), str):
            yield value["company"]
        for each in value.values():
            yield from _names(each, address)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each, address)
