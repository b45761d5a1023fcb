"""How a label is recognised. Its one rule: an unknown label is no label; nothing is guessed.

Two labels are the same when their words are: case, punctuation, asterisks, `(...)`, numbering,
articles and a trailing "required" do not count. Readers and judge share this.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from unicodedata import normalize

from bot.intake.form import FieldTable, Shape

LONGEST_LABEL = 120
"""Longer texts are sentences; the longest label seen on a real form has 71 characters."""

PLURAL = re.compile(r"\(s\)")
ASIDE = re.compile(
    "\\((?!\\s?[xX\u2713\u2714]?\\s?\\))[^()]{0,200}\\)|[\\[{](?!\\s?[xX\u2713\u2714]?\\s?[\\]}])[^\\]}]{0,80}[\\]}]"
)
"""What stands in brackets beside a label; a tick in brackets is an answer."""
NUMBERING = re.compile(r"\s*(?:\(?\d{1,2}[a-z]?[.):]|q\d{1,2}[.):]?|[a-z][.)])\s+")
WORD = re.compile(r"[^\W_]+")
APOSTROPHE = re.compile("['`\u2019\u2018]")
EMAIL = re.compile(r"\be[-\u2010-\u2015\s]?mail\b")
SILENT = frozenset({"the", "your", "our", "please"})
TRAILING = frozenset({"required", "optional", "mandatory", "advised"})
NUMBER = frozenset({"number", "no", "num"})
SEPARATOR = re.compile(
    "\uff1a|[^\\S\\t]*[-=]{1,2}>\\s?|[^\\S\\t]*\u2192\\s?|[^\\S\\t]?[-\u2010-\u2015]\\s|[^\\S\\t]*=|\\?\\s|(?:\\.\\s?){3,}|\u2026+|_{2,}|\t"
    "|[^\\S\\t]\\||#"
)
BEHIND = " :\t"
BEHIND_NUMBER_SIGN = re.compile("[ \t]*(?:[:=\uff1a]|[-\u2010-\u2015](?=[ \t])|\t)?[ :\t]*")
ANSWERED = re.compile(r"(?<=[^\W\d_#)*])\s*:\s*[^\W_]")
"""A colon behind a word and a word behind the colon: `Industry Guideline: No` is a label with its answer."""

HALVES = re.compile(r"\s*[/|]\s*|\s[-\u2010-\u2015]\s")
"""What stands between the two languages of a label: `Company / Empresa`."""

TITLE = "title"
TELLING_WORD = 4
PERSON = frozenset({"company", "originator_email", "originator_phone"})


def normalise(label: str) -> str:
    """A label reduced to its words: `2. Area(s) Impacted *:` and `areas impacted` are one.

    Empty for a text that is too long to be a label.
    """
    return _words(label) if len(label) <= LONGEST_LABEL else ""


@lru_cache(maxsize=1024)
def _words(label: str) -> str:
    text = APOSTROPHE.sub("", normalize("NFKC", label).casefold())
    text = ASIDE.sub(" ", PLURAL.sub("s", text).replace("&", " and "))
    text = EMAIL.sub("email", NUMBERING.sub("", text, count=1) if NUMBERING.match(text) else text)
    words = [word for word in WORD.findall(text) if word not in SILENT]
    while len(words) > 1 and words[-1] in TRAILING:
        words.pop()
    return " ".join(words)


@lru_cache(maxsize=8)
def _index(table: FieldTable) -> dict[str, str]:
    """Every known label, normalised, with its key."""
    return {normalise(label): row.key for row in table.fields for label in (row.label, *row.synonyms)}


@lru_cache(maxsize=8)
def _numbered(table: FieldTable) -> frozenset[str]:
    """The keys whose labels may carry a running number: `Availability 2`."""
    return frozenset(row.key for row in table.fields if row.shape is Shape.SLOTS)


@lru_cache(maxsize=8)
def _telling(table: FieldTable) -> frozenset[str]:
    """The longer words of all labels."""
    return frozenset(word for label in _index(table) for word in label.split() if len(word) >= TELLING_WORD)


@lru_cache(maxsize=8)
def _remembered(table: FieldTable) -> Callable[[str], str | None]:
    """`_key` for one table, with a memory: readers ask about the same few labels again and again."""
    return lru_cache(maxsize=4096)(partial(_key, table))


def _key(table: FieldTable, label: str) -> str | None:
    """The field key of one label."""
    index, words = _index(table), normalise(label)
    found = index.get(words)
    if found is not None:
        return None if ANSWERED.search(label) else found
    if HALVES.search(label):
        halves = {index.get(normalise(half)) for half in HALVES.split(label)}
        return halves.pop() if len(halves) == 1 else None
    front, _, last = words.rpartition(" ")
    if last in NUMBER:
        return None if ANSWERED.search(label) else index.get(front)
    found = index.get(front) if last.isdigit() else None
    return found if found in _numbered(table) else None


class Labels:
    """The labels of one field table; cheap to make, so make it where it is needed."""

    __slots__ = ("_remembered", "_telling")

    def __init__(self, table: FieldTable) -> None:
        self._remembered = _remembered(table)
        self._telling = _telling(table)

    def key(self, label: str) -> str | None:
        """The field key of one label, or None. A bare `Title` is taken for the originator's;
        only `keys` sees enough to tell it from the title of the change."""
        return self._remembered(label) if len(label) <= LONGEST_LABEL else None

    def near(self, label: str) -> bool:
        """True for an unknown label that shares a word with a known one: it may be meant for it."""
        return self.key(label) is None and not self._telling.isdisjoint(normalise(label).split())

    def keys(self, labels: Iterable[str]) -> tuple[str | None, ...]:
        """The field keys of a whole form's labels, in order.

        A bare `Title` is the originator's when the form has another label for the title of the
        change, when it follows the originator's name, or when company, e-mail or phone follow
        it; otherwise it is the title of the change.
        """
        texts = tuple(labels)
        found = [self.key(text) for text in texts]
        if "title" in found:
            return tuple(found)
        known = [(at, key) for at, key in enumerate(found) if key]
        neighbours = zip([(-1, ""), *known], known, [*known[1:], (-1, "")], strict=False)
        for (_, before), (at, key), (_, after) in neighbours:
            among = before == "originator_name" or after in PERSON
            if key == "originator_title" and not among and normalise(texts[at]) == TITLE:
                found[at] = "title"
        return tuple(found)

    def split(self, text: str) -> tuple[str, str] | None:
        """A text that starts with a known label, as label and value: `Company: Example Tel` gives
        `("Company", "Example Tel")`, and so do ` - `, `=`, a tab and `Internal Ref# 7`; None when
        no known label stands in front. A colon comes first: what stands before it is the label."""
        head = text[: LONGEST_LABEL + 1]
        colon = head.find(":")
        if head[:colon].strip().isdigit():
            colon = head.find(":", colon + 1)
        if colon > 0 and self.key(head[:colon]):
            return text[:colon].strip(), text[colon + 1 :].lstrip(BEHIND)
        for mark in SEPARATOR.finditer(head):
            if self.key(head[: mark.start()]):
                end = mark.end()
                if mark.group() == "#" and (behind := BEHIND_NUMBER_SIGN.match(text, end)):
                    end = behind.end()
                return text[: mark.start()].strip(), text[end:].lstrip(BEHIND if mark.group() != "\t" else " \t")
        return None
