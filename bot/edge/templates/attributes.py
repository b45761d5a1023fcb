"""Attributes: what a template asks for of the things it is given, that they do not have.

Its one rule: only what is certain is found. A thing that is not in the table below, or that a template calls
by such a name itself, may have whatever is asked of it.
"""

from collections.abc import Callable, Iterator, Mapping
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
from bot.posting.drawing import Columns, Curve
from bot.posting.home import Late
from bot.posting.picture import Picture
from bot.posting.public import Line, Posting
from bot.posting.strip import Stage
from bot.workflow.agenda import Agenda
from bot.workflow.answers.adherence import Adherence
from bot.workflow.change import ActionItem, ChangeRequest, Response
from bot.workflow.invitation import Turn
from bot.workflow.offer import Offers

KINDS: Mapping[str, Mapping[str, type]] = {
    "mail": {
        "agenda": Agenda,
        "args": Arguments,
        "change": ChangeRequest,
        "crpm": Person,
        "director": Person,
        "draft": Response,
        "item": ActionItem,
        "offered": Offers,
        "organisation": Organisation,
        "person": Person,
        "report": Adherence,
        "standing": Standing,
        "state": Turn,
        "submission": Submission,
        "to": Address,
    },
    "site": {
        "columns": Columns,
        "curve": Curve,
        "late": Late,
        "line": Line,
        "organisation": Organisation,
        "picture": Picture,
        "posting": Posting,
        "report": Adherence,
        "stage": Stage,
    },
}
"""What a name means by the folder of templates, wherever in it and whatever else it may be besides nothing."""
FORGIVEN = frozenset({"default", "d"})  # filters that take what is missing
ASKED = frozenset({"defined", "undefined"})

Kinds = frozenset[type]
Read = Callable[[str], nodes.Template | None]


def missing(tree: nodes.Template, name: str, read: Read) -> Iterator[tuple[int, str]]:
    """What things do not have that a template asks them for: line and words. `read` gives another template's tree."""
    forgiven = {id(test.node) for test in tree.find_all(nodes.Test) if test.name in ASKED}
    forgiven |= {id(filtered.node) for filtered in tree.find_all(nodes.Filter) if filtered.name in FORGIVEN}
    known = _known(tree, name)
    parts = _imported(tree, read)
    for node in tree.find_all(nodes.Getattr):
        if id(node) in forgiven:
            continue
        if isinstance(node.node, nodes.Name) and node.node.name in parts:
            other, given = parts[node.node.name]
            if node.attr not in given:
                yield node.lineno, f"{other} has no macro {node.attr}"
        elif (kinds := _kinds(node.node, known)) and not any(_has(kind, node.attr) for kind in kinds):
            yield node.lineno, f"{_words(node.node)} has nothing called {node.attr}"


def _known(tree: nodes.Template, name: str) -> Mapping[str, type]:
    """The names that mean in a template what they mean in its folder: not those that it gives to something else. As
    what a macro takes they mean the same."""
    own = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
    return {each: kind for each, kind in KINDS.get(name.partition("/")[0], {}).items() if each not in own}


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


def _kinds(node: nodes.Node, known: Mapping[str, type]) -> Kinds:
    """What something may be besides None; nothing where that is not known."""
    if isinstance(node, nodes.Name):
        return frozenset({known[node.name]} if node.name in known else ())
    if isinstance(node, nodes.Getattr):
        each = [_of(kind, node.attr) for kind in _kinds(node.node, known) if _has(kind, node.attr)]
        return reduce(or_, each, frozenset()) if all(each) else frozenset()
    return frozenset()


@cache
def _of(kind: type, attribute: str) -> Kinds:
    """What an attribute may be, by its annotation; nothing where that is a mapping or the like."""
    declared = next((vars(each)[attribute] for each in kind.__mro__ if attribute in vars(each)), None)
    if isinstance(declared, property):
        hint: Any = get_type_hints(declared.fget).get("return")
    else:
        hint = get_type_hints(kind).get(attribute)
    options = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    found = [option for option in options if option is not type(None)]
    certain = all(isinstance(option, type) and not issubclass(option, Mapping) for option in found)
    return frozenset(found) if hint is not None and certain else frozenset()


def _has(kind: type, attribute: str) -> bool:
    return any(attribute in vars(each) or attribute in vars(each).get("__annotations__", ()) for each in kind.__mro__)


def _words(node: nodes.Node) -> str:
    """`change.meeting`, as the template has it."""
    return f"{_words(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else str(getattr(node, "name", ""))
