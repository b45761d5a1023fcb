"""Tokens of Google, through google-auth. Its one rule: the same as Microsoft's."""

import json
from typing import Any

from bot.edge.oauth.microsoft import given
from bot.edge.oauth.refusals import by_google, senseless, unreached
from bot.edge.oauth.registration import Given, Registration, Way


def ask(of: Registration, refresh: str) -> Given:
    """Ask for a token, by the service account's key or by the refresh token. Raises Trouble."""
    import google.auth.exceptions as wrong  # noqa: PLC0415 - an extra; only these offices need it

    heard: list[dict[str, Any]] = []
    try:
        _credentials(of, refresh).refresh(_listening(of, heard))
    except wrong.TransportError as error:
        trouble = unreached(error)
    except wrong.RefreshError as error:
        said = heard[-1] if heard else {}
        trouble = by_google(said.get("error"), said.get("error_description")) if said else senseless(error)
    except (wrong.GoogleAuthError, ValueError, LookupError, TypeError, AttributeError) as error:
        trouble = senseless(error)
    else:
        return given(heard[-1])
    raise trouble  # out here, so that no library's error, which may hold what was sent, hangs on to it


def _credentials(of: Registration, refresh: str) -> Any:
    if of.way is Way.SERVICE:
        from google.oauth2 import service_account  # noqa: PLC0415 - as above

        key = json.loads(of.credential())
        key |= {"token_uri": of.endpoint} if of.endpoint else {}
        return service_account.Credentials.from_service_account_info(key, scopes=of.scopes, subject=of.user)  # type: ignore[no-untyped-call]
    from google.oauth2.credentials import Credentials  # noqa: PLC0415 - as above

    return Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh,
        token_uri=of.endpoint,
        client_id=of.client_id,
        client_secret=of.client_secret(),
        scopes=of.scopes,
    )


def _listening(of: Registration, heard: list[dict[str, Any]]) -> Any:
    """A way to ask that keeps the answers: the library passes on neither how long a refresh token is good
    nor the reason of a refusal in one piece."""
    from google.auth.transport.requests import Request  # noqa: PLC0415 - an extra; only these offices need it

    from bot.edge.oauth.web import Line  # noqa: PLC0415 - the same

    send = Request(Line(of.ca_file))

    def asked(**request: Any) -> Any:
        response = send(**request)
        try:
            said = json.loads(response.data)
        except ValueError:
            said = None
        heard.append(said if isinstance(said, dict) else {})
        return response

    return asked
