"""What we are registered as with a provider of tokens, and what it gives. Its one rule: values only,
and none that shows a secret when printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Secret = Callable[[], str]


class Provider(StrEnum):
    """Who gives the tokens."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"


class Way(StrEnum):
    """By what we ask for a token; the values are keys of the section `oauth`."""

    SECRET = "client_secret"  # noqa: S105 - a name of a key
    CERTIFICATE = "certificate"
    REFRESH = "refresh_token"
    SERVICE = "service_account"


NAMES = {
    Way.SECRET: "the client secret",
    Way.CERTIFICATE: "the certificate",
    Way.REFRESH: "the refresh token",
    Way.SERVICE: "the service account's key",
}
RENEW = {
    Way.SECRET: "Make a new client secret in the Microsoft Entra admin center (Certificates & secrets), write its "
    "Value into the file that oauth.client_secret names, and its last day into oauth.expires.",
    Way.CERTIFICATE: "Make a new key with its certificate, upload the certificate in the Microsoft Entra admin center "
    "(Certificates & secrets), and put both into the file that oauth.certificate names.",
    Way.REFRESH: "Sign in anew as the mailbox's user, write the new refresh token into the file that "
    "oauth.refresh_token names, and its last day, if it has one, into oauth.expires.",
    Way.SERVICE: "Make a new key of the kind JSON for the service account in the Google Cloud console, put it into the "
    "file that oauth.service_account names, and its last day, if it has one, into oauth.expires.",
}
"""What the operator does about it, before the end or after it."""
PACKAGES = {Provider.MICROSOFT: "msal", Provider.GOOGLE: "google-auth"}
OVER = -1
"""The stage of what has ended."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything that a request for a token needs.

    `user` is the mailbox's, `endpoint` Microsoft's authority with the tenant or Google's token address
    (empty: as the service account's key says). `credential` is what `way` names, `client_secret` what
    goes along with a refresh token. `ends` is the day on which the credential ends, as configured;
    `warn` says how many days ahead people hear of that.
    """

    provider: Provider
    way: Way
    user: str
    scopes: tuple[str, ...]
    credential: Secret = field(repr=False)
    endpoint: str = ""
    client_id: str = ""
    client_secret: Secret = field(default=str, repr=False)
    ca_file: str | None = None
    ends: date | None = None
    warn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the provider gave: a token that is good for so many seconds, and perhaps a new refresh token
    and for how long that one is good (0: not said)."""

    token: str = field(repr=False)
    seconds: int
    refresh: str = field(default="", repr=False)
    refresh_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day of a credential: what it is, in words, the day, and what to do about it."""

    what: str
    on: date
    remedy: str = ""


def stage(days: int, warn: Sequence[int]) -> int | None:
    """The stage of a warning, so many days before an end: the nearest of `warn` that is reached, OVER
    afterwards, None as long as nobody has to know."""
    if days < 0:
        return OVER
    return min((each for each in warn if days <= each), default=None)
