"""Tokens of Microsoft Entra, through msal. Its one rule: one request, one answer; what is kept is kept
by `Tokens`, not by the library."""

import re
from contextlib import suppress
from typing import Any

from bot.edge.oauth.refusals import by_microsoft, senseless, unreached
from bot.edge.oauth.registration import Given, Registration, Way

SENSELESS = (ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What msal raises for answers that it did not expect."""
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def ask(of: Registration, refresh: str) -> Given:
    """Ask for a token, by the refresh token where the registration has one. Raises Trouble."""
    import msal  # noqa: PLC0415 - an extra, and 0.2 s; only these offices need it
    import requests  # noqa: PLC0415 - comes with msal

    from bot.edge.oauth.web import Line  # noqa: PLC0415 - as above

    try:
        answer = _asked(msal, of, refresh, Line(of.ca_file))
    except requests.HTTPError as error:
        trouble = senseless(error)
    except requests.RequestException as error:
        trouble = unreached(error)
    except (msal.exceptions.MsalError, *SENSELESS) as error:
        trouble = senseless(error)
    else:
        if isinstance(answer, dict) and "access_token" in answer:
            return given(answer)
        trouble = by_microsoft(answer if isinstance(answer, dict) else {})
    raise trouble  # out here, so that no library's error, which may hold what was sent, hangs on to it


def _asked(msal: Any, of: Registration, refresh: str, line: object) -> Any:
    # QUIRK: without instance_discovery=False msal asks login.microsoftonline.com about every authority
    # that it does not know by heart; ours is configured, and its certificate vouches for it.
    settings = {"authority": of.endpoint, "instance_discovery": False, "http_client": line}
    if of.way is not Way.REFRESH:
        app = msal.ConfidentialClientApplication(of.client_id, client_credential=_credential(of), **settings)
        return app.acquire_token_for_client(scopes=list(of.scopes))
    secret = of.client_secret()
    kind = msal.ConfidentialClientApplication if secret else msal.PublicClientApplication
    app = kind(of.client_id, **({"client_credential": secret} if secret else {}), **settings)
    return app.acquire_token_by_refresh_token(refresh, list(of.scopes))


def _credential(of: Registration) -> object:
    if of.way is Way.SECRET:
        return of.credential()
    key, certificate = split(of.credential())
    return {"private_key": key, "public_certificate": certificate}


def split(pem: str) -> tuple[str, str]:
    """Private key and certificate of a PEM text. Raises ValueError where one is missing."""
    key, certificate = KEY.search(pem), CERTIFICATE.search(pem)
    if not key or not certificate:
        raise ValueError("must hold a private key and its certificate, both in PEM")
    return key[0], certificate[0]


def given(answer: dict[str, Any]) -> Given:
    """What a good answer holds. Raises Trouble for one that is not."""
    token, refresh = answer.get("access_token"), answer.get("refresh_token") or ""
    if isinstance(token, str) and isinstance(refresh, str):
        with suppress(TypeError, ValueError):
            seconds = int(answer.get("expires_in", 300))
            return Given(token, seconds, refresh, int(answer.get("refresh_token_expires_in") or 0))
    raise senseless()
