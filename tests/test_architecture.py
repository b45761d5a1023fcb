"""The two laws of the code: imports go one way only, and the core touches nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
ORDER = ("errors", "office", "mail", "intake", "workflow", "posting", "edge", "config", "daemon", "simulation", "cli")
# Each room within the intake, with the ones that it may look into.
INTAKE = {
    "value": frozenset(),
    "table": frozenset({"value"}),
    "text": frozenset({"value", "table"}),
    "word": frozenset({"value", "table", "text"}),
    "excel": frozenset({"value", "table"}),
    "file": frozenset({"value", "table", "text", "word", "excel"}),
    "paper": frozenset({"value", "table"}),
}
CORE = ORDER[: ORDER.index("posting") + 1]
EDGE_PAIRS = {
    ("store", "tables"),
    ("store", "codec"),
    ("sandbox", "converter"),
    ("sandbox", "sandbox_lane"),
    ("sandbox_child", "confine"),
    ("converter_child", "confine"),
    ("mailbox", "xoauth2"),
    ("outbox", "smtp_login"),
    ("smtp_login", "xoauth2"),
    ("outbox", "xoauth2"),
    ("mailbox", "certificate"),
    ("mailbox", "patience"),
    ("outbox", "patience"),
    ("outbox", "certificate"),
    ("carrier", "command"),
    ("channel", "command"),
    ("channel", "outbox"),
}
FORBIDDEN_MODULES = frozenset(
    {"socket", "ssl", "select", "subprocess", "threading", "multiprocessing", "asyncio", "os", "pathlib", "shutil"}
    | {"tempfile", "random", "secrets", "time", "sqlite3", "sqlalchemy", "imapclient", "smtplib", "imaplib", "http"}
    | {"urllib.request", "logging", "jinja2", "schedule", "click", "yaml"}
)
FORBIDDEN_CALLS = frozenset({"open", "print", "input", "exec", "eval", "now", "today", "utcnow"})
MODULES = sorted(BOT.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room a module lives in: its folder, or its own name at the top."""
    first = path.relative_to(BOT).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every name that a module imports, in full (`bot.edge.store.Store`), with its line."""
    room = ("bot", *path.relative_to(BOT).parts[:-1])
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            start = room[: len(room) - node.level + 1] if node.level else ()
            for alias in node.names:
                yield ".".join((*start, *filter(None, (node.module, alias.name)))), node.lineno


def lies_in(name: str, modules: frozenset[str]) -> bool:
    """True for one of these modules, and for whatever is in one."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in modules for length in range(1, len(parts) + 1))


def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_imports_go_one_way(path: Path) -> None:
    """A module imports only its own room and the rooms to its left; edge modules stand alone."""
    room = room_of(path)
    if room not in ORDER:
        assert room in {"__init__", "__main__", "migrations"}, f"{path} is in no room"
        return
    for module, line in imported(path):
        parts = module.split(".")
        if parts[0] != "bot" or len(parts) == 1 or parts[1] == "migrations":
            continue
        assert ORDER.index(parts[1]) <= ORDER.index(room), f"{path}:{line} imports {module}, which lies to its right"
        if room == "edge" and parts[1] == "edge" and len(parts) > 2:
            pair = (path.relative_to(BOT / "edge").parts[0].removesuffix(".py"), parts[2])
            assert pair[0] == pair[1] or pair in EDGE_PAIRS, f"{path}:{line}: edge modules do not import each other"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(path) in CORE], ids=lambda path: str(path.relative_to(BOT))
)
def test_the_core_touches_nothing(path: Path) -> None:
    """No core module opens a file or a socket, asks for the time, draws lots or logs."""
    for module, line in imported(path):
        assert not lies_in(module, FORBIDDEN_MODULES), f"{path}:{line} imports {module}"
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            function = node.func
            name = (
                function.id
                if isinstance(function, ast.Name)
                else function.attr
                if isinstance(function, ast.Attribute)
                else ""
            )
            allowed = name == "open" and isinstance(function, ast.Attribute)
            assert name not in FORBIDDEN_CALLS or allowed, f"{path}:{node.lineno} calls {name}"


@pytest.mark.parametrize("room", INTAKE)
def test_the_rooms_of_the_intake_look_one_way(room: str) -> None:
    """A room within the intake imports only what the table above allows it."""
    for path in sorted((BOT / "intake" / room).glob("*.py")):
        for module, line in imported(path):
            other = module.removeprefix("bot.intake.").partition(".")[0] if module.startswith("bot.intake.") else room
            assert other not in INTAKE.keys() - INTAKE[room] - {room}, f"{path}:{line} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module opens with a docstring."""
    if "versions" not in path.parts:
        assert ast.get_docstring(parsed(path)), f"{path} has no docstring"


def test_jinja_is_named_in_one_room() -> None:
    """Only edge.templates knows which template engine there is."""
    users = [
        path.parent.relative_to(BOT)
        for path in MODULES
        for module, _ in imported(path)
        if lies_in(module, frozenset({"jinja2"}))
    ]
    assert set(users) == {Path("edge/templates")}


def test_the_process_that_holds_the_mail_has_no_reader() -> None:
    """Only the children that open attachments import what reads them."""
    code = "import sys, bot.daemon.loop; print(*(name for name in sys.modules if name.startswith('bot.intake')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "bot.intake.file.opened" in loaded
    assert not [name for name in loaded if name.startswith(("bot.intake.word", "bot.intake.excel"))]
