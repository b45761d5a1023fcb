"""The skeleton of a mail: header fields and the leaves of its MIME tree (RFC 5322, 2045, 2046).

Its one rule: the work is bounded by the size of the mail, whatever it claims about itself: no
recursion, no quadratic step, and nothing inside a forwarded message (`message/*`) is entered.
The parsers at hand are quadratic in parameters and slow on parts; on a 53 KB mail with one
attachment this reader costs a tenth of the standard one.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.mail.charset import decode, decode_words, one_line, unbase64
from bot.mail.message import Flaw
from bot.mail.parameters import read_parameters

DEEPEST = 30  # Postfix allows 100; no mail program makes 10
MOST_PARTS = 500
MOST_FIELDS = 1000  # the limit of mime4j
LONGEST_HEAD = 102_400  # header_size_limit of Postfix
LONGEST_VALUE = 10_240  # of a field as shown
LONGEST_MIME_VALUE = 4_096
MOST_LOOK_ALIKES = 10_000  # lines that begin like a boundary and are none
LONGEST_BOUNDARY = 2048  # mime_boundary_length_limit of Postfix

EMPTY_LINE = re.compile(rb"\r?\n")
LINE_FEED = 10
END_OF_HEAD = re.compile(rb"\n\r?\n")
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)\n?")
MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
BAD_QUOTED_PRINTABLE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|\Z))")


@dataclass(frozen=True, slots=True)
class Head:
    """The header fields of a mail or part: lower-case names and raw values; `end` is where the
    body starts in the raw bytes."""

    fields: tuple[tuple[str, bytes], ...]
    end: int
    flaws: frozenset[Flaw] = frozenset()

    def first(self, name: str) -> str:
        """The topmost value of a MIME field as one line, not decoded; an empty text when absent."""
        for key, value in self.fields:
            if key == name:
                return one_line(decode(value[:LONGEST_MIME_VALUE], "utf-8")[0])
        return ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts. `attached` says that it is a file; `choice` numbers the
    multipart/alternative that it belongs to (0: none), of which a reader shows one form."""

    content_type: str
    parameters: Mapping[str, str]
    name: str
    attached: bool
    choice: int
    content: bytes


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of the raw bytes that holds one part."""

    start: int
    end: int
    depth: int = 0
    choice: int = 0
    attached: bool = False
    default_type: str = "text/plain"


def read_head(raw: bytes, start: int = 0, end: int | None = None) -> Head:
    """Read the header fields of `raw[start:end]`.

    QUIRK: a line that is no field ends the header, as in the standard parser. Only a line feed
    ends a line, as in Postfix: a bare CR must not make a field that the border did not see.
    """
    end = len(raw) if end is None else end
    if empty := EMPTY_LINE.match(raw, start, end):
        return Head((), empty.end())
    blank = END_OF_HEAD.search(raw, start, end)
    stop, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    cut = min(stop, start + LONGEST_HEAD)
    fields: list[tuple[str, bytes]] = []
    at = start
    if raw.startswith(b"From ", start):  # the first line of an mbox
        at = raw.find(b"\n", start, cut) + 1 or cut
    while at < cut and len(fields) < MOST_FIELDS:
        field = FIELD.match(raw, at, cut)
        if field is None:
            return Head(tuple(fields), at, frozenset({Flaw.MALFORMED}))
        fields.append((field[1].decode("ascii").lower(), field[2]))
        at = field.end()
    return Head(tuple(fields), body, frozenset() if at >= stop else frozenset({Flaw.MALFORMED}))


def media_type(head: Head, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """Content type and parameters; what is not a type at all counts as the default (RFC 2045, 5.2)."""
    written, parameters = read_parameters(head.first("content-type"))
    return (written if MEDIA_TYPE.fullmatch(written) else default), parameters


def read_leaves(raw: bytes, head: Head) -> tuple[tuple[Leaf, ...], frozenset[Flaw]]:
    """The leaves of a mail whose header has been read, in their order, and what is odd about them."""
    leaves: list[Leaf] = []
    flaws: set[Flaw] = set()
    waiting = [_Region(0, len(raw))]
    seen = 1
    while waiting:
        region = waiting.pop()
        part = read_head(raw, region.start, region.end) if region.depth else head
        flaws |= part.flaws
        kind, parameters = media_type(part, region.default_type)
        if region.depth > DEEPEST:
            flaws.add(Flaw.NESTED_TOO_DEEP)
        elif children := _children(raw, part, region, kind, parameters.get("boundary", "")):
            closed, regions = children
            flaws |= set() if closed else {Flaw.MALFORMED}
            waiting.extend(reversed(regions[: max(MOST_PARTS - seen, 0)]))
            seen += len(regions)
        else:
            leaves.append(_leaf(raw, part, region, kind, parameters, flaws))
    if seen > MOST_PARTS:
        flaws.add(Flaw.TOO_MANY_PARTS)
    return tuple(leaves), frozenset(flaws)


def _children(raw: bytes, part: Head, region: _Region, kind: str, boundary: str) -> tuple[bool, list[_Region]] | None:
    """The parts of a multipart and whether it was closed; None for a leaf."""
    if not kind.startswith("multipart/") or not 0 < len(boundary) <= LONGEST_BOUNDARY:
        return None
    ends, closed = _delimiters(raw, part.end, region.end, b"--" + boundary.encode("utf-8", "replace"))
    if not ends:
        return None
    disposition = read_parameters(part.first("content-disposition"))[0]
    depth = region.depth + 1
    choice = region.choice or (part.end if kind == "multipart/alternative" else 0)
    attached = region.attached or disposition not in {"", "inline"}  # RFC 2183 section 2.9
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    starts = [after for _, after in ends]
    stops = [before for before, _ in ends[1:]] + ([] if closed else [region.end])
    spans = zip(starts, stops, strict=False)
    return closed, [_Region(start, max(start, stop), depth, choice, attached, default) for start, stop in spans]


def _delimiters(raw: bytes, start: int, end: int, delimiter: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where the lines of a boundary stand: before its line end and after the line (RFC 2046, 5.1.1)."""
    found: list[tuple[int, int]] = []
    at = raw.find(delimiter, start, end)
    for _ in range(MOST_LOOK_ALIKES):
        if at < 0 or len(found) > MOST_PARTS:
            break
        eol = raw.find(b"\n", at, end)
        eol = end if eol < 0 else eol
        if at == start or raw[at - 1] == LINE_FEED:
            rest = raw[at + len(delimiter) : eol].strip()
            before = at - (2 if raw[at - 2 : at] == b"\r\n" else 1)
            if rest in {b"", b"--"}:
                found.append((max(before, start), min(eol + 1, end)))
            if rest == b"--":
                return found, True
        at = raw.find(delimiter, eol, end)
    return found, False


def _leaf(raw: bytes, part: Head, region: _Region, kind: str, parameters: Mapping[str, str], flaws: set[Flaw]) -> Leaf:
    """Decode a part without parts; a multipart whose boundary never occurs is read as text."""
    disposition, more = read_parameters(part.first("content-disposition"))
    encoding = part.first("content-transfer-encoding").lower().partition(" ")[0]
    content, damaged = undo_encoding(raw[part.end : region.end], encoding)
    if damaged:
        flaws.add(Flaw.ENCODING_DAMAGED)
    if kind.startswith("multipart/"):
        flaws.add(Flaw.MALFORMED)
        kind = "text/plain"
    name = more.get("filename") or parameters.get("name", "")
    attached = region.attached or bool(name) or disposition not in {"", "inline"}
    return Leaf(kind, parameters, decode_words(name), attached, region.choice, content)


def undo_encoding(content: bytes, encoding: str) -> tuple[bytes, bool]:
    """Undo a Content-Transfer-Encoding (lower case); True where the part was not encoded as it claims."""
    match encoding:
        case "" | "7bit" | "8bit" | "binary":
            return content, False
        case "base64":
            decoded, forgiven = unbase64(content)
            return decoded, forgiven or bool(content.translate(None, BASE64))
        case "quoted-printable":
            return binascii.a2b_qp(content), BAD_QUOTED_PRINTABLE.search(content) is not None
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _unuuencoded(content)
        case _:
            return content, True


def _unuuencoded(content: bytes) -> tuple[bytes, bool]:
    lines = content.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return content, True
    out: list[bytes] = []
    for line in lines[begin + 1 :]:
        if line.strip() in {b"", b"`", b"end"}:
            return b"".join(out), False
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            return content, True
    return b"".join(out), True
