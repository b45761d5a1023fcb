"""Certificates of servers that we talk to. Its one rule: only one that was verified is spoken of."""

import ssl
from datetime import UTC, datetime


def certificate_ends(sock: object) -> datetime | None:
    """Until when the certificate at the other end of a connection is good, in UTC; None without TLS."""
    told = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    after = (told or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(after), UTC) if isinstance(after, str) else None
