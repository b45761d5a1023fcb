"""Statements on blobs: the bytes of mails and letters, and how many they are."""

from sqlalchemy import bindparam, select

from bot.edge.tables import blob

BLOBS = select(blob.c.sha256, blob.c.encoding, blob.c.content).where(
    blob.c.sha256.in_(bindparam("hashes", expanding=True))
)
SIZES = select(blob.c.sha256, blob.c.size).where(blob.c.sha256.in_(bindparam("hashes", expanding=True)))
