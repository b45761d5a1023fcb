"""Where passwords come from. Its one rule: never from config.yaml itself, and never into a log.

A password is `{file: PATH}` (mode 0600), `{env: NAME}` or `{credential: NAME}` (systemd's
LoadCredential=); the mistakes below never repeat what was written.
"""

import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from bot.config.nodes import Part

Secret = Callable[[], str]


class ReadSecret(Protocol):
    """A way to read a secret, of one line or of several."""

    def __call__(self, part: Part, key: str, folder: Path, *, lines: bool = False) -> Secret | None:
        """The secret that a key points to; None after a mistake."""


LONGEST = 65536
LITERAL = (
    "a password must not stand in this file: write it to a file of mode 0600 and name that here, "
    "as `{file: secrets/imap}`; or use `{env: NAME}` or `{credential: NAME}`"
)


def read_secret(part: Part, key: str, folder: Path, *, lines: bool = False) -> Secret | None:
    """The secret that a key points to, looked at once now and read again whenever it is used, so
    that a changed password needs no restart. `folder` is what its relative paths start from; `lines`
    says that it may have several lines, as a key file has. None after a mistake."""
    if not part.has(key) and part.node is None:
        return None  # the whole section is missing, and that is said already
    if not part.has(key):
        part.note(key, f"`{part.name(key)}` is missing; write `{{file: secrets/NAME}}`, `{{env: NAME}}` or the like")
        return None
    if not part.is_part(key):
        part.note(key, f"`{part.name(key)}`: {LITERAL}")
        return None
    source = part.part(key)
    given = [(kind, read) for kind, read in SOURCES.items() if source.has(kind)]
    if len(given) != 1:
        part.note(key, f"`{part.name(key)}` must name exactly one of `file`, `env` and `credential`")
        return None
    kind, read = given[0]
    ask = partial(read, source.text(kind), folder, lines)
    try:
        ask()
    except ValueError as error:
        source.note(kind, f"`{source.name(kind)}` {error}")
        return None
    return ask


def ca_file(part: Part, folder: Path) -> str | None:
    """The file of a private authority whose certificates a part trusts, where it names one."""
    name = part.text("ca_file", "")
    if name and not (folder / name).is_file():
        part.note("ca_file", f"`{part.name('ca_file')}` names {folder / name}, which does not exist")
    return str(folder / name) if name else None


def unread_secret(part: Part, key: str, folder: Path, *, lines: bool = False) -> Secret | None:
    """For commands that need no keys: the key is known, and nothing is looked at."""
    if part.is_part(key) and part.has(key):
        for kind in SOURCES:
            part.part(key).has(kind)
    return lambda: ""


def _from_file(name: str, folder: Path, lines: bool) -> str:
    path = folder / Path(name).expanduser()
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"names {path}, which is no file")
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ValueError(f"names {path}, which others may read; run: chmod 600 {path}")
        return _checked(path.read_bytes()[: LONGEST + 1], str(path), lines)
    except FileNotFoundError:
        raise ValueError(
            f"names {path}, which does not exist; write the password into it and run: chmod 600 {path}"
        ) from None
    except OSError as error:
        raise ValueError(f"names {path}, which cannot be read: {error.strerror}") from None


def _from_environment(name: str, folder: Path, lines: bool) -> str:
    if name not in os.environ:
        raise ValueError(f"names the environment variable {name}, which is not set")
    return _checked(os.environb[os.fsencode(name)], f"the environment variable {name}", lines)


def _from_credential(name: str, folder: Path, lines: bool) -> str:
    directory = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if not directory:
        raise ValueError(
            "names a systemd credential, but $CREDENTIALS_DIRECTORY is not set (LoadCredential= in the unit)"
        )
    if "/" in name or name in ("", ".", ".."):
        raise ValueError(f"must be the plain name of a systemd credential, not `{name}`")
    try:
        return _checked((Path(directory) / name).read_bytes()[: LONGEST + 1], f"the systemd credential {name}", lines)
    except OSError as error:
        raise ValueError(f"names the systemd credential {name}, which cannot be read: {error.strerror}") from None


def _checked(content: bytes, where: str, lines: bool) -> str:
    """The secret without its line end: an editor adds one, nobody means it."""
    if len(content) > LONGEST:
        raise ValueError(f"names {where}, which is far too long for a password")
    try:
        text = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"names {where}, which is not text") from None
    if not text:
        raise ValueError(f"names {where}, which is empty")
    if not lines and any(ord(character) < ord(" ") for character in text):
        raise ValueError(f"names {where}, which must be a single line")
    return text


SOURCES = {"file": _from_file, "env": _from_environment, "credential": _from_credential}
