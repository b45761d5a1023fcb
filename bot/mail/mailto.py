"""Links that open a mail, written (RFC 6068). Its one rule: whatever stands in subject or body stays
there; nothing in it becomes a field of its own or ends the link."""

from urllib.parse import quote


def mailto(address: str, subject: str = "", body: str = "", answers: str = "") -> str:
    """The link to a mail to an address; line breaks of the body are kept. `answers` is the Message-ID
    of what it replies to: programs that heed it keep the thread (section 2), the others lose nothing.

    >>> mailto("cmpcr@meridell.example", "[IN112226-1] LOG", "LOG ")
    'mailto:cmpcr@meridell.example?subject=%5BIN112226-1%5D%20LOG&body=LOG%20'
    """
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    given = (("subject", subject), ("body", lines), ("In-Reply-To", answers))
    fields = [f"{name}={quote(text, safe='')}" for name, text in given if text]
    return f"mailto:{quote(address, safe='@')}" + ("?" + "&".join(fields) if fields else "")
