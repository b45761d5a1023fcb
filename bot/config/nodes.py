"""Strict reading of a YAML file, with the line of everything that is wrong.

Its one rule: it reads what people mean and never stops at the first mistake. We work on the
composed nodes, so that `NO` stays a country, `10:30` a time of day and a key given twice is
noticed (PyYAML's own constructor makes them False, 630 and the last one given).
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.errors import ConfigMistake, Mistake

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NULL = "tag:yaml.org,2002:null"
TABBED = "this is not YAML: a tab stands in this line, where blanks belong; indent with blanks"
PLACEHOLDER = re.compile(r"<([^<>@]+)>")  # as `cmpbot init` leaves them
T = TypeVar("T")
Convert = Callable[[str], T]


class Page:
    """The file's name and every mistake found in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[tuple[int, str]] = []

    def note(self, node: yaml.Node | None, text: str) -> None:
        """Remember a mistake at a node; without a node it concerns the whole file."""
        self.found.append((node.start_mark.line + 1 if node else 1, text))

    def refuse(self) -> None:
        """Raise ConfigMistake when anything was noted; mistakes in the order of the file."""
        if self.found:
            ordered = sorted(self.found, key=lambda found: found[0])
            raise ConfigMistake(tuple(Mistake(f"{self.name}:{line}", text) for line, text in ordered))


def open_page(content: bytes, name: str) -> "Part":
    """The top of a YAML file. Raises ConfigMistake when it is no YAML mapping at all."""
    page = Page(name)
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text = TABBED if mark and _tab_at(content, mark) else f"this is not YAML: {error.problem or error.context}"
        page.found.append((mark.line + 1 if mark else 1, text))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        page.note(None, f"this is not YAML: {str(error).splitlines()[0]}")
    else:
        if isinstance(root, yaml.MappingNode):
            return Part(page, root, "")
        page.note(root, "the file must be a list of `key: value` lines" if root else "the file is empty")
    page.refuse()
    raise AssertionError("unreachable: a page without a root has a mistake")


def _tab_at(content: bytes, mark: Any) -> bool:
    line = content.decode("utf-8-sig").splitlines()[mark.line : mark.line + 1]
    return bool(line) and line[0][mark.column : mark.column + 1] == "\t"


class Part:
    """One mapping of the file. Asking for a key makes it a known key; `finish` reports the rest.

    A required key has no default. A value that will not do is noted and replaced by a neutral
    one, so that reading goes on to the next mistake.
    """

    def __init__(self, page: Page, node: yaml.MappingNode | None, path: str) -> None:
        self.page = page
        self.node = node
        self.path = path
        self._keys: dict[str, yaml.ScalarNode] = {}
        self._values: dict[str, yaml.Node] = {}
        self._asked: dict[str, None] = {}
        self._parts: dict[str, Part] = {}
        for key, value in node.value if node else ():
            self._take_in(key, value)

    def _take_in(self, key: yaml.Node, value: yaml.Node) -> None:
        if not isinstance(key, yaml.ScalarNode):
            self.page.note(key, "a key must be a plain word")
        elif key.value in self._keys:
            first = self._keys[key.value].start_mark.line + 1
            self.page.note(key, f"`{self.name(key.value)}` is given twice; the first is on line {first}")
        else:
            self._keys[key.value] = key
            self._values[key.value] = value

    def name(self, key: str) -> str:
        """The full name of a key, as `mailbox.folders.inbox`."""
        return f"{self.path}.{key}" if self.path else key

    def note(self, key: str, text: str) -> None:
        """Remember a mistake at a key of this part."""
        self.page.note(self._values.get(key) or self._keys.get(key) or self.node, text)

    def has(self, key: str) -> bool:
        """True when the key is there with a value; nothing and an empty text are none."""
        self._asked[key] = None
        value = self._values.get(key)
        return value is not None and value.tag != NULL and value.value != ""

    def is_part(self, key: str) -> bool:
        """True when the key holds a mapping."""
        return isinstance(self._values.get(key), yaml.MappingNode)

    def read(self, key: str, convert: Convert[T], neutral: T, *, default: T | None = None) -> T:
        """One plain value through `convert`, which raises ValueError with what it wants instead."""
        if not self.has(key):
            if default is None:
                self._missing(key)
            return neutral if default is None else default
        return self._converted(self._values[key], self.name(key), convert, neutral)

    def read_all(self, key: str, convert: Convert[T], *, required: bool = False) -> tuple[T, ...]:
        """A list of plain values, each through `convert`; one value alone is a list of one."""
        found = []
        for place, node in self._items(key, required):
            value = self._converted(node, place, convert, None)
            if value is not None:
                found.append(value)
        return tuple(found)

    def text(self, key: str, default: str | None = None) -> str:
        """A text as it stands."""
        return self.read(key, str, "", default=default)

    def whole(self, key: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number between two bounds, both included."""

        def convert(text: str) -> int:
            if not re.fullmatch(r"[+-]?\d{1,18}", text):
                raise ValueError(f"must be a whole number, not `{text}`")
            if not least <= int(text) <= most:
                raise ValueError(f"must be from {least} to {most}, not {text}")
            return int(text)

        return self.read(key, convert, default, default=default)

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """One word of a closed set."""
        return self.read(key, one_of(options), next(iter(options)), default=default)

    def part(self, key: str, *, required: bool = True) -> "Part":
        """The mapping under a key; an empty one when it is absent. The same Part each time."""
        if self.name(key) in self._parts:
            return self._parts[self.name(key)]
        there = self.has(key)
        node = self._values.get(key) if there else None
        if there and not isinstance(node, yaml.MappingNode):
            self.note(key, f"`{self.name(key)}` must hold `key: value` lines of its own")
        elif not there and required and key not in self._values:
            self._missing(key)
        return self._child(node if isinstance(node, yaml.MappingNode) else None, self.name(key))

    def parts(self, key: str) -> Iterator["Part"]:
        """The mappings of a list, one after the other."""
        for place, node in self._items(key, required=True):
            if isinstance(node, yaml.MappingNode):
                yield self._child(node, place)
            else:
                self.page.note(node, f"`{place}` must hold `key: value` lines of its own")

    def plain(self) -> dict[str, object]:
        """The whole part as plain values: texts as written, whole numbers, lists and mappings."""
        return {key: _plain(value) for key, value in self._values.items()}

    def line_of(self, key: str, item: int = 0) -> int:
        """The line of a key; with `item` from 1 on, that of an item of its list. 1 where there is none."""
        node: yaml.Node | None = self._keys.get(key)
        value = self._values.get(key)
        if item and isinstance(value, yaml.SequenceNode) and item <= len(value.value):
            node = value.value[item - 1]
        return node.start_mark.line + 1 if node else 1

    def finish(self) -> None:
        """Report every key that nobody asked for, here and below."""
        for key, node in self._keys.items():
            if key not in self._asked:
                self.page.note(node, f"`{self.name(key)}` is not a known key{did_you_mean(key, self._asked)}")
        for part in self._parts.values():
            part.finish()

    def _child(self, node: yaml.MappingNode | None, path: str) -> "Part":
        return self._parts.setdefault(path, Part(self.page, node, path))

    def _missing(self, key: str) -> None:
        if self.node is not None:
            self.page.note(self._keys.get(key) or self.node, f"`{self.name(key)}` is missing")

    def _items(self, key: str, required: bool) -> Iterator[tuple[str, yaml.Node]]:
        if not self.has(key):
            if required:
                self._missing(key)
            return
        node = self._values[key]
        if isinstance(node, yaml.SequenceNode):
            for n, item in enumerate(node.value, 1):
                yield f"{self.name(key)} {n}", item
        elif isinstance(node, yaml.ScalarNode):
            yield self.name(key), node
        else:
            self.note(key, f"`{self.name(key)}` must be a list")

    def _converted(self, node: yaml.Node, place: str, convert: Convert[T], neutral: T) -> T:
        if not isinstance(node, yaml.ScalarNode):
            self.page.note(node, f"`{place}` must be a single value, not a list or a group of lines")
            return neutral
        if empty := PLACEHOLDER.fullmatch(node.value.strip()):
            self.page.note(node, f"`{place}` still has to be filled in: {empty[1]}")
            return neutral
        try:
            return convert(node.value.strip())
        except ValueError as error:
            self.page.note(node, f"`{place}` {error}")
            return neutral


def one_of(options: Collection[str]) -> Convert[str]:
    """A conversion that takes one word of a closed set, whatever its case."""
    by_fold = {option.casefold(): option for option in options}

    def convert(text: str) -> str:
        if text.casefold() not in by_fold:
            words = ", ".join(f"`{option}`" for option in options)
            raise ValueError(f"must be one of {words}, not `{text}`{did_you_mean(text, options)}")
        return by_fold[text.casefold()]

    return convert


def did_you_mean(word: str, options: Collection[str]) -> str:
    """A hint at the nearest of some words; empty when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistaken file needs it

    near = get_close_matches(word, list(options), 1)
    return f"; did you mean `{near[0]}`?" if near else ""


def read_bytes(path: Path, name: str) -> bytes:
    """A file's bytes. Raises ConfigMistake when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigMistake((Mistake(name, f"cannot be read: {error.strerror}"),)) from error


def _plain(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if node.tag == NULL:
        return None
    is_number = isinstance(node, yaml.ScalarNode) and not node.style and re.fullmatch(r"\d{1,9}", node.value)
    return int(node.value) if is_number else node.value
