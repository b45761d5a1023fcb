"""Defects: what is wrong with a template, by file and line.

Its one rule: nothing is put into words here. Templates are looked through before anybody needs
them, and the engine's errors about one become BrokenTemplate.
"""

from collections.abc import Collection, Iterator
from functools import cache, partial
from pathlib import Path
from traceback import extract_tb

from jinja2 import Environment, TemplateError, meta, nodes
from jinja2.exceptions import TemplateSyntaxError

from bot.edge.templates.attributes import missing
from bot.edge.templates.engine import COMPILED
from bot.errors import BrokenTemplate
from bot.mail.letter import Kind
from bot.posting.given import EVERYWHERE, GIVEN


def defects(folder: Path, environment: Environment) -> Iterator[BrokenTemplate]:
    """The templates of a folder that are none any more, by name, and those that are missing. Raises OSError
    for a folder without any."""
    names = environment.list_templates(COMPILED)
    if not names:
        raise FileNotFoundError(f"no template lies in {folder}")
    letters = (folder / "mail").is_dir()
    wanted = {f"mail/{kind}.{ending}" for kind in Kind for ending in ("txt", "html") if letters}
    for name in sorted(wanted.difference(names)):
        yield BrokenTemplate(f"template {name} is missing")
    read = cache(partial(_read, folder, environment))
    for name in names:
        written = (folder / name).read_bytes()
        try:
            tree = environment.parse(written.decode(), name)
            environment.compile(tree, name, raw=True)
        except TemplateSyntaxError as error:
            yield ill_written(error, name)
        except UnicodeDecodeError as error:
            line = written.count(b"\n", 0, error.start) + 1
            yield BrokenTemplate(f"template {name}, line {line}: it is not written in UTF-8")
        else:
            yield from _astray(tree, name, names)
            yield from _unknown(tree, name, environment.globals)
            for line, words in missing(tree, name, read):
                yield BrokenTemplate(f"template {name}, line {line}: {words}")


def _read(folder: Path, environment: Environment, name: str) -> nodes.Template | None:
    """Another template; None where it is missing or broken, which is told of itself."""
    try:
        return environment.parse((folder / name).read_text("utf-8"), name)
    except (OSError, UnicodeDecodeError, TemplateSyntaxError):
        return None


def ill_written(error: TemplateSyntaxError, name: str) -> BrokenTemplate:
    """What keeps a template from being compiled."""
    return BrokenTemplate(f"template {error.name or name}, line {error.lineno}: {error.message}")


def failed(error: TemplateError, name: str, folder: Path) -> BrokenTemplate:
    """What went wrong while a template was put into words, and in which line of which: it may be one that the
    template includes."""
    where = name
    for frame in extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(folder):
            where = f"{Path(frame.filename).relative_to(folder)}, line {frame.lineno}"
    return BrokenTemplate(f"template {where}: {error.message}")


def _astray(tree: nodes.Template, name: str, names: Collection[str]) -> Iterator[BrokenTemplate]:
    """What a template leads to that is not there."""
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        other = getattr(node, "template", None)
        if isinstance(other, nodes.Const) and other.value not in names:
            yield BrokenTemplate(f"template {name}, line {node.lineno}: there is no template {other.value}")


def _unknown(tree: nodes.Template, name: str, spoken: Collection[str]) -> Iterator[BrokenTemplate]:
    """The names in a template that nobody gives it, each with its first line. What it asks for with `is
    defined` may be missing."""
    given = GIVEN.get(name.partition("/")[0], frozenset().union(*GIVEN.values()))
    asked = {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if isinstance(test.node, nodes.Name) and test.name in ("defined", "undefined")
    }
    unknown = meta.find_undeclared_variables(tree) - given - EVERYWHERE - asked - set(spoken)
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            unknown.remove(node.name)
            yield BrokenTemplate(f"template {name}, line {node.lineno}: nothing is called {node.name} here")
