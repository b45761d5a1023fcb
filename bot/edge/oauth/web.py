"""The line to a provider of tokens. Its one rule: what we ask with goes to the configured address only,
over TLS whose certificate was verified."""

from typing import Any

import requests

TIMEOUT = 20  # seconds for an answer


class Line(requests.Session):
    """A session that trusts a named authority, if there is one, and follows nobody elsewhere."""

    def __init__(self, ca_file: str | None) -> None:
        super().__init__()
        self._trusted: str | bool = ca_file or True

    def request(self, *given: Any, **settings: Any) -> requests.Response:
        """A request. QUIRK: requests lets $REQUESTS_CA_BUNDLE outrank a session's own authority, but not
        that of a single request."""
        settings |= {"verify": self._trusted, "timeout": TIMEOUT, "allow_redirects": False}
        return super().request(*given, **settings)
