"""SMTP login: how a connection says who we are, by password or by token.

Its one rule: a secret stands in no error, and neither does what a server says of it.
"""

import smtplib
from base64 import b64encode

from bot.edge.xoauth2 import Exchange
from bot.errors import Trouble

LOGIN_REFUSED_WAIT = 300  # seconds; servers lock accounts after a few refusals
LOGGED_IN, FOR_GOOD = 235, 5


class TokenRefused(Exception):
    """The server takes this access token for none; the text is its reason."""


def with_token(line: smtplib.SMTP, username: str, token: str) -> None:
    """Log in by XOAUTH2. Raises TokenRefused, or what smtplib raises."""
    if "XOAUTH2" not in line.esmtp_features.get("auth", "").upper().split():
        raise Trouble("outbox: the server offers no XOAUTH2; are `smtp.host`, `smtp.port` and `smtp.auth` right?")
    exchange = Exchange(username, token)
    try:
        line.auth("XOAUTH2", exchange, initial_response_ok=exchange.short)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code // 100 != FOR_GOOD:
            raise
        why = exchange.why()
    else:
        return
    raise TokenRefused(why)


def with_password(line: smtplib.SMTP, username: str, password: str) -> None:
    """Log in by a password. Raises what smtplib raises.

    QUIRK: smtplib takes ASCII alone, and its error names the letter of the password that is none. UTF-8 goes by
    PLAIN (RFC 4616), which every server with passwords of that kind knows.
    """
    if username.isascii() and password.isascii():
        line.login(username, password)
        return
    if "PLAIN" not in line.esmtp_features.get("auth", "").upper().split():
        raise Trouble("outbox: the server takes no user name or password beyond ASCII (it offers no AUTH PLAIN)")
    code, text = line.docmd("AUTH PLAIN", b64encode(f"\0{username}\0{password}".encode()).decode("ascii"))
    if code != LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, text)


def login_refused(why: str = "") -> Trouble:
    """What is told of a refused login; it is left alone for a while."""
    return Trouble(
        f"outbox: the server refuses the login{why}",
        public="The mail server refuses the bot's login.",
        wait=LOGIN_REFUSED_WAIT,
    )
