"""The section alerts of config.yaml: when something is not well, and how people hear of it when mail does not
work. Its one rule: the second way is another one than the mailbox's own.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.config import words
from bot.config.accounts import smtp_account
from bot.config.nodes import Part
from bot.config.secret import ReadSecret
from bot.config.settings import Alerts
from bot.edge.outbox import SmtpAccount


def alerts_of(top: Part, folder: Path, read_secret: ReadSecret, own: frozenset[str]) -> Alerts:
    """The section, or the standard figures without it; `own` are the mailbox's addresses."""
    part, standard = top.part("alerts", required=False), Alerts()
    account = part.part("smtp", required=False) if part.has("smtp") else None
    smtp = _account(account, folder, read_secret) if account else None
    command = part.read_all("command", str)
    for key in ("from", "to"):
        if part.has(key) and not account:
            part.note(key, f"`{part.name(key)}` is for `smtp`, which is missing")
    if command and account:
        part.note("command", f"`{part.name('command')}` and `smtp` are two ways; one is meant")
    return Alerts(
        timedelta(minutes=part.whole("after_minutes", _minutes(standard.after), least=1, most=1440)),
        timedelta(hours=part.whole("letters_hours", _minutes(standard.letters) // 60, least=1, most=120)),
        part.whole("disk_megabytes", standard.disk_megabytes, most=10**6),
        part.whole("most_a_day", standard.most_a_day, least=1, most=1000),
        command,
        smtp,
        _address(part, "from", own) if account else "",
        _addresses(part, own) if account else (),
    )


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds()) // 60


def _account(part: Part, folder: Path, read_secret: ReadSecret) -> SmtpAccount | None:
    def login(section: Part) -> dict[str, Any]:
        password = read_secret(section, "password", folder)
        return {"password": password} if password else {}

    return smtp_account(part, folder, login, "localhost", relay=True)


def _address(part: Part, key: str, own: frozenset[str]) -> str:
    address = part.read(key, words.email, "")
    _refuse(part, key, address, own)
    return address


def _addresses(part: Part, own: frozenset[str]) -> tuple[str, ...]:
    addresses = part.read_all("to", words.email, required=True)
    for address in addresses:
        _refuse(part, "to", address, own)
    return addresses


def _refuse(part: Part, key: str, address: str, own: frozenset[str]) -> None:
    if address in own:
        part.note(
            key, f"`{part.name(key)}` must not be the bot's own address: it is to be read when that does not work"
        )
