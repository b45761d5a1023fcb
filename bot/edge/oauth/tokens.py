"""The tokens that we have. Its one rule: what the provider gave is on disk, whole and for our eyes only,
before it is used; any number of processes on one machine share it, and one of them renews it.

The file `oauth/tokens` in the kept folder is JSON: the access token with its end, the refresh token that
the provider put in the place of the configured one, and for which registration. It may be deleted at any
time: what is configured then counts again.
"""

import fcntl
import json
import logging
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from bot.edge.oauth.refusals import senseless
from bot.edge.oauth.registration import NAMES, PACKAGES, RENEW, Ending, Given, Provider, Registration, Way
from bot.errors import Trouble

FOLDER, FILE = "oauth", "tokens"
AHEAD = 300  # seconds before its end at which a token is renewed; half its time for one that is short-lived
STEADY = 3600  # seconds by which the end of a refresh token may be told differently and be the same
LONGEST = 65536
TALKATIVE = ("msal", "urllib3", "google", "requests")
TOKEN = re.compile(r"[!-~]{1,16384}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A token that we hold; the times are seconds since 1970. `seed` tells which configured refresh token
    `refresh` came of."""

    registration: str
    token: str = field(repr=False)
    renew: float
    ends: float
    refresh: str = field(default="", repr=False)
    seed: str = ""
    refresh_ends: float = 0


class Tokens:
    """The access tokens of one registration, kept in a folder of their own below `kept`."""

    def __init__(self, of: Registration, kept: Path, now: Callable[[], float] = time.time) -> None:
        self.of = of
        self._folder = kept / FOLDER
        self._file = self._folder / FILE
        self._now = now
        self._held: Held | None = None
        self._unkept = False
        self._certificate: tuple[str, date] | None = None

    def give(self, refused: str = "") -> str:
        """A token that is good for some minutes. `refused` is one that a server would not take: another is
        given, asked for if nobody else did so meanwhile.

        Raises Trouble where the provider gives none, with its reason, and where tokens cannot be kept.
        """
        held = self._held
        if held and not self._unkept and self._good(held, refused):
            return held.token
        with _told(self._folder), self._locked():
            held = self._held if self._unkept else self._read()
            if not held or not self._good(held, refused):
                held = self._renewed(held, refused)
            self._held = held
            if self._unkept:
                self._keep(held)
        return held.token

    def until(self) -> datetime | None:
        """Until when the token at hand is good, in UTC; None without one."""
        return datetime.fromtimestamp(self._held.ends, UTC) if self._held else None

    def ending(self) -> Ending | None:
        """What ends first of that with which we ask for tokens, where that is known: a configured day, the
        certificate's last one, or what the provider said of its refresh token.

        Raises Trouble where the file cannot be read.
        """
        with _told(self._folder):
            held = self._held or self._read()
        known = [self.of.ends, self._certificate_ends()]
        if held and held.refresh_ends:
            known.append(datetime.fromtimestamp(held.refresh_ends, UTC).date())
        days = [each for each in known if each]
        return Ending(NAMES[self.of.way], min(days), RENEW[self.of.way]) if days else None

    def _good(self, held: Held, refused: str) -> bool:
        return held.token != refused and self._now() < held.renew

    def _renewed(self, held: Held | None, refused: str) -> Held:
        """A new token; while the provider does not answer, the one at hand until its end."""
        try:
            self._read_secrets()
            given = _ask(self.of, self._refresh(held))
        except Trouble:
            if held and held.token != refused and self._now() < held.ends:
                return held
            raise
        if not TOKEN.fullmatch(given.token) or not TOKEN.fullmatch(given.refresh or "-"):
            raise senseless()
        self._unkept = True
        return self._of(given, held)

    def _of(self, given: Given, held: Held | None) -> Held:
        now, seconds = self._now(), min(max(given.seconds, 1), 86400)
        of_old = held if held and not given.refresh and held.seed == self._seed() else None
        ends, known = now + given.refresh_seconds if given.refresh_seconds else 0, of_old.refresh_ends if of_old else 0
        # The provider counts down: a second's difference must not make another day of it.
        ends = ends if ends and abs(ends - known) > STEADY else known
        return Held(
            registration=_name(self.of),
            token=given.token,
            renew=now + seconds - min(AHEAD, seconds / 2),
            ends=now + seconds,
            refresh=of_old.refresh if of_old else given.refresh,
            seed=self._seed(),
            refresh_ends=ends,
        )

    def _read_secrets(self) -> None:
        """See that what we ask with is there: its file may have gone, or been opened to others, since."""
        for way, secret in ((self.of.way, self.of.credential), (Way.SECRET, self.of.client_secret)):
            try:
                secret()
            except ValueError as error:
                why = f"`oauth.{way.value}` {error}"
            else:
                continue
            raise Trouble(f"oauth: {why}")

    def _refresh(self, held: Held | None) -> str:
        """The refresh token that counts: the provider's latest, unless another one was configured since."""
        if self.of.way is not Way.REFRESH:
            return ""
        return held.refresh if held and held.refresh and held.seed == self._seed() else self.of.credential()

    def _seed(self) -> str:
        return sha256(self.of.credential().encode()).hexdigest() if self.of.way is Way.REFRESH else ""

    def _read(self) -> Held | None:
        """What the file holds for this registration. One that makes no sense is as good as none."""
        try:
            opened = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(opened, "rb") as file:
            found = os.fstat(opened)
            if found.st_uid != os.getuid() or found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Trouble(
                    f"oauth: others may get at {self._file}, which holds access tokens; remove it. If they may have "
                    "read it, revoke what is registered with the provider, too"
                )
            content = file.read(LONGEST)
        with suppress(ValueError, TypeError, AttributeError):
            held = Held(**json.loads(content))
            if held.registration == _name(self.of) and TOKEN.fullmatch(held.token) and held.renew <= held.ends:
                return held
        return None

    def _keep(self, held: Held) -> None:
        """Write the file anew. Where that fails, what was given counts in memory and is written later: a
        provider may have voided the refresh token before."""
        fresh = self._folder / f"{FILE}.new"
        try:
            fresh.unlink(missing_ok=True)  # left by a process that was killed
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(asdict(held), file)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(self._file)
            folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            log.warning("tokens not kept", extra={"file": str(self._file), "what": error.strerror})
        else:
            self._unkept = False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Held by one process at a time; the system frees it with the process."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _certificate_ends(self) -> date | None:
        if self.of.way is not Way.CERTIFICATE:
            return None
        self._read_secrets()
        pem = self.of.credential()
        if self._certificate is None or self._certificate[0] != pem:
            self._certificate = (pem, _last_day(pem))
        return self._certificate[1]


def _ask(of: Registration, refresh: str) -> Given:
    """Ask the provider. Raises Trouble."""
    for name in TALKATIVE:
        # QUIRK: msal logs the whole of an answer that is no JSON, as an error: it may be half of one that
        # holds a token. What went wrong is said by the Trouble.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        if of.provider is Provider.MICROSOFT:
            from bot.edge.oauth.microsoft import ask  # noqa: PLC0415 - an extra, see there
        else:
            from bot.edge.oauth.google import ask  # noqa: PLC0415 - the same
        return ask(of, refresh)
    except ImportError:
        package = PACKAGES[of.provider]
    raise Trouble(f"oauth: the package {package} is not installed; run: pip install 'cmpbot[oauth]'")


def _last_day(pem: str) -> date:
    from cryptography import x509  # noqa: PLC0415 - comes with the extra, and only a certificate needs it

    from bot.edge.oauth.microsoft import split  # noqa: PLC0415 - as above

    try:
        return x509.load_pem_x509_certificate(split(pem)[1].encode()).not_valid_after_utc.date()
    except ValueError:
        pass
    raise Trouble("oauth: what `oauth.certificate` names holds no certificate that can be read")


def _name(of: Registration) -> str:
    """What a registration is known by in the file."""
    parts = (of.provider, of.way, of.user, of.endpoint, of.client_id, *of.scopes)
    return sha256("\n".join(parts).encode()).hexdigest()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """The disk's trouble in our words."""
    try:
        yield
    except OSError as error:
        raise Trouble(f"oauth: cannot keep access tokens in {folder}: {error.strerror}") from error
