"""The section oauth of config.yaml: what people mean is read, and every mistake is named with its line."""

from datetime import date
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_to_explain
from bot.edge.oauth import Provider, Tokens, Way
from tests import test_config
from tests.test_config import GOOD, mistakes, read
from tests.tokens import TokenEndpoint, certificate_pem, later

_secrets = test_config._secrets  # the same places, filled the same way
PASSWORDS = ("  password: {file: secrets/imap}\n", "  password: {env: CMPBOT_TEST_SMTP}\n")
MICROSOFT = """\
oauth:
  tenant: copperline.example
  client_id: 11111111-2222-3333-4444-555555555555
  client_secret: {file: secrets/imap}
  expires: 2028-05-01
  warn_days: [60, 7]
"""
GOOGLE = """\
oauth:
  service_account: {file: secrets/google}
"""


def with_oauth(section: str, auth: str = "oauth-microsoft") -> str:
    """The good file with tokens in the place of both passwords."""
    text = GOOD
    for line in PASSWORDS:
        text = text.replace(line, f"  auth: {auth}\n")
    return text + section


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, _secrets: None) -> None:
    """The files that hold more than a line."""
    for name, text in (("google", TokenEndpoint.service_key(ELSEWHERE)), ("pem", certificate_pem(later(90)))):
        (tmp_path / "secrets" / name).write_text(text, "utf-8")
        (tmp_path / "secrets" / name).chmod(0o600)


class Elsewhere:
    """An endpoint that nobody asks."""

    root = "https://oauth.example"


ELSEWHERE: Any = Elsewhere()


def registered(folder: Path, text: str) -> Tokens:
    """The tokens of a configuration."""
    tokens = read(folder, text).oauth
    assert tokens is not None
    return tokens


def test_microsoft_by_secret(tmp_path: Path) -> None:
    """The common case: both servers log in with the tokens of one registration."""
    settings = read(tmp_path, with_oauth(MICROSOFT))
    of = registered(tmp_path, with_oauth(MICROSOFT)).of
    assert (of.provider, of.way, of.user) == (Provider.MICROSOFT, Way.SECRET, "cr")
    assert of.endpoint == "https://login.microsoftonline.com/copperline.example"
    assert of.scopes == ("https://outlook.office365.com/.default",)
    assert (of.credential(), of.ends, of.warn) == ("s3cret-imap", date(2028, 5, 1), (60, 7))
    assert settings.imap.token is not None
    assert settings.smtp.token is not None
    assert settings.imap.password() == settings.smtp.password() == ""
    assert "s3cret" not in f"{settings!r}{settings.oauth!r}{of!r}"


def test_microsoft_by_certificate_and_by_refresh_token(tmp_path: Path) -> None:
    """A key file of several lines; a refresh token, with or without a secret beside it, for a user's scopes."""
    section = MICROSOFT.replace("client_secret: {file: secrets/imap}", "certificate: {file: secrets/pem}")
    assert registered(tmp_path, with_oauth(section)).of.way is Way.CERTIFICATE
    section = MICROSOFT.replace("client_secret", "refresh_token")
    of = registered(tmp_path, with_oauth(section)).of
    assert (of.way, of.client_secret()) == (Way.REFRESH, "")
    assert "https://outlook.office.com/SMTP.Send" in of.scopes
    of = registered(tmp_path, with_oauth(section + "  client_secret: {env: CMPBOT_TEST_SMTP}\n")).of
    assert (of.way, of.client_secret()) == (Way.REFRESH, "s3cret-smtp")


def test_google_by_service_account_and_by_refresh_token(tmp_path: Path) -> None:
    """The key as it comes from the console; or a refresh token with its client."""
    of = registered(tmp_path, with_oauth(GOOGLE, "oauth-google")).of
    assert (of.provider, of.way, of.user, of.scopes) == (
        Provider.GOOGLE, Way.SERVICE, "cr", ("https://mail.google.com/",),
    )  # fmt: skip
    assert (of.endpoint, of.warn, of.ends) == ("", (30, 14, 7, 3, 1), None)
    section = "oauth: {client_id: me, client_secret: {file: secrets/imap}, refresh_token: {env: CMPBOT_TEST_SMTP}}\n"
    of = registered(tmp_path, with_oauth(section, "oauth-google")).of
    assert (of.way, of.endpoint) == (Way.REFRESH, "https://oauth2.googleapis.com/token")


def test_one_server_may_keep_its_password(tmp_path: Path) -> None:
    """Mail by token, letters through a relay with a password, or without any login."""
    settings = read(tmp_path, GOOD.replace(PASSWORDS[0], "  auth: oauth-microsoft\n") + MICROSOFT)
    assert settings.smtp.token is None
    assert settings.smtp.password() == "s3cret-smtp"
    assert read(tmp_path, GOOD.replace("  password: {file", "  auth: password\n  password: {file")).oauth is None


BROKEN = (
    ("auth: oauth-microsoft", "auth: oauth-microsft # HERE", "did you mean `oauth-microsoft`?"),
    ("auth: oauth-microsoft\n", "auth: oauth-microsoft\n  password: {env: HOME} # HERE\n", "leave this line out"),
    ("  tenant: copperline.example\n", "", "`oauth.tenant` is missing"),
    ("tenant: copperline.example", "tenant: copper line # HERE", "must be the Directory (tenant) ID"),
    ("  client_id: 11111111-2222-3333-4444-555555555555\n", "", "`oauth.client_id` is missing"),
    ("client_id: 11111111", "client_id: 1111 1111 # HERE", "must be an ID without blanks"),
    (
        "  client_secret: {file: secrets/imap}\n",
        "",
        "must name one of `oauth.client_secret`, `oauth.certificate`, `oauth",
    ),
    ("{file: secrets/imap}\n  expires", "hunter2-value # HERE\n  expires", "a password must not stand in this file"),
    ("{file: secrets/imap}\n  expires", "{file: secrets/none} # HERE\n  expires", "which does not exist"),
    ("{file: secrets/imap}\n  expires", "{file: secrets/pem} # HERE\n  expires", "which must be a single line"),
    (
        "  client_secret: {file: secrets/imap}",
        "  certificate: {file: secrets/imap} # HERE",
        "its certificate, both in PEM",
    ),
    ("  expires", "  certificate: {file: secrets/pem}\n  expires", "must name only one of"),
    ("  expires", "  service_account: {file: secrets/google} # HERE\n  expires", "is not a known key"),
    ("2028-05-01", "May 2028 # HERE", "`oauth.expires` must be a date"),
    ("[60, 7]", "[60, soon] # HERE", "must be a number of days from 1 to 365, not `soon`"),
    (
        "  expires",
        "  authority: http://login.example # HERE\n  expires",
        "must be an address that begins with https://",
    ),
    ("  expires", "  scopes: [a b] # HERE\n  expires", "must be a scope"),
    ("  expires", "  ca_file: none.pem # HERE\n  expires", "which does not exist"),
    ("  expires", "  color: red # HERE\n  expires", "`oauth.color` is not a known key"),
    ("tenant: copperline.example", "tenant: <the tenant> # HERE", "still has to be filled in: the tenant"),
    ("  auth: oauth-microsoft\nstore", "  auth: oauth-google # HERE\nstore", "`smtp.auth` must be that of `mailbox`"),
    ("  username: cr\n  auth: oauth-microsoft\nstore", "  auth: oauth-microsoft\nstore", "`smtp.username` is missing"),
)


@pytest.mark.parametrize(("good", "bad", "words"), BROKEN, ids=[f"{n}: {row[2][:40]}" for n, row in enumerate(BROKEN)])
def test_a_mistake_is_named_with_its_line(good: str, bad: str, words: str, tmp_path: Path) -> None:
    """Each is reported at its own line, in words that help, without a secret that stands there by mistake."""
    whole = with_oauth(MICROSOFT)
    assert good in whole
    text = whole.replace(good, bad, 1)
    found = mistakes(tmp_path, text)
    named = [mistake for mistake in found if words in mistake]
    assert named, found
    lines = [n for n, line in enumerate(text.splitlines(), 1) if "# HERE" in line]
    assert not lines or named[0].startswith(f"{lines[0]}:"), found
    assert "hunter2" not in "\n".join(found)


GOOGLE_BROKEN = (
    ("{file: secrets/google}", "{file: secrets/pem} # HERE", "no key of a service account"),
    ("  service_account: {file: secrets/google}\n", "  client_id: x # HERE\n", "one of `oauth.service_account`"),
    (
        "  service_account: {file: secrets/google}\n",
        "  refresh_token: {file: secrets/imap}\n",
        "`oauth.client_id` is missing",
    ),
    (
        "username: cr\n  auth: oauth-google\nstore",
        "username: other # HERE\n  auth: oauth-google\nstore",
        "must be that of `mailbox`",
    ),
)


@pytest.mark.parametrize(("good", "bad", "words"), GOOGLE_BROKEN)
def test_a_mistake_about_google_is_named(good: str, bad: str, words: str, tmp_path: Path) -> None:
    """The same for the keys that only Google has."""
    whole = with_oauth(GOOGLE, "oauth-google")
    assert good in whole
    text = whole.replace(good, bad, 1)
    assert [mistake for mistake in mistakes(tmp_path, text) if words in mistake]


def test_a_section_that_nobody_asks_for_is_told(tmp_path: Path) -> None:
    """Whoever writes `oauth` means to use it."""
    found = mistakes(tmp_path, GOOD + MICROSOFT)
    assert any("neither `mailbox.auth` nor `smtp.auth` asks for it" in mistake for mistake in found)
    embedded = GOOD[: GOOD.index("mailbox:")] + "mailbox: embedded\n" + GOOD[GOOD.index("store:") :]
    assert any("`mailbox: embedded` asks nobody" in mistake for mistake in mistakes(tmp_path, embedded + MICROSOFT))
    assert any("`oauth` is missing" in mistake for mistake in mistakes(tmp_path, with_oauth("")))


def test_a_package_that_is_missing_is_told_with_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything starts, with what to run."""

    def found(name: str) -> ModuleSpec | None:
        if name == "google.auth":
            raise ModuleNotFoundError(name)
        return None

    monkeypatch.setattr("bot.config.oauth.find_spec", found)
    for section, auth, package in ((MICROSOFT, "oauth-microsoft", "msal"), (GOOGLE, "oauth-google", "google-auth")):
        told = [each for each in mistakes(tmp_path, with_oauth(section, auth)) if "pip install 'cmpbot[oauth]'" in each]
        assert len(told) == 1
        assert f"`mailbox.auth` needs the package {package}" in told[0]
        line = with_oauth(section, auth).splitlines().index(f"  auth: {auth}") + 1
        assert told[0].startswith(f"{line}:")


def test_explaining_reads_no_key(tmp_path: Path) -> None:
    """Who only explains a form needs no key of a service account, nor a secret."""
    text = with_oauth(GOOGLE, "oauth-google").replace("secrets/google", "secrets/gone")
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    assert load_to_explain(tmp_path / "config.yaml").oauth is not None
