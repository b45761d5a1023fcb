"""What a mail is once it has been read: Message, Attachment, Envelope, Flaw.

Its one rule: strange mail is described, never refused; every oddity is a Flaw that travels
with the value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.office.people import Address


class Flaw(StrEnum):
    """An oddity of a mail, kept beside what could be read in spite of it."""

    UNREADABLE = "the mail could not be read as mail at all"
    FROM_MISSING = "there is no From address"
    FROM_AMBIGUOUS = "the From header is defective, or names more than one mailbox"
    DUPLICATE_HEADER = "a header that must be single occurs twice"
    ID_MISSING = "there is no usable Message-ID"
    DATE_INVALID = "the Date header is absent or cannot be read"
    CHARSET_GUESSED = "the text is not in the character set that it claims"
    ENCODING_DAMAGED = "a part is not encoded as it claims"
    NESTED_TOO_DEEP = "the mail is nested too deeply; the deepest parts were not read"
    TOO_MANY_PARTS = "the mail has too many parts; the last ones were not read"
    TOO_LARGE = "the mail is larger than the limit; only its headers were fetched"
    MALFORMED = "the structure of the mail is damaged"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A named part with its decoded bytes. The name is data for people, never a path."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail came: its id (12 hex of the raw bytes' SHA-256), its arrival (aware, UTC) and
    where it lay on the server; a mail that was piped in has no folder and no UID."""

    id: str
    arrived: datetime
    folder: str = ""
    uidvalidity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What a mail says.

    `headers` maps lower-case names to all their values, top first, unfolded and decoded.
    `text` is the body a person would read (plain, or made from HTML) and `own_text` the part of
    it that the sender wrote: no quotation, no signature, nothing forwarded. `html` is the raw
    HTML body, if any. `content_hash` is over what the mail says, not how it travelled.
    """

    message_id: str = ""
    sender: Address | None = None
    subject: str = ""
    sent_at: datetime | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    own_text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    content_hash: str = ""
    content_type: str = "text/plain"
    flaws: tuple[Flaw, ...] = ()

    def header(self, name: str) -> str:
        """The topmost value of a header, or an empty text."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""
