"""Who is speaking: only a stamp of our own border proves a sender, and it is read without being fooled."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.intake.verify import Standing, Use, verify
from bot.mail.parse import parse
from bot.mail.token import Key, Purpose, make
from bot.office.office import Office, Organisation, Require, Trust
from bot.office.people import Address, Company, Directory, Person

MONA = Person("mona", "Mona Finch", Address("mona.finch@meridell.example", "Mona Finch"))
PINE = Company("Pine Telecom LLC", frozenset({"pine.example"}), (Address("orders@pine.example", "Pine Orders"),))
BARE = Company("Bare Networks", frozenset({"bare.example"}))
OFFICE = Office(
    Organisation("Meridell", Address("cmpcr@meridell.example"), "https://x.example/", frozenset({"meridell.example"})),
    Directory((MONA,), (PINE, BARE)),
    trust=Trust(frozenset({"mx.meridell.example"})),
)
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
KEYS = (Key(3, b"3" * 32, NOW), Key(2, b"2" * 32, NOW - timedelta(days=90)))
PASS = "mx.meridell.example; dmarc=pass header.from=meridell.example"


def standing(*stamps: str, sender: str = "mona.finch@meridell.example", fields: tuple[str, ...] = ()) -> Standing:
    """What we make of a mail with these stamps, topmost first."""
    lines = [f"Authentication-Results: {stamp}" for stamp in stamps]
    raw = "\r\n".join([*lines, f"From: {sender}", "Message-ID: <1@x.example>", *fields, "", "APPROVE"])
    return verify(parse(raw.encode()), OFFICE, KEYS, NOW)


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
        # our border removes what pretends to be its own, so one of these two was not seen by it
        (PASS, PASS),
        (PASS, "mx.evil.example; dmarc=pass", "MX.meridell.example 1; dmarc=fail header.from=meridell.example"),
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
        "mona.finch\0@meridell.example",
        "mona.finch\x7f@meridell.example",
        "mona.finch\x85@meridell.example",
        "mona . finch @ meridell . example",
        "mona.finch(x)@meridell.example",
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
        ("DKIM-Signature: v=1; d=meridell.example; h=from:to:date; b=x",),
        ("DKIM-Signature: v=1; d=meridell.example; h=subject; b=x",),
        ("DKIM-Signature: v=1; d=meridell.example; b=x",),
        ("DKIM-Signature: v=1; d=meridell.example; h=from:subject; x=1795449599; b=x",),
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
        "DKIM-Signature: v=1; d=meridell.example; h=From : To : Subject; x=1795450000; b=x",
    )
    assert standing(PASS, fields=fields).verified


def test_a_border_may_write_a_stamp_for_each_method() -> None:
    """A second stamp of our own that speaks of something else takes nothing away."""
    assert standing(PASS, "mx.meridell.example; dkim=pass header.d=meridell.example").verified
    assert standing(PASS, "mx.meridell.example; spf=pass smtp.mailfrom=meridell.example", "mx.evil.example; x").verified


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


LETTER, OTHER = "00112233445566778899aabb", "ffeeddccbbaa99887766554433"
MONAS = "mona.finch@meridell.example"
DENIED = "mx.meridell.example; dmarc=fail header.from=meridell.example"


def code(person: str = MONAS, change: str = "PC1", *, key: Key = KEYS[0], of: str = LETTER, days: int = 1) -> str:
    """The code of a letter to somebody about a change request."""
    return make(key, Purpose.LETTER, of, person, change, NOW + timedelta(days=days))


def carrying(body: str, *stamps: str, require: Require = Require.EITHER, subject: str = "Re: it") -> Standing:
    """What we make of a mail in Mona's name that says this."""
    lines = [f"Authentication-Results: {stamp}" for stamp in stamps]
    raw = "\r\n".join([*lines, f"From: {MONAS}", f"Subject: {subject}", "Message-ID: <1@x.example>", "", body])
    office = replace(OFFICE, trust=replace(OFFICE.trust, require=require))
    return verify(parse(raw.encode()), office, KEYS, NOW)


@pytest.mark.parametrize("key", KEYS, ids=["the newer key", "the older key"])
@pytest.mark.parametrize("place", ["# {}", "> > {}", "APPROVE\r\n\r\nOn Monday Meridell wrote:\r\n>   Code: {}\r\n"])
def test_the_code_of_a_letter_proves_its_reader(key: Key, place: str) -> None:
    """Wherever it stands; for its change request only, and whatever the verb; the border's word stays apart."""
    seen = carrying(place.format(code(key=key)))
    assert seen.proves("PC1", "APPROVE")
    assert not seen.proves("PC2", "APPROVE")
    assert not seen.proves("", "AWAY")
    assert not seen.verified
    assert seen.vouched


def test_a_code_may_stand_in_the_subject() -> None:
    """A mail program may make of a link what it likes."""
    assert carrying("APPROVE", subject=f"APPROVE {code()}").proves("PC1", "APPROVE")


def test_a_code_of_a_letter_about_no_change_request_proves_only_such_verbs() -> None:
    """An empty key is one of its own."""
    seen = carrying(code(change=""))
    assert seen.proves("", "AWAY")
    assert not seen.proves("PC1", "AWAY")


@pytest.mark.parametrize(
    "body",
    [
        "",
        code(person="ann@meridell.example"),
        code(days=0),
        code(days=-1),
        code()[:-1],
        code() + "a",
        code()[:20] + ("b" if code()[20] == "a" else "a") + code()[21:],
        code(key=Key(3, b"4" * 32, NOW)),
        code(key=Key(9, b"3" * 32, NOW)),
        make(KEYS[0], Purpose.CONFIRM, LETTER, MONAS, "PC1", NOW + timedelta(days=1)),
    ],
)
def test_no_other_code_proves_anything(body: str) -> None:
    """Another person's, an expired, cut, changed or made up one, and one that confirms a mail."""
    assert not carrying(body).proves("PC1", "APPROVE")


def test_a_code_does_not_outweigh_the_border() -> None:
    """Where the border says that the sender is forged, a letter that was passed on proves nothing."""
    assert carrying(code(), "mx.meridell.example; dmarc=none").proves("PC1", "APPROVE")
    assert carrying(code(), "mx.evil.example; dmarc=fail").proves("PC1", "APPROVE")
    assert not carrying(code(), DENIED).proves("PC1", "APPROVE")


@pytest.mark.parametrize(
    ("require", "proven_by"),
    [
        (Require.EITHER, {"results", "code", "both"}),
        (Require.BOTH, {"both"}),
        (Require.RESULTS, {"results", "both"}),
        (Require.CODE, {"code", "both"}),
    ],
)
def test_the_office_says_what_is_needed(require: Require, proven_by: set[str]) -> None:
    """Either by default; both, or only one of them, as configured."""
    mails = {
        "nothing": carrying("x", require=require),
        "results": carrying("x", PASS, require=require),
        "code": carrying(code(), require=require),
        "both": carrying(code(), PASS, require=require),
    }
    assert {name for name, seen in mails.items() if seen.proves("PC1", "APPROVE")} == proven_by


def test_a_code_vouches_once_for_a_verb() -> None:
    """For that verb on that change request; another letter's code still counts, and so does the border."""
    once = carrying(code())
    seen = replace(once, used=(Use(once.codes[0].of, "PC1", "APPROVE", NOW),))
    assert not seen.proves("PC1", "APPROVE")
    assert seen.used_on("PC1", "APPROVE") == NOW
    assert seen.proves("PC1", "NOTE")
    assert seen.used_on("PC1", "NOTE") is None
    assert replace(seen, verified=True).proves("PC1", "APPROVE")
    assert replace(seen, verified=True).used_on("PC1", "APPROVE") is None
    assert replace(seen, confirmed=True).proves("PC2", "APPROVE")
    twice = carrying(f"{code()}\n{code(of=OTHER)}")
    assert replace(twice, used=seen.used).proves("PC1", "APPROVE")


@pytest.mark.parametrize(
    ("sender", "asked"),
    [
        (MONAS, MONAS),
        ("orders@pine.example", "orders@pine.example"),
        ("ann@pine.example", None),
        ("x@bare.example", None),
        ("x@nowhere.example", None),
    ],
)
def test_only_whom_the_directory_holds_can_be_asked(sender: str, asked: str | None) -> None:
    """A confirmation goes to an address of the directory that is the sender's own, and nowhere else."""
    to = standing(sender=sender).confirmed_by
    assert (to.email if to else None) == asked
