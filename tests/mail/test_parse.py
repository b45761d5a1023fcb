"""Bytes to Message: what is read, what is flagged, and that nothing is ever refused."""

import base64
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail.message import Flaw, Message
from bot.mail.parse import parse

ODD = Path(__file__).parent / "odd"
NOTHING = (Flaw.UNREADABLE, Flaw.FROM_MISSING, Flaw.ID_MISSING, Flaw.DATE_INVALID)

# Every file of odd/ and the flaws it must show; no flaw means that it is read as if it were usual.
ODDITIES: dict[str, tuple[Flaw, ...]] = {
    "attached-multipart": (),
    "attachment-named-as-path": (),
    "attachment-named-backwards": (),
    "attachment-named-in-pieces": (),
    "attachment-unnamed": (),
    "base64-cut-short": (Flaw.ENCODING_DAMAGED,),
    "base64-with-junk": (Flaw.ENCODING_DAMAGED,),
    "boundary-a-prefix": (),
    "boundary-absent": (Flaw.MALFORMED,),
    "boundary-like-a-pattern": (),
    "boundary-never-occurs": (Flaw.MALFORMED,),
    "boundary-not-closed": (Flaw.MALFORMED,),
    "boundary-shared": (Flaw.MALFORMED,),
    "charset-gbk-as-gb2312": (),
    "charset-iso-2022-jp": (),
    "charset-rot13": (Flaw.CHARSET_GUESSED,),
    "charset-undeclared": (Flaw.CHARSET_GUESSED,),
    "charset-undefined": (Flaw.CHARSET_GUESSED,),
    "charset-unknown": (Flaw.CHARSET_GUESSED,),
    "charset-utf-7": (),
    "charset-utf-7-half-pair": (),
    "charset-windows-as-latin": (),
    "charset-windows-as-utf-8": (Flaw.CHARSET_GUESSED,),
    "date-absent": (Flaw.DATE_INVALID,),
    "date-in-words": (Flaw.DATE_INVALID,),
    "date-on-wrong-weekday": (),
    "digest": (),
    "empty": NOTHING,
    "encoding-unknown": (Flaw.ENCODING_DAMAGED,),
    "forwarded-as-attachment": (),
    "forwarded-bare": (),
    "from-absent": (Flaw.FROM_MISSING,),
    "from-address-as-name": (Flaw.FROM_AMBIGUOUS,),
    "from-blank": (Flaw.FROM_MISSING,),
    "from-comma-in-name": (Flaw.FROM_AMBIGUOUS,),
    "from-cyrillic-domain": (),
    "from-encoded-address-as-name": (Flaw.FROM_AMBIGUOUS,),
    "from-full-width-domain": (Flaw.FROM_AMBIGUOUS,),
    "from-group": (Flaw.FROM_AMBIGUOUS,),
    "from-international-domain": (),
    "from-names-nobody": (Flaw.FROM_AMBIGUOUS,),
    "from-quoted-address-as-name": (Flaw.FROM_AMBIGUOUS,),
    "from-quoted-local-part": (Flaw.FROM_AMBIGUOUS,),
    "from-route": (Flaw.FROM_AMBIGUOUS,),
    "from-semicolon": (Flaw.FROM_AMBIGUOUS,),
    "from-twice": (Flaw.FROM_AMBIGUOUS, Flaw.DUPLICATE_HEADER),
    "from-two-mailboxes": (Flaw.FROM_AMBIGUOUS,),
    "from-with-injection": (),
    "header-without-end": (Flaw.MALFORMED,),
    "id-absent": (Flaw.ID_MISSING,),
    "id-bare": (Flaw.ID_MISSING,),
    "id-endless": (Flaw.ID_MISSING,),
    "id-folded": (),
    "mbox-line": (),
    "nested-40-deep": (Flaw.NESTED_TOO_DEEP,),
    "no-mail-at-all": (*NOTHING, Flaw.CHARSET_GUESSED, Flaw.MALFORMED),
    "nul-in-body": (),
    "old-macintosh": (),
    "parts-600": (Flaw.TOO_MANY_PARTS, Flaw.MALFORMED),
    "quoted-printable-damaged": (Flaw.ENCODING_DAMAGED,),
    "subject-folded": (),
    "subject-in-cut-words": (),
    "subject-in-raw-latin": (Flaw.CHARSET_GUESSED,),
    "subject-in-unknown-charset": (),
    "subject-twice": (Flaw.DUPLICATE_HEADER,),
    "subject-with-bare-cr": (),
    "subject-with-injection": (),
    "to-twice": (Flaw.DUPLICATE_HEADER,),
    "type-nonsense": (),
    "uuencoded": (),
}


def odd(name: str) -> Message:
    """One of our odd mails, read."""
    return parse((ODD / f"{name}.eml").read_bytes())


def mail(*fields: str, body: bytes = b"Hello\r\n") -> bytes:
    """A mail of some fields and a body."""
    return "\r\n".join([*fields, "", ""]).encode() + body


def test_every_odd_mail_is_listed() -> None:
    """No odd mail lies in the folder without its expected flaws."""
    assert {path.stem for path in ODD.glob("*.eml")} == ODDITIES.keys()


@pytest.mark.parametrize("name", ODDITIES)
def test_an_odd_mail_shows_its_flaws_and_no_others(name: str) -> None:
    """Each oddity yields just the flaws it is named for."""
    assert set(odd(name).flaws) == set(ODDITIES[name])


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("subject-folded", "About our request"),
        ("subject-with-injection", "hi Bcc: all@pine.example x"),
        ("subject-with-bare-cr", "About Bcc: all@pine.example"),
        ("subject-in-cut-words", "Größe"),
        ("subject-in-unknown-charset", "Café"),
        ("subject-in-raw-latin", "Café"),
    ],
)
def test_a_subject_is_one_clean_line(name: str, subject: str) -> None:
    """Folding, encoded words and smuggled line ends come out as one line of text."""
    assert odd(name).subject == subject


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("charset-windows-as-utf-8", "It is only fair – the customer didn’t get it."),  # noqa: RUF001 - as sent
        ("charset-windows-as-latin", "It is only fair – the customer didn’t get it."),  # noqa: RUF001 - as sent
        ("charset-gbk-as-gb2312", "请求编号 镕"),
        ("charset-iso-2022-jp", "変更"),
        ("charset-utf-7", "Café"),
        ("charset-utf-7-half-pair", "\ufffdhalf"),
        ("charset-unknown", "Café"),
        ("base64-with-junk", "Hello,"),
        ("base64-cut-short", "Hello, worl"),
        ("boundary-like-a-pattern", "Hello"),
        ("boundary-a-prefix", "Hello"),
        ("boundary-not-closed", "Hello"),
        ("type-nonsense", "Hello"),
        ("nul-in-body", "Hello"),
        ("old-macintosh", "Hello,\nplease see below."),
        ("attached-multipart", "Hello"),
        ("forwarded-as-attachment", "For your information."),
        ("forwarded-bare", ""),
        ("digest", ""),
    ],
)
def test_a_body_is_read_in_spite_of_its_oddity(name: str, text: str) -> None:
    """Wrong charsets, damaged encodings and odd boundaries still give the text; forwards give none."""
    assert odd(name).text == text


def test_nothing_of_a_forwarded_mail_is_the_senders() -> None:
    """A forwarded mail is kept as a file with all its bytes, and its commands are no text."""
    for name in ("forwarded-as-attachment", "forwarded-bare", "digest"):
        message = odd(name)
        assert "APPROVE" not in message.text + message.own_text + message.subject
        assert message.attachments[0].content_type == "message/rfc822"
        assert b"APPROVE PC112226-1" in message.attachments[0].content


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("attachment-unnamed", ["attachment.docx"]),
        ("attachment-named-in-pieces", ["Änderung Nr. 1.docx"]),
        ("attachment-named-as-path", ["cr.docx", "passwd"]),
        ("attachment-named-backwards", ["crxcod.exe"]),
        ("forwarded-as-attachment", ["attachment.eml"]),
    ],
)
def test_attachment_names_are_for_people(name: str, names: list[str]) -> None:
    """A name is decoded, loses its folders and turning marks, and comes from the type if there is none."""
    assert [attachment.name for attachment in odd(name).attachments] == names


def test_uuencoded_files_are_decoded() -> None:
    """The encoding of old mail programs gives the bytes."""
    assert odd("uuencoded").attachments[0].content == bytes(range(256))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_attachments_are_byte_exact(encoding: str) -> None:
    """What was attached comes out bit for bit, whatever its transfer encoding."""
    import quopri

    content = random.Random(7).randbytes(40_000) if encoding == "base64" else bytes(range(33, 127)) * 9 + b"\xc3\xa9 x"
    encoded = {
        "base64": base64.encodebytes(content).replace(b"\n", b"\r\n"),
        "quoted-printable": quopri.encodestring(content).replace(b"\n", b"\r\n"),
        "8bit": content,
    }[encoding]
    head = f"--b\r\nContent-Type: application/x-form; name=form.bin\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    raw = mail("From: a@x.example", "Content-Type: multipart/mixed; boundary=b", body=head.encode() + encoded)
    attachment = parse(raw + b"\r\n--b--\r\n").attachments[0]
    assert (attachment.name, attachment.content) == ("form.bin", content)


def test_the_usual_fields_are_read() -> None:
    """From, Date, Message-ID, threading and headers come out typed, addresses in lower case."""
    message = parse(
        mail(
            'From: "Lee, Ann" <Ann.Lee@Pine.Example>',
            "Date: Mon, 23 Nov 2026 09:00:00 -0700",
            "Message-ID: <1@pine.example>",
            "In-Reply-To: <0@meridell.example>",
            "References: <a@meridell.example>",
            "\t<0@meridell.example>",
            "Subject: Re: [PC112226-1] =?utf-8?q?Caf=C3=A9?=",
            "Received: by b",
            "Received: by a",
        )
    )
    assert str(message.sender) == "Lee, Ann <ann.lee@pine.example>"
    assert message.sent_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert (message.message_id, message.in_reply_to) == ("<1@pine.example>", "<0@meridell.example>")
    assert message.references == ("<a@meridell.example>", "<0@meridell.example>")
    assert message.subject == "Re: [PC112226-1] Café"
    assert message.headers["received"] == ("by b", "by a")
    assert message.flaws == ()


def test_a_folded_id_is_put_together() -> None:
    """QUIRK: the standard parser cuts a Message-ID at its fold; we do not."""
    assert odd("id-folded").message_id == "<odd.1@pine.example>"


def test_a_domain_of_another_script_stays_another_domain() -> None:
    """An international domain is compared in its ASCII form and never equals the one it looks like."""
    sender = odd("from-cyrillic-domain").sender
    assert sender is not None
    assert sender.domain == "xn--mridell-7gg.example"
    sender = odd("from-international-domain").sender
    assert sender is not None
    assert sender.email == "j.oed@xn--mller-kva.example"


def test_encoded_words_in_a_stamp_stay_as_they_are() -> None:
    """A sender cannot spell a result into Authentication-Results by way of an encoded word."""
    stamp = "mx.example; spf=pass smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass?=@x.example"
    assert parse(mail(f"Authentication-Results: {stamp}")).header("authentication-results") == stamp


def test_an_alternative_is_read_once() -> None:
    """Of text and HTML the text is read; a blank text gives way to the HTML; footers follow."""
    parts = (
        b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\n%s\r\n"
        b"--c\r\nContent-Type: text/html\r\n\r\n<p>From HTML</p>\r\n--c--\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nFooter\r\n--b--\r\n"
    )
    for plain, expected in ((b"From plain", "From plain\n\nFooter"), (b" ", "From HTML\n\nFooter")):
        message = parse(mail("Content-Type: multipart/mixed; boundary=b", body=parts % plain))
        assert message.text == expected
        assert message.html == "<p>From HTML</p>"
        assert message.attachments == ()


def test_a_calendar_part_is_a_file_and_other_renderings_are_nothing() -> None:
    """An invitation travels as an alternative and is kept; enriched text is only the text again."""
    body = b"".join(
        b"--b\r\nContent-Type: %s\r\n\r\nx\r\n" % kind for kind in (b"text/plain", b"text/enriched", b"text/calendar")
    )
    message = parse(mail("Content-Type: multipart/alternative; boundary=b", body=body + b"--b--\r\n"))
    assert [attachment.name for attachment in message.attachments] == ["attachment.ics"]


def test_flowed_text_is_joined() -> None:
    """format=flowed lines are put together, with DelSp as well (RFC 3676)."""
    raw = mail(
        "Content-Type: text/plain; format=flowed; delsp=yes", body=b"Descrip \r\ntion: long \r\n er text\r\n\r\nend"
    )
    assert parse(raw).text == "Description: longer text\n\nend"


def test_a_mail_that_breaks_the_library_is_still_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever mail-parser raises, the mail comes out with its headers, untrusted."""

    def broken(_: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr("mailparser.parse_from_bytes", broken)
    message = parse(mail("From: a@x.example", "Subject: Hello", "Message-ID: <1@x.example>"))
    assert (message.sender, message.subject, message.text) == (None, "Hello", "Hello")
    assert set(message.flaws) == {Flaw.MALFORMED, Flaw.FROM_AMBIGUOUS, Flaw.DATE_INVALID}


def test_a_header_beyond_the_limits_is_cut() -> None:
    """100 KiB of header and 1,000 fields are read, the rest is not, and the mail says so."""
    for fields in ([f"X-{number}: y" for number in range(1_500)], ["X-Long: " + "x" * 120_000]):
        message = parse(mail("From: a@x.example", *fields, "Subject: late"))
        assert Flaw.MALFORMED in message.flaws
        assert message.subject == ""
        assert message.text == "Hello"
        assert all(len(value) <= 10_240 for values in message.headers.values() for value in values)
