"""Attributes: what a template asks for of the things it is given, that they do not have.

Its one rule: only what is certain is found. A thing that is not in the table below and comes from nothing that is,
or that a template calls by such a name itself, may have whatever is asked of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

from bot.intake.arguments import Arguments
from bot.intake.form import Submission
from bot.intake.verify import Standing
from bot.office.office import Organisation
from bot.office.people import Address, Person
from bot.posting.about import Held, Interval
from bot.posting.ahead import Upcoming
from bot.posting.downloads import Offer
from bot.posting.drawing import Columns, Curve, Volume
from bot.posting.forms import Blank
from bot.posting.home import Late
from bot.posting.lists import Way
from bot.posting.meetings import Mailed
from bot.posting.minutes import Minutes
from bot.posting.picture import Picture
from bot.posting.process import Outcome, StepRow, VerbRow
from bot.posting.public import Line, Posting
from bot.posting.strip import Stage
from bot.workflow.agenda import Agenda
from bot.workflow.answers.adherence import Adherence
from bot.workflow.change import ActionItem, ChangeRequest, Response
from bot.workflow.deadline import Deadline
from bot.workflow.event import Result
from bot.workflow.invitation import Turn
from bot.workflow.offer import Offers

KINDS: Mapping[str, Mapping[str, Any]] = {
    "mail": {
        "agenda": Agenda,
        "args": Arguments,
        "change": ChangeRequest,
        "crpm": Person,
        "deadlines": Sequence[Deadline],
        "director": Person,
        "draft": Response,
        "item": ActionItem,
        "offered": Offers,
        "organisation": Organisation,
        "person": Person,
        "report": Adherence,
        "results": Sequence[Result],
        "standing": Standing,
        "state": Turn,
        "submission": Submission,
        "to": Address,
    },
    "site": {
        "ahead": Sequence[Upcoming],
        "blanks": Sequence[Blank],
        "columns": Columns,
        "companies": Sequence[Way],
        "curve": Curve,
        "feeds": Sequence[Offer],
        "files": Sequence[Offer],
        "late": Late,
        "line": Line,
        "meetings": Sequence[Mailed],
        "minutes": Sequence[Minutes],
        "organisation": Organisation,
        "outcomes": Sequence[Outcome],
        "picture": Picture,
        "posting": Posting,
        "promised": Sequence[Interval],
        "report": Adherence,
        "roles": Sequence[Held],
        "shown": Sequence[Posting],
        "stage": Stage,
        "states": Sequence[Way],
        "steps": Sequence[StepRow],
        "verbs": Sequence[VerbRow],
        "volumes": Sequence[Volume],
    },
}
"""What a name means by the folder of templates, wherever in it and whatever else it may be besides nothing."""
FORGIVEN = frozenset({"default", "d"})  # filters that take what is missing
ASKED = frozenset({"defined", "undefined"})

Kinds = frozenset[Any]
"""What something may be besides None: classes, and sequences of them as annotations write them."""
Known = Mapping[str, Kinds]
Read = Callable[[str], nodes.Template | None]


def missing(tree: nodes.Template, name: str, read: Read) -> Iterator[tuple[int, str]]:
    """What things do not have that a template asks them for: line and words. `read` gives another template's tree."""
    forgiven = {id(test.node) for test in tree.find_all(nodes.Test) if test.name in ASKED}
    forgiven |= {id(filtered.node) for filtered in tree.find_all(nodes.Filter) if filtered.name in FORGIVEN}
    own = _own(tree)
    folder = KINDS.get(name.partition("/")[0], {})
    known = {each: frozenset({kind}) for each, kind in folder.items() if each not in own}
    parts = _imported(tree, read)
    for node, meant in _asked(tree, known, own):
        if id(node) in forgiven:
            continue
        if isinstance(node.node, nodes.Name) and node.node.name in parts:
            other, given = parts[node.node.name]
            if node.attr not in given:
                yield node.lineno, f"{other} has no macro {node.attr}"
        elif _certain(kinds := _kinds(node.node, meant)) and not any(_has(kind, node.attr) for kind in kinds):
            yield node.lineno, f"{_words(node.node)} has nothing called {node.attr}"


def _own(tree: nodes.Template) -> frozenset[str]:
    """The names that a template gives to something of its own. As what a macro takes, a name means what it means in
    the folder; in a loop, what the loop goes over."""
    targets = {id(each) for loop in tree.find_all(nodes.For) for each in _names(loop.target)}
    return frozenset(each.name for each in _names(tree) if each.ctx == "store" and id(each) not in targets)


def _asked(node: nodes.Node, known: Known, own: frozenset[str]) -> Iterator[tuple[nodes.Getattr, Known]]:
    """Whatever a template asks of something, with what names mean there."""
    if isinstance(node, nodes.Getattr):
        yield node, known
    inside: list[nodes.Node] = []
    meant = known
    if isinstance(node, nodes.For):
        inside = [*node.body, *([node.test] if node.test else [])]
        meant = {**known, **_bound(node.target, _held(_kinds(node.iter, known)), own)}
    for child in node.iter_child_nodes():
        yield from _asked(child, meant if any(child is each for each in inside) else known, own)


def _bound(target: nodes.Node, kinds: Kinds, own: frozenset[str]) -> Known:
    """What a loop's names mean, each time that it comes round: one name, or several that share a tuple."""
    if isinstance(target, nodes.Name):
        return {target.name: frozenset() if target.name in own else kinds}
    names = _names(target)
    shared = [get_args(kind) for kind in kinds if issubclass(_origin(kind), tuple)]
    each = shared[0] if [len(args) for args in shared] == [len(names)] else [None] * len(names)
    return {
        name.name: frozenset() if name.name in own else _options(kind) for name, kind in zip(names, each, strict=True)
    }


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [node] if isinstance(node, nodes.Name) else [*node.find_all(nodes.Name)]


def _imported(tree: nodes.Template, read: Read) -> Mapping[str, tuple[str, frozenset[str]]]:
    """The templates that a template imports, by the name that it calls them, with what they give."""
    found = {}
    for node in tree.find_all(nodes.Import):
        other = node.template.value if isinstance(node.template, nodes.Const) else ""
        if (read_so := read(other)) is not None:
            given = {each.name for each in read_so.find_all(nodes.Macro)}
            given |= {each.name for each in read_so.find_all(nodes.Name) if each.ctx == "store"}
            found[node.target] = other, frozenset(given)
    return found


def _kinds(node: nodes.Node | None, known: Known) -> Kinds:
    """What something may be; nothing where that is not known."""
    match node:
        case nodes.Name():
            return known.get(node.name, frozenset())
        case nodes.Getattr():
            asked = _kinds(node.node, known)
            each = [_of(kind, node.attr) for kind in asked if _has(kind, node.attr)] if _certain(asked) else []
            return reduce(or_, each, frozenset()) if all(each) else frozenset()
        case nodes.Getitem(arg=nodes.Slice()) | nodes.Filter(name="list" | "reverse" | "sort" | "unique"):
            return _kinds(node.node, known)
        case _:
            return frozenset()


@cache
def _of(kind: type, attribute: str) -> Kinds:
    """What an attribute may be, by its annotation."""
    declared = next((vars(each)[attribute] for each in kind.__mro__ if attribute in vars(each)), None)
    if isinstance(declared, property):
        return _options(get_type_hints(declared.fget).get("return"))
    return _options(get_type_hints(kind).get(attribute))


def _options(hint: Any) -> Kinds:
    """What an annotation allows besides None."""
    options = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    return frozenset(option for option in options if option not in (None, type(None)))


def _certain(kinds: Kinds) -> bool:
    """Whether all that something may be is known by its class. A mapping may have whatever it is asked for."""
    return bool(kinds) and all(isinstance(kind, type) and not issubclass(kind, Mapping) for kind in kinds)


def _held(kinds: Kinds) -> Kinds:
    """What comes out of sequences; nothing where one of them is something else."""
    held = [_options(get_args(kind)[0]) if _is_sequence(kind) else frozenset() for kind in kinds]
    return reduce(or_, held, frozenset()) if all(held) else frozenset()


def _is_sequence(kind: Any) -> bool:
    return issubclass(_origin(kind), Sequence) and len({*get_args(kind)} - {Ellipsis}) == 1


def _origin(kind: Any) -> type:
    """The class of which an annotation such as `tuple[int, ...]` is one kind; that of nothing for any other."""
    origin = get_origin(kind)
    return origin if isinstance(origin, type) else type(None)


def _has(kind: type, attribute: str) -> bool:
    return any(attribute in vars(each) or attribute in vars(each).get("__annotations__", ()) for each in kind.__mro__)


def _words(node: nodes.Node) -> str:
    """`change.meeting`, as the template has it."""
    return f"{_words(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else str(getattr(node, "name", ""))
