"""Which addresses can be written to and compared. Its one rule: an address that we would have to
quote, guess or encode is nobody's; it is neither trusted nor answered."""

import re

LONGEST = 254  # RFC 5321 section 4.5.3.1, RFC 3696 erratum 1690
PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def plain(email: str) -> bool:
    """True for an address of unquoted ASCII in both halves, such as every mail server takes."""
    return len(email) <= LONGEST and PLAIN.fullmatch(email) is not None


def comparable(email: str) -> str:
    """An address in lower case with its domain in ASCII: `J@Müller.example` gives
    `j@xn--mller-kva.example`. What cannot be written so stays as it is, and is then not `plain`.

    QUIRK: IDNA maps look-alikes of ASCII letters (full-width, for one) to ASCII. Such a domain
    would turn into another one, so it is not mapped.
    """
    local, at, domain = email.lower().rpartition("@")
    if domain.isascii() or len(domain) > LONGEST:
        return local + at + domain
    labels = []
    for label in domain.split("."):
        try:
            written = label.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return local + at + domain
        if not label.isascii() and not written.startswith("xn--"):
            return local + at + domain
        labels.append(written)
    return local + at + ".".join(labels)
