"""Whatever the bytes: parse never raises, and what it gives can be shown, stored and screened."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.screen import screen
from bot.mail.message import Message
from bot.mail.parse import parse
from bot.mail.quotation import own_text
from bot.mail.text import html_to_text, unflow

ODD = [path.read_bytes() for path in sorted((Path(__file__).parent / "odd").glob("*.eml"))]
ODD = [raw for raw in ODD if len(raw) < 4_000]
PIECES = [
    *(b"From: ", b"From: a@x.example\r\n", b"Subject: ", b"Date: ", b"Content-Type: ", b"multipart/mixed; boundary=b"),
    *(
        b"text/html; charset=",
        b"utf-7",
        b"idna",
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"--b",
        b"--b--",
        b"=?utf-8?q?",
        b"?=",
    ),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"message/rfc822",
        b"\0",
        b"\xff\xfe",
        b"<",
        b">",
        b'"',
        b"(",
        b";",
        b":",
    ),
    *(
        b"name*0*=utf-8''%e4",
        b"@",
        b"\xe2\x80\xa8",
        b"<a@b>",
        b"&#9;",
        b"<p style='",
        b"> ",
        b"-- \r\n",
        b"wrote:",
        b" ",
    ),
]


def check(message: Message) -> None:
    """What every message must hold, however it came about."""
    assert len(message.content_hash) == 64
    headers = [value for values in message.headers.values() for value in values]
    names = [attachment.name for attachment in message.attachments]
    lines = [message.subject, message.message_id, message.in_reply_to, *message.references, *headers, *names]
    if message.sender:
        lines += [message.sender.email, message.sender.name]
    assert not [line for line in lines if set(line) & set("\r\n\0\x85\u2028\u2029\x1b\x7f")]
    for text in (*lines, message.text, message.own_text, message.html):
        text.encode()
        assert "\0" not in text
    assert all(names)
    screen(message, frozenset({"cmpcr@meridell.example"}), "meridell.example")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_random_bytes_are_a_message(raw: bytes) -> None:
    """Any bytes whatever give a message."""
    check(parse(raw))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=60))
def test_mail_in_pieces_is_a_message(pieces: list[bytes]) -> None:
    """The words of mail in any order give a message."""
    check(parse(b"".join(pieces)))


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_damaged_mail_is_a_message(data: st.DataObject) -> None:
    """A mail cut, overwritten or spliced anywhere gives a message."""
    raw = bytearray(data.draw(st.sampled_from(ODD)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(at, min(len(raw), at + 40)))
        raw[at:end] = data.draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)))
    check(parse(bytes(raw)))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_stripped_joined_and_made_plain(text: str) -> None:
    """The readers of bodies take any text; what is one's own was there before."""
    kept = own_text(text)
    assert all(line.strip() in text for line in kept.split("\n"))
    assert isinstance(unflow(text, delsp=True), str)
    assert isinstance(html_to_text(text), str)
