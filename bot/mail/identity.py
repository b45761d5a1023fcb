"""When two mails say the same. Its one rule: only what a mail says counts, never how it travelled,
for relays, lists and servers add fields and one mail may come twice (reliability.md, section 2)."""

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from bot.mail.message import Attachment

# 900 characters: with the name of its field an id still fits a line of 998 (RFC 5322 section 2.1.1).
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


def content_hash(
    author: str, sent_at: datetime | None, subject: str, bodies: Iterable[str], attachments: Iterable[Attachment]
) -> str:
    """SHA-256 in hex over the decoded author, date, subject, bodies and attachments.

    Every item goes in behind its length, so that no two different mails spell the same bytes.
    """
    texts = (author, sent_at.isoformat() if sent_at else "", subject, *bodies)
    items = [text.encode() for text in texts]
    for attachment in attachments:
        items += [attachment.name.encode(), attachment.content]
    digest = sha256()
    for item in items:
        digest.update(b"%d:" % len(item))
        digest.update(item)
    return digest.hexdigest()
