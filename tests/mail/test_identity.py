"""When two mails say the same."""

import pytest

from bot.mail.parse import parse

FIELDS = b"From: a@x.example\r\nDate: Mon, 23 Nov 2026 09:00:00 -0700\r\nSubject: s\r\n"
BODY = b"Content-Type: text/plain\r\n\r\nHello\r\n"


def test_travel_does_not_change_what_a_mail_says() -> None:
    """Trace fields, other ids and line ends leave the content hash as it is."""
    first = parse(FIELDS + BODY).content_hash
    trace = b"Received: by b\r\nDelivered-To: c@x.example\r\nMessage-ID: <2@x.example>\r\n"
    assert parse(trace + FIELDS + BODY).content_hash == first
    assert parse((FIELDS + BODY).replace(b"\r\n", b"\n")).content_hash == first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"a@x.example", b"b@x.example"),
        (b"09:00:00", b"09:00:01"),
        (b"Subject: s", b"Subject: t"),
        (b"Hello", b"Hellp"),
        (b"text/plain\r\n\r\nHello", b"text/plain; name=a.txt\r\n\r\nHello"),
    ],
)
def test_another_word_is_another_mail(old: bytes, new: bytes) -> None:
    """Author, date, subject, body and attachments all count."""
    assert parse((FIELDS + BODY).replace(old, new)).content_hash != parse(FIELDS + BODY).content_hash


def test_no_two_mails_spell_the_same_bytes() -> None:
    """Moving a word from the subject to the body makes another mail."""
    one = parse(b"Subject: ab\r\n\r\nc").content_hash
    assert parse(b"Subject: a\r\n\r\nbc").content_hash != one
