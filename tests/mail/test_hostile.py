"""Mail made to cost: whatever it holds, reading it takes time in proportion to its size."""

import time

import pytest

from bot.intake.screen import screen
from bot.mail.message import Flaw
from bot.mail.parse import parse

HEAD = b"From: a@x.example\r\nMessage-ID: <1@x.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 -0700\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
FLOWED = HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n"
PLAIN = HEAD + b"\r\n"
QUOTED = HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
SECONDS = 2.0  # of processor time; measured: at most 0.45, most of them under 0.02


def nested(depth: int) -> bytes:
    """A multipart in a multipart in a multipart."""
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    return HEAD + b"".join(levels) + b"\r\nHello"


def people(count: int) -> bytes:
    """Many mailboxes in one field."""
    return b", ".join(b"user %d <user%d@x.example>" % (number, number) for number in range(count))


COSTLY = {
    "100,000 empty parts": MULTIPART + b"--b\r\n\r\n" * 100_000,
    "parts within parts": MULTIPART
    + b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n" * 50_000,
    "the same boundary within itself": MULTIPART + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 5_000,
    "lines like boundaries": MULTIPART + b"\r\n--bx" * 300_000,
    "parameters in every part": MULTIPART
    + (b"--b\r\nContent-Type: text/plain; " + b"a*0*=b;" * 2_000 + b"\r\n\r\nx\r\n") * 500,
    "160 KB of Content-Type": HEAD + b"Content-Type: text/plain; " + b'a="b;' * 32_000 + b"\r\n\r\nx",
    "160 KB of semicolons": HEAD + b"Content-Type: text/plain; " + b";" * 160_000 + b"\r\n\r\nx",
    "1,000 deep": nested(1_000),
    "5,000 deep": nested(5_000),
    "2,000 forwards deep": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
    "4,000 recipients": HEAD + b"To: " + people(4_000) + b"\r\n\r\nx",
    "4,000 senders": b"From: " + people(4_000) + b"\r\n\r\nx",
    "comments in From": b"From: " + b"(" * 100_000 + b"\r\n\r\nx",
    "quotes in From": b"From: " + b'"' * 99_999 + b"\r\n\r\nx",
    "encoded words in From": b"From: " + b"=?utf-8?q?a?= " * 9_999 + b"<a@x.example>\r\n\r\nx",
    "labels in a domain": b"From: a@" + "ü.".encode() * 900 + b"\r\n\r\nx",
    "one endless label": b"From: a@" + "ü".encode() * 900 + b"\r\n\r\nx",
    "comments in Date": HEAD.replace(b"Mon", b"(" * 100_000) + b"\r\nx",
    "100,000 fields": HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\nx",
    "100,000 subjects": HEAD + b"Subject: s\r\n" * 100_000 + b"\r\nx",
    "200,000 folds": HEAD + b"Subject: s\r\n" + b" a\r\n" * 200_000 + b"\r\nx",
    "broken encoded words": HEAD + b"Subject: " + b"=?a?q?" * 16_000 + b"\r\n\r\nx",
    "references without end": HEAD + b"References: " + b"<" * 100_000 + b"\r\n\r\nx",
    "tags in a subject": HEAD + b"Subject: " + b"[x]" * 3_000 + b"\r\n\r\nx",
    "5 MB of junk for base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!" * 5_000_000,
    "equals signs": QUOTED + b"=" * 1_000_000,
    "equals signs and blanks": QUOTED + b"= " * 500_000,
    "a soft break and blanks": QUOTED + b"=" + b" " * 1_000_000,
    "uuencoded beginnings": HEAD + b"Content-Transfer-Encoding: uuencode\r\n\r\n" + b"begin 644 a\n" * 100_000,
    "idna as a charset": HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"\xe4a." * 100_000,
    "punycode as a charset": HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 100_000,
    "one long line": PLAIN + b"On " + b"a" * 1_000_000,
    "attributions": PLAIN + b"On 1.1.2026 b@x.example wrote\r\n" * 50_000,
    "colons after addresses": PLAIN + (b"a@x.example 12:30 2026 <" * 20 + b":\r\n") * 5_000,
    "header labels": PLAIN + b"To: a@x.example 12\r\n" * 50_000,
    "rules": PLAIN + b"________________\r\n" * 50_000,
    "blanks": PLAIN + (b" " * 499 + b"x\r\n") * 2_000,
    "asterisks": PLAIN + (b"*" * 499 + b":\r\n") * 2_000,
    "quote marks": FLOWED + b">" * 1_000_000,
    "flowed lines": FLOWED + b"a \r\n" * 300_000,
    "angles": HTML + b"<" * 1_000_000,
    "comments that stay open": HTML + b"<!--" * 250_000,
    "tags that stay open": HTML + b"<a " * 150_000,
    "quotes that stay open": HTML + b'<a ">' * 150_000,
    "mixed quotes": HTML + b"<a \"'>" * 150_000,
    "blockquotes": HTML + b"<blockquote>a" * 100_000,
    "styles": HTML + b"<style></style>" * 90_000,
    "a style attribute": HTML + b'<p style="' + b"display  " * 100_000 + b'">x',
    "cells": HTML + b"<td>" * 190_000,
    "a character number": HTML + b"&#" + b"9" * 1_000_000,
    "character numbers": HTML + b"&#9" * 300_000,
    "CR only": PLAIN.replace(b"\r\n", b"\r") + b"a\r" * 100_000,
    "NUL": b"\0" * 1_000_000,
    "line ends": b"\r\n" * 500_000,
    "colons": b":" * 1_000_000,
}


@pytest.mark.parametrize("name", COSTLY)
def test_hostile_mail_stays_cheap(name: str) -> None:
    """No mail of a megabyte or a few takes seconds to read and screen."""
    started = time.process_time()
    screen(parse(COSTLY[name]), frozenset(), "meridell.example")
    assert time.process_time() - started < SECONDS


def test_a_large_attachment_costs_little() -> None:
    """25 MB of base64 are decoded once, without being cut into lines."""
    head = b"--b\r\nContent-Type: application/x; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = MULTIPART + head + (b"QUJD" * 19 + b"\r\n") * 320_000 + b"--b--\r\n"
    started = time.process_time()
    message = parse(raw)
    assert time.process_time() - started < SECONDS
    assert len(message.attachments[0].content) == 320_000 * 57


def test_html_beyond_reading_is_flagged() -> None:
    """HTML with more tags than anybody writes is kept, not read, and the mail says so."""
    message = parse(HTML + b"<p>x" * 200_001)
    assert Flaw.TOO_MANY_PARTS in message.flaws
    assert message.text == ""
    assert message.html.startswith("<p>x")
