"""The sections mailbox, smtp and store: which servers, and how we log in (with tokens: `oauth`).

Its one rule: a password crosses a network only inside verified TLS; without TLS the server must
be this very machine.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from bot.config.nodes import Part
from bot.config.secret import ReadSecret, ca_file
from bot.edge.mailbox import ImapAccount
from bot.edge.outbox import SmtpAccount

if TYPE_CHECKING:
    from bot.edge.oauth import Tokens

EMBEDDED = "embedded"
LOOPBACK = "127.0.0.1"
THIS_MACHINE = frozenset({"localhost", LOOPBACK, "::1"})
MEGABYTE = 1024 * 1024
MOST = 25  # megabytes of a mail; the store keeps nothing larger (DESIGN section 8)
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}
FOLDERS = {"inbox": "INBOX", "processed": "Processed", "parked": "Parked", "quarantine": "Quarantine"}
PASSWORD = "password"  # noqa: S105 - a word of the configuration
PROVIDERS = {"oauth-microsoft": "microsoft", "oauth-google": "google"}
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def is_embedded(top: Part) -> bool:
    """True for `mailbox: embedded`: a mail server of our own inside this process, for rehearsals."""
    return top.has("mailbox") and not top.is_part("mailbox") and top.choice("mailbox", (EMBEDDED,)) == EMBEDDED


Accounts = tuple[ImapAccount | None, SmtpAccount | None, "Tokens | None"]


def real_accounts(top: Part, folder: Path, read_secret: ReadSecret, domain: str, kept: Path) -> Accounts:
    """Accounts of the servers that the file names, None after a mistake, and the access tokens where they
    want some, which are kept below `kept`. `domain` is our own."""
    asking = {name: provider for name in ("mailbox", "smtp") if (provider := _provider(top, name))}
    tokens = None
    if asking:
        from bot.config.oauth import tokens_of  # noqa: PLC0415 - few offices need it

        tokens = tokens_of(top, asking, folder, read_secret, kept)
    elif top.has("oauth"):
        top.note("oauth", "`oauth` is given, but neither `mailbox.auth` nor `smtp.auth` asks for it")

    def login(part: Part) -> dict[str, Any]:
        """With what to log in; empty after a mistake."""
        if part.path not in asking:
            password = read_secret(part, "password", folder)
            return {"password": password} if password else {}
        if part.has("password"):
            part.note("password", f"`{part.name('password')}` is not for `auth: oauth-...`; leave this line out")
        return {"password": str, "token": tokens.give} if tokens else {}

    return (
        _imap(top, folder, login),
        smtp_account(top.part("smtp"), folder, login, domain, relay="smtp" not in asking),
        tokens,
    )


def _provider(top: Part, name: str) -> str:
    """Whose access tokens a section logs in with; empty for a password."""
    if not top.is_part(name):
        return ""
    return PROVIDERS.get(top.part(name).choice("auth", (PASSWORD, *PROVIDERS), PASSWORD), "")


Login = Callable[[Part], dict[str, Any]]


def _imap(top: Part, folder: Path, login_of: Login) -> ImapAccount | None:
    part = top.part("mailbox")
    server = _server(part, folder, IMAP_PORTS)
    folders = part.part("folders", required=False)
    names: dict[str, Any] = {key: folders.read(key, _printable, name, default=name) for key, name in FOLDERS.items()}
    username = part.read("username", _printable, "")
    login = login_of(part)
    largest = _largest(top)
    if len(set(names.values())) < len(names):
        part.note("folders", f"`{part.name('folders')}`: every folder needs a name of its own")
    if not (server and login and username):
        return None
    return ImapAccount(**server, **login, username=username, **names, largest=largest)


def smtp_account(part: Part, folder: Path, login_of: Login, domain: str, *, relay: bool) -> SmtpAccount | None:
    """The account that a section describes, None after a mistake. A server without `username` is a relay that
    asks for no login, where `relay` allows that; `domain` is how we present ourselves."""
    server = _server(part, folder, SMTP_PORTS)
    username = part.read("username", _printable, "", default="" if relay else None)
    if part.has("password") and not part.has("username"):
        part.note("password", f"`{part.name('password')}` is given, but no `{part.name('username')}`")
    login = login_of(part) if username or part.has("password") else {}
    return SmtpAccount(**server, **login, username=username, name=domain) if server else None


def embedded_accounts(top: Part, username: str) -> Accounts:
    """Accounts of the embedded server: this machine only, with a new password at each start."""
    if top.is_part("smtp"):
        top.note("smtp", "`mailbox: embedded` brings its own SMTP server; write `smtp: embedded`")
    elif top.has("smtp"):
        top.choice("smtp", (EMBEDDED,))
    if top.has("oauth"):
        top.note("oauth", "`oauth` is given, but `mailbox: embedded` asks nobody for a token")
    word = secrets.token_urlsafe(24)
    return (
        ImapAccount(LOOPBACK, 0, "none", username, lambda: word, largest=_largest(top)),
        SmtpAccount(LOOPBACK, 0, "none"),
        None,
    )


def _largest(top: Part) -> int:
    """The bytes above which a mail is set aside."""
    return top.part("limits", required=False).whole("mail_megabytes", MOST, least=1, most=MOST) * MEGABYTE


def store_url(top: Part, folder: Path, read_secret: ReadSecret) -> str:
    """The database's address with its password, as SQLAlchemy wants it. Secret where it has one."""
    part = top.part("store")
    url = part.read("url", _database, "")
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        if part.has("password"):
            part.note("password", "an SQLite file has no password; leave this line out")
        return f"sqlite:///{(folder / rest.removeprefix('/')).resolve()}"
    if not part.has("password"):
        return url
    password = read_secret(part, "password", folder)
    word = password() if password else ""
    user, at, server = rest.partition("@")
    if not at:
        part.note(
            "url", f"`{part.name('url')}` names no user, but there is a password; write postgresql://USER@HOST/NAME"
        )
    return f"{scheme}://{user}:{quote(word, safe='')}@{server}"


def _database(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme not in DRIVERS or not rest.strip("/"):
        raise ValueError("must be `sqlite:///FILE` or `postgresql://USER@HOST/NAME`")
    if scheme != "sqlite" and ":" in urlsplit(text).netloc.rpartition("@")[0]:
        raise ValueError("must not carry a password; write it to a file and add `password: {file: secrets/store}`")
    return f"{DRIVERS[scheme]}://{rest}"


def _server(part: Part, folder: Path, ports: Mapping[str, int]) -> dict[str, Any]:
    """Host, port, kind of TLS and its authority; empty after a mistake. No TLS only on this machine."""
    host = part.read("host", _host, "")
    tls = part.choice("tls", tuple(ports), "tls")
    port = part.whole("port", ports[tls], least=1, most=65535)
    trusted = ca_file(part, folder)
    if tls == "none" and host and host.lower() not in THIS_MACHINE:
        part.note(
            "tls",
            f"`{part.name('tls')}: none` would send password and mail to {host} in the clear; write tls or starttls",
        )
        return {}
    found = {"host": host, "port": port, "tls": tls, "ca_file": trusted}
    return found if host else {}


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?|::1", text):
        raise ValueError(f"must be the name or address of a server, such as `imap.carrier.example`, not `{text}`")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must not hold control characters")
    return text
