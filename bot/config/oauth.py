"""The section oauth: as what we are registered with the provider of access tokens.

Its one rule: everything that can be seen without asking the provider is seen here: a missing package, a
key file that is none, two ways at once.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.config import words
from bot.config.nodes import Part
from bot.config.secret import ReadSecret, Secret, ca_file
from bot.edge.oauth import PACKAGES, Provider, Registration, Tokens, Way

MODULES = {Provider.MICROSOFT: ("msal", "requests"), Provider.GOOGLE: ("google.auth", "google.oauth2", "requests")}
WAYS = {
    Provider.MICROSOFT: (Way.SECRET, Way.CERTIFICATE, Way.REFRESH),
    Provider.GOOGLE: (Way.SERVICE, Way.REFRESH),
}
AUTHORITY = "https://login.microsoftonline.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
SCOPES = {
    (Provider.MICROSOFT, False): ("https://outlook.office365.com/.default",),
    (Provider.MICROSOFT, True): (
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
    ),
    (Provider.GOOGLE, False): ("https://mail.google.com/",),
    (Provider.GOOGLE, True): ("https://mail.google.com/",),
}
WARN = (30, 14, 7, 3, 1)
SERVICE_KEYS = ("client_email", "private_key", "token_uri")
MARKS = ("PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----")


def tokens_of(top: Part, asking: Mapping[str, str], folder: Path, read_secret: ReadSecret, kept: Path) -> Tokens | None:
    """The tokens for the sections that ask for some (their names and providers, at least one of them), kept
    below `kept`; None after a mistake."""
    provider, *others = dict.fromkeys(map(Provider, asking.values()))
    parts = [top.part(name) for name in asking]
    if others:
        parts[1].note(
            "auth", f"`{parts[1].name('auth')}` must be that of `mailbox`, or `password`: there is one `oauth`"
        )
    if not all(map(_there, MODULES[provider])):
        told = f"`{parts[0].name('auth')}` needs the package {PACKAGES[provider]}; run: pip install 'cmpbot[oauth]'"
        parts[0].note("auth", told)
    users = [part.text("username", "") for part in parts]
    if provider is Provider.GOOGLE and len(set(users)) > 1:
        told = f"`{parts[1].name('username')}` must be that of `mailbox`, for a token of Google's is for one user"
        parts[1].note("username", told)
    found = _registration(top.part("oauth"), provider, users[0], folder, read_secret)
    return Tokens(found, kept) if found else None


def _registration(
    part: Part, provider: Provider, user: str, folder: Path, read_secret: ReadSecret
) -> Registration | None:
    """The section `oauth`."""
    way = _way(part, provider)
    refreshing = way is Way.REFRESH
    microsoft = provider is Provider.MICROSOFT
    credential = _credential(part, way, folder, read_secret) if way else None
    beside = _client_secret(part, folder, read_secret, provider) if refreshing else str
    ends = part.read("expires", words.day, date.max, default=date.max)
    found: dict[str, Any] = {
        "scopes": part.read_all("scopes", _scope) or SCOPES[provider, refreshing],
        "endpoint": _authority(part) if microsoft else _token_uri(part, refreshing=refreshing),
        "client_id": part.read("client_id", _word, "") if microsoft or refreshing else "",
        "ca_file": ca_file(part, folder),
        "ends": None if ends == date.max else ends,
        "warn": tuple(sorted(set(part.read_all("warn_days", words.days)), reverse=True)) or WARN,
    }
    if not (way and credential and beside):
        return None
    return Registration(provider, way, user, credential=credential, client_secret=beside, **found)


def _credential(part: Part, way: Way, folder: Path, read_secret: ReadSecret) -> Secret | None:
    found = read_secret(part, way.value, folder, lines=way in FORMS)
    if found and way in FORMS and (wrong := FORMS[way](found())):
        part.note(way.value, f"`{part.name(way.value)}` {wrong}")
        return None
    return found


def _way(part: Part, provider: Provider) -> Way | None:
    """By what we ask: exactly one; a refresh token may have a client secret beside it."""
    given = [way for way in WAYS[provider] if part.has(way)]
    if Way.REFRESH in given:
        given = [way for way in given if way is not Way.SECRET]
    if len(given) == 1:
        return given[0]
    if part.node is not None:
        told = f"`oauth` must name {'only ' if given else ''}one of {_listed(part.name(way) for way in WAYS[provider])}"
        part.page.note(part.node, told)
    return None


def _client_secret(part: Part, folder: Path, read_secret: ReadSecret, provider: Provider) -> Secret | None:
    """What goes along with a refresh token: Google always wants one, Microsoft of some applications."""
    if provider is Provider.MICROSOFT and not part.has(Way.SECRET):
        return str
    return read_secret(part, Way.SECRET.value, folder)


def _authority(part: Part) -> str:
    authority = part.read("authority", _https, AUTHORITY, default=AUTHORITY)
    return f"{authority.rstrip('/')}/{part.read('tenant', _tenant, '')}"


def _token_uri(part: Part, *, refreshing: bool) -> str:
    """Where to ask Google: a service account's key says so itself."""
    return part.read("token_uri", _https, TOKEN_URI, default=TOKEN_URI if refreshing else "")


def _no_service_key(text: str) -> str:
    """What is wrong with a service account's key, or nothing."""
    try:
        key: Any = json.loads(text or "{}")
    except ValueError:
        key = None
    if text and not (isinstance(key, dict) and all(isinstance(key.get(name), str) for name in SERVICE_KEYS)):
        return "names what is no key of a service account; make one of the kind JSON, and give the file as it comes"
    return ""


def _no_certificate(text: str) -> str:
    """What is wrong with a certificate and its key, or nothing."""
    if text and not all(mark in text for mark in MARKS):
        return "must name a file that holds the private key and its certificate, both in PEM, one below the other"
    return ""


FORMS = {Way.SERVICE: _no_service_key, Way.CERTIFICATE: _no_certificate}
"""The credentials that have several lines, and how to see that they are what they should be."""


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _https(text: str) -> str:
    if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?", text):
        raise ValueError(f"must be an address that begins with https://, not `{text}`")
    return text


def _tenant(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,127}", text):
        raise ValueError(f"must be the Directory (tenant) ID or a domain of the tenant, not `{text}`")
    return text


def _word(text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,256}", text):
        raise ValueError(f"must be an ID without blanks, not `{text}`")
    return text


def _scope(text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,256}", text):
        raise ValueError(f"must be a scope such as `https://mail.google.com/`, not `{text}`")
    return text
