"""One mutant: a module of ours that differs from its file in one place. A plugin of pytest (`-p bench.mutant`).

Its one rule: it lives in the memory of one process; nothing on the disk is changed. It imports nothing of ours,
so that it is there before the module that it stands in for.
"""

import ast
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

MUTANT = "CMPBOT_MUTANT"
"""The environment's variable that names one: the module's file from the project's root, a colon, and which mutant."""
ROOT = Path(__file__).parents[1]
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
Mutation = tuple[int, str, Callable[[], None]]
"""The line, what becomes of it in words, and what makes it so."""


def mutations(tree: ast.Module) -> Iterator[Mutation]:
    """Every change that can be made to what a module does, in the order of its syntax tree; what a decorator is told of
    a class is no deed."""
    told = {part for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in _parts(node.decorator_list)}
    for node in ast.walk(tree):
        if node in told:
            continue
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Compare(ops=[op]) if type(op) in SWAPS:
                yield line, _swapped(op), _set(node, "ops", [SWAPS[type(op)]()])
            case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
                yield line, _swapped(op), _set(node, "op", SWAPS[type(op)]())
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield line, "not is left out", _set(node, "operand", _not(operand))
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield line, "the condition is turned round", _set(node, "test", _not(test))
            case ast.comprehension(ifs=[test, *rest]):
                yield test.lineno, "the filter is turned round", _set(node, "ifs", [_not(test), *rest])
            case ast.Constant(value=bool(value)):
                yield line, f"{value} becomes {not value}", _set(node, "value", not value)
            case ast.Constant(value=int(value)):
                yield line, f"{value} becomes {value + 1}", _set(node, "value", value + 1)
            case ast.Expr(value=ast.Call(func=ast.Name("assert_never"))):
                pass  # no test can reach it: mypy sees to that
            case ast.Expr(value=ast.Call()):
                yield line, "the call is left out", _set(node, "value", ast.Constant(None))
            case ast.Return(value=ast.expr() as given) if not isinstance(given, ast.Constant):
                yield line, "nothing is returned", _set(node, "value", ast.Constant(None))


def _parts(trees: Sequence[ast.AST]) -> Iterator[ast.AST]:
    return (part for tree in trees for part in ast.walk(tree))


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _swapped(op: ast.AST) -> str:
    return f"{type(op).__name__} becomes {SWAPS[type(op)].__name__}"


def _set(node: ast.AST, field: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, field, value)


class _Finder:
    """Finds one module, with one mutation made."""

    def __init__(self, file: str, which: int) -> None:
        self._path = ROOT / file
        self._name = file.removesuffix(".py").replace("/", ".")
        self._which = which

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Called by the import system for each module; every other one is found as usual."""
        return spec_from_loader(name, self) if name == self._name else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary module will do."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code, mutated."""
        module.__file__ = str(self._path)
        exec(self._code(), module.__dict__)

    def _code(self) -> CodeType:
        tree = ast.parse(self._path.read_text(encoding="utf-8"))
        _, _, make = list(mutations(tree))[self._which]
        make()
        return compile(ast.fix_missing_locations(tree), self._path, "exec")


if wanted := os.environ.get(MUTANT):
    file, _, number = wanted.rpartition(":")
    sys.meta_path.insert(0, _Finder(file, int(number)))
