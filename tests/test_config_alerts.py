"""The section alerts: what it says, and each mistake in it with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import load, packaged
from bot.config.settings import Alerts
from bot.errors import ConfigMistake


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The shipped configuration without its section, and a secret beside it."""
    file = tmp_path / "config.yaml"
    text, section, _ = (packaged() / "config.yaml").read_text("utf-8").partition("\nalerts:")
    assert section
    file.write_text(text + "\n", "utf-8")
    (tmp_path / "secret").write_text("word")
    (tmp_path / "secret").chmod(0o600)
    return file


def given(file: Path, section: str) -> Alerts:
    """What a section says."""
    file.write_text(f"{file.read_text('utf-8')}alerts: {section}\n", "utf-8")
    return load(file).alerts


def test_without_the_section_there_are_figures_and_no_way(shipped: Path) -> None:
    """And the shipped file says the same."""
    assert load(shipped).alerts == load(packaged() / "config.yaml").alerts == Alerts()


def test_a_command_is_words(shipped: Path) -> None:
    """As posting.after_publish is; no shell takes them apart."""
    alerts = given(
        shipped, "{command: [/bin/page, 'on call; $(id)'], after_minutes: 5, letters_hours: 1, most_a_day: 3}"
    )
    assert alerts.command == ("/bin/page", "on call; $(id)")
    assert (alerts.after, alerts.letters, alerts.most_a_day) == (timedelta(minutes=5), timedelta(hours=1), 3)
    assert alerts.smtp is None


def test_another_account_has_a_secret_and_addresses(shipped: Path) -> None:
    """Its password is read when it is used, and never shown."""
    alerts = given(
        shipped,
        "{smtp: {host: mx.other.example, tls: tls, username: watch, password: {file: secret}},"
        " from: watch@other.example, to: [one@other.example, two@other.example]}",
    )
    assert alerts.smtp
    assert (alerts.smtp.host, alerts.smtp.port, alerts.smtp.password()) == ("mx.other.example", 465, "word")
    assert (alerts.sender, alerts.to) == ("watch@other.example", ("one@other.example", "two@other.example"))
    assert "word" not in repr(alerts)


ACCOUNT = "smtp: {host: localhost, tls: none}"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("{after_minutes: 0}", "`alerts.after_minutes` must be from 1 to 1440"),
        ("{comand: [x]}", "`alerts.comand` is not a known key; did you mean `command`"),
        ("{command: [x], " + ACCOUNT + ", from: a@o.example, to: [b@o.example]}", "are two ways; one is meant"),
        ("{" + ACCOUNT + "}", "`alerts.from` is missing"),
        ("{" + ACCOUNT + ", from: a@o.example}", "`alerts.to` is missing"),
        ("{" + ACCOUNT + ", from: cmpcr@meridell.example, to: [b@o.example]}", "must not be the bot's own address"),
        ("{" + ACCOUNT + ", from: a@o.example, to: [cmpcr@meridell.example]}", "must not be the bot's own address"),
        ("{from: a@o.example}", "`alerts.from` is for `smtp`, which is missing"),
        ("{smtp: {host: far.example, tls: none}, from: a@o.example, to: [b@o.example]}", "in the clear"),
        ("{smtp: {host: localhost, tls: none, username: x, password: pass}}", "a password must not stand in this file"),
    ],
)
def test_a_mistake_is_told_with_its_line(shipped: Path, section: str, words: str) -> None:
    """Like every other mistake of the file."""
    line = shipped.read_text("utf-8").count("\n") + 1
    with pytest.raises(ConfigMistake) as refused:
        given(shipped, section)
    assert any(f"config.yaml:{line}: " in each and words in each for each in str(refused.value).splitlines())
    assert "pass}" not in str(refused.value)
