"""Links that open a mail, written (RFC 6068). Its one rule: whatever stands in subject or body stays
there; nothing in it becomes a field of its own or ends the link."""

from functools import lru_cache
from urllib.parse import quote


def mailto(address: str, subject: str = "", body: str = "", answers: str = "") -> str:
    """The link to a mail to an address; line breaks of the body are kept. `answers` is the Message-ID
    of what it replies to: programs that heed it keep the thread (section 2), the others lose nothing.

    >>> mailto("cmpcr@meridell.example", "[IN112226-1] LOG", "LOG ")
    'mailto:cmpcr@meridell.example?subject=%5BIN112226-1%5D%20LOG&body=LOG%20'
    """
    lines = body.replace("\r\n", "\n").split("\n")
    given = (
        ("subject", _quoted(subject)),
        ("body", "%0D%0A".join(map(_quoted, lines))),
        ("In-Reply-To", _quoted(answers)),
    )
    fields = "&".join(f"{name}={text}" for name, text in given if text)
    return f"mailto:{quote(address, safe='@')}{'?' if fields else ''}{fields}"


@lru_cache(maxsize=128)
def _quoted(text: str) -> str:
    """A letter has several links, which share most of what is in them."""
    return quote(text, safe="")
