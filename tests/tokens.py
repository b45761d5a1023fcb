"""Those who give access tokens and those who take them, for tests: a token endpoint over TLS that speaks
as Microsoft's and Google's do, an IMAP and an SMTP server that speak XOAUTH2, all refusing on command.

Its one rule: everything listens on loopback only, and every secret is a canary that a test can look for.
"""

import base64
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.edge.oauth import Provider, Registration, Way
from tests.edge.hostile import POLITE, Conversation, row_of
from tests.servers import Certificate

USER = "cmpcr@meridell.example"
TENANT, CLIENT = "meridell.example", "11111111-2222-3333-4444-555555555555"
SECRET = "canary-client-secret-5512"
REFRESH = "canary-refresh-0"
SCOPE = "https://mail.google.com/"


@cache
def private_key() -> rsa.RSAPrivateKey:
    """A key of ours, made once a run."""
    return rsa.generate_private_key(65537, 2048)


def pem_of_key() -> str:
    """The key as PEM."""
    kind, form, bare = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private_key().private_bytes(kind, form, bare).decode()


def certificate_pem(ends: datetime) -> str:
    """The key and a certificate for it that ends then, one below the other."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cmpbot")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private_key().public_key())
    made = made.serial_number(7).not_valid_before(ends - timedelta(days=400)).not_valid_after(ends)
    signed = made.sign(private_key(), hashes.SHA256())
    return pem_of_key() + signed.public_bytes(serialization.Encoding.PEM).decode()


@dataclass
class TokenEndpoint:
    """A provider of tokens: Microsoft's tenant and Google's token address, on one port.

    Each access token is another one; `valid` are those that its mail servers take. `refuse` makes it
    answer otherwise, the next so many times.
    """

    tls: Certificate
    seconds: int = 3599
    rotates: bool = False
    refresh_seconds: int = 0
    forms: list[dict[str, str]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    refresh: str = REFRESH
    paths: list[str] = field(default_factory=list)
    make: Callable[[int], str] = lambda n: f"canary-access-{n}.{'x' * 40}"

    def __post_init__(self) -> None:
        self._refusals: list[tuple[int, bytes]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.socket = self.tls.context().wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def root(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}"

    def refuse(self, status: int, said: object, times: int = 1) -> None:
        """Answer so instead: an object as JSON, bytes as they are."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self._refusals += [(status, body)] * times

    def behave(self) -> None:
        """Forget what was to be refused."""
        self._refusals.clear()

    def microsoft(self, way: Way = Way.SECRET, credential: str = SECRET, **settings: Any) -> Registration:
        """How to be registered with it as with Microsoft."""
        given: dict[str, Any] = {"scopes": ("https://outlook.office365.com/.default",), "client_id": CLIENT} | settings
        return Registration(
            Provider.MICROSOFT, way, USER, credential=lambda: credential, endpoint=f"{self.root}/{TENANT}",
            ca_file=str(self.tls.ca), **given,
        )  # fmt: skip

    def google(self, way: Way = Way.SERVICE, credential: str = "", **settings: Any) -> Registration:
        """The same with Google."""
        given: dict[str, Any] = {"scopes": (SCOPE,), "ca_file": str(self.tls.ca)} | settings
        if way is Way.REFRESH:
            given = {"client_id": CLIENT, "client_secret": lambda: SECRET, "endpoint": f"{self.root}/token"} | given
        text = credential or self.service_key()
        return Registration(Provider.GOOGLE, way, USER, credential=lambda: text, **given)

    def service_key(self) -> str:
        """The key of a service account, as the Google Cloud console hands it out."""
        key = {"type": "service_account", "client_email": "cmpbot@project.example", "token_uri": f"{self.root}/token"}
        return json.dumps({**key, "private_key_id": "k1", "private_key": pem_of_key()}, indent=2)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                root = f"{endpoint.root}/{TENANT}"
                known = self.path == f"/{TENANT}/v2.0/.well-known/openid-configuration"
                told = {"issuer": root, "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                        "token_endpoint": f"{root}/oauth2/v2.0/token"}  # fmt: skip
                self.answer(200 if known else 400, json.dumps(told if known else {"error": "invalid_tenant"}).encode())

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(*endpoint.asked({name: values[0] for name, values in sent.items()}))

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if status in range(300, 400):
                    self.send_header("Location", f"{endpoint.root}/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: it would go to standard error."""

        return Handler

    def asked(self, form: dict[str, str]) -> tuple[int, bytes]:
        """What to answer to a request for a token."""
        self.forms.append(form)
        if self._refusals:
            return self._refusals.pop(0)
        if wrong := self._wrong(form):
            return 400, json.dumps({"error": wrong}).encode()
        token = self.make(len(self.given))
        self.given.append(token)
        self.valid.add(token)
        answer: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": self.seconds}
        if form["grant_type"] == "refresh_token" and self.rotates:
            self.refresh = f"canary-refresh-{len(self.given)}"
            answer["refresh_token"] = self.refresh
        if self.refresh_seconds:
            answer["refresh_token_expires_in"] = self.refresh_seconds
        return 200, json.dumps(answer).encode()

    def _wrong(self, form: dict[str, str]) -> str:
        match form["grant_type"]:
            case "client_credentials" if "client_assertion" in form:
                self._claims(form["client_assertion"], f"{self.root}/{TENANT}/oauth2/v2.0/token")
                return ""
            case "client_credentials":
                return "" if form.get("client_secret") == SECRET else "invalid_client"
            case "refresh_token":
                return "" if form["refresh_token"] == self.refresh else "invalid_grant"
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                claims = self._claims(form["assertion"], "https://oauth2.googleapis.com/token")
                return "" if claims["sub"] == USER and claims["scope"] == SCOPE else "unauthorized_client"
        return "unsupported_grant_type"

    def _claims(self, assertion: str, audience: str) -> dict[str, Any]:
        """What an assertion says; its signature, its audience and its end are looked at."""
        return jwt.decode(assertion, private_key().public_key(), ["RS256", "PS256"], audience=audience)


class TokenServer:
    """What both mail servers share: who may log in, and how somebody is refused.

    `valid` are the tokens that are taken. `reason` is told in a challenge before a refusal, unless it is
    empty; `refusal` is the line of the refusal itself. `heard` has every line that came, `exchanges` the
    first answers in clear.
    """

    def __init__(self, valid: set[str], tls: Certificate | None = None) -> None:
        self.valid, self.tls = valid, tls
        self.reason: bytes = json.dumps({"status": "401", "schemes": "bearer", "scope": SCOPE}).encode()
        self.refusal = b""
        self.offered = b"XOAUTH2"
        self.heard: list[bytes] = []
        self.exchanges: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def takes(self, first: bytes) -> bool:
        """Whether somebody's first answer is one with a good token."""
        clear = base64.b64decode(first)
        self.exchanges.append(clear)
        return any(clear == f"user={USER}\x01auth=Bearer {token}\x01\x01".encode() for token in self.valid)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._connected, args=(line,), daemon=True).start()

    def _connected(self, line: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self.tls:
                line = self.tls.context().wrap_socket(line, server_side=True)
            with line.makefile("rb") as commands:

                def hear() -> bytes:
                    command = commands.readline()
                    if not command:
                        raise ssl.SSLError("gone")
                    self.heard.append(command)
                    return command.rstrip(b"\r\n")

                self.talk(line, hear)
        line.close()

    def talk(self, line: socket.socket, hear: Callable[[], bytes]) -> None:
        """One conversation."""
        raise NotImplementedError


class TokenImap(TokenServer):
    """An IMAP server with one mail, for whoever has a good token."""

    def talk(self, line: socket.socket, hear: Callable[[], bytes]) -> None:
        """Greet, and answer command by command."""
        conversation = Conversation(line)
        line.sendall(b"* OK ready\r\n")
        while True:
            command = hear()
            row = row_of(command + b"\r\n", conversation) if b"AUTHENTICATE" not in command.upper() else ""
            if row == "CAPABILITY":
                conversation.say(b"* CAPABILITY IMAP4rev1 AUTH=" + self.offered + b" MOVE\r\nTAG OK done\r\n")
            elif row:
                conversation.say(POLITE.get(row, b"TAG OK done\r\n"))
            else:
                conversation.tag = command.split()[0]
                self._log_in(conversation, hear)

    def _log_in(self, conversation: Conversation, hear: Callable[[], bytes]) -> None:
        conversation.say(b"+ \r\n")
        if self.takes(hear()) and not self.refusal:
            conversation.say(b"TAG OK welcome\r\n")
            return
        if self.reason:
            conversation.say(b"+ " + base64.b64encode(self.reason) + b"\r\n")
            if hear():
                conversation.say(b"TAG BAD an empty line was wanted\r\n")
                return
        conversation.say(self.refusal or b"TAG NO AUTHENTICATE failed.\r\n")


class TokenSmtp(TokenServer):
    """An SMTP server that takes letters of whoever has a good token; `taken` are their bytes."""

    def __init__(self, valid: set[str], tls: Certificate | None = None) -> None:
        self.taken: list[bytes] = []
        super().__init__(valid, tls)

    def talk(self, line: socket.socket, hear: Callable[[], bytes]) -> None:
        """Greet, and answer command by command."""
        line.sendall(b"220 ready\r\n")
        while True:
            verb, _, rest = hear().partition(b" ")
            match verb.upper():
                case b"EHLO":
                    line.sendall(b"250-hello\r\n250 AUTH " + self.offered + b"\r\n")
                case b"AUTH":
                    line.sendall(self._log_in(line, rest.partition(b" ")[2], hear))
                case b"DATA":
                    line.sendall(b"354 go on\r\n")
                    lines = iter(hear, b".")
                    self.taken.append(b"".join(each + b"\r\n" for each in lines))
                    line.sendall(b"250 kept\r\n")
                case _:
                    line.sendall(b"250 fine\r\n")

    def _log_in(self, line: socket.socket, first: bytes, hear: Callable[[], bytes]) -> bytes:
        if not first:
            line.sendall(b"334 \r\n")
            first = hear()
        if self.takes(first) and not self.refusal:
            return b"235 welcome\r\n"
        if self.reason:
            line.sendall(b"334 " + base64.b64encode(self.reason) + b"\r\n")
            if hear():
                return b"501 an empty line was wanted\r\n"
        return self.refusal or b"535 5.7.8 Username and Password not accepted\r\n"


def secrets_in(text: str) -> list[str]:
    """The canaries that a text shows, plain or in base64."""
    found = [word for word in ("canary-", "BEGIN PRIVATE KEY") if word in text]
    return found + [word for word in ("Y2FuYXJ5", "NhbmFyeS", "jYW5hcnkt") if word in text]


def later(days: float) -> datetime:
    """A moment so many days from now, to the second."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def kept_file(kept: Path) -> Path:
    """Where tokens are kept."""
    return kept / "oauth" / "tokens"
