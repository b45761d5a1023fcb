"""The mail inside an opaque-signed one (CMS SignedData, RFC 5652 section 5).

Its one rule: the signature is not checked and vouches for nothing; a fixed number of steps over the
DER or BER finds the bytes that were signed, or nothing.
"""

SEQUENCE, OCTETS, OCTETS_IN_PARTS, EXPLICIT = 0x30, 0x04, 0x24, 0xA0
LONG_FORM = 0x80
LONGEST_LENGTH = 4  # bytes
MOST_ELEMENTS = 10_000


def content_in(content: bytes) -> bytes | None:
    """The bytes that were signed; None where they travel beside the signature. Raises ValueError for
    what is not built as signed data is."""
    try:
        at, _ = _enter(content, 0, SEQUENCE)  # ContentInfo
        at, _ = _enter(content, _after(content, at), EXPLICIT)
        at, _ = _enter(content, at, SEQUENCE)  # SignedData
        at = _after(content, _after(content, at))  # version, digest algorithms
        at, end = _enter(content, at, SEQUENCE)  # EncapsulatedContentInfo
        at = _after(content, at)
        if at >= end or content[at] != EXPLICIT:
            return None
        return _octets(content, _enter(content, at, EXPLICIT)[0])
    except IndexError as short:
        raise ValueError("its signature is cut short") from short


def _head(content: bytes, at: int) -> tuple[int, int, int | None]:
    """An element's tag, where its contents start, and where they end; None for one that says so itself."""
    tag, length = content[at], content[at + 1]
    start = at + 2
    if length == LONG_FORM:
        return tag, start, None
    if length > LONG_FORM:
        count = length - LONG_FORM
        if count > LONGEST_LENGTH:
            raise ValueError("its signature is damaged")
        length = int.from_bytes(content[start : start + count])
        start += count
    if start + length > len(content):
        raise ValueError("its signature is cut short")
    return tag, start, start + length


def _enter(content: bytes, at: int, wanted: int) -> tuple[int, int]:
    """Where the contents of an element of this tag start, and the latest place where they end."""
    tag, start, end = _head(content, at)
    if tag != wanted:
        raise ValueError("its signature is damaged")
    return start, len(content) if end is None else end


def _after(content: bytes, at: int) -> int:
    """Where the element behind this one starts."""
    open_ended = 0
    for _ in range(MOST_ELEMENTS):
        tag, start, end = _head(content, at)
        if end is None:
            open_ended += 1
        elif open_ended and tag == 0 and end == start:
            open_ended -= 1
        at = start if end is None else end
        if not open_ended:
            return at
    raise ValueError("its signature has too many parts")


def _octets(content: bytes, at: int) -> bytes:
    """The bytes of an octet string, which may come in parts."""
    tag, start, end = _head(content, at)
    if tag == OCTETS and end is not None:
        return content[start:end]
    if tag != OCTETS_IN_PARTS:
        raise ValueError("its signature is damaged")
    parts: list[bytes] = []
    at = start
    while at < (len(content) if end is None else end) and content[at] == OCTETS:
        _, start, stop = _head(content, at)
        if stop is None or len(parts) > MOST_ELEMENTS:
            raise ValueError("its signature is damaged")
        parts.append(content[start:stop])
        at = stop
    return b"".join(parts)
