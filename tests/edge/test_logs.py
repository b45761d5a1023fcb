"""The log: one event, one line, nothing in it that does not belong in a log."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

from bot.edge.logs import JsonLine, clean
from bot.errors import BrokenTemplate, Trouble


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


def failed(error: Exception) -> dict[str, object]:
    """How the log tells of an error."""
    try:
        raise error
    except type(error):
        return line("mail failed", exc_info=sys.exc_info())


def test_a_failure_is_told_without_values() -> None:
    """What failed and where, without a word of the mail that it stumbled over."""
    found = failed(ValueError("una.reyes@osprey.example " + "body " * 1000))
    assert found["error"] == "ValueError"
    assert found["what"] == ""
    assert "test_logs.py:" in str(found["trace"])
    assert "body" not in json.dumps(found)


def test_trouble_is_told_in_words() -> None:
    """Our own words and the system's say what went wrong, with addresses shortened."""
    assert failed(Trouble("nobody hears una.reyes@osprey.example"))["what"] == "nobody hears u..@osprey.example"
    assert failed(BrokenTemplate("template site/x.html, line 2: why"))["what"] == "template site/x.html, line 2: why"
    assert failed(OSError(28, "No space left on device"))["what"] == "[Errno 28] No space left on device"


def run_apart(code: str) -> list[dict[str, object]]:
    """The lines that a program of its own logs; it prints nothing."""
    code = f"import logging; from bot.edge import logs; logs.set_up(); {code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    return [json.loads(text) for text in done.stderr.splitlines()]


def test_the_log_goes_to_standard_error_as_json() -> None:
    """Standard output is left to the command; warnings and other libraries are lines as well."""
    lines = run_apart(
        "logging.getLogger('x').info('hello', extra={'n': 1}); logging.getLogger('x').debug('detail');"
        "import warnings; warnings.warn('careful', stacklevel=1)"
    )
    assert [found["level"] for found in lines] == ["info", "warning"]
    assert lines[0]["event"] == "hello"


def test_libraries_that_quote_mail_are_silent() -> None:
    """No line of a mail reaches the log by way of the libraries that carry and parse it."""
    assert not run_apart(
        "logging.getLogger('mail.log').info('the text of a mail');"
        "logging.getLogger('mailparser.utils').error('Failed decoding header part: a subject')"
    )


def test_a_bug_that_nobody_catches_is_a_line_too() -> None:
    """A program that ends by a bug says so in JSON, without the error's own text."""
    (found,) = run_apart("int('the text of a mail')")
    assert (found["event"], found["level"], found["error"]) == ("ended by a bug", "critical", "ValueError")
    assert "the text" not in json.dumps(found)
