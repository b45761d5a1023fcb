"""What we ask of an IMAP server, and what we believe of its answers.

Its one rule: a number is taken only within its range, and a mail that vanished is no error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from bot.edge.mailbox.line import Client

BATCH_BYTES = 20_000_000
Answer = Mapping[bytes, object]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the server says of a mail before it is fetched."""

    uid: int
    arrived: datetime
    size: int


def stated(client: Client, uids: Sequence[int], largest: int) -> tuple[Stated, ...]:
    """Size and arrival of the mails that are still there; one without a size counts as `largest`."""
    answers = ask(client, uids, ["RFC822.SIZE", "INTERNALDATE"])
    return tuple(Stated(uid, _arrival(answer), _size(answer, largest)) for uid, answer in answers.items())


def grouped(mails: Sequence[Stated], largest: int) -> Iterator[tuple[Stated, ...]]:
    """Groups of up to 20 MB, in order; a mail over `largest` goes alone."""
    group: list[Stated] = []
    for mail in mails:
        alone = mail.size > largest
        if group and (alone or sum(other.size for other in group) + mail.size > BATCH_BYTES):
            yield tuple(group)
            group = []
        if alone:
            yield (mail,)
        else:
            group.append(mail)
    if group:
        yield tuple(group)


def ask(client: Client, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Answer]:
    """A FETCH.

    QUIRK: RFC 2180 lets a server answer NO when one of the mails was expunged by another client,
    and Dovecot does, having sent the others. They are then asked for one by one, after a NOOP has
    told us what is gone; one that is refused even so is left for the next turn.
    """
    answers: dict[int, Answer] = {}

    def had(some: Sequence[int]) -> bool:
        return _refusal(lambda: answers.update(client.fetch(some, items))) is None

    if not had(uids):
        client.noop()
        for uid in uids:
            had([uid])
    return answers


def _refusal(asked: Callable[[], object]) -> str | None:
    """The words with which the server refuses what it is asked; None where it does it. A connection that breaks is no
    refusal, and is raised."""
    try:
        asked()
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        return str(error)
    return None


def move(client: Client, uids: Sequence[int], folder: str) -> tuple[int, ...]:
    """Move mails into a folder, making it when the server knows none of that name; gives those that it does not move.

    QUIRK: Dovecot refuses the whole MOVE when one of the mails was expunged by another client in
    the meantime (RFC 5530, EXPUNGEISSUED). After a NOOP it knows that we know which are gone, and moves the
    others; where it refuses even so, they are moved one by one.
    """
    if _shifted(client, uids, folder):
        return ()
    client.noop()
    if not (client.folder_exists(folder) or _made(client, folder)):
        return tuple(uids)
    if _shifted(client, uids, folder):
        return ()
    client.noop()
    return tuple(uid for uid in uids if not _shifted_or_gone(client, uid, folder))


def _made(client: Client, folder: str) -> bool:
    return _refusal(lambda: (client.create_folder(folder), client.subscribe_folder(folder))) is None


def _shifted(client: Client, uids: Sequence[int], folder: str) -> bool:
    return _refusal(lambda: _shift(client, uids, folder)) is None


def _shifted_or_gone(client: Client, uid: int, folder: str) -> bool:
    refusal = _refusal(lambda: _shift(client, [uid], folder))
    if refusal is not None:
        client.noop()
    return refusal is None or "[EXPUNGEISSUED]" in refusal


def _shift(client: Client, uids: Sequence[int], folder: str) -> None:
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids, silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)  # never a bare EXPUNGE: it would take other people's deletions along


def makes(client: Client, folder: str) -> bool:
    """Whether the server makes a folder of this name; it is removed again at once."""
    return _refusal(lambda: (client.create_folder(folder), client.delete_folder(folder))) is None


def wanted(client: Client, exists: int, most: int) -> Sequence[int]:
    """The UIDs of the first mails of the opened folder, of which so many exist: at most so many, and none that we could
    only mark as deleted. A folder with more is looked through in portions, for where such mails stay all of the first
    ones may be deleted."""
    removes = client.has_capability("MOVE") or client.has_capability("UIDPLUS")
    found: list[int] = []
    for first in range(1, max(exists, 1) + 1, most):
        portion = [f"{first}:{min(first + most - 1, exists)}"] if exists > most else []
        found += client.search(["ALL" if removes else "UNDELETED", *portion])
        if len(found) >= most:
            break
    return found[:most]


def namespace(client: Client) -> tuple[str, str]:
    """The personal namespace's prefix and separator (RFC 2342), else what LIST says."""
    if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
        prefix, separator = personal[0]
    else:
        prefix, separator = "", client.list_folders("", "")[0][1]
    separator = separator.decode("ascii") if isinstance(separator, bytes) else separator
    return str(prefix), str(separator or "")


def wire_name(name: str, prefix: str, separator: str) -> str:
    """A folder's name as the server wants it: `CMP/Parked` is `INBOX.CMP.Parked` on some."""
    path = name.replace("/", separator) if separator else name
    return path if path.startswith(prefix) else prefix + path


def number(value: object) -> int:
    """A UID or UIDVALIDITY: 1 to 2**32 - 1 (RFC 3501 section 9), else ValueError."""
    if not isinstance(value, int) or not 0 < value < 2**32:
        raise ValueError("a number from the server is out of range")
    return value


def body(answer: Answer, key: bytes) -> bytes:
    """The bytes under a key; an empty mail is sent as NIL."""
    value = answer[key]
    return value if isinstance(value, bytes) else b""


def _size(answer: Answer, largest: int) -> int:
    size = answer.get(b"RFC822.SIZE")
    return size if isinstance(size, int) and size >= 0 else largest


def _arrival(answer: Answer) -> datetime:
    """The INTERNALDATE in UTC; where it is missing or absurd, the present moment."""
    given = answer.get(b"INTERNALDATE")
    if isinstance(given, datetime):
        with suppress(ArithmeticError, ValueError):
            return given.astimezone(UTC)
    return datetime.now(UTC)
