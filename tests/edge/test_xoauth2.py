"""Logging in with access tokens: IMAP and SMTP servers that speak XOAUTH2 and refuse on command."""

import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.edge.mailbox import ImapAccount, Mailbox
from bot.edge.oauth import Tokens
from bot.edge.outbox import Outbox, SmtpAccount
from bot.edge.xoauth2 import Exchange
from bot.errors import Trouble
from bot.mail.letter import Sent
from tests.servers import Certificate, certificate, letter
from tests.tokens import SCOPE, USER, TokenEndpoint, TokenImap, TokenServer, TokenSmtp, secrets_in

GOOD, OTHER = "canary-access-good", "canary-access-other"
Open = Callable[[], object]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for this machine, signed by a CA that only the tests know."""
    return certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture(params=[TokenImap, TokenSmtp], ids=["imap", "smtp"])
def server(request: pytest.FixtureRequest) -> Iterator[TokenServer]:
    """A mail server that takes one token."""
    with request.param({GOOD}) as opened:
        yield opened


class Giver:
    """Gives tokens in a row, and remembers which were refused."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.asked: list[str] = []

    def __call__(self, refused: str) -> str:
        self.asked.append(refused)
        return self.tokens[min(len([each for each in self.asked if each]), len(self.tokens) - 1)]


def entering(server: TokenServer, token: Callable[[str], str], **settings: Any) -> Open:
    """What logs in to a server, and does a little."""
    given: dict[str, Any] = {"host": "127.0.0.1", "tls": "none", "username": USER, "token": token} | settings
    if isinstance(server, TokenImap):
        given |= {"password": str, "connect_timeout": 2, "read_timeout": 2}
        return Mailbox(ImapAccount(port=server.port, **given)).look
    box = Outbox(SmtpAccount(port=server.port, timeout=2, **given))
    return lambda: box.send(USER, "ana@coyotetel.example", letter())


def test_a_token_opens_the_mailbox_and_the_way_out(server: TokenServer) -> None:
    """User and token go as XOAUTH2 wants it; everything else is as ever."""
    giver = Giver(GOOD)
    found = entering(server, giver)()
    assert server.exchanges == [f"user={USER}\x01auth=Bearer {GOOD}\x01\x01".encode()]
    assert (giver.asked, server.connections) == ([""], 1)
    assert found == Sent() if isinstance(server, TokenSmtp) else getattr(found, "uids", None) == (1,)


def test_a_long_token_goes_in_an_answer_of_its_own() -> None:
    """A command line holds 512 bytes (RFC 4954); Microsoft's tokens have thousands."""
    long = "canary-" + "x" * 3000
    with TokenSmtp({long}) as server:
        assert entering(server, Giver(long))() == Sent()
        assert b"AUTH XOAUTH2\r\n" in server.heard
    with TokenImap({long}) as imap:
        entering(imap, Giver(long))()


def test_a_refused_token_is_renewed_once_on_a_new_connection(server: TokenServer) -> None:
    """The server's reason is answered with an empty line, the refusal heard, and another token tried."""
    giver = Giver(OTHER, GOOD)
    entering(server, giver)()
    assert giver.asked == ["", OTHER]
    assert server.connections == 2
    assert b"\r\n" in server.heard


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (b'{"status":"invalid_token","schemes":"bearer","scope":"https://mail.google.com/"}', "status invalid_token"),
        (b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}', f"it wants the scope {SCOPE}"),
        (b"", "with a token just renewed;"),
        (b"not json", "with a token just renewed;"),
        (b"[1]", "with a token just renewed;"),
        (b'{"status":{"a":"b"},"scope":["x"]}', "with a token just renewed;"),
        (b'{"status":"canary-access-good","scope":"a canary-access-other b"}', "with a token just renewed;"),
    ],
)
def test_a_token_that_stays_refused_is_trouble_with_the_reason(reason: bytes, words: str, server: TokenServer) -> None:
    """After one renewal the operator is told, with what the server wants; nothing else of its words."""
    server.reason, server.valid = reason, set()
    giver = Giver(GOOD, OTHER)
    with pytest.raises(Trouble) as trouble:
        entering(server, giver)()
    told = str(trouble.value)
    assert words in told
    assert "may lack its permission" in told
    assert trouble.value.wait >= 60
    assert giver.asked == ["", GOOD]
    assert server.connections == 2
    assert not secrets_in("".join(traceback.format_exception(trouble.value)) + repr(trouble.value))


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        (TokenSmtp, b"454 4.7.0 Temporary authentication failure\r\n"),
        (TokenSmtp, b"421 4.3.0 busy\r\n"),
        (TokenImap, b"TAG NO [UNAVAILABLE] try later\r\n"),
    ],
)
def test_a_server_that_cannot_check_now_costs_no_token(kind: type[TokenServer], refusal: bytes) -> None:
    """What is refused for now says nothing of the token: none is renewed, and no long wait begins."""
    with kind({GOOD}) as server:
        server.refusal, server.reason, giver = refusal, b"", Giver(OTHER, GOOD)
        with pytest.raises(Trouble) as trouble:
            entering(server, giver)()
        assert trouble.value.wait == 0
        assert giver.asked == [""]


@pytest.mark.parametrize("refusal", [b"TAG NO [AUTHENTICATIONFAILED] no\r\n", b"TAG BAD what?\r\n", b"* BYE\r\n"])
def test_imap_refusals_of_every_kind_end_well(refusal: bytes) -> None:
    """NO and BAD speak of the token; a line that breaks does not."""
    with TokenImap({GOOD}) as server:
        server.refusal, giver = refusal, Giver(OTHER, GOOD)
        with pytest.raises(Trouble):
            entering(server, giver)()
        assert len(giver.asked) == (1 if refusal.startswith(b"* BYE") else 2)


def test_the_renewal_itself_may_be_refused(server: TokenServer) -> None:
    """Then its reason is what the operator reads."""

    def giver(refused: str) -> str:
        if refused:
            raise Trouble("oauth: no access token: the client secret has expired")
        return OTHER

    with pytest.raises(Trouble, match="client secret has expired"):
        entering(server, giver)()


def test_no_token_goes_to_a_server_that_wants_passwords(server: TokenServer) -> None:
    """Where XOAUTH2 is not offered nothing is said, and the settings to look at are named."""
    server.offered = b"PLAIN"
    with pytest.raises(Trouble, match=r"offers no XOAUTH2.*auth` right"):
        entering(server, Giver(GOOD))()
    assert server.exchanges == []


def test_an_account_with_a_token_sends_no_password(server: TokenServer) -> None:
    """Even where the server offers PLAIN as well."""
    server.offered = b"PLAIN AUTH=XOAUTH2" if isinstance(server, TokenImap) else b"PLAIN LOGIN XOAUTH2"
    entering(server, Giver(GOOD))()
    assert not [line for line in server.heard if b"LOGIN" in line or b"PLAIN" in line]


def test_no_token_over_a_line_that_is_not_to_be_trusted(authority: Certificate) -> None:
    """A server with a certificate of an unknown authority hears nothing; with its authority all goes well."""
    for kind in (TokenImap, TokenSmtp):
        with kind({GOOD}, authority) as server:
            with pytest.raises(Trouble, match="certificate"):
                entering(server, Giver(GOOD), tls="tls")()
            assert server.heard == []
            entering(server, Giver(GOOD), tls="tls", ca_file=str(authority.ca))()
            assert len(server.exchanges) == 1


def test_from_the_provider_to_the_mailbox(
    authority: Certificate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Both servers log in with what the provider gave; revoked, it is renewed once for both."""
    caplog.set_level(logging.DEBUG)
    with TokenEndpoint(authority) as endpoint, TokenImap(endpoint.valid) as imap, TokenSmtp(endpoint.valid) as smtp:
        tokens = Tokens(endpoint.microsoft(), tmp_path)
        entering(imap, tokens.give)()
        entering(smtp, tokens.give)()
        assert len(endpoint.given) == 1
        endpoint.valid.clear()
        entering(imap, tokens.give)()
        entering(smtp, tokens.give)()
        assert len(endpoint.given) == 2
        endpoint.valid.clear()
        endpoint.refuse(401, {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}, times=9)
        for server in (imap, smtp):
            with pytest.raises(Trouble, match="client secret has expired"):
                entering(server, tokens.give)()
    assert not secrets_in(caplog.text)


def test_accounts_show_no_token() -> None:
    """A printed account shows neither the token nor where it comes from."""
    imap = ImapAccount("127.0.0.1", 1, "none", USER, str, token=Giver(GOOD))
    assert not secrets_in(
        f"{imap!r}{SmtpAccount('127.0.0.1', 1, 'none', USER, token=Giver(GOOD))!r}{Exchange(USER, GOOD)!r}"
    )
    assert "Giver" not in repr(imap)
