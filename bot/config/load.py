"""config.yaml -> Settings. Its one rule: all mistakes at once, each with its line.

Looked for in this order: the file asked for, $CMPBOT_CONFIG, ./config.yaml, the packaged one.
Paths in it are relative to the file, so that a folder with its configuration can be moved.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from bot.config import words
from bot.config.accounts import MEGABYTE, embedded_accounts, is_embedded, real_accounts, store_url
from bot.config.alerts import alerts_of
from bot.config.nodes import Part, one_of, open_page, read_bytes
from bot.config.office import office_of
from bot.config.secret import ReadSecret, read_secret, unread_secret
from bot.config.settings import Limits, Posting, Settings
from bot.edge.holidays import list_holidays
from bot.edge.sandbox import SandboxLimits
from bot.errors import ConfigMistake, Mistake
from bot.intake.fields import WrongField, table_from
from bot.intake.form import FieldTable
from bot.office.office import Office

ENVIRONMENT = "CMPBOT_CONFIG"
HERE = Path("config.yaml")
TABLE = "fields.yaml"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to ask for what does not stand in the file itself."""

    secret: ReadSecret
    holidays: Callable[[str, tuple[int, ...], Path], frozenset[date]]


WORLD = Sources(read_secret, list_holidays)
NOTHING = Sources(unread_secret, lambda country, years, kept: frozenset())


def load(path: Path | None = None, now: datetime | None = None) -> Settings:
    """Read the configuration that `path` or the search order names; `now` (aware, default: the
    wall clock) decides which years' holidays are listed. Raises ConfigMistake with every mistake."""
    return _load(path, now, WORLD)


def load_to_explain(path: Path | None = None) -> Settings:
    """The same without keys and holidays, and without making any file: enough to read a form."""
    return _load(path, None, NOTHING)


def packaged() -> Path:
    """The folder with config.yaml, forms/ and templates/: inside the wheel, else the checkout."""
    inside = Path(str(files("bot"))) / "_data"
    return inside if inside.is_dir() else inside.parent.parent


def find(path: Path | None) -> Path:
    """The configuration file to use. Raises ConfigMistake for a named one that is not there."""
    named = path or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is None:
        return HERE if HERE.is_file() else packaged() / "config.yaml"
    if not named.is_file():
        raise ConfigMistake((Mistake(str(named), "there is no such configuration file; `cmpbot init DIR` writes one"),))
    return named


def beside(path: Path | None) -> Path:
    """The folder for what can be made anew, for a configuration that cannot be used: by its `store` where that can
    still be read, otherwise as shipped."""
    folder = HERE.parent
    with suppress(ConfigMistake):
        file = find(path)
        folder = _folder(file)
        return _kept(store_url(open_page(read_bytes(file, str(file)), str(file)), folder, unread_secret), folder)
    return folder / "var"


def _kept(url: str, folder: Path) -> Path:
    """Beside the database, where that is a file."""
    return Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else folder / "var"


def _load(path: Path | None, now: datetime | None, sources: Sources) -> Settings:
    file = find(path)
    top = open_page(read_bytes(file, str(file)), str(file))
    folder = _folder(file)
    url = store_url(top, folder, sources.secret)
    keep_years = top.part("store").whole("keep_years", 0, most=100)
    var = _kept(url, folder)
    office = _office(top, now or datetime.now(UTC), sources, var)
    embedded = is_embedded(top)
    us = office.organisation.address
    imap, smtp, tokens = (
        embedded_accounts(top, us.email) if embedded else real_accounts(top, folder, sources.secret, us.domain, var)
    )
    posting = _posting(top.part("posting"), folder)
    own_addresses = _own_addresses(top, office)
    limits, sandbox = _limits(top), _sandbox(top)
    forms = _forms(top, folder)
    alerts = alerts_of(top, folder, sources.secret, own_addresses)
    top.finish()
    top.page.refuse()
    if imap is None or smtp is None:
        raise AssertionError("unreachable: an account that cannot be made is a mistake")
    return Settings(
        path=file,
        office=office,
        table=read_table(forms / TABLE),
        embedded=embedded,
        imap=imap,
        smtp=smtp,
        oauth=tokens,
        own_addresses=own_addresses,
        store_url=url,
        keep_years=keep_years,
        posting=posting,
        limits=limits,
        sandbox=sandbox,
        worker=_worker(),
        templates=packaged() / "templates",
        forms=forms,
        kept=var,
        alerts=alerts,
    )


def _office(top: Part, now: datetime, sources: Sources, var: Path) -> Office:
    """The office, with the holidays of the years that a date may come to lie in."""

    def holidays(country: str, years: tuple[int, ...]) -> frozenset[date]:
        return sources.holidays(country, years, var / "holidays.json")

    return office_of(top, holidays, tuple(range(now.year - 1, now.year + 4)))


def _worker() -> str:
    """Who this process is: never by the name of an earlier one, for in a container every start has the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(3)}"


def _folder(file: Path) -> Path:
    """What the file's relative paths start from: its own folder."""
    # QUIRK: an installed wheel's own config.yaml lies among the code, where nothing is to be written;
    # its paths start from the working folder instead.
    return Path.cwd() if file.parent.name == "_data" else file.resolve().parent


def _own_addresses(top: Part, office: Office) -> frozenset[str]:
    """The addresses whose mail is our own: that of the process, and every alias of the mailbox."""
    aliases = top.part("organisation").read_all("aliases", words.email)
    return frozenset((office.organisation.address.email, *aliases))


def _forms(top: Part, folder: Path) -> Path:
    """The folder with the field table and the blank forms: the packaged one, or the office's own."""
    process = top.part("process", required=False)
    if not process.has("forms"):
        return packaged() / "forms"
    forms = folder / process.text("forms")
    if not (forms / TABLE).is_file():
        process.note("forms", f"`{process.name('forms')}` names {forms}, where there is no {TABLE}")
        return packaged() / "forms"
    return forms


def read_table(file: Path) -> FieldTable:
    """The field table of a file; what is wrong with it is told under that file's own name, with its line."""
    top = open_page(read_bytes(file, str(file)), str(file))
    top.page.refuse()
    try:
        return table_from(top.plain())
    except ValueError as error:
        line = top.line_of("fields", error.row if isinstance(error, WrongField) else 0)
        raise ConfigMistake((Mistake(f"{file}:{line}", str(error)),)) from error


def _posting(part: Part, folder: Path) -> Posting:
    from bot.posting.documents import ENDINGS  # noqa: PLC0415 - half of the commands post nothing

    documents = part.read_all("documents", one_of(ENDINGS))
    contacts = part.choice("contacts", ("true", "false"), "false") == "true"
    return Posting(folder / part.text("folder"), part.read_all("after_publish", str), contacts, documents)


def _limits(top: Part) -> Limits:
    part, standard = top.part("limits", required=False), Limits()

    def whole(key: str, most: int) -> int:
        return part.whole(key, getattr(standard, key), least=1, most=most)

    return Limits(
        attempts=whole("attempts", 100),
        batch=whole("batch", 500),
        poll_seconds=whole("poll_seconds", 3600),
        answers_an_hour=whole("answers_an_hour", 1000),
        answers_a_day=whole("answers_a_day", 10_000),
        acknowledgements_an_hour=whole("acknowledgements_an_hour", 10_000),
        about_one_an_hour=whole("about_one_an_hour", 10_000),
        hard_bounces=whole("hard_bounces", 1000),
    )


def _sandbox(top: Part) -> SandboxLimits:
    part = top.part("limits", required=False).part("attachment", required=False)
    standard = SandboxLimits()
    return SandboxLimits(
        cpu_seconds=part.whole("cpu_seconds", standard.cpu_seconds, least=1, most=600),
        wall_seconds=part.whole("wall_seconds", int(standard.wall_seconds), least=1, most=600),
        memory=part.whole("memory_megabytes", standard.memory // MEGABYTE, least=128, most=16_384) * MEGABYTE,
    )
