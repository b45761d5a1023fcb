"""Responses: what DRAFT and OUTCOME say. Its one rule: the carrier's disposition (Accepted, Denied) and
the CLECs' reaction (Accepted, Rejected, Revise) are kept apart, and neither is guessed from prose."""

import re

from bot.intake.arguments.arguments import Arguments, Mistake
from bot.intake.arguments.unclear import Unclear

FLAGS = re.ASCII | re.IGNORECASE
FIRST = re.compile(r"([A-Za-z]+)\b[\s:,.-]*", re.ASCII)
LABEL = re.compile(r"(?:^|(?<=[.;,!?\s]))(Position|Basis|References?)[ \t]*:[ \t]*", re.ASCII)
AT_START = re.compile(r"^[ \t*_]*(position|basis|references?)[ \t*_]*:[ \t*_]*", FLAGS | re.MULTILINE)
ATTACHED = re.compile(
    r"(?:(?:please|see|is|are|as|in|the|my|our)\s+){0,4}(?:attach(?:ed|ment)s?|enclosed)(?:\s+(?:file|document))?[.!]*",
    FLAGS,
)
NEEDED = {"ACCEPTED": ("position",), "DENIED": ("basis", "reference")}
"""The lines that a response must hold (seed, step 4)."""
WAYS = ("ANSWERED", "PLAN", "DENIAL")
"""What an accepted response leads to (seed, step 6)."""
NO_TEST = re.compile(r"no[\s-]+test(?:ing)?\b(?:\s+(?:is\s+)?(?:needed|necessary|required))?[\s:,.]*", FLAGS)
REACTIONS = ("ACCEPTED", "REJECTED", "REVISE")
SAY_WAY = (
    "Say what the accepted response leads to: ACCEPTED ANSWERED (nothing more is to be done; NO TEST behind it if it "
    "need not be tested), ACCEPTED PLAN (something is to be developed) or ACCEPTED DENIAL (a denial is agreed to)."
)


def attached(text: str) -> bool:
    """True for words that only point to a file."""
    return ATTACHED.fullmatch(text.strip()) is not None


def draft(text: str) -> Arguments:
    """DRAFT ACCEPTED or DENIED with its labelled lines; with no text at all it may be in a file, which the
    workflow looks for. Raises Unclear."""
    word, rest = _first(text)
    if word not in NEEDED:
        raise Unclear("Say whether the response is ACCEPTED or DENIED.", shape=True)
    if not rest.strip() or attached(rest):
        return Arguments(word=word)
    above, found = _labelled(rest)
    wanted = " and ".join(f'"{name.capitalize()}:"' for name in NEEDED[word])
    if above:
        lead = (
            f"Put {wanted} in front of your text" if len(NEEDED[word]) == 1 else f"Write lines that begin with {wanted}"
        )
        raise Unclear(f"{lead}: {_example(word)}")
    return _complete(word, found)


def _complete(word: str, found: dict[str, str]) -> Arguments:
    """A draft with all the lines that it must hold. Raises Unclear."""
    if missing := [name.capitalize() for name in NEEDED[word] if not found.get(name)]:
        wanted = " and ".join(f'"{name.capitalize()}:"' for name in NEEDED[word])
        raise Unclear(f"{word} needs {wanted}; {' and '.join(missing)} is missing. Write {_example(word)}")
    return Arguments(
        word=word,
        position=found.get("position", ""),
        basis=found.get("basis", ""),
        reference=found.get("reference", ""),
    )


def in_file(word: str, text: str) -> Arguments | Mistake:
    """What a draft says in a file, whose heading may stand above the first label; `word` is ACCEPTED or
    DENIED."""
    try:
        _, found = _labelled(text)
        return _complete(word, found)
    except Unclear as unclear:
        return Mistake(f"In the attached file: {unclear.message}")


def outcome(text: str) -> Arguments:
    """OUTCOME and what follows it. Raises Unclear."""
    word, rest = _first(text)
    if word not in REACTIONS:
        raise Unclear("Say how the CLECs took the response: ACCEPTED, REJECTED or REVISE.", shape=True)
    if word != "ACCEPTED":
        _alone(rest)
        if word == "REVISE" and not rest.strip():
            raise Unclear("Say what is to be revised, behind the word REVISE.")
        return Arguments(word=word, text=rest.strip())
    way, rest = _first(rest)
    if way not in WAYS:
        raise Unclear(SAY_WAY)
    untested = NO_TEST.match(rest)
    if untested and way != "ANSWERED":
        raise Unclear("NO TEST goes with ACCEPTED ANSWERED only.")
    rest = rest[untested.end() :] if untested else rest
    _alone(rest)
    return Arguments(word=word, way=way, no_test=untested is not None, text=rest.strip())


def _first(text: str) -> tuple[str, str]:
    found = FIRST.match(text)
    return (found[1].upper(), text[found.end() :]) if found else ("", text)


def _alone(rest: str) -> None:
    """Refuse a second choice behind the first: nobody knows which one counts."""
    following = FIRST.match(rest.removeprefix("or ").lstrip(" /"))
    if following and following[1] in {*REACTIONS, *WAYS}:
        raise Unclear(f"It says {following[1]}, too. Only one can be.", shape=True)


def _labelled(text: str) -> tuple[str, dict[str, str]]:
    """What stands above the first label, and the text behind each. Raises Unclear for a label twice."""
    marks = sorted(
        {(mark.start(), mark.end(), mark[1]) for shape in (LABEL, AT_START) for mark in shape.finditer(text)}
    )
    marks = [mark for at, mark in enumerate(marks) if not at or mark[0] >= marks[at - 1][1]]
    above = text[: marks[0][0]] if marks else text
    found: dict[str, str] = {}
    for at, (_, start, label) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else len(text)
        name = label.lower().removesuffix("s") if label.lower().startswith("ref") else label.lower()
        if name in found:
            raise Unclear(f'"{name.capitalize()}:" stands there twice.')
        found[name] = text[start:end].strip()
    return above.strip(), found


def _example(word: str) -> str:
    if word == "ACCEPTED":
        return '"Position: what the company will do."'
    return '"Basis: why the request is denied." and on a line of its own "Reference: what substantiates it."'
