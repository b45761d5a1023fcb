"""Erasure: a person's contact data taken out of what is kept about change requests.

Its one rule: the same value gives the same value wherever it stands, in a state and in the journal that leads to
it, so that the journal still amounts to the state.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.workflow.telephones import FEWEST, figures_of, phones_in, way_of

STAND_IN = "(erased)"
"""What stands where somebody's name, address or telephone number stood."""
EMAIL, PHONE, NAME, TITLE = "originator_email", "originator_phone", "originator_name", "originator_title"
PERSONAL = (EMAIL, PHONE, TITLE)
"""Fields of a form that go altogether; the name leaves a word, for a page has a place for it."""
TO = "to"
SHORTEST_NAME = 5
WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Traces:
    """What a person is known by: an address (lower case), the names and telephone numbers that stood with it. For a
    person to look at, as they are nobody's for sure: numbers that others have as well, each with the change requests
    where it stands with those, and what stood for a number and could not be read as one."""

    address: str
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def pattern(self) -> re.Pattern[str]:
        """Matches any of them, however it is cased, spaced or punctuated, and a name in either order."""
        ways = [rf"(?<![\w.+-]){re.escape(self.address)}(?![\w-])"]
        ways += sorted({way for name in self.names for way in _ways_of(name)}, key=len, reverse=True)
        ways += sorted({way_of(phone) for phone in self.phones if len(figures_of(phone)) >= FEWEST})
        return re.compile("|".join(ways), re.IGNORECASE)


def traces_of(address: str, states: Iterable[Mapping[str, Any]], others: Iterable[str] = ()) -> Traces:
    """What a person is known by, from the states of change requests (as stored) in which their address stands;
    never a name of `others`: the staff's, the companies'."""
    names: set[str] = set()
    written: set[str] = set()
    for state in states:
        for found in _mappings(state):
            if str(found.get("email", "")).lower() == address:
                names.add(str(found.get("name", "")))
            if is_theirs(found, address):
                names.add(str(found.get(NAME, "")))
                written.add(str(found.get(PHONE, "")))
        if str((state.get("originator") or {}).get("email", "")).lower() == address:
            for fields in (state.get("fields", {}), *(each.get("fields", {}) for each in state.get("revisions", ()))):
                if not fields.get(EMAIL):
                    names.add(str(fields.get(NAME, "")))
                    written.add(str(fields.get(PHONE, "")))
    read = {each: phones_in(each) for each in written if each and STAND_IN not in each}
    phones = {phone for found, _ in read.values() for phone in found}
    unread = {each for each, (found, left) in read.items() if left or not found}
    return Traces(address, own_names(names, others), frozenset(phones), unread=frozenset(unread))


def without_shared(traces: Traces, states: Iterable[tuple[str, Mapping[str, Any]]]) -> Traces:
    """Traces without the telephone numbers that stand in somebody else's form as well, by the states of change
    requests (as stored), each with its number. That is the number of a switchboard, not of a person."""
    ways = {phone: re.compile(way_of(phone)) for phone in traces.phones}
    shared: dict[str, set[str]] = {}
    for number, state in states:
        for written in _phones_of_others(state, traces.address):
            for phone, way in ways.items():
                if way.search(written):
                    shared.setdefault(phone, set()).add(number)
    found = {phone: tuple(sorted(numbers)) for phone, numbers in sorted(shared.items())}
    return replace(traces, phones=traces.phones - found.keys(), shared=found)


def _phones_of_others(state: Mapping[str, Any], address: str) -> Iterator[str]:
    """What stands for a telephone number in the forms of others than an address; a form that names none is the
    originator's."""
    originator = (state.get("originator") or {}).get("email")
    for form in _mappings(state):
        if form.get(PHONE) and str(form.get(EMAIL) or originator or address).lower() != address:
            yield str(form[PHONE])


def own_names(names: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Those of some names that are a person's own, spaced alike: never one of `others`.

    >>> own_names(["Priya  Raman", "alderpoint", ""], ["Alderpoint"])
    frozenset({'Priya Raman'})
    """
    spared = {" ".join(other.casefold().split()) for other in others} | {"", STAND_IN}
    spaced = {" ".join(name.split()) for name in names}
    return frozenset(name for name in spaced if name.casefold() not in spared)


def is_theirs(fields: Mapping[str, Any], address: str) -> bool:
    """True for the fields of a form that names this address."""
    return str(fields.get(EMAIL, "")).lower() == address


@dataclass(frozen=True, slots=True)
class Eraser:
    """Takes somebody out of values as they are stored. `originates`: they are the originator of the change
    request that a value belongs to, so that a form without an address is theirs. `alone` takes parts of their name out
    of a text, by its key and what holds it."""

    traces: Traces
    pattern: re.Pattern[str]
    originates: bool = False
    alone: Callable[[str, Mapping[str, Any], str], str] | None = None

    def clean(self, value: Any) -> Any:
        """The value without them; the same value where they are not in it."""
        if isinstance(value, str):
            return self.pattern.sub(STAND_IN, value)
        if isinstance(value, list):
            return [self.clean(each) for each in value if not self._is(each)]
        if isinstance(value, dict):
            return self._mapping(value)
        return value

    def _mapping(self, value: dict[str, Any]) -> dict[str, Any]:
        if self._is(value):
            return {**{key: self.clean(each) for key, each in value.items()}, "email": "", "name": ""}
        form = NAME in value or EMAIL in value
        if form and (is_theirs(value, self.traces.address) or (self.originates and not value.get(EMAIL))):
            value = {key: each for key, each in value.items() if key not in PERSONAL}
            value |= {NAME: STAND_IN} if value.get(NAME) else {}
        # Whom an intake is asked of is nobody, rather than an address without one.
        cleaned = {key: None if key == TO and self._is(each) else self.clean(each) for key, each in value.items()}
        if self.alone is None:
            return cleaned
        return {key: self.alone(key, value, each) if isinstance(each, str) else each for key, each in cleaned.items()}

    def _is(self, value: Any) -> bool:
        """True for an address of theirs, and for what is kept by it."""
        return isinstance(value, dict) and str(value.get("email", "")).lower() == self.traces.address


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _mappings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _mappings(each)


def _ways_of(name: str) -> Iterator[str]:
    """A name as it may be written: its words in order, and the family name first."""
    words = WORD.findall(name)
    if len(words) < 2 and len(name) < SHORTEST_NAME:  # noqa: PLR2004 - a short first name alone is everybody's
        return
    between, edge = r"(?:[\s,]|\.\s){1,4}", (r"(?<![\w.@-])", r"(?![\w@])")
    orders = [words, [*words[1:], words[0]], [words[-1], *words[:-1]]]
    for order in orders:
        yield edge[0] + between.join(map(re.escape, order)) + edge[1]
