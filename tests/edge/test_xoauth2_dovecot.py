"""XOAUTH2 against a real Dovecot, which checks the signature, the user and the end of each token itself."""

import base64
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from bot.edge.mailbox import Mailbox
from bot.edge.oauth import Tokens
from bot.errors import Trouble
from tests.servers import IN_CI, Dovecot, certificate, letter
from tests.tokens import TokenEndpoint

KEY = b"a key that only these tests know, of 32 bytes and more"
MECHANISMS = """
auth_mechanisms = plain xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {0}/oauth2.conf
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
CHECK = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={0}/keys/
username_attribute = sub
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A Dovecot that takes passwords and tokens signed with our key."""
    if Dovecot.missing() and not IN_CI:
        pytest.skip("dovecot is not installed (make servers)")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # Dovecot, which runs as nobody, reads it
        keys = folder / "keys" / "default" / "HS256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(base64.b64encode(KEY))
        (folder / "oauth2.conf").write_text(CHECK.format(folder))
        with Dovecot(settings=MECHANISMS.format(folder)) as opened:
            yield opened


def token(user: str, seconds: float = 600, key: bytes = KEY) -> str:
    """A token for a user, good for so many seconds."""
    now = int(time.time())
    return jwt.encode({"sub": user, "iat": now - 700, "exp": now + int(seconds)}, key, "HS256")


def test_dovecot_takes_a_good_token(server: Dovecot) -> None:
    """Look and fetch, as with a password."""
    user = server.new_user()
    server.deliver(user, letter())
    box = Mailbox(server.account(user, token=lambda _: token(user)))
    assert len(box.fetch(box.look().uids)) == 1
    box.close()


def test_an_expired_token_is_renewed_once(server: Dovecot) -> None:
    """Dovecot tells its reason in a challenge; the answer is an empty line, then another token."""
    user, asked = server.new_user(), list[str]()

    def give(refused: str) -> str:
        asked.append(refused)
        return token(user, 600 if refused else -60)

    Mailbox(server.account(user, token=give)).look()
    assert [bool(each) for each in asked] == [False, True]


@pytest.mark.parametrize("wrong", ["end", "key", "user"])
def test_a_token_that_stays_bad_is_trouble(wrong: str, server: Dovecot) -> None:
    """Expired, signed by somebody else, or another user's."""
    user = server.new_user()
    given = {"end": (user, -60, KEY), "key": (user, 600, b"x" * 40), "user": ("bo@meridell.example", 600, KEY)}[wrong]
    with pytest.raises(Trouble, match="refuses the login with a token just renewed") as trouble:
        Mailbox(server.account(user, token=lambda _: token(*given))).look()
    assert trouble.value.wait >= 60


def test_from_the_provider_into_dovecot(server: Dovecot, tmp_path: Path) -> None:
    """What a provider gives through msal and google-auth opens a real mailbox; ended early, it is renewed."""
    user = server.new_user()
    server.deliver(user, letter())
    for n, way in enumerate((TokenEndpoint.microsoft, TokenEndpoint.google)):
        made = certificate(tmp_path / f"ca{n}")
        with TokenEndpoint(made, make=lambda count: token(user, 600 if count else -60)) as endpoint:
            tokens = Tokens(way(endpoint), tmp_path / f"kept{n}")
            assert len(Mailbox(server.account(user, token=tokens.give)).look().uids) == 1
            assert len(endpoint.given) == 2


def test_a_password_logs_in_beside_tokens(server: Dovecot) -> None:
    """An app password is a password like any other: where both are offered, it goes by PLAIN."""
    user = server.new_user()
    assert Mailbox(server.account(user)).look().uids == ()
