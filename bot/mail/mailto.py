"""Links that open a mail, written (RFC 6068). Its one rule: whatever stands in subject or body stays
there; nothing in it becomes a field of its own or ends the link."""

from urllib.parse import quote


def mailto(address: str, subject: str = "", body: str = "") -> str:
    """The link to a mail to an address; line breaks of the body are kept.

    >>> mailto("cmpcr@meridell.example", "[IN112226-1] LOG", "LOG ")
    'mailto:cmpcr@meridell.example?subject=%5BIN112226-1%5D%20LOG&body=LOG%20'
    """
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    fields = [f"{name}={quote(text, safe='')}" for name, text in (("subject", subject), ("body", lines)) if text]
    return f"mailto:{quote(address, safe='@')}" + ("?" + "&".join(fields) if fields else "")
