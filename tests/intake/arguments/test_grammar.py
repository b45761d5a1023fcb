"""The grammar as a whole: what it generates is understood as generated, what it does not is not carried out.

Its own small copy of the grammar stands here, over words whose kind is known, so that the readers are
held against something that was not made from them (reliability.md T21).
"""

import re
from datetime import date, time, timedelta
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.intake.arguments import Arguments, in_full, understand
from bot.intake.command import read_commands
from bot.intake.verbs import VERBS
from tests.intake.arguments.office import ANITA, GRACE, JOE, LENA, NILS, OFFICE, TODAY
from tests.intake.forms import TABLE

NAMES = [verb.name for verb in VERBS]
A = Arguments
Written = tuple[str, Arguments]


def understood(text: str) -> list[tuple[str, Arguments]]:
    """The verbs and arguments of the lines of a text that would be carried out; none where one is asked back."""
    lines = [(line.verb, understand(line, OFFICE, TODAY, TABLE)) for line in read_commands(text)]
    found = [(verb, arguments) for verb, arguments in lines if isinstance(arguments, Arguments)]
    return found if len(found) == len(lines) else []


# What a writer may mean, in one of the ways of writing it.
def dates(first: date, last: date) -> st.SearchStrategy[tuple[str, date]]:
    """A day, written with its year in some way."""
    forms = ("%m/%d/%Y", "%Y-%m-%d", "%b %d, %Y", "%d %B %Y", "%A, %B %d, %Y", "%a %d-%b-%Y")
    return st.tuples(st.dates(first, last), st.sampled_from(forms)).map(
        lambda pair: (pair[0].strftime(pair[1]), pair[0])
    )


AHEAD = dates(TODAY, TODAY + timedelta(700))
BACK = dates(TODAY - timedelta(700), TODAY)
TIMES = st.tuples(st.integers(7, 23), st.sampled_from([0, 15, 30])).map(
    lambda pair: (f"{pair[0]}:{pair[1]:02}", time(*pair))
)
MINUTES = st.sampled_from([("60", 60), ("90 min", 90), ("1h30", 90), ("2 hours", 120)])
PEOPLE = st.tuples(
    st.sampled_from([LENA, GRACE, NILS, JOE, ANITA]), st.sampled_from(["name", "last", "mail", "both"])
).map(
    lambda pair: (
        {
            "name": pair[0].name,
            "last": ", ".join(reversed(pair[0].name.split())),
            "mail": pair[0].address.email,
            "both": str(pair[0].address),
        }[pair[1]],
        pair[0],
    )
)
TALK = ["the", "table", "of", "rejects", "names", "no", "line", "please", "send", "it", "again"]
WORDS = st.lists(st.sampled_from(TALK), min_size=1).map(lambda words: " ".join(["we", *words]))
STEPS = st.sampled_from(["5", "5A", "6", "7", "10", "11"])
NUMBERS = st.integers(1, 99).map(lambda n: f"PC112226-{n}")


def joined(*parts: st.SearchStrategy[tuple[str, object]] | str, **names: int) -> st.SearchStrategy[Written]:
    """Parts with blanks between them; `names` says which part is which argument."""
    drawn = st.tuples(*(st.just((part, None)) if isinstance(part, str) else part for part in parts))
    return drawn.map(
        lambda found: (
            " ".join(written for written, _ in found),
            A(**{name: found[at][1] for name, at in names.items()}),
        )
    )


def same(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, object]]:
    """Something that is written as it is meant."""
    return strategy.map(lambda text: (text, text))


TEXT, NUMBER, STEP = same(WORDS), same(NUMBERS), same(STEPS)
ONE = PEOPLE.map(lambda pair: (pair[0], (pair[1],)))
NOTHING: st.SearchStrategy[Written] = st.just(("", A()))
REASON = joined(TEXT, text=0)
DATED = st.one_of(NOTHING, joined("ON", BACK, on=1))
GRAMMAR: dict[str, st.SearchStrategy[Written]] = {
    **dict.fromkeys(("APPROVE", "RESPOND", "UNDO", "FREEZE", "UNFREEZE", "STOP"), NOTHING),
    **dict.fromkeys(("HELD", "PRESENTED", "RESUME", "PRODUCTION", "CONSENT"), DATED),
    **dict.fromkeys(("COMMENT", "NOTE", "ASK", "LOG", "RETURN", "DROP", "OPTIONS", "DISAPPROVE"), REASON),
    **dict.fromkeys(("ESCALATE", "REWORK", "CLOSE", "WITHDRAW"), REASON),
    **dict.fromkeys(("MINUTES", "ALIGNED", "OBJECT"), st.one_of(REASON, joined("ON", BACK, TEXT, on=1, text=2))),
    **dict.fromkeys(("STATUS", "HISTORY", "FOLLOW", "UNFOLLOW"), st.one_of(NOTHING, joined(NUMBER, number=0))),
    "RELATE": joined(NUMBER, number=0),
    "DONE": joined(st.integers(1, 999).map(lambda n: (f"#{n}", n)), n=0),
    "ACTION": joined(ONE, AHEAD, TEXT, people=0, on=1, text=2),
    "ASSIGN": st.one_of(
        joined("CRPM", PEOPLE, "DIRECTOR", PEOPLE, crpm=1, director=3),
        joined("DIRECTOR", PEOPLE, "CRPM", PEOPLE, director=1, crpm=3),
        joined("CRPM", PEOPLE, crpm=1),
    ),
    "SME": joined(ONE, people=0),
    "MEETING": st.one_of(
        joined(AHEAD, TIMES, on=0, at=1),
        joined(AHEAD, TIMES, MINUTES, same(st.just("bridge 303-555-0199")), on=0, at=1, minutes=2, place=3),
        joined(same(st.just("CANCEL")), TEXT, word=0, text=1),
    ),
    "EXTEND": joined(
        same(st.sampled_from(["minutes", "clarification meeting"])), "to", AHEAD, TEXT, word=0, on=2, text=3
    ),
    "WALKON": st.one_of(NOTHING, joined(AHEAD, on=0)),
    "DRAFT": st.one_of(
        joined(same(st.just("ACCEPTED")), "\nPosition:", TEXT, word=0, position=2),
        joined(same(st.just("DENIED")), "\nBasis:", TEXT, "\nReference:", TEXT, word=0, basis=2, reference=4),
    ),
    "OUTCOME": st.one_of(
        joined(same(st.just("ACCEPTED")), same(st.sampled_from(["ANSWERED", "PLAN", "DENIAL"])), word=0, way=1),
        joined(same(st.just("REVISE")), TEXT, word=0, text=1),
        joined("ON", BACK, same(st.just("REJECTED")), on=1, word=2),
    ),
    "DEFER": st.one_of(NOTHING, joined("UNTIL", AHEAD, on=1), joined("UNTIL", AHEAD, TEXT, on=1, text=2)),
    "RESOLVE": joined("TO", STEP, TEXT, step=1, text=2),
    "REOPEN": joined("TO step", STEP, TEXT, step=1, text=2),
    "ANNOUNCE": joined(AHEAD, TEXT, on=0, text=1),
    "CROSSOVER": joined(same(st.just("SCR112226-01")), TEXT, reference=0, text=1),
    "CORRECT": joined("Title of Change:", TEXT, "because", TEXT, value=1, text=3).map(
        lambda pair: (pair[0], A(field="title", value=pair[1].value, text=pair[1].text))
    ),
    "AWAY": st.one_of(joined("UNTIL", AHEAD, on=1), joined("UNTIL", AHEAD, "DEPUTY", PEOPLE, on=1, deputy=3)),
    **dict.fromkeys(("AGENDA", "REPORT"), st.one_of(NOTHING, joined(st.just(("January 2027", (2027, 1))), month=0))),
    "CONFIRM": joined(same(st.just("cmp" + "a2b3" * 14)), code=0),
    "HELP": st.one_of(NOTHING, joined(same(st.sampled_from(NAMES)), word=0)),
}
LINES = st.sampled_from(sorted(GRAMMAR)).flatmap(
    lambda verb: GRAMMAR[verb].map(lambda pair: (verb, f"{verb} {pair[0]}".strip(), pair[1]))
)


@settings(max_examples=400)
@given(LINES, st.sampled_from(["", "PC112226-1: ", "[PC112226-1] "]), st.booleans())
def test_what_the_grammar_writes_is_understood(line: tuple[str, str, Arguments], number: str, loud: bool) -> None:
    """In capitals, or in small letters with a colon; alone, or behind a number and below a greeting."""
    verb, written, meant = line
    assume(not (number and meant.number))
    spelt = written if loud else f"{verb.lower()}:{written.removeprefix(verb)}"
    assert understood(number + spelt) == [(verb, meant)]
    if loud:
        assert understood(f"Hi Marta,\n\n{number}{spelt}\n\nThanks,\nLena\nCLOSE it") == [(verb, meant)]
    assert in_full(meant, OFFICE) or meant == A(code=meant.code)


def test_the_grammar_here_is_whole() -> None:
    """Every verb can be written, but for the two that have tests of their own."""
    assert {*NAMES} - {*GRAMMAR} == {"AMEND", "DRY RUN"}


@settings(max_examples=100)
@given(st.lists(LINES, min_size=2, max_size=4))
def test_several_lines_are_understood_in_their_order(lines: list[tuple[str, str, Arguments]]) -> None:
    """Each as it is alone, with comments between them."""
    text = "\n# and then\n".join(written for _, written, _ in lines)
    assert understood(text) == [(verb, meant) for verb, _, meant in lines]


@settings(max_examples=500)
@given(LINES, st.data())
def test_a_line_with_a_slip_never_does_something_else(line: tuple[str, str, Arguments], draw: st.DataObject) -> None:
    """A letter more, less or other: the line is asked back, prose, or still of its own verb."""
    verb, written, _ = line
    at = draw.draw(st.integers(0, len(written)))
    letter = draw.draw(st.characters(exclude_characters="\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
    slip = draw.draw(st.sampled_from([written[:at] + letter, written[:at], written[:at] + letter]))
    rest = draw.draw(st.sampled_from([written[at:], written[at + 1 :]]))
    first = re.match(r"[A-Za-z ]*", slip + rest)
    assume(first and not any(first[0].upper().startswith(name) for name in NAMES if name != verb))
    assert {found for found, _ in understood(slip + rest)} <= {verb}


@settings(max_examples=200)
@given(
    LINES,
    st.sampled_from(
        ["do not ", "Do not ", "please ", "Please ", "we ", "I will ", "don't ", "> ", "- ", "\u2022 ", "(", '"']
    ),
)
def test_a_verb_within_a_sentence_is_none(line: tuple[str, str, Arguments], before: str) -> None:
    """Whatever stands in front of it on its line."""
    assert understood(before + line[1]) == []


LOOKALIKES = str.maketrans("ACEHIKMNOPSTXYacehikmnopstxy", "ΑСΕΗІΚΜΝОΡЅΤΧΥаϲеһіκмոοрѕтху")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.parametrize("name", NAMES)
def test_letters_that_only_look_so(name: str) -> None:
    """One of another alphabet, or one that becomes ours in capitals, makes no verb."""
    for at, letter in enumerate(name):
        for other in ({letter.translate(LOOKALIKES), letter.translate(FULL_WIDTH)} - {letter}) | {letter + "\u0301"}:
            assert understood(f"{name[:at]}{other}{name[at + 1 :]}") == []
    for odd, plain in (("\u017f", "S"), ("\u0131", "I"), ("\u212a", "K")):
        if plain in name:
            assert understood(name.replace(plain, odd)) == []
            assert understood(name.lower().replace(plain.lower(), odd)) == []


def test_two_verbs_in_one_line() -> None:
    """Nobody knows which one is meant; a topic of HELP and the rehearsal of a line are no second verb."""
    for first, second in product(NAMES, NAMES):
        for between in (" ", " or ", " / ", ", "):
            found = understood(f"{first}{between}{second}")
            free = {"COMMENT", "NOTE", "ASK", "LOG", "MINUTES", "OPTIONS", "AMEND", "DEFER", "ALIGNED", "CROSSOVER"}
            reasons = {"RETURN", "DROP", "DISAPPROVE", "ESCALATE", "REWORK", "CLOSE", "OBJECT", "WITHDRAW"}
            if between != " " and first in free | reasons | {"HELP"}:
                continue  # words of a text that names a verb
            assert found == [] or first == "HELP", f"{first}{between}{second}: {found}"


# Words of known kinds, in any order. A verb's row says which orders are its grammar.
KINDS = {
    "D": "12/3/2026", "B": "11/20/2026", "T": "10:00", "M": "90 min", "P": "Lena Brandt", "Q": "Nils Sorensen",
    "S": "5A", "N": "PC112226-2", "n": "3", "W": "table", "J": "January 2027", "V": "APPROVE", "o": "ON",
    "u": "UNTIL", "t": "TO", "c": "CRPM", "d": "DIRECTOR", "y": "DEPUTY", "x": "CANCEL", "b": "BACK",
    "a": "ACCEPTED", "e": "REJECTED", "v": "REVISE", "k": "ANSWERED", "p": "PLAN", "i": "DENIAL", "z": "NO TEST",
    "g": "DENIED",
}  # fmt: skip
CHOICE = "[aevkpi]"
ORDERS = {
    **dict.fromkeys(("APPROVE", "RESPOND", "UNDO", "FREEZE", "UNFREEZE", "STOP"), ""),
    **dict.fromkeys(("HELD", "PRESENTED", "RESUME", "PRODUCTION", "CONSENT"), "(o?B)?"),
    **dict.fromkeys(("STATUS", "HISTORY", "FOLLOW", "UNFOLLOW"), "N*"),  # the same one twice is one
    **dict.fromkeys(
        ("COMMENT", "NOTE", "ASK", "RETURN", "DROP", "DISAPPROVE", "ESCALATE", "REWORK", "CLOSE"), "[^V].*"
    ),
    **dict.fromkeys(("WITHDRAW", "CROSSOVER"), "[^V].*"),
    **dict.fromkeys(("LOG", "OPTIONS"), "([^V].*)?"),
    **dict.fromkeys(("AGENDA", "REPORT"), "J?"),
    "MINUTES": "oB.*|(?!V|o[DB]).*",
    "ALIGNED": "oB.+|(?!V|o[DB]).+",
    "OBJECT": "oB[^V].*|(?!V|o[DB]).+",
    "RELATE": "N+",
    "DONE": "n",
    "ACTION": "[PQ][tuo]?o?D.+",
    "ASSIGN": "c[PQ](d[PQ])?|d[PQ](c[PQ])?",
    "SME": "[PQ]",
    "MEETING": "o?DT(M(?!T|n$)|(?!M|T|n$)).*|x.*",
    "EXTEND": "([^DB]*[^DBtuo]([tuo]?o|[tu])?|[^DB]+([tuo]o|[tu]))D[^V].*",
    "WALKON": "(o?D)?",
    "ANNOUNCE": "o?D.*",
    "DRAFT": "[ag]",
    "OUTCOME": f"(oB)?((a(kz?|[pi](?!z))|e)(?!{CHOICE}|oD).*|v(?!{CHOICE}).+)",
    "DEFER": "uo?D.*|(?![uV]).*",
    "RESOLVE": "(oB)?t?[Sn][^V].*",
    "REOPEN": "t?[Sn][^V].*",
    "AWAY": "uo?D(y[PQ])?|[bx]",
}
"""By verb, the orders of kinds that are its grammar."""


@settings(max_examples=1500)
@given(st.sampled_from(sorted(ORDERS)), st.text(alphabet="".join(KINDS), max_size=5))
@example("OUTCOME", "aiz")
def test_what_is_accepted_is_the_grammar(verb: str, kinds: str) -> None:
    """No more and no less: words in any order are understood exactly where the verb's row has that order."""
    assume("nJ" not in kinds)  # `3 January 2027` is a date
    line = " ".join([verb, *(KINDS[kind] for kind in kinds)])
    assert [found for found, _ in understood(line)] == [verb] * bool(re.fullmatch(ORDERS[verb], kinds)), line


@settings(max_examples=300)
@given(st.sampled_from([*NAMES, "ASIGN", "PC112226-1:"]), st.text(max_size=200))
def test_no_line_raises(verb: str, text: str) -> None:
    """Whatever stands behind a verb, or in front of it."""
    understood(f"{verb} {text}")
    understood(f"{verb}:{text}\n{text}")
    understood(f"{text}\n{verb}")


@settings(max_examples=300)
@given(
    st.sampled_from(NAMES),
    st.text(alphabet="0123456789/-.:, ;<>@()\"'\u2019apmhtoMTJanFri\n", max_size=60),
)
def test_no_figures_raise(verb: str, text: str) -> None:
    """Nor anything that is nearly a date, a time, a step, an address or a number."""
    understood(f"{verb} {text}")
    understood(f"{verb} ON {text}")
    understood(f"{verb} UNTIL {text}")
