"""XOAUTH2, the way to log in with an access token (SASL; Google and Microsoft, Dovecot as well).

Its one rule: a refusal is heard out. The server tells its reason as a challenge and refuses only after
an empty answer to that; of the reason nothing is repeated that could be the token.
"""

import json
import re

STATUS = re.compile(r"[A-Za-z0-9_]{1,20}")
SCOPE = re.compile(r"[!-~]{1,100}( [!-~]{1,100}){0,4}")
MEANING = "; the application may lack its permission, or the right to this mailbox"


class Exchange:
    """One login: what to say to the server, challenge by challenge. imaplib and smtplib both call it."""

    def __init__(self, username: str, token: str) -> None:
        self._first = f"user={username}\x01auth=Bearer {token}\x01\x01"
        self._token = token
        self._begun = False
        self._told = b""

    def __call__(self, challenge: bytes | None = None, /) -> str:
        """The answer to a challenge: first the token, then nothing."""
        if not self._begun:
            self._begun = True
            return self._first
        self._told = challenge or b""
        return ""

    @property
    def short(self) -> bool:
        """True where the first answer fits into the command (RFC 4954 section 4: 512 bytes in base64)."""
        return len(self._first) < 360  # noqa: PLR2004 - three quarters of it, and AUTH XOAUTH2

    def why(self) -> str:
        """The server's reason, as far as it gave one, to follow the words `the server refuses the token`."""
        try:
            told = json.loads(self._told)
        except ValueError:
            told = None
        told = told if isinstance(told, dict) else {}
        status, scope = (text if isinstance(text := told.get(key), str) else "" for key in ("status", "scope"))
        parts = [f"status {status}"] if STATUS.fullmatch(status) else []
        parts += [f"it wants the scope {scope}"] if SCOPE.fullmatch(scope) and self._token not in scope else []
        return f" ({', '.join(parts)})" if parts else ""
