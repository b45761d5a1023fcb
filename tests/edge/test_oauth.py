"""Access tokens: asked for as Microsoft and Google want it, kept for our eyes only, renewed in time."""

import json
import logging
import os
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.edge.oauth import Ending, Provider, Registration, Tokens, Way, stage
from bot.edge.oauth.registration import OVER, RENEW
from bot.edge.oauth.tokens import TALKATIVE
from bot.errors import Trouble
from tests.servers import Certificate, certificate
from tests.tokens import CLIENT, REFRESH, SECRET, TokenEndpoint, certificate_pem, kept_file, later, secrets_in

DELEGATED = ("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for this machine, signed by a CA that only the tests know."""
    return certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def endpoint(authority: Certificate) -> Iterator[TokenEndpoint]:
    """A provider of tokens that gives some."""
    with TokenEndpoint(authority) as server:
        yield server


def ways(endpoint: TokenEndpoint) -> dict[str, Registration]:
    """Every way to ask, by name."""
    delegated = {"scopes": DELEGATED}
    return {
        "secret": endpoint.microsoft(),
        "certificate": endpoint.microsoft(Way.CERTIFICATE, certificate_pem(later(90))),
        "public refresh": endpoint.microsoft(Way.REFRESH, REFRESH, **delegated),
        "confidential refresh": endpoint.microsoft(Way.REFRESH, REFRESH, client_secret=lambda: SECRET, **delegated),
        "service account": endpoint.google(),
        "google refresh": endpoint.google(Way.REFRESH, REFRESH),
    }


WAYS = ("secret", "certificate", "public refresh", "confidential refresh", "service account", "google refresh")


@pytest.mark.parametrize("way", WAYS)
def test_a_token_is_given_for_each_way_to_ask(way: str, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Secret, signed assertion or refresh token: the provider sees what it wants, and gives a token."""
    tokens = Tokens(ways(endpoint)[way], tmp_path)
    assert tokens.give() == endpoint.given[0]
    form = endpoint.forms[0]
    if way in {"secret", "confidential refresh", "google refresh"}:
        assert form["client_secret"] == SECRET
    if way == "secret":
        assert form["scope"] == "https://outlook.office365.com/.default"
    if way in {"public refresh", "confidential refresh"}:
        assert set(DELEGATED) | {"offline_access"} <= set(form["scope"].split())
        assert form["client_id"] == CLIENT
    until = tokens.until()
    assert until is not None
    assert abs((until - datetime.now(UTC)).total_seconds() - 3599) < 30


def test_a_token_is_used_until_shortly_before_its_end(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Five minutes ahead of its end another one is asked for; before that nothing is."""
    clock = [time.time()]
    tokens = Tokens(endpoint.microsoft(), tmp_path, lambda: clock[0])
    first = tokens.give()
    clock[0] += 3599 - 301
    assert tokens.give() == first
    clock[0] += 2
    assert tokens.give() == endpoint.given[1] != first
    assert len(endpoint.forms) == 2


def test_a_short_lived_token_is_renewed_half_way(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Where a token lives for a minute, five minutes ahead would be never."""
    endpoint.seconds, clock = 60, [time.time()]
    tokens = Tokens(endpoint.microsoft(), tmp_path, lambda: clock[0])
    first = tokens.give()
    clock[0] += 29
    assert tokens.give() == first
    clock[0] += 2
    assert tokens.give() != first


def test_a_refused_token_is_renewed_once(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Who says that a token was refused gets another; who says it later of the same gets that other one."""
    one, two = (Tokens(endpoint.microsoft(), tmp_path) for _ in range(2))
    refused = one.give()
    assert two.give() == refused
    renewed = one.give(refused)
    assert renewed != refused
    assert two.give(refused) == renewed
    assert len(endpoint.forms) == 2


def test_while_the_provider_is_away_the_token_counts_to_its_end(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """The five minutes ahead are there to be used; a refused token is not given again."""
    clock = [time.time()]
    tokens = Tokens(endpoint.microsoft(), tmp_path, lambda: clock[0])
    first = tokens.give()
    endpoint.refuse(503, b"<html>busy</html>", times=99)
    clock[0] += 3599 - 100
    assert tokens.give() == first
    with pytest.raises(Trouble):
        tokens.give(first)
    clock[0] += 101
    with pytest.raises(Trouble):
        tokens.give()
    endpoint.behave()
    assert tokens.give() == endpoint.given[-1] != first


def test_a_token_is_kept_for_our_eyes_only(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """The file is 0600 in a folder of 0700, also under an umask that would open both."""
    before = os.umask(0)
    try:
        token = Tokens(endpoint.microsoft(), tmp_path).give()
    finally:
        os.umask(before)
    file = kept_file(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in file.parent.iterdir()) == ["tokens", "tokens.lock"]
    assert Tokens(endpoint.microsoft(), tmp_path).give() == token
    assert len(endpoint.forms) == 1


def test_another_registration_does_not_get_the_token(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """What was given to one application, user or scope is not used for another."""
    first = Tokens(endpoint.microsoft(), tmp_path).give()
    assert Tokens(endpoint.microsoft(scopes=("https://other.example/.default",)), tmp_path).give() != first
    assert Tokens(endpoint.google(), tmp_path).give() != first


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"{", b"\xff", b'{"registration": 1}'])
def test_a_damaged_file_is_as_good_as_none(content: bytes, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Whatever a power cut or a hand left there, a new token is asked for."""
    file = kept_file(tmp_path)
    file.parent.mkdir()
    file.write_bytes(content)
    file.chmod(0o600)
    (file.parent / "tokens.new").write_bytes(b"left by a kill")
    assert Tokens(endpoint.microsoft(), tmp_path).give() == endpoint.given[0]
    assert json.loads(file.read_bytes())["token"] == endpoint.given[0]


def test_a_file_that_others_may_read_is_not_used(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """It is told, with what to do."""
    Tokens(endpoint.microsoft(), tmp_path).give()
    kept_file(tmp_path).chmod(0o644)
    with pytest.raises(Trouble, match=r"others may get at .*remove it"):
        Tokens(endpoint.microsoft(), tmp_path).give()


def test_a_folder_that_cannot_be_made_is_told(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Without a place to keep tokens in, none is asked for."""
    (tmp_path / "oauth").write_bytes(b"in the way")
    with pytest.raises(Trouble, match="cannot keep access tokens"):
        Tokens(endpoint.microsoft(), tmp_path).give()
    assert endpoint.forms == []


def test_eight_processes_ask_once(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Who comes first asks, the others wait and take what it was given."""
    found: list[str] = []
    several = [Tokens(endpoint.microsoft(), tmp_path) for _ in range(8)]
    threads = [threading.Thread(target=lambda each=each: found.append(each.give())) for each in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == endpoint.given * 8
    assert len(endpoint.given) == 1


@pytest.mark.parametrize("way", ["public refresh", "google refresh"])
def test_a_rotated_refresh_token_takes_the_place_of_the_configured_one(
    way: str, endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    """The provider voids the old one; the new one is used, by another process as well."""
    endpoint.rotates = True
    tokens = Tokens(ways(endpoint)[way], tmp_path)
    for _ in range(3):
        tokens.give(tokens.give())
    Tokens(ways(endpoint)[way], tmp_path).give(endpoint.given[-1])
    sent = [form["refresh_token"] for form in endpoint.forms]
    assert sent == [REFRESH, *(f"canary-refresh-{n}" for n in range(1, len(sent)))]


def test_a_newly_configured_refresh_token_outranks_the_kept_one(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """After signing in anew the operator writes a new one into the file, and that one counts."""
    endpoint.rotates = True
    Tokens(endpoint.microsoft(Way.REFRESH, REFRESH), tmp_path).give()
    endpoint.refresh = "canary-refresh-signed-in-anew"
    again = Tokens(endpoint.microsoft(Way.REFRESH, endpoint.refresh), tmp_path)
    assert again.give(endpoint.given[-1]) == endpoint.given[-1]
    assert endpoint.forms[-1]["refresh_token"] == "canary-refresh-signed-in-anew"


def test_a_full_disk_loses_no_rotated_refresh_token(
    endpoint: TokenEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be written counts in memory, and is written as soon as there is room."""
    endpoint.rotates = True
    registration = endpoint.microsoft(Way.REFRESH, REFRESH)
    tokens = Tokens(registration, tmp_path)
    first = tokens.give()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("bot.edge.oauth.tokens.os.fsync", full)
        second = tokens.give(first)
        assert tokens.give() == second
    assert json.loads(kept_file(tmp_path).read_bytes())["token"] == first
    assert "tokens not kept" in caplog.text
    assert tokens.give() == second
    assert json.loads(kept_file(tmp_path).read_bytes())["refresh"] == endpoint.refresh
    assert Tokens(registration, tmp_path).give(second)


MICROSOFT = [
    ("invalid_client", "AADSTS7000222: The provided client secret keys for app are expired.", "secret has expired"),
    ("invalid_client", "AADSTS7000215: Invalid client secret provided.", "secret's Value, not its Secret ID"),
    ("unauthorized_client", "AADSTS700016: Application not found in the directory.", "oauth.client_id"),
    ("invalid_request", "AADSTS90002: Tenant not found.", "no such tenant"),
    ("invalid_client", "AADSTS700027: Client assertion failed signature validation.", "not one of the application's"),
    ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", "sign in anew"),
    ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked.", "was revoked"),
    ("invalid_grant", "AADSTS65001: The user or administrator has not consented.", "nobody consented"),
    ("interaction_required", "AADSTS53003: Access has been blocked.", "Conditional Access"),
    ("invalid_scope", "AADSTS70011: The provided value for scope is not valid.", "oauth.scopes"),
    ("something_new", "canary-client-secret-5512 is not what we want", "the provider's log says why"),
]
GOOGLE = [
    ("invalid_grant", "Token has been expired or revoked.", "sign in anew"),
    ("invalid_grant", "Invalid JWT Signature.", "make a new key"),
    ("invalid_grant", "Invalid JWT: Token must be in a reasonable timeframe.", "clock is wrong"),
    ("invalid_grant", "Invalid email or User ID", "mailbox.username"),
    ("unauthorized_client", "Client is unauthorized to retrieve access tokens.", "Domain-wide delegation"),
    ("invalid_client", "The OAuth client was not found.", "oauth.client_id"),
    ("admin_policy_enforced", "", "policy of the Workspace domain"),
    ("something_new", "canary-access", "the provider's log says why"),
]


@pytest.mark.parametrize(("error", "said", "words"), MICROSOFT)
def test_microsofts_refusals_name_the_remedy(
    error: str, said: str, words: str, endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    """The number that Microsoft gives becomes what to do; its own words are not repeated."""
    endpoint.refuse(401, {"error": error, "error_description": said}, times=9)
    with pytest.raises(Trouble) as trouble:
        Tokens(endpoint.microsoft(), tmp_path).give()
    assert words in str(trouble.value)
    assert trouble.value.wait >= 300
    assert not secrets_in(str(trouble.value))


@pytest.mark.parametrize(("error", "said", "words"), GOOGLE)
@pytest.mark.parametrize("way", ["service account", "google refresh"])
def test_googles_refusals_name_the_remedy(
    way: str, error: str, said: str, words: str, endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    """The same for Google."""
    endpoint.refuse(400, {"error": error, "error_description": said}, times=9)
    with pytest.raises(Trouble) as trouble:
        Tokens(ways(endpoint)[way], tmp_path).give()
    assert words in str(trouble.value)
    assert not secrets_in(str(trouble.value))


NONSENSE = (b"", b"<html>login</html>", b"[]", b"{}", b'{"access_token": ""}', b'{"access_token": "a b\\u0001"}',
            b'{"access_token": "t", "expires_in": "soon"}', b'{"access_token": ["t"]}', b"null", b"7")  # fmt: skip


@pytest.mark.parametrize("said", NONSENSE)
@pytest.mark.parametrize("way", ["secret", "service account"])
def test_nonsense_is_no_token(way: str, said: bytes, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """A proxy's page or an odd answer is trouble for now, and nothing is kept of it."""
    endpoint.refuse(200, said, times=9)
    with pytest.raises(Trouble) as trouble:
        Tokens(ways(endpoint)[way], tmp_path).give()
    assert trouble.value.temporary
    assert not kept_file(tmp_path).exists()


@pytest.mark.parametrize("way", ["secret", "service account", "google refresh"])
def test_a_provider_that_cannot_be_trusted_gets_nothing(way: str, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Without its authority the talk ends before anything is said."""
    with pytest.raises(Trouble, match=r"certificate is not to be trusted.*oauth\.ca_file"):
        Tokens(replace(ways(endpoint)[way], ca_file=None), tmp_path).give()
    assert endpoint.forms == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("way", ["secret", "google refresh"])
def test_nobody_is_followed_elsewhere(way: str, status: int, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """What we ask with goes to the configured address only, whoever says that it has moved."""
    endpoint.refuse(status, b"", times=9)
    with pytest.raises(Trouble):
        Tokens(ways(endpoint)[way], tmp_path).give()
    assert not [path for path in endpoint.paths if "elsewhere" in path]


def test_a_secret_whose_file_has_gone_is_told(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """At the next request, by the name of its key; the token at hand counts to its end."""
    gone, clock = [False], [time.time()]

    def secret() -> str:
        if gone[0]:
            raise ValueError("names /srv/cmp/secrets/microsoft, which does not exist")
        return SECRET

    tokens = Tokens(replace(endpoint.microsoft(), credential=secret), tmp_path, lambda: clock[0])
    first = tokens.give()
    gone[0] = True
    clock[0] += 3599 - 200
    assert tokens.give() == first
    clock[0] += 200
    with pytest.raises(Trouble, match=r"oauth\.client_secret` names /srv/.*does not exist"):
        tokens.give()


@pytest.mark.parametrize("way", ["secret", "google refresh"])
def test_a_provider_that_is_away_is_told(way: str, endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Nobody listens: trouble for now, without a long wait."""
    registration = replace(ways(endpoint)[way], endpoint="https://localhost:1/x")
    with pytest.raises(Trouble, match="cannot be reached: the connection is refused") as trouble:
        Tokens(registration, tmp_path).give()
    assert trouble.value.wait == 0


def test_a_package_that_is_missing_is_named(
    endpoint: TokenEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(__import__("sys").modules, "msal", None)
    with pytest.raises(Trouble, match=r"msal is not installed; run: pip install 'cmpbot\[oauth\]'"):
        Tokens(endpoint.microsoft(), tmp_path).give()


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_leaves(
    way: str,
    endpoint: TokenEndpoint,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Given, refused, or met with nonsense: nothing secret is in a log of any level, a repr, a traceback,
    the environment or what is printed."""
    caplog.set_level(logging.DEBUG)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)
    endpoint.rotates = True
    tokens = Tokens(ways(endpoint)[way], tmp_path)
    given = tokens.give()
    shown = [repr(tokens), repr(tokens.of), repr(tokens._held), str(os.environ)]
    echo = {"error": "invalid_client", "error_description": f"canary-echo {SECRET}", "access": given}
    for status, said in ((401, echo), (200, b"canary-page"), (500, b"canary-page")):
        endpoint.refuse(status, said, times=9)
        with pytest.raises(Trouble) as trouble:
            tokens.give(given)
        shown += ["".join(traceback.format_exception(trouble.value)), repr(trouble.value)]
        assert trouble.value.__context__ is None
        endpoint.behave()
    assert not secrets_in("".join(shown) + caplog.text + "".join(map(str, capfd.readouterr())))


def test_nothing_is_imported_before_a_token_is_asked_for() -> None:
    """A start costs nothing for what most offices do not need."""
    import subprocess
    import sys

    heavy = {"msal", "google.auth", "requests", "cryptography", "jwt"}
    for modules, absent in (
        ("bot.daemon.loop, bot.cli.check", {*heavy, "bot.edge.oauth"}),
        ("bot.config.oauth", heavy),
    ):
        code = f"import sys, {modules}; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        assert not absent & set(loaded)


@pytest.mark.parametrize(
    ("days", "found"), [(31, None), (30, 30), (15, 30), (14, 14), (3, 7), (1, 1), (0, 1), (-1, OVER), (-90, OVER)]
)
def test_a_warning_has_stages(days: int, found: int | None) -> None:
    """Each stage lasts until the next; the last day still counts as one."""
    assert stage(days, (30, 14, 7, 1)) == found


def test_the_end_of_a_credential_is_known(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """A configured day, a certificate's last, or what the provider said of its refresh token: the first."""
    day, ends = later(200).date(), later(90)
    assert Tokens(endpoint.microsoft(), tmp_path).ending() is None
    assert Tokens(endpoint.microsoft(ends=day), tmp_path).ending() == Ending(
        "the client secret", day, RENEW[Way.SECRET]
    )
    pem = certificate_pem(ends)
    assert Tokens(endpoint.microsoft(Way.CERTIFICATE, pem, ends=day), tmp_path).ending() == Ending(
        "the certificate", ends.date(), RENEW[Way.CERTIFICATE]
    )
    endpoint.refresh_seconds = 7 * 86400
    tokens = Tokens(endpoint.google(Way.REFRESH, REFRESH), tmp_path)
    assert tokens.ending() is None
    tokens.give()
    again = Tokens(endpoint.google(Way.REFRESH, REFRESH), tmp_path).ending()
    assert again == tokens.ending()
    assert again is not None
    assert (again.what, abs((again.on - later(7).date()).days) <= 1) == ("the refresh token", True)


def test_a_broken_certificate_is_told(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    """Where the file holds none that can be read, that is said and not the library's words."""
    broken: Any = "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n"
    with pytest.raises(Trouble, match="no certificate that can be read"):
        Tokens(endpoint.microsoft(Way.CERTIFICATE, broken), tmp_path).ending()
    with pytest.raises(Trouble) as trouble:
        Tokens(endpoint.microsoft(Way.CERTIFICATE, broken), tmp_path).give()
    assert not secrets_in(str(trouble.value))


def test_the_providers_are_known_by_their_words() -> None:
    """What stands in config.yaml."""
    assert [each.value for each in Provider] == ["microsoft", "google"]
