"""Bytes to text, whatever the sender claims about them. Its one rule: no byte is dropped in
silence; where the claim did not hold, the second value returned says so."""

import binascii
import codecs
import re

# What labels mean in the wild. QUIRK: RFC 2046 takes a label at its word; senders use the
# national labels for the vendors' supersets of them (the same choice as the WHATWG table).
ALIASES = {
    "": "us-ascii",
    "ascii": "us-ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "utf-8": "utf-8",
    "us-ascii": "us-ascii",
}
# Codecs of Python that are text encodings to it and to nobody else, or slow on purpose.
NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
# RFC 2047 section 2, with room for blanks inside (seen in the wild); linear: no part overlaps the next.
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BODY_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode(content: bytes, charset: str = "") -> tuple[str, bool]:
    """The text of some bytes: as declared, else UTF-8, else Windows-1252. True when guessed."""
    declared = ALIASES.get(charset.lower().strip(), charset.lower().strip())
    for name, guessed in ((declared, False), ("utf-8", True), ("cp1252", True)):
        text = _decoded(content, name)
        if text is not None:
            return text, guessed
    return content.decode("latin-1"), True


def _decoded(content: bytes, name: str) -> str | None:
    if name in {"us-ascii", "utf-8"}:  # by far the most; spares the search for the codec
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            return None
    try:
        if codecs.lookup(name).name in NO_CHARSETS:
            return None
        text = content.decode(name)
    except (LookupError, ValueError):  # UnicodeError is a ValueError, and so is a NUL in the name
        return None
    # QUIRK: UTF-7 may spell half of a surrogate pair, which no output can carry.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """A header's value as one clean line: white space collapsed, no control character left."""
    if not text.isprintable():
        text = CONTROL.sub(" ", text)
    return " ".join(text.split())


def clean_body(text: str) -> str:
    """A body with line feeds only and without the controls that no database column takes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return BODY_CONTROL.sub("", text)


def decode_words(value: str) -> str:
    """Decode the encoded words of RFC 2047: `=?utf-8?q?Caf=C3=A9?= bar` gives `Café bar`.

    QUIRK: words that stand side by side in one charset are joined before decoding, because
    many senders cut a character in two.
    """
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for match in ENCODED_WORD.finditer(value):
        between, name = value[end : match.start()], match[1].partition("*")[0].lower()
        if pending and (between.strip() or name != charset):
            out.append(decode(pending, charset)[0])
            pending = b""
        if between.strip() or not end:
            out.append(between)
        pending, charset, end = pending + _word(match[2], match[3]), name, match.end()
    if pending:
        out.append(decode(pending, charset)[0])
    out.append(value[end:])
    return "".join(out)


def _word(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    if encoding in "bB":
        return unbase64(octets)[0]
    return binascii.a2b_qp(octets, header=True)


def unbase64(content: bytes) -> tuple[bytes, bool]:
    """Decode base64 as mail programs do: foreign characters skipped, padding forgiven.
    True when something had to be forgiven."""
    try:
        return binascii.a2b_base64(content), False
    except binascii.Error:
        bare = NOT_BASE64.sub(b"", content.partition(b"=")[0])
        bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4)), True
