"""The driver: a process that has read the program's modules and forks for each command it is told to run.

Its one rule: what runs in the child is the command line itself, as an operator starts it; the production code
holds no hook. A point of death is put around one attribute from outside, in the child alone.

It reads one JSON document a line: `words` of the command line, the files `log` and `out` for its two streams, and
maybe a `point` with the count of the call at which to die. It answers the child's process id, then how it ended.
"""

import importlib
import json
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from bot.edge.sandbox import Sandbox

READ = (
    "bot.cli.work",
    "bot.cli.backup",
    "bot.cli.setup",
    "bot.daemon",
    "bot.edge.store",
    "bot.intake",
    "bot.mail",
    "bot.migrations",
    "bot.posting",
    "bot.workflow",
    "bot.workflow.carry",
    "alembic.autogenerate",
    "alembic.command",
    "alembic.runtime.migration",
    "holidays.countries",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
"""What a command reads on its way, read before: a child begins with its work."""


EMPTY: tuple[Any, ...] = ((), [], {})
"""What a call gives that found nothing to do: it does not count."""


def main() -> None:
    """Serve until the input ends."""
    from bot.cli import run

    for name in READ:
        _read(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _live(asked, run)
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _say(word: int) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _read(name: str) -> None:
    """Import a module, and those in it where it is a package."""
    module = importlib.import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())) if name.startswith("bot.") else ():
        if not found.ispkg and found.name not in {"env"}:
            with suppress(ImportError):  # what a command needs and cannot have, it will say itself
                importlib.import_module(f"{name}.{found.name}")


def _live(asked: dict[str, Any], run: Callable[[list[str]], int]) -> NoReturn:
    """The life of a child."""
    code = 70
    try:
        for stream, path in ((0, os.devnull), (1, asked["out"]), (2, asked["log"])):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(descriptor, stream)
            os.close(descriptor)
        setattr(Sandbox, "warm", cold)  # noqa: B010 - a reader costs a start of Python: only where a file comes
        if asked.get("point"):
            die_at(asked["point"])
        if asked.get("wait"):
            Path(asked["wait"]).open("rb").close()  # a fifo: whoever wants to look at the child first
        code = run(asked["words"])
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as a driver
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def cold(_: Sandbox) -> None:
    """Readers of files start when the first file comes."""


def die_at(point: dict[str, Any]) -> None:
    """Put a death around an attribute: before the call, after it, or amid it, when half of its first argument was
    handed on. Calls count whose arguments or results are about what the point says."""
    module, _, path = point["where"].partition(":")
    *outer, name = path.split(".")
    holder: Any = importlib.import_module(module)
    for each in outer:
        holder = getattr(holder, each)
    real, when, about, left = getattr(holder, name), point["when"], point["about"], point["nth"]

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        fits = about in str(args)
        if fits and when != "after":
            left -= 1
            if not left:
                if when == "amid":
                    *some, last = args
                    real(*some, last[: len(last) // 2])
                _die()
        result = real(*args, **kwargs)
        if fits and when == "after" and result not in EMPTY:
            left -= 1
            if not left:
                _die()
        return result

    setattr(holder, name, deadly)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
