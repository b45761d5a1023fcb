"""The log: one event, one line, nothing in it that does not belong in a log."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

from bot.edge.logs import JsonLine, clean


def line(event: str, **keys: object) -> dict[str, object]:
    """An event as the log writes it, read back."""
    record = logging.makeLogRecord(
        {"name": "bot.test", "levelno": logging.INFO, "levelname": "INFO", "msg": event, **keys}
    )
    written = JsonLine().format(record)
    assert "\n" not in written
    assert written.isascii()
    found: dict[str, object] = json.loads(written)
    return found


def test_an_event_is_a_name_and_keys() -> None:
    """A line says when, how grave, what, from where, and the event's own keys."""
    found = line("mail", id="0123456789ab", attempts=2, fates={"registered": 1})
    assert found["event"] == "mail"
    assert found["level"] == "info"
    assert found["from"] == "bot.test"
    assert found["id"] == "0123456789ab"
    assert found["attempts"] == 2
    assert found["fates"] == {"registered": 1}
    assert str(found["at"]).endswith("+00:00")


def test_controls_are_escaped() -> None:
    """No sender's word moves a cursor, ends a line or turns the writing around."""
    subject = "a\r\nlevel: error\x1b[2J\u202eb\x85"
    assert line("mail", subject=subject)["subject"] == subject


def test_addresses_are_shortened() -> None:
    """A log names no person: the first letter and the domain are left."""
    found = line("letter", to="Una Reyes <una.reyes@osprey.example>", cc=["ben@foss.example"], who={"x": "a@b.example"})
    assert found["to"] == "Una Reyes <u..@osprey.example>"
    assert found["cc"] == ["b..@foss.example"]
    assert found["who"] == {"x": "a..@b.example"}
    assert "una.reyes" not in json.dumps(line("said by una.reyes@osprey.example"))


def test_long_values_are_cut() -> None:
    """A body that strays into the log does not fill it."""
    assert len(str(clean("x" * 100_000))) < 400
    assert clean(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22T00:00:00+00:00"


def test_a_failure_is_told_without_values() -> None:
    """What failed and where, without the text of a mail or an address."""
    found: dict[str, object] = {}
    try:
        int("una.reyes@osprey.example " + "body " * 1000)
    except ValueError:
        found = line("mail failed", exc_info=sys.exc_info())
    assert found["error"] == "ValueError"
    assert "u..@osprey.example" in str(found["what"])
    assert len(json.dumps(found)) < 1500
    assert isinstance(found["trace"], list)


def test_the_log_goes_to_standard_error_as_json() -> None:
    """Standard output is left to the command; warnings and other libraries are lines as well."""
    code = (
        "import logging, warnings; from bot.edge import logs; logs.set_up();"
        "logging.getLogger('x').info('hello', extra={'n': 1}); warnings.warn('careful', stacklevel=1);"
        "logging.getLogger('mail.log').info('the text of a mail'); logging.getLogger('x').debug('detail')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    lines = [json.loads(text) for text in done.stderr.splitlines()]
    assert [found["level"] for found in lines] == ["info", "warning"]
    assert lines[0]["event"] == "hello"
