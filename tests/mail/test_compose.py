"""Letters on the wire: what every one carries, and that nothing sent to us becomes a header."""

import email
import email.policy
import random
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message

import pytest

from bot.intake.screen import Automatic, screen
from bot.mail.compose import compose as outline
from bot.mail.compose import files_in, message_id, with_files
from bot.mail.letter import Enclosure, Kind, Letter, Rendered, Thread
from bot.mail.parse import parse
from bot.office.people import Address

SENDER = Address("cmpcr@meridell.example", "CMP Change Requests")
DOMAIN = "meridell.example"
NOW = datetime(2026, 11, 23, 16, 12, 3, tzinfo=UTC)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENT = random.Random(1).randbytes(40_000)
LETTER = Letter(
    "event-1",
    Kind.ACKNOWLEDGEMENT,
    Address("dana@pine.example", "Whitlock, Dana"),
    "PC112326-1",
    thread=Thread("<1@pine.example>", ("<0@pine.example>",)),
    enclosures=(Enclosure("PC112326-1 CR.docx", DOCX, CONTENT),),
)
WORDS = Rendered("Change request logged", "Hello Dana,\n\nit is logged.\n", "<p>Hello Dana, it is <b>logged</b>.</p>")
ALWAYS = ["From", "To", "Subject", "Date", "Message-ID"]
MARKS = ["Auto-Submitted", "X-Auto-Response-Suppress", "X-Cmpbot-Loop", "MIME-Version", "Content-Type"]
ANSWER = [*ALWAYS, "In-Reply-To", "References", *MARKS]

PAYLOADS = [
    *(
        "x\r\nBcc: all@evil.example",
        "x\nBcc: all@evil.example",
        "x\rBcc: all@evil.example",
        "x\r\n\r\nBody",
        "x\n\nBody",
    ),
    *("\r\nBcc: all@evil.example", "x\0y", "x\x0bBcc: a", "x\x0cBcc: a", "x\x1cBcc: a", "x\x85Bcc: a", "x\u2028Bcc: a"),
    *(
        "x\u2029Bcc: a",
        "=?utf-8?q?x=0D=0ABcc:_a?=",
        "=?utf-8?b?eA0KQmNjOiBh?=",
        "x\r\n .\r\n",
        "\r\n.\r\n",
        "x\x1b[31m",
    ),
    *(
        "x\u202eexe.fdp",
        "x\ud800y",
        "é\r\nBcc: a",
        "日本\r\nBcc: a",
        "x" * 3_000,
        "é" * 3_000,
        "x " * 2_000,
        '"; Bcc: a',
    ),
    *(
        "<a@evil.example>",
        "a@evil.example, b@evil.example",
        "\\\r\\\nBcc: a",
        "%0d%0aBcc: a",
        "x\r\n\tBcc: a",
        "(c) \\",
        "",
    ),
]


def compose(letter: Letter, words: Rendered, sender: Address, domain: str, now: datetime) -> bytes:
    """A letter as it is sent."""
    return with_files(
        outline(letter, words, sender, domain, now), {file.sha256: file.content for file in letter.enclosures}
    )


def test_a_file_is_put_in_when_the_letter_is_sent() -> None:
    """What is kept of a letter names its files by their hash, in order, and holds none of them."""
    files = (Enclosure("a.docx", DOCX, b"first" * 900), Enclosure("b.docx", DOCX, b"second" * 900))
    kept = outline(replace(LETTER, enclosures=files), WORDS, SENDER, DOMAIN, NOW)
    assert files_in(kept) == tuple(file.sha256 for file in files)
    assert len(kept) < 4000
    with pytest.raises(KeyError):
        with_files(kept, {})


def reread(wire: bytes) -> EmailMessage:
    """A letter as the modern standard parser sees it."""
    return email.message_from_bytes(wire, policy=email.policy.default)


def with_payload(field: str, payload: str) -> tuple[Letter, Rendered]:
    """A letter in which one echoed field holds what somebody sent us."""
    letter, words = LETTER, WORDS
    match field:
        case "subject":
            words = replace(words, subject=payload)
        case "name":
            letter = replace(letter, to=Address("dana@pine.example", payload))
        case "file name":
            letter = replace(letter, enclosures=(Enclosure(payload, DOCX, b"x"),))
        case "file type":
            letter = replace(letter, enclosures=(Enclosure("cr.docx", payload, b"x"),))
        case "answered id":
            letter = replace(letter, thread=Thread(payload, ("<0@pine.example>",)))
        case "earlier id":
            letter = replace(letter, thread=Thread("<1@pine.example>", (payload, f"<{payload}@pine.example>")))
        case "number":
            letter = replace(letter, number=payload)
        case _:
            words = Rendered("s", payload, payload)
    return letter, words


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "field", ["subject", "name", "file name", "file type", "answered id", "earlier id", "number", "text"]
)
def test_nothing_that_was_sent_to_us_becomes_a_header(field: str, payload: str) -> None:
    """Whatever stands in an echoed field, the header holds the planned fields and one recipient."""
    wire = compose(*with_payload(field, payload), SENDER, DOMAIN, NOW)
    wire.decode("ascii")
    assert b"\r" not in wire.replace(b"\r\n", b"") and b"\n" not in wire.replace(b"\r\n", b"")
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    old: Message = email.message_from_bytes(wire)
    optional = {"In-Reply-To"} if field == "answered id" else set()  # an id that is none is left out
    assert [name for name, _ in old.items() if name not in optional] == [
        name for name in ANSWER if name not in optional
    ]
    new = reread(wire)
    assert [address.addr_spec for address in new["To"].addresses] == ["dana@pine.example"]
    assert not [part for part in new.walk() if part.defects]
    assert new["Bcc"] is None


def test_a_letter_reads_back_as_it_was_meant() -> None:
    """Names, subject, thread, bodies and enclosures survive the way out and in."""
    letter = replace(LETTER, to=Address("dana@pine.example", "Wéber, Dana"))
    words = Rendered(
        "Größe logged 日本語 " + "word " * 30, "Grüße\n\n-- \n.\nFrom here\n" + "x" * 2_000, "<p>Grüße</p>"
    )
    wire = compose(letter, words, SENDER, DOMAIN, NOW)
    new = reread(wire)
    assert new["To"].addresses[0].display_name == "Wéber, Dana"
    assert new["Subject"] == f"[PC112326-1] {words.subject}".strip()
    assert new["Date"].datetime == NOW
    message = parse(wire)
    assert message.flaws == ()
    assert message.text == words.text
    assert message.html.strip() == words.html
    assert (message.in_reply_to, message.references) == ("<1@pine.example>", ("<0@pine.example>", "<1@pine.example>"))
    assert [(one.name, one.content_type, one.content) for one in message.attachments] == [
        ("PC112326-1 CR.docx", DOCX, CONTENT)
    ]


def test_every_letter_is_marked_as_a_machines() -> None:
    """No automatic program shall answer it, and we know it again."""
    for thread, mark in ((LETTER.thread, "auto-replied"), (Thread(), "auto-generated")):
        wire = compose(replace(LETTER, thread=thread), WORDS, SENDER, DOMAIN, NOW)
        new = reread(wire)
        assert (new["Auto-Submitted"], new["X-Auto-Response-Suppress"]) == (mark, "All")
        assert not {"Precedence", "List-Id", "Bcc", "Reply-To"} & set(new.keys())
        assert isinstance(screen(parse(wire), frozenset(), "other.example"), Automatic)


def test_the_same_letter_gives_the_same_bytes() -> None:
    """A retry sends what was sent before, under the same id."""
    assert compose(LETTER, WORDS, SENDER, DOMAIN, NOW) == compose(LETTER, WORDS, SENDER, DOMAIN, NOW)
    assert reread(compose(LETTER, WORDS, SENDER, DOMAIN, NOW))["Message-ID"] == message_id(LETTER.id, DOMAIN)
    assert message_id(LETTER.id, DOMAIN) == f"<{LETTER.id}@meridell.example>"


@pytest.mark.parametrize(
    ("subject", "number", "sent"),
    [
        ("Logged", "PC112326-1", "[PC112326-1] Logged"),
        ("[PC112326-1] Logged", "PC112326-1", "[PC112326-1] Logged"),
        ("Re: [PC112326-1] Logged", "PC112326-1", "Re: [PC112326-1] Logged"),
        ("Logged", "", "Logged"),
        ("", "PC112326-1", "[PC112326-1]"),
    ],
)
def test_the_tag_stands_in_the_subject_once(subject: str, number: str, sent: str) -> None:
    """A letter about a change request names it in its subject, and only once."""
    wire = compose(replace(LETTER, number=number), replace(WORDS, subject=subject), SENDER, DOMAIN, NOW)
    assert reread(wire)["Subject"] == sent


def test_long_ids_stay_whole() -> None:
    """Ids as long as Exchange makes them are never cut, encoded or folded, and old ones fall away."""
    ids = tuple(f"<{number}{'A' * 120}@prod.outlook.example>" for number in range(40))
    wire = compose(replace(LETTER, thread=Thread(ids[-1], ids[:-1])), WORDS, SENDER, DOMAIN, NOW)
    old = email.message_from_bytes(wire)
    assert old["In-Reply-To"] == ids[-1]
    assert old["References"].split() == [ids[0], *ids[-19:]]


@pytest.mark.parametrize(
    "address", ["jörg@pine.example", "a b@pine.example", "a@b@c", "a@pine.example\r\nBcc: b", "a", ""]
)
def test_an_address_that_cannot_be_written_is_our_bug(address: str) -> None:
    """Only plain addresses are written to; anything else should have been stopped before."""
    with pytest.raises(ValueError, match="not an address"):
        compose(replace(LETTER, to=Address(address)), WORDS, SENDER, DOMAIN, NOW)


def test_a_domain_or_time_that_cannot_be_written_is_our_bug() -> None:
    """A domain with other characters than a domain's, and a time without a zone, are refused."""
    for domain, now in (("x y", NOW), ("x\r\ny", NOW), (DOMAIN, NOW.replace(tzinfo=None))):
        with pytest.raises(ValueError, match="not a domain"):
            compose(LETTER, WORDS, SENDER, domain, now)


@pytest.mark.parametrize(
    "name", ["Änderung Nr. 1.docx", "名前.xlsx", 'a"b\\c.docx', "x" * 110 + ".docx", "a b;c=d'%.txt"]
)
def test_file_names_survive(name: str) -> None:
    """A file name of any letters reaches the reader; only what no file system takes is replaced."""
    wire = compose(replace(LETTER, enclosures=(Enclosure(name, DOCX, b"x"),)), WORDS, SENDER, DOMAIN, NOW)
    expected = name.replace('"', "_").replace("\\", "_")
    assert next(reread(wire).iter_attachments()).get_filename() == expected
    assert parse(wire).attachments[0].name == expected


def test_a_mail_is_never_enclosed_as_a_mail() -> None:
    """Base64 is not allowed for message/rfc822, so such a file goes as plain bytes."""
    wire = compose(
        replace(LETTER, enclosures=(Enclosure("a.eml", "message/rfc822", b"x"),)), WORDS, SENDER, DOMAIN, NOW
    )
    assert parse(wire).attachments[0].content_type == "application/octet-stream"
