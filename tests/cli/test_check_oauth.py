"""From nothing to `check`: all well, with a mailbox that takes tokens only; and each thing to mend."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import check, run
from tests.servers import Certificate, certificate
from tests.tokens import CLIENT, SECRET, TENANT, USER, TokenEndpoint, TokenImap, TokenSmtp, later, secrets_in

SERVERS = ("oauth", "mailbox", "smtp")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for this machine, signed by a CA that only the tests know."""
    return certificate(tmp_path_factory.mktemp("ca"), days=400)


@pytest.fixture
def office(
    shipped: Path, authority: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, TokenEndpoint]]:
    """The shipped office, its mail at a provider that takes tokens; of `check` only what asks servers."""
    monkeypatch.setattr(check, "LOOKS", [look for look in check.LOOKS if look.name in SERVERS])
    (shipped.parent / "secret").write_text(f"{SECRET}\n", "utf-8")
    (shipped.parent / "secret").chmod(0o600)
    with (
        TokenEndpoint(authority) as endpoint,
        TokenImap(endpoint.valid, authority) as imap,
        TokenSmtp(endpoint.valid, authority) as smtp,
    ):
        text = shipped.read_text("utf-8")
        for name, server in (("mailbox", imap), ("smtp", smtp)):
            account = f"host: localhost, port: {server.port}, tls: tls, ca_file: {authority.ca}, username: {USER}"
            text = text.replace(f"{name}: embedded\n", f"{name}: {{{account}, auth: oauth-microsoft}}\n")
        ends = later(400).date()
        text += (
            f"oauth: {{authority: '{endpoint.root}', tenant: {TENANT}, client_id: {CLIENT}, ca_file: {authority.ca},\n"
        )
        text += f"  client_secret: {{file: secret}}, expires: {ends}}}\n"
        shipped.write_text(text, "utf-8")
        yield shipped, endpoint


def test_all_is_well(office: tuple[Path, TokenEndpoint], capsys: pytest.CaptureFixture[str]) -> None:
    """Token, mailbox and the way out, each with a line; nothing secret on the screen."""
    file, endpoint = office
    status = run(["--config", str(file), "check"])
    told = capsys.readouterr().out
    assert status == 0, told
    assert "oauth           the client secret ends on" in told
    assert "microsoft gave a token, good until" in told
    assert f"{USER} at localhost" in told
    assert "All is well." in told
    assert len(endpoint.given) == 1
    assert not secrets_in(told)


def test_what_is_to_mend_is_named(office: tuple[Path, TokenEndpoint], capsys: pytest.CaptureFixture[str]) -> None:
    """A secret that ends soon; one that the provider refuses; a mailbox that does not take the token."""
    file, endpoint = office
    text = file.read_text("utf-8")
    soon = later(5).date()
    file.write_text(text.replace(f"expires: {later(400).date()}", f"expires: {soon}"), "utf-8")
    assert run(["--config", str(file), "check"]) == 1
    told = capsys.readouterr().out
    assert f"MEND    oauth           the client secret ends on {soon}" in told
    assert "Make a new client secret" in told
    file.write_text(text.replace(f"expires: {later(400).date()}", f"expires: {soon - timedelta(9)}"), "utf-8")
    endpoint.valid.clear()
    endpoint.refuse(401, {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}, times=99)
    assert run(["--config", str(file), "check"]) == 1
    told = capsys.readouterr().out
    assert "has ended on" in told
    assert "the client secret has expired; make a new one" in told
    assert "docs/accounts-microsoft.md" in told
    assert told.count("MEND") == 3
    assert not secrets_in(told)
