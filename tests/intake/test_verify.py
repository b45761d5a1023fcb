"""Who is speaking: only a stamp of our own border proves a sender, and it is read without being fooled."""

import time

import pytest

from bot.intake.verify import Standing, verify
from bot.mail.parse import parse
from bot.office.office import Office, Organisation, Trust
from bot.office.people import Address, Company, Directory, Person

MONA = Person("mona", "Mona Finch", Address("mona.finch@meridell.example", "Mona Finch"))
PINE = Company("Pine Telecom LLC", frozenset({"pine.example"}), (Address("orders@pine.example", "Pine Orders"),))
BARE = Company("Bare Networks", frozenset({"bare.example"}))
OFFICE = Office(
    Organisation("Meridell", Address("cmpcr@meridell.example"), "https://x.example/", frozenset({"meridell.example"})),
    Directory((MONA,), (PINE, BARE)),
    trust=Trust(frozenset({"mx.meridell.example"})),
)
PASS = "mx.meridell.example; dmarc=pass header.from=meridell.example"


def standing(*stamps: str, sender: str = "mona.finch@meridell.example", fields: tuple[str, ...] = ()) -> Standing:
    """What we make of a mail with these stamps, topmost first."""
    lines = [f"Authentication-Results: {stamp}" for stamp in stamps]
    raw = "\r\n".join([*lines, f"From: {sender}", "Message-ID: <1@x.example>", *fields, "", "APPROVE"])
    return verify(parse(raw.encode()), OFFICE)


@pytest.mark.parametrize(
    "stamp",
    [
        PASS,
        "mx.meridell.example 1; dmarc=pass header.from=meridell.example",
        "MX.Meridell.Example; DMARC=Pass header.From=Meridell.example",
        '"mx.meridell.example"; dmarc=pass header.from="meridell.example"',
        "(stamp (of (our) own)) mx.meridell.example (x); dmarc=pass (p=reject) header.from=meridell.example (aligned)",
        "mx.meridell.example;\r\n\tspf=fail smtp.mailfrom=x.example;\r\n\tdmarc=pass header.from=meridell.example",
        "mx.meridell.example; dmarc=pass (it's 5\" wide; dmarc=fail) header.from=meridell.example",
        "mx.meridell.example; dkim=pass header.d=meridell.example header.s=s1",
        "mx.meridell.example; dkim=pass header.i=@meridell.example header.b=abc",
        "mx.meridell.example; dkim=fail header.d=list.example; dkim=pass header.d=meridell.example",
        "mx.meridell.example; dmarc=none header.from=meridell.example; dkim=pass header.d=meridell.example",
        "mx.meridell.example; dmarc=temperror header.from=meridell.example; dkim=pass header.d=meridell.example",
    ],
)
def test_a_stamp_of_our_border_proves_the_sender(stamp: str) -> None:
    """DMARC pass or aligned DKIM counts however the stamp is spelt, folded and commented."""
    seen = standing(stamp)
    assert seen.verified, seen.proof
    assert seen.person == MONA
    assert seen.ours


@pytest.mark.parametrize(
    "stamps",
    [
        (),
        ("",),
        (";",),
        ("mx.meridell.example",),
        ("mx.meridell.example; none",),
        ("mx.evil.example; dmarc=pass header.from=meridell.example",),
        ("mx.meridell.example.evil; dmarc=pass header.from=meridell.example",),
        ("evil-mx.meridell.example; dmarc=pass header.from=meridell.example",),
        ("(mx.meridell.example) evil.example; dmarc=pass header.from=meridell.example",),
        ("evil.example mx.meridell.example; dmarc=pass header.from=meridell.example",),
        ("dmarc=pass header.from=meridell.example; mx.meridell.example",),
        ("mx.evil.example; dmarc=none", PASS),
        ("mx.meridell.example; dmarc=fail header.from=meridell.example", PASS),
        ("mx.meridell.example; dmarc=none", PASS),
        ("mx.meridell.example; dmarc=fail header.from=meridell.example; dkim=pass header.d=meridell.example",),
        ("mx.meridell.example; dmarc=quarantine; dkim=pass header.d=meridell.example",),
        ("mx.meridell.example; dmarc=pass header.from=evil.example",),
        ("mx.meridell.example; dmarc=pass header.from=sub.meridell.example",),
        ("mx.meridell.example; dmarc=pass",),
        ("mx.meridell.example; dmarc=passed header.from=meridell.example",),
        ("mx.meridell.example; dmarc=pass header.from=evil.example; dmarc=pass header.from=meridell.example",),
        ("mx.meridell.example; dmarc=pass header.from=meridell.example; dmarc=fail header.from=meridell.example",),
        ("mx.meridell.example; spf=pass smtp.mailfrom=meridell.example",),
        ("mx.meridell.example; dkim=pass header.d=evil.example",),
        ("mx.meridell.example; dkim=pass header.d=evil.example header.i=@meridell.example",),
        ("mx.meridell.example; dkim=pass header.i=@meridell.example.evil.example",),
        ("mx.meridell.example; dkim=fail header.d=meridell.example",),
        ("mx.meridell.example; dkim=pass; spf=pass header.d=meridell.example",),
        ("mx.meridell.example; arc=pass header.from=meridell.example",),
        # what the sender may have written: a local part, a HELO name, a reason
        ('mx.meridell.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=meridell.example"@evil.example',),
        ('mx.meridell.example; spf=pass reason="x\\"; dmarc=pass header.from=meridell.example; y=\\""',),
        ("mx.meridell.example; spf=fail (helo (x) ; dmarc=pass header.from=meridell.example )",),
        ("mx.meridell.example; spf=fail (a \\) ; dmarc=pass header.from=meridell.example )",),
        ("mx.meridell.example; spf=fail (a ; dmarc=pass header.from=meridell.example",),
        ('mx.meridell.example; spf=fail smtp.mailfrom="a ; dmarc=pass header.from=meridell.example',),
        ("mx.meridell.example; spf=fail a) ; dmarc=pass header.from=meridell.example",),
        ("mx.meridell.example; spf=fail smtp.helo==?utf-8?q?=3B_dmarc=3Dpass_header.from=3Dmeridell.example?=",),
    ],
)
def test_no_forged_or_failed_stamp_proves_anything(stamps: tuple[str, ...]) -> None:
    """Stamps of others, below ours, failed, not aligned, or spelt into a quoted word prove nothing."""
    seen = standing(*stamps)
    assert not seen.verified
    assert seen.proof


@pytest.mark.parametrize(
    "sender",
    [
        "mona.finch@meridell.example <ann@evil.example>",
        "ann@evil.example, mona.finch@meridell.example",
        "Team: mona.finch@meridell.example;",
        "mona.finch@ｍeridell.example",  # noqa: RUF001 - the trick that is tested
        "mona.finch@mеridell.example",  # noqa: RUF001 - the trick that is tested
        "",
    ],
)
def test_a_sender_that_two_readers_see_differently_is_nobody(sender: str) -> None:
    """An ambiguous or foreign-script From is neither verified nor taken for the person it resembles."""
    seen = standing(PASS, sender=sender)
    assert not seen.verified
    assert seen.person is None


@pytest.mark.parametrize(
    "fields",
    [
        ("From: ann@evil.example",),
        ("Subject: a", "Subject: APPROVE PC112226-1"),
        ("Date: Mon, 23 Nov 2026 09:00:00 -0700", "Date: Mon, 23 Nov 2026 09:00:00 -0700"),
        ("To: a@x.example", "To: b@x.example"),
        ("Content-Type: text/plain", "Content-Type: text/html"),
        ("this is no field",),
        ("DKIM-Signature: v=1; d=meridell.example; s=s1; l=20; h=from; b=x",),
        ("DKIM-Signature: l=0;d=Meridell.Example; b=x",),
    ],
)
def test_a_mail_that_may_have_been_added_to_is_not_believed(fields: tuple[str, ...]) -> None:
    """Doubled fields, a damaged header and a signature over the beginning only undo any proof."""
    assert not standing(PASS, fields=fields).verified


def test_a_signature_over_the_whole_mail_is_believed() -> None:
    """Tags that merely end in l, and signatures of others, do no harm."""
    fields = (
        "DKIM-Signature: v=1; a=rsa-sha256; d=meridell.example; h=from:subject; bl=3; b=l=5",
        "DKIM-Signature: v=1; d=list.example; l=20; b=x",
    )
    assert standing(PASS, fields=fields).verified


@pytest.mark.parametrize(
    ("sender", "stamped", "answer"),
    [
        ("ann@pine.example", True, "ann@pine.example"),
        ("ann@pine.example", False, "orders@pine.example"),
        ("orders@pine.example", False, "orders@pine.example"),
        ("mona.finch@meridell.example", False, "mona.finch@meridell.example"),
        ("x@bare.example", False, None),
        ("x@nowhere.example", False, None),
        ("x@nowhere.example", True, "x@nowhere.example"),
    ],
)
def test_an_unproven_sender_is_answered_at_a_known_address_only(sender: str, stamped: bool, answer: str | None) -> None:
    """Nobody can make us write to a bystander by forging a From."""
    domain = sender.partition("@")[2]
    stamps = (f"mx.meridell.example; dmarc=pass header.from={domain}",) if stamped else ()
    to = standing(*stamps, sender=sender).answer_to
    assert (to.email if to else None) == answer


def test_history_names_the_speaker_without_contact_data() -> None:
    """A person's id, a company's name, or nobody we know."""
    assert standing(PASS).name == "mona"
    assert standing(sender="ann@pine.example").name == "Pine Telecom LLC"
    assert standing(sender="x@nowhere.example").name == "unknown sender"


@pytest.mark.parametrize(
    "stamp", [";" * 9_000, "(" * 9_000, '"' * 8_999, '"\\' * 4_500, "a=b " * 2_500, "dmarc=pass;" * 900]
)
def test_a_hostile_stamp_stays_cheap(stamp: str) -> None:
    """A stamp of ten kilobytes takes a moment, whatever it holds."""
    started = time.process_time()
    assert not standing(f"mx.meridell.example; {stamp}").verified
    assert time.process_time() - started < 0.2
