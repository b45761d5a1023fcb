"""The log: one event, one line of JSON on standard error.

Its one rule: an event has a name and keys, never prose made of a sender's words; addresses are
shortened, long values cut, and nothing but printable ASCII reaches the terminal or the journal
(reliability.md section 1e). Write with the standard library: `log.info("mail", extra={...})`.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from bot.errors import BrokenTemplate, Trouble

LONGEST = 300
FRAMES = 12
ADDRESS = re.compile(r"(\w)[\w.!#$%&'*+/=?^`{|}~-]*@([\w-][\w.-]*)")
ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLine(logging.Formatter):
    """A record as one line of JSON: at, level, event, where, then the event's own keys."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": clean(record.getMessage()),
            "from": record.name,
        }
        line |= {key: clean(value) for key, value in vars(record).items() if key not in ORDINARY}
        if record.exc_info and record.exc_info[1]:
            line |= _failure(record.exc_info[1])
        return json.dumps(line)


def set_up(level: str = "INFO") -> None:
    """Send every record from this level on to standard error, as lines of JSON; what nobody catches
    becomes one as well."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(JsonLine())
    logging.basicConfig(level=level, handlers=[stream], force=True)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a full disk behind standard error must not end the program
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(TALKATIVE).setLevel(logging.CRITICAL)
    sys.excepthook = _uncaught


# They tell every step at INFO; one of them prints every line of the mail that passes.
NOISY = ("alembic", "sqlalchemy", "schedule", "imapclient", "mail.log", "pymap", "asyncio")
TALKATIVE = "mailparser"  # its errors quote the header that they are about


def clean(value: object) -> object:
    """A value fit for the log: addresses shortened to their first letter, texts cut."""
    match value:
        case bool() | int() | float() | None:
            return value
        case dict():
            return {str(clean(str(key))): clean(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [clean(item) for item in value]
        case datetime():
            return value.isoformat()
        case _:
            text = ADDRESS.sub(r"\1..@\2", str(value)[: LONGEST + 1])
            return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def _uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """The last word of a program that ends by a bug: a line like any other, for Python's own shows
    the error's text."""
    logging.getLogger(__name__).critical("ended by a bug", exc_info=error)


def _failure(error: BaseException) -> dict[str, object]:
    """What went wrong and where: files, lines and functions, never their values. Only our words and
    the system's are repeated: any other error may quote the mail that it stumbled over."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {
        "error": type(error).__name__,
        "what": clean(str(error)) if isinstance(error, Trouble | OSError | BrokenTemplate) else "",
        "trace": [f"{frame.filename.rpartition('/bot/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }
